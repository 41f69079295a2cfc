"""A valid sending of every form of the service: who sends it, and what.

**Adding a form?** Add a line to POSTS: the address's name, and a function from the story to a
Post. The tests of this folder do the rest: odd input in every field, sent twice, sent at once.
"""

from __future__ import annotations

from collections.abc import Callable

from django.urls import reverse
from tests.service.access.examples import EXAMPLES
from tests.service.access.story import Story
from tests.service.accounts.posts import clear_second_step, unlink
from tests.service.everywhere.filling import (
    WORDS,
    Post,
    _agreement,
    _another_worker,
    _approve,
    _break_glass,
    _choose,
    _complain,
    _cover,
    _decide_batch,
    _decide_many,
    _decide_role,
    _details,
    _edit,
    _edit_wording,
    _hand_in,
    _host,
    _join,
    _of,
    _organisation,
    _put_aside,
    _refer,
    _registered,
    _reminders,
    _resume,
    _role_of_somebody_new,
    _rung,
    _rung_back,
    _say,
    _take,
    _undo,
    _withdraw,
    today,
)
from tests.service.patients.posts import POSTS as PATIENTS
from tests.service.planning.posts import POSTS as PLANNING
from tests.service.sessions.posts import POSTS as SESSIONS
from tests.service.shared_care.posts import POSTS as SHARED_CARE
from tests.service.team.posts import POSTS as TEAM
from tests.service.worksheets.posts import POSTS as WORKSHEETS

from unhurried.service.patients.tables import wording_now

SETTINGS = {
    "version": "1", "reminders": "1", "days_before_reminder_1": "21",
    "days_before_reminder_2": "28", "working_days_to_ring": "5", "oldest_data_days": "42",
    "reply_code_days": "180",
}  # fmt: skip


def _consent(kind: str, **more: str) -> Callable[[Story], Post]:
    shown = wording_now(kind).key
    return _of(f"patients:consent_{kind}", given="yes", how="spoken", shown=shown, **more)


POSTS: dict[str, Callable[[Story], Post]] = {
    "web:break_glass": _break_glass,
    "web:break_glass_review": _of("web:break_glass_review", review=WORDS),
    "accounts:give_role": _role_of_somebody_new,
    "accounts:end_role": lambda s: Post(
        s.administrator, {"on": today()}, {"membership": s.world.member("project_worker").pk}
    ),
    "accounts:decide_role": _decide_role,
    "accounts:clear_second_step": clear_second_step,
    "accounts:nhs_sign_in_link": lambda s: Post(s.worker, {"provider": "cis2"}),
    "accounts:nhs_sign_in_unlink": unlink,
    "accounts:add_organisation": _organisation,
    "accounts:agree": _agreement,
    "accounts:end_agreement": lambda s: Post(
        _host(s), {"on": today()}, EXAMPLES["accounts:end_agreement"](s).kwargs
    ),
    "outbox:retry": _of("outbox:retry"),
    "patients:cover": _cover,
    "patients:edit": _edit,
    "patients:registered": _registered,
    "patients:contact": _of(
        "patients:contact", version="1", by_letter="on", by_phone="on", reason=WORDS, language="",
    ),
    "patients:add_carer": _of(
        "patients:add_carer", name="Robin Wren", relationship="Friend", phone=""
    ),
    "patients:end_carer": _of("patients:end_carer"),
    "patients:write_note": _of(
        "patients:write_note", text=WORDS, visibility="ordinary", risks=["driving"], alert="on"
    ),
    "patients:raise_alert": _of("patients:raise_alert", kind="driving"),
    "patients:alert": _of("patients:alert", action_taken=WORDS),
    "patients:episode_pause": _of("patients:episode_pause", **{"pause-reason": WORDS}),
    "patients:episode_resume": _resume,
    "patients:episode_end": _of("patients:episode_end", **{"end-reason": WORDS}),
    "patients:episode_worker": _another_worker,
    "patients:consent_service": _consent("service"),
    "patients:consent_sharing": _consent("sharing", party="gp", ends=""),
    "patients:consent_research_contact": _consent("research_contact"),
    "patients:consent_evaluation": _consent("evaluation"),
    "patients:withdraw_service": _withdraw("service"),
    "patients:withdraw_sharing": _withdraw("sharing", "gp"),
    "patients:withdraw_research_contact": _withdraw("research_contact"),
    "patients:withdraw_evaluation": _withdraw("evaluation"),
    "identification:decide": _of(
        "identification:decide", version="1", choice="discuss", months="3", not_before="",
        reason="", text=WORDS, then="",
    ),
    "identification:decide_many": _decide_many,
    "identification:undo": _undo,
    "identification:pace": lambda s: Post(s.gp, {"per_week": "7"}),
    "identification:hand_in": _hand_in,
    "identification:folder": lambda s: Post(s.staff, {"folder": "autumn"}),
    "identification:columns": _of("identification:columns", version="1", looks_from=""),
    "identification:put_aside": _put_aside,
    "identification:details": _details,
    "identification:conversation": lambda s: Post(
        s.gp, {"on": today(), "how": "said", "note": WORDS}, {"uuid": s.candidate.uuid}
    ),
    "joining:refer": _refer,
    "joining:understand": lambda s: Post(s.gp, {"medicines": "Codeine 30mg tablets"}),
    "joining:take": _take,
    "joining:referral_rung": _rung,
    "joining:close_referral": _of("joining:close_referral", version="1", because=WORDS),
    "joining:withdraw_referral": _of("joining:withdraw_referral", version="1", because=WORDS),
    "joining:choose": _choose,
    "joining:reminders": _reminders,
    "joining:decide_batch": _decide_batch,
    "joining:say": _say,
    "joining:record_reply": _of(
        "joining:record_reply", version="1", reply="not_now", how="phone", ask_again_on="",
    ),
    "joining:invitation_rung": _rung_back,
    "joining:stop": _of("joining:stop", version="1", because=WORDS),
    "joining:settings": lambda s: Post(s.manager, dict(SETTINGS)),
    "joining:complain": _complain,
    "joining:approve_wording": _approve,
    "joining:edit_wording": _edit_wording,
    "joining:begin_wording": lambda s: Post(s.manager),
    "joining:answer_complaint": _of("joining:answer_complaint", done=WORDS),
    "joining:join": _join,
    "joining:worker": _of("joining:worker", languages="Welsh", about=WORDS),
    **PATIENTS,
    **PLANNING,
    **WORKSHEETS,
    **SESSIONS,
    **SHARED_CARE,
    **TEAM,
}  # fmt: skip

# Forms that change nothing: they answer with a page, or need what only a job or a server has.
WRITES_NOTHING = {
    "accounts:nhs_sign_in_link": "no NHS sign-in is set up here",
    "joining:understand": "says what the medicines typed so far are understood as",
    "identification:folder": "the server has no folder of extracts here",
}
# Forms whose addresses may be gone to without signing in, or that belong to one's own account.
OPEN = {
    "joining:reply": {"code": "2346-789C-DFGH", "reply": "yes"},
    "worksheets:by_code": {"code": "2346-789C-DFGH", "day": today(), "happening": WORDS},
    "patients:first_sign_in": {"code": "2346-789C-DFGH"},
    "accounts:choose_role": {"membership": "1", "next": "/"},
    "accounts:sign_in": {"login": "a@example.org", "password": "wrong"},
}


def address(name: str, post: Post) -> str:
    """Where it is sent."""
    return reverse(name, kwargs=post.kwargs or None)
