"""Examples of handovers: one under way, with a person somebody is asked to take on."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone
from tests.service.access.story import Example, Factory, Story
from tests.service.conftest import actor_for
from tests.service.sessions.examples import kept

from unhurried.service.accounts.models import Membership, Organisation
from unhurried.service.team.models import HandedPerson, Handover
from unhurried.service.team.operations import handover as operations
from unhurried.service.team.operations import withdrawal


def _running(story: Story) -> Handover:
    assert story.patient
    return operations.begin_handover(
        by=actor_for(story.manager), worker=story.worker, because="Leaving"
    )


running = kept("a_handover", _running)
receiver = kept("a_receiver", lambda story: story.world.member("project_worker"))


def _asked(story: Story) -> HandedPerson:
    handover: Handover = running(story)
    row = HandedPerson.objects.get(handover=handover, patient=story.patient)
    operations.name_receiver(
        by=actor_for(story.manager), handover=handover, people=[row], version=handover.version,
        receiver=receiver(story),
    )  # fmt: skip
    row.refresh_from_db()
    return row


asked = kept("a_person_asked_for", _asked)


def _third(story: Story) -> Organisation:
    """A provider with nobody, that leaves; everybody would go to the story's provider."""
    return Organisation.objects.create(kind="provider", name="A Third Provider")


third = kept("a_third_provider", _third)


def _leaving(story: Story) -> Handover:
    made = withdrawal.begin_withdrawal(
        by=actor_for(story.world.member("service_manager", third(story))),
        to=story.world.provider, end_day=timezone.localdate() + timedelta(days=1),
        because="The agreement ends",
    )  # fmt: skip
    made.end_day = timezone.localdate()
    made.save()
    return made


leaving = kept("a_withdrawal", _leaving)


def _left(story: Story) -> Example:
    """One that left, with the list of what was handed over."""
    made: Handover = leaving(story)
    made.refresh_from_db()
    if not made.manifest:
        withdrawal.carry_out(by=actor_for(story.manager), handover=made)
    return Example({"uuid": made.uuid}, story.manager, shared=True)


def _of(may: str) -> Factory:
    def make(story: Story) -> Example:
        who: Membership = getattr(story, may)
        return Example({"uuid": running(story).uuid}, who, shared=True)

    return make


def _person(story: Story) -> Example:
    row = asked(story)
    kwargs = {"uuid": row.handover.uuid, "person": row.uuid}
    return Example(kwargs, receiver(story), shared=True)


EXAMPLES: dict[str, Factory] = {
    "team:handover": _of("manager"),
    "team:name_receiver": _of("manager"),
    "team:close_handover": _of("manager"),
    "team:call_off_handover": _of("manager"),
    "team:carry_out_withdrawal": _of("manager"),
    "team:handover_certificate": _of("manager"),
    "team:handover_manifest": _left,
    "team:handed_person": _person,
    "team:take_on": _person,
    "team:cannot_take_on": _person,
    "team:handed_person_told": _person,
    "team:handover_note": _person,
}
