"""Whatever happens to those who work here, or to a person's care: nothing that waits falls silent.

One open thing of every kind there is; then somebody leaves, is away, withdraws, or the care ends.
After it each has one owner who is still there, somebody who can act, and an address to write to.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone
from tests.service.access.story import Story
from tests.service.conftest import World, actor_for
from tests.service.shared_care import (
    examples_access_problems,
    examples_advice,
    examples_discussions,
    examples_meetings,
    examples_summaries,
)
from tests.service.team import examples_handover, examples_supervision

from unhurried.service.accounts.models import Agreement, Membership
from unhurried.service.audit import clock
from unhurried.service.audit.actor import system_actor
from unhurried.service.patients.models import Cover, Episode, SafetyAlert
from unhurried.service.patients.operations import end_episode, raise_alert
from unhurried.service.shared_care.models.waiting import Waiting
from unhurried.service.shared_care.operations import advice, messages, tasks
from unhurried.service.shared_care.times import LATE, PASSED_ON
from unhurried.service.shared_care.waits import Keeper, Waits, keepers
from unhurried.service.team.models import SupervisionClock
from unhurried.service.team.operations import handover, withdrawal
from unhurried.service.team.operations.supervision_clock import keep_all_times
from unhurried.web.waits.gathering import everything

KINDS = {
    "task", "message", "telling", "access_problem", "summary", "advice", "answer", "meeting",
    "meeting_item", "handover", "supervision", "support",
}  # fmt: skip
# What a manager sees to themself; of the rest they only know that it waits.
MANAGED = frozenset({"meeting", "handover", "supervision", "support"})
KNOW_ONLY = frozenset({"service_manager", "practice_staff"})
LONG_AGO = datetime(2026, 1, 5, 9, tzinfo=UTC)
Acting = tuple[Membership, Waits]


@pytest.fixture
def story(world: World) -> Story:
    """A person with somebody of every role around them."""
    made = Story(world)
    for member in (made.worker, made.gp, made.staff, made.manager, made.consultant):
        assert member.pk
    assert made.patient
    return made


def _task(story: Story, by: Membership, to: str) -> Any:
    return tasks.ask(
        by=actor_for(by), patient=story.patient, to=to, kind="ring", sentence="Please ring",
        person_knows="agrees",
    )  # fmt: skip


def one_of_every_kind(story: Story) -> None:
    """An open thing of every kind, towards each side where it has two."""
    for by, to in ((story.worker, "practice"), (story.gp, "provider")):
        _task(story, by, to)
        messages.open_thread(by=actor_for(by), patient=story.patient, subject="A", text="Words")
        side = story.gp if to == "practice" else story.worker
        answered = _task(story, by, to)
        tasks.finish(by=actor_for(side), task=answered, version=1, outcome="Done so")
    examples_discussions.discussion(story)
    examples_access_problems.problem(story)
    examples_summaries.sent(story)
    examples_summaries.returned(story)
    examples_advice.new(story)
    back = examples_advice.new(story, question="What else?")
    advice.ask_back(
        by=actor_for(story.consultant), request=back, text="Since when?", version=back.version
    )
    assert examples_meetings.decided(story).pk
    assert examples_meetings.new_meeting(story).pk
    examples_supervision.request(story)
    long_ago = clock.now() - timedelta(days=90)
    SupervisionClock.objects.create(
        worker=story.worker, opened_at=long_ago, late_from=long_ago, passed_on_from=long_ago
    )
    raise_alert(by=actor_for(story.worker), patient=story.patient, kind="suicidality")


# -- what happens ----------------------------------------------------------------------------


def nothing(story: Story) -> None:
    """All as it was, with somebody else being asked to take a person on."""
    leaver = story.world.member("project_worker")
    patient = story.world.enrolled(leaver)
    made = handover.begin_handover(by=actor_for(story.manager), worker=leaver, because="Leaves")
    colleague = story.world.member("project_worker")
    handover.name_receiver(
        by=actor_for(story.manager), handover=made, receiver=colleague, version=made.version,
        people=list(made.people.filter(patient=patient)),
    )  # fmt: skip


def the_worker_leaves(story: Story) -> None:
    """They hand their person over, then their role ends."""
    row = examples_handover.asked(story)
    handover.accept(by=actor_for(row.receiver), row=row)
    _role_ends(story.worker)


def the_worker_is_gone_from_one_day_to_the_next(story: Story) -> None:
    """Nobody was named: it is the manager's to choose."""
    _role_ends(story.worker)


def _role_ends(member: Membership) -> None:
    Membership.objects.filter(pk=member.pk).update(ends=clock.today())


def cover_starts(story: Story, days: int = 5) -> None:
    """The worker is away, and a colleague covers."""
    today = clock.today()
    Cover.objects.create(
        worker=story.worker, covering=story.world.member("project_worker"),
        starts=today - timedelta(days=5), ends=today + timedelta(days=days),
    )  # fmt: skip


def cover_ends(story: Story) -> None:
    """The worker is back."""
    cover_starts(story, 0)


