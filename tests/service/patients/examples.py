"""Examples of what stands in the addresses of wishes and notes (see access/examples.py)."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone
from tests.service.access.story import Example, Factory, Story, of_patient

from unhurried.service.patients.models import Carer, Cover, Note, Restriction


def restricted(story: Story) -> Restriction:
    """The person asked that another GP does not look; the same one each time."""
    if "restriction" not in story.made:
        story.made["restriction"] = Restriction.objects.create(
            patient=story.patient, user=story.world.member("gp").user, asked_at=timezone.now()
        )
    found: Restriction = story.made["restriction"]
    return found


def _restriction(story: Story) -> Example:
    found = of_patient("worker")(story)
    return Example(
        {**found.kwargs, "restriction": restricted(story).pk}, found.may, patient=found.patient
    )


def written(story: Story) -> Note:
    """A note about the person; the same one each time."""
    if "note" not in story.made:
        story.made["note"] = Note.objects.create(
            patient=story.patient, author=story.worker, visibility="ordinary", text="hello",
            at=timezone.now(),
        )  # fmt: skip
    found: Note = story.made["note"]
    return found


def _note(story: Story) -> Example:
    found = of_patient("worker")(story)
    return Example({**found.kwargs, "note": written(story).uuid}, found.may, patient=found.patient)


def away(story: Story) -> Cover:
    """The worker is away this week and a colleague covers; the same each time."""
    if "away" not in story.made:
        today = timezone.localdate()
        story.made["away"] = Cover.objects.create(
            worker=story.worker, covering=story.world.member("project_worker"), starts=today,
            ends=today + timedelta(days=7),
        )  # fmt: skip
    found: Cover = story.made["away"]
    return found


KINDS = ("service", "sharing", "research_contact", "evaluation")


def _own(story: Story) -> Example:
    return Example({"uuid": story.patient.uuid}, story.person)


def _account_of_a_carer(story: Story) -> Example:
    """A carer of their own: the story's may have been ended by another address."""
    if "supporter" not in story.made:
        story.made["supporter"] = Carer.objects.create(
            patient=story.patient, name="Jay Canary", relationship="Friend"
        )
    found = of_patient("worker")(story)
    kwargs = {**found.kwargs, "carer": story.made["supporter"].pk}
    return Example(kwargs, found.may, patient=found.patient)


ACTS = ("open", "reopen", "again", "close")

EXAMPLES: dict[str, Factory] = {
    "patients:own_account": of_patient("worker"),
    "patients:carer_account": _account_of_a_carer,
    **{f"patients:account_{act}": of_patient("worker") for act in ACTS},
    **{f"patients:carer_account_{act}": _account_of_a_carer for act in ACTS},
    "patients:may_not_see": of_patient("worker"),
    "patients:correct_note": _note,
    "patients:own_answers": _own,
    **{f"patients:own_stop_{kind}": _own for kind in (*KINDS, "study")},
    **{f"patients:own_yes_{kind}": _own for kind in KINDS},
    "patients:move": of_patient("manager", shared=True),
    "patients:may_see_again": _restriction,
    "patients:end_cover": lambda s: Example({"cover": away(s).pk}, s.manager, shared=True),
}
