"""Valid sendings of the forms of wishes, moves and corrections (see everywhere/posts.py)."""

from __future__ import annotations

from collections.abc import Callable

from tests.service.access.story import Story
from tests.service.conftest import actor_for
from tests.service.everywhere.filling import WORDS, Post, today
from tests.service.patients.examples import away, restricted, written

from unhurried.service.patients import operations


def _may_not_see(story: Story) -> Post:
    neighbour = story.world.member("practice_staff")
    return Post(story.worker, {"who": neighbour.user_id}, {"uuid": story.patient.uuid})


def _move(story: Story) -> Post:
    to = story.world.other_practice
    return Post(story.manager, {"to": to.uuid, "on": today()}, {"uuid": story.patient.uuid})


def _may_see_again(story: Story) -> Post:
    kwargs = {"uuid": story.patient.uuid, "restriction": restricted(story).pk}
    return Post(story.worker, {}, kwargs)


def _correct(story: Story) -> Post:
    kwargs = {"uuid": story.patient.uuid, "note": written(story).uuid}
    return Post(story.worker, {"text": WORDS, "risks": ["driving"], "alert": "on"}, kwargs)


def _own_stop(kind: str, party: str = "") -> Callable[[Story], Post]:
    def make(story: Story) -> Post:
        member = story.person
        operations.record_consent(
            by=actor_for(member), patient=story.patient, kind=kind, given=True, how="online",
            party=party,
        )  # fmt: skip
        return Post(member, {"party": party}, {"uuid": story.patient.uuid})

    return make


def _own_yes(party: str = "") -> Callable[[Story], Post]:
    return lambda story: Post(story.person, {"party": party}, {"uuid": story.patient.uuid})


ASKED = {"sure": "document", "way": "email", "email": "jay@example.org"}


def _account(act: str, sent: dict[str, str], *, carer: bool = False) -> Callable[[Story], Post]:
    """An act on the account of the person, or of their carer; opened (and closed) before it."""

    def make(story: Story) -> Post:
        by = actor_for(story.worker)
        whose = {"patient": story.patient, "carer": story.carer if carer else None}
        if act != "open" and story.patient.user_id is None:
            operations.open_account(by=by, **whose, **ASKED)  # type: ignore[arg-type]  # by name
        if act == "reopen":
            operations.close_account(by=by, **whose, because="lost")  # type: ignore[arg-type]  # by name
        kwargs = {"uuid": story.patient.uuid, **({"carer": story.carer.pk} if carer else {})}
        return Post(story.worker, dict(sent), kwargs)

    return make


OTHER = {**ASKED, "email": "wren@example.org"}

POSTS: dict[str, Callable[[Story], Post]] = {
    "patients:account_open": _account("open", OTHER),
    "patients:account_reopen": _account("reopen", OTHER),
    "patients:account_again": _account("again", {}),
    "patients:account_close": _account("close", {"because": "asked"}),
    "patients:carer_account_open": _account("open", OTHER, carer=True),
    "patients:carer_account_reopen": _account("reopen", OTHER, carer=True),
    "patients:carer_account_again": _account("again", {}, carer=True),
    "patients:carer_account_close": _account("close", {"because": "asked"}, carer=True),
    "patients:may_not_see": _may_not_see,
    "patients:correct_note": _correct,
    "patients:own_stop_service": _own_stop("service"),
    "patients:own_stop_sharing": _own_stop("sharing", "gp"),
    "patients:own_stop_research_contact": _own_stop("research_contact"),
    "patients:own_stop_study": _own_stop("study", "Kite"),
    "patients:own_stop_evaluation": _own_stop("evaluation"),
    "patients:own_yes_service": _own_yes(),
    "patients:own_yes_sharing": _own_yes("specialist"),
    "patients:own_yes_research_contact": _own_yes(),
    "patients:own_yes_evaluation": _own_yes(),
    "patients:move": _move,
    "patients:may_see_again": _may_see_again,
    "patients:end_cover": lambda s: Post(s.worker, {"back": today()}, {"cover": away(s).pk}),
}