def the_provider_withdraws(story: Story) -> None:
    """Everybody is with another provider, and the first one has ended."""
    world = story.world
    for practice in (world.practice, world.other_practice):
        Agreement.objects.create(
            practice=practice, provider=world.other_provider, starts=date(2024, 1, 1)
        )
    there = world.member("project_worker", world.other_provider)
    manager = world.member("service_manager", world.other_provider)
    made = withdrawal.begin_withdrawal(
        by=actor_for(story.manager), to=world.other_provider, because="Too few people",
        end_day=timezone.localdate() + timedelta(days=1),
    )  # fmt: skip
    for row in made.people.all():
        handover.tell(by=actor_for(story.manager), row=row, how="letter")
    made.refresh_from_db()
    people = list(made.people.all())
    if people:
        handover.name_receiver(
            by=actor_for(manager), handover=made, people=people, receiver=there,
            version=made.version,
        )  # fmt: skip
    with clock.at(timezone.now() + timedelta(days=1)):
        withdrawal.carry_out(by=actor_for(manager), handover=made)


def the_care_ends(story: Story) -> None:
    """Their time with the service is over."""
    end_episode(
        by=actor_for(story.worker), episode=Episode.objects.get(patient=story.patient),
        reason="As planned",
    )  # fmt: skip


def the_care_ends_and_the_provider_withdraws(story: Story) -> None:
    """Nobody of the next provider ever knew them: what waits about them is with their practice."""
    the_care_ends(story)
    the_provider_withdraws(story)


HAPPENS: tuple[tuple[Callable[[Story], None], int], ...] = (
    (nothing, 0), (the_worker_leaves, 0), (the_worker_is_gone_from_one_day_to_the_next, 0),
    (cover_starts, 0), (cover_ends, 0), (the_provider_withdraws, 1), (the_care_ends, 0),
    (the_care_ends, 60), (the_care_ends_and_the_provider_withdraws, 1),
)  # fmt: skip


def test_a_thing_of_every_kind_is_looked_at() -> None:
    assert {each.kind for each in keepers()} == KINDS, "make one of the new kind here, too"


@pytest.mark.parametrize(("happens", "days"), HAPPENS)
def test_nothing_falls_silent(story: Story, happens: Callable[[Story], None], days: int) -> None:
    one_of_every_kind(story)
    assert {each.kind for each in keepers() if each.open_rows()} >= KINDS - {"handover"}
    happens(story)
    with clock.at(timezone.now() + timedelta(days=days)):
        keep_all_times(by=system_actor("clocks"))
        for each in keepers():  # so late that whoever is told last sees it, too
            each.open_rows().update(late_from=LONG_AGO, passed_on_from=LONG_AGO)
        seen = _who_sees()
        rows = [(each, row) for each in keepers() for row in each.open_rows()]
        wrong = [said for keeper, row in rows for said in _wrong(keeper, row, seen)]
        alert = SafetyAlert.objects.get(closed_at=None)
        if ("alert", alert.uuid) not in seen:
            wrong.append("alert: nobody sees it")
    assert not wrong, "\n".join(wrong)


def _who_sees() -> dict[tuple[str, object], list[Acting]]:
    found: dict[tuple[str, object], list[Acting]] = {}
    living = Membership.objects.on(clock.today()).filter(user__is_active=True)
    for member in living.select_related("user", "organisation"):
        for each in everything(actor_for(member)):
            found.setdefault((each.kind, each.uuid), []).append((member, each))
    return found


def _wrong(keeper: Keeper, row: Waiting, seen: dict[tuple[str, object], list[Acting]]) -> list[str]:
    said = f"{keeper.kind} {getattr(row, 'to', getattr(row, 'side', getattr(row, 'state', '')))}"
    found = seen.get((keeper.kind, row.uuid), [])
    acting = [(who, each) for who, each in found if _acts(keeper.kind, who, each)]
    owners = {each.owner for _, each in found}
    wrong = []
    if not acting:
        wrong.append(f"{said}: nobody can act; {[who.role for who, _ in found]} know of it")
    elif len(owners) != 1:
        wrong.append(f"{said}: owned by {sorted(owners)}")
    elif not any(_is(who, next(iter(owners))) for who, _ in acting):
        wrong.append(f"{said}: {owners} cannot act; {[who.role for who, _ in acting]} can")
    for stage in (LATE, PASSED_ON):
        told = {each.email for each in keeper.tells(row, stage)}
        theirs = {address for who, _ in found for address in _addresses(who)}
        if not told or not told <= theirs:
            wrong.append(f"{said}: {stage} is told to {told}, seen by {theirs}")
    return wrong


def _acts(kind: str, who: Membership, each: Waits) -> bool:
    if kind in MANAGED or _has_nobody(each):
        return who.role != "practice_staff"
    return bool(each.href) and who.role not in KNOW_ONLY


def _has_nobody(each: Waits) -> bool:
    """Is their worker gone, so that the manager has to choose?"""
    rows = Episode.objects.filter(patient_id=each.patient_id or 0).exclude(state="ended")
    held = Membership.objects.on(clock.today())
    return rows.exists() and not rows.filter(project_worker__in=held).exists()


def _is(who: Membership, owner: str) -> bool:
    if owner == "Nobody yet":  # no supervisor: the manager chooses one
        return who.role == "service_manager"
    names = (who.user.full_name, who.organisation.name, "the team that asked", "The manager")
    return any(each in owner for each in names)


def _addresses(who: Membership) -> set[str]:
    return {who.user.email, who.organisation.email} - {""}
