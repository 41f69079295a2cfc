"""An example of every thing that stands in an address: how to make it, and who may open it.

**Adding an address with a thing in it?** Add a line to EXAMPLES: the address's name, and a function
from the story to an Example. The walker (test_every_view.py) does the rest: other roles, the same
role elsewhere, a role that ended, a person who asked that this member of staff does not look.
"""

from __future__ import annotations

import uuid

from tests.service.access.story import Example, Factory, Story, by_uuid, of_patient
from tests.service.patients.examples import EXAMPLES as PATIENTS
from tests.service.planning.examples import EXAMPLES as PLANNING
from tests.service.sessions.examples import EXAMPLES as SESSIONS
from tests.service.shared_care.examples import EXAMPLES as SHARED_CARE
from tests.service.team.examples import EXAMPLES as TEAM
from tests.service.worksheets.examples import EXAMPLES as WORKSHEETS
from tests.web.case.examples import EXAMPLES as CASE

from unhurried.service.accounts.models import Agreement


def _letter_kind(role: str) -> Factory:
    return lambda story: Example({"kind": "invitation"}, getattr(story, role), shared=True)


def _no_such_batch(story: Story) -> Example:
    return Example({"batch": uuid.uuid4()}, story.gp, shared=True)


EXAMPLES: dict[str, Factory] = {
    "accounts:end_role": lambda s: Example(
        {"membership": s.worker.pk}, s.administrator, shared=True
    ),
    "accounts:clear_second_step": lambda s: Example(
        {"membership": s.worker.pk}, s.administrator, shared=True
    ),
    "accounts:decide_role": by_uuid("role_request", "administrator", "asked"),
    "accounts:end_agreement": lambda s: Example(
        {"agreement": Agreement.objects.get(practice=s.world.practice).pk},
        s.administrator,
        shared=True,
    ),
    "web:break_glass_review": lambda s: Example({"opening": s.opening.pk}, s.officer, shared=True),
    "audit:who_looked_at": lambda s: Example({"patient": s.patient.uuid}, s.officer, shared=True),
    "outbox:retry": by_uuid("message", "manager", "message"),
    **{
        f"patients:{name}": of_patient("worker")
        for name in (
            "person",
            "edit",
            "registered",
            "contact",
            "carers",
            "add_carer",
            "consents",
            "notes",
            "write_note",
            "raise_alert",
            "consent_service",
            "consent_sharing",
            "consent_research_contact",
            "consent_evaluation",
            "withdraw_service",
            "withdraw_sharing",
            "withdraw_research_contact",
            "withdraw_evaluation",
        )
    },
    **{
        f"patients:{name}": of_patient("manager", shared=True)
        for name in (
            "episode",
            "episode_pause",
            "episode_resume",
            "episode_end",
            "episode_worker",
        )
    },
    "patients:end_carer": of_patient("worker", carer="carer"),
    "patients:alert": of_patient("gp", shared=True, alert="alert"),
    "joining:join": by_uuid("newcomer", "worker"),
    "joining:welcome": by_uuid("joined", "worker"),
    "joining:worker": lambda s: Example({"pk": s.worker.pk}, s.manager, shared=True),
    "identification:undo": _no_such_batch,
    "identification:extract": by_uuid("extract", "staff"),
    "identification:columns": by_uuid("extract", "staff"),
    "identification:progress": by_uuid("extract", "staff"),
    "identification:rejects": by_uuid("extract", "staff"),
    "identification:put_aside": by_uuid("extract", "staff"),
    "identification:person": by_uuid("candidate", "gp"),
    "identification:decide": by_uuid("candidate", "gp"),
    "identification:details": by_uuid("candidate", "staff"),
    "identification:conversation": by_uuid("candidate", "gp"),
    "identification:list": lambda s: Example({"kind": "approaching"}, s.gp, shared=True),
    "joining:referral": by_uuid("referral", "gp"),
    "joining:take": by_uuid("referral", "worker"),
    "joining:referral_rung": by_uuid("referral", "worker"),
    "joining:close_referral": by_uuid("referral", "worker"),
    "joining:withdraw_referral": by_uuid("referral", "gp"),
    "joining:batch": by_uuid("batch", "staff"),
    "joining:decide_batch": by_uuid("batch", "gp"),
    "joining:print": by_uuid("batch", "staff"),
    "joining:preview": by_uuid("step", "staff"),
    "joining:preview_pdf": by_uuid("step", "staff"),
    "joining:say": by_uuid("patient", "gp"),
    "joining:invitation": by_uuid("invitation", "gp"),
    "joining:record_reply": by_uuid("invitation", "worker"),
    "joining:invitation_rung": by_uuid("invitation", "worker"),
    "joining:stop": by_uuid("invitation", "gp"),
    "joining:answer_complaint": by_uuid("complaint", "manager"),
    "joining:wording": _letter_kind("manager"),
    "joining:edit_wording": _letter_kind("manager"),
    "joining:approve_wording": _letter_kind("gp"),
    "joining:complain": _letter_kind("manager"),
    "joining:example": _letter_kind("manager"),
    **PATIENTS,
    **PLANNING,
    **WORKSHEETS,
    **SESSIONS,
    **SHARED_CARE,
    **TEAM,
    **CASE,
}

# Addresses whose thing cannot be opened on its own (a batch to undo), or is no record at all (a
# kind of letter, a kind of list): being somewhere else is no reason to hide them.
NOTHING_OF_ANYBODY = frozenset(
    {
        "identification:undo", "identification:list", "joining:wording", "joining:edit_wording",
        "joining:approve_wording", "joining:complain", "joining:example",
        "sessions:resource", "sessions:resource_on_paper", "team:learning_page",
    }
)  # fmt: skip

# Addresses of something that a job makes, which the example has not: whoever may gets 404, too.
NOT_MADE_YET = frozenset({"identification:rejects"})
