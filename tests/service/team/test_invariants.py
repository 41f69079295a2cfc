"""No order of events leaves anybody without a project worker, or an alert without an owner (H23).

Long random histories over weekends, bank holidays and clock changes: people join, pause, change
worker, are covered, are handed over, and in the end perhaps a whole provider leaves.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from tests.service.conftest import World, actor_for
from tests.service.team.taken import Taken, settings_outbox

from unhurried.service.accounts.models import Agreement, Membership, Organisation
from unhurried.service.accounts.operations import end_role
from unhurried.service.audit import clock
from unhurried.service.audit.actor import Actor, system_actor
from unhurried.service.audit.operations import write
from unhurried.service.audit.refused import Refused
from unhurried.service.outbox.models import Message
from unhurried.service.outbox.operations import post
from unhurried.service.outbox.worker import send_due
from unhurried.service.patients import operations as patients
from unhurried.service.patients.models import Consent, Episode, Patient, SafetyAlert
from unhurried.service.patients.queries import active_without_worker
from unhurried.service.sessions.models import Appointment
from unhurried.service.team import certificate as counts
from unhurried.service.team.models import HandedPerson, Handover
from unhurried.service.team.operations import handover as handing
from unhurried.service.team.operations import withdrawal

__all__ = ["settings_outbox"]

# Days from which a clock change, Christmas and Easter are within a few weeks.
BEGINS = (date(2026, 3, 20), date(2026, 10, 16), date(2026, 12, 21), date(2027, 3, 22))
JOINED = ("enrolled", "paused")
_numbers = itertools.count()


class Histories(RuleBasedStateMachine):
    """One history: it begins in the same small world and is undone at its end."""

    world: World
    carrier: Taken

    def __init__(self) -> None:
        super().__init__()
        self.whole = transaction.atomic()
        self.whole.__enter__()
        world = self.world
        self.workers = [world.member("project_worker", capacity=3) for _ in range(3)]
        self.next_workers = [world.member("project_worker", world.other_provider) for _ in range(2)]
        self.manager = world.member("service_manager")
        self.next_manager = world.member("service_manager", world.other_provider)
        self.gp = world.member("gp")
        self.people: list[Patient] = []
        self.carrier.references.clear()
        self.sent_before_leaving: int | None = None
        self.steps = 0

    def teardown(self) -> None:
        """Undo everything."""
        transaction.set_rollback(True)
        self.whole.__exit__(None, None, None)

    @initialize(begins=st.sampled_from(BEGINS))
    def begin(self, begins: date) -> None:
        """It is ten o'clock on the first day."""
        self.now = timezone.make_aware(datetime.combine(begins, time(10)))
        Membership.objects.update(starts=begins - timedelta(days=400))
        for practice in (self.world.practice, self.world.other_practice):
            Agreement.objects.create(
                practice=practice, provider=self.world.other_provider, starts=date(2024, 1, 1)
            )
        for worker in (0, 0, 1):
            self.join(worker=worker, why="")
            self.book(who=len(self.people) - 1)

    # -- telling -------------------------------------------------------------------------

    @contextmanager
    def at(self) -> Iterator[None]:
        """It is the time of the story inside."""
        with clock.at(self.now):
            yield

    def does(self, operation: Callable[..., Any], **given: Any) -> Any:
        """Do it, or be told a sentence why not; a refusal undoes itself."""
        with self.at():
            try:
                with transaction.atomic():
                    return operation(**given)
            except Refused:
                return None

    def episode(self, who: int) -> Episode | None:
        """The newest time of one of the people with the service."""
        if not self.people:
            return None
        person = self.people[who % len(self.people)]
        return Episode.objects.filter(patient=person).order_by("-pk").first()

    def staff(self, episode: Episode) -> Actor:
        """The manager of who has them now."""
        ours = episode.provider_id == self.world.provider.pk
        return actor_for(self.manager if ours else self.next_manager)

    def left(self) -> bool:
        """Has the day come on which the first provider leaves, moved or not?"""
        gone = Handover.objects.filter(kind="provider", end_day__lte=clock.today())
        return gone.filter(state__in=["running", "closed"]).exists()

    # -- what may happen -----------------------------------------------------------------

    @rule(hours=st.sampled_from([1, 9, 24, 72, 24 * 9]))
    def time_passes(self, hours: int) -> None:
        """Time goes on; what is due at that time happens by itself."""
        self.steps += 1
        self.now += timedelta(hours=hours)
        with self.at():
            if self.left() and self.sent_before_leaving is None:
                self.sent_before_leaving = self.sent_for_the_old()
            withdrawal.carry_out_due(by=system_actor("handover"))

    def sent_for_the_old(self) -> int:
        """How much was sent in the name of the provider that leaves."""
        return Message.objects.filter(state="sent", provider_id=self.world.provider.pk).count()

    @rule(worker=st.integers(0, 2), why=st.sampled_from(["", "They asked for them"]))
    def join(self, worker: int, why: str) -> None:
        """Somebody new joins, if anybody may."""
        if len(self.people) >= 5:
            return
        person = self.world.patient()
        by = actor_for(self.workers[worker])
        episode = self.does(
            patients.open_episode, by=by, patient=person, provider=self.world.provider
        )
        if episode is None:
            return
        self.people.append(person)
        self.does(
            patients.record_consent, by=by, patient=person, kind=Consent.Kind.SERVICE, given=True,
            how="spoken",
        )  # fmt: skip
        self.does(
            patients.enrol_episode, by=by, episode=episode, over_reason=why,
            project_worker=self.workers[worker],
        )  # fmt: skip

    @rule(who=st.integers(0, 4), what=st.sampled_from(["pause", "resume", "end"]))
    def pause_or_end(self, who: int, what: str) -> None:
        """A pause, going on, an ending."""
        episode = self.episode(who)
        if episode is None:
            return
        by = self.staff(episode)
        if what == "resume":
            self.does(patients.resume, by=by, episode=episode)
        else:
            operation = patients.pause if what == "pause" else patients.end_episode
            self.does(operation, by=by, episode=episode, reason="As they wish")

    @rule(who=st.integers(0, 4), to=st.integers(0, 4))
    def change_worker(self, who: int, to: int) -> None:
        """Another project worker, of either provider: only their own may be."""
        episode = self.episode(who)
        if episode is not None:
            self.does(
                patients.change_project_worker, by=self.staff(episode), episode=episode,
                to=[*self.workers, *self.next_workers][to], reason="They asked",
            )  # fmt: skip

    @rule(away=st.integers(0, 2), covers=st.integers(0, 2))
    def cover(self, away: int, covers: int) -> None:
        """Two weeks away."""
        today = timezone.localdate(self.now)
        self.does(
            patients.arrange_cover, by=actor_for(self.manager), worker=self.workers[away],
            covering=self.workers[covers], starts=today, ends=today + timedelta(days=14),
        )  # fmt: skip

    @rule(who=st.integers(0, 4))
    def book(self, who: int) -> None:
        """A time to meet with their worker, next week."""
        episode = self.episode(who)
        if episode is None or episode.state != "enrolled" or episode.project_worker is None:
            return
        Appointment.objects.create(
            patient=episode.patient, episode=episode, worker=episode.project_worker, minutes=60,
            starts_at=self.now + timedelta(days=7), place="practice", booked_at=self.now,
            changed_at=self.now,
        )  # fmt: skip

    @rule(who=st.integers(0, 4))
    def raise_alert(self, who: int) -> None:
        """Somebody is not safe."""
        episode = self.episode(who)
        if episode is not None and episode.project_worker is not None:
            by = actor_for(episode.project_worker)
            self.does(patients.raise_alert, by=by, patient=episode.patient, kind="driving")

    @rule(close=st.booleans())
    def answer_alert(self, close: bool) -> None:
        """The practice sees to the oldest alert."""
        found = SafetyAlert.objects.filter(closed_at=None).order_by("pk").first()
        if found is None:
            return
        operation = patients.close_alert if close else patients.acknowledge_alert
        self.does(operation, by=actor_for(self.gp), alert=found, action_taken="Rang them")

    @rule(who=st.integers(0, 4))
    def post_letter(self, who: int) -> None:
        """Something is left to be sent in the provider's name."""
        episode = self.episode(who)
        if episode is None:
            return
        with self.at(), write("test.posted", by=system_actor("test")) as doing:
            made = post(
                purpose="accounts.invitation", about=f"{next(_numbers)}", channel="email",
                to="somebody@example.org", body="Hello", provider_id=episode.provider_id,
                due_at=self.now + timedelta(hours=30),
            )  # fmt: skip
            doing.about(made)

    @rule()
    def send(self) -> None:
        """The post goes out."""
        with self.at():
            send_due(self.now)

    @rule(worker=st.integers(0, 2))
    def hand_over(self, worker: int) -> None:
        """A worker will leave."""
        self.does(
            handing.begin_handover, by=actor_for(self.manager), worker=self.workers[worker],
            because="A post elsewhere",
        )  # fmt: skip

    @rule(to=st.integers(0, 4), number=st.integers(1, 5))
    def name(self, to: int, number: int) -> None:
        """The manager asks somebody to take people on."""
        receiver = [*self.workers, *self.next_workers][to]
        for made in Handover.objects.filter(state="running"):
            rows = list(made.people.filter(state__in=["needs", "asked"])[:number])
            by = self.next_manager if made.to_provider_id else self.manager
            self.does(
                handing.name_receiver, by=actor_for(by), handover=made, people=rows,
                receiver=receiver, version=made.version, over_reason="For now",
            )  # fmt: skip

    @rule(number=st.integers(1, 9), keeps_back=st.sampled_from([None, True, False]))
    def tell(self, number: int, keeps_back: bool | None) -> None:
        """Some are told that their provider leaves, and asked about restricted notes or not."""
        rows = HandedPerson.objects.filter(handover__state="running", told_at=None)
        for row in rows.filter(handover__kind="provider")[:number]:
            self.does(
                handing.tell, by=actor_for(self.manager), row=row, how="call",
                keeps_back=keeps_back,
            )  # fmt: skip

    @rule(yes=st.sampled_from([True, True, True, False]))
    def answer(self, yes: bool) -> None:
        """Who was asked says yes, or that it is not possible."""
        for row in HandedPerson.objects.filter(state="asked", handover__state="running"):
            assert row.receiver is not None
            by = actor_for(row.receiver)
            if yes:
                self.does(handing.accept, by=by, row=row)
            else:
                self.does(handing.cannot_take, by=by, row=row, because="No room")

    @rule()
    def finish(self) -> None:
        """Whatever can be finished is, and the worker's role ends the same day."""
        for made in Handover.objects.filter(kind="worker", state="running"):
            by = actor_for(self.manager)
            closed = self.does(handing.close_handover, by=by, handover=made)
            if closed is None:
                continue
            assert counts.adds_up(closed.certificate)
            theirs = Episode.objects.filter(project_worker=made.worker, state__in=JOINED)
            assert not theirs.exists()
            self.does(end_role, by=system_actor("host"), membership=made.worker)

    @rule(worker=st.integers(0, 2), to=st.integers(0, 2))
    def hand_over_in_a_week(self, worker: int, to: int) -> None:
        """A handover as it should be, from its beginning to its end."""
        self.hand_over(worker)
        self.name(to, 5)
        self.time_passes(72)
        self.answer(True)
        self.finish()

    @precondition(lambda self: self.steps >= 1)
    @rule(to=st.integers(3, 4))
    def leave_as_it_should_be(self, to: int) -> None:
        """A provider that leaves, with everybody named in time."""
        self.post_letter(0)
        self.provider_leaves(3)
        self.tell(9, None)
        self.name(to, 9)
        self.time_passes(24)
        self.time_passes(72)
        self.send()

    @precondition(lambda self: self.steps >= 3)
    @rule()
    def leave_before_all_is_ready(self) -> None:
        """A provider that leaves while nobody was told: all wait, and nothing leaves."""
        self.post_letter(0)
        self.provider_leaves(1)
        self.time_passes(72)
        self.send()

    @precondition(lambda self: self.steps >= 2)
    @rule(days=st.sampled_from([1, 3]))
    def provider_leaves(self, days: int) -> None:
        """The provider says that it will leave."""
        self.does(
            withdrawal.begin_withdrawal, by=actor_for(self.manager), to=self.world.other_provider,
            end_day=timezone.localdate(self.now) + timedelta(days=days), because="Too few people",
        )  # fmt: skip

    # -- what always holds ---------------------------------------------------------------

    @invariant()
    def everybody_who_joined_has_one_worker_whose_role_is_held(self) -> None:
        """Also right after a role ended: it ends only once nobody is left with it."""
        with self.at():
            for each in (self.world.provider, self.world.other_provider):
                assert not active_without_worker(each.pk).exists()
        for episode in Episode.objects.filter(state__in=JOINED):
            assert episode.project_worker is not None
            assert episode.project_worker.organisation_id == episode.provider_id
        for person in self.people:
            assert Episode.objects.filter(patient=person).exclude(state="ended").count() <= 1

    @invariant()
    def every_alert_is_closed_or_owned(self) -> None:
        """By somebody who sees to it, or by the person's practice."""
        for alert in SafetyAlert.objects.filter(closed_at=None).select_related("patient"):
            assert alert.acknowledged_by_id or alert.responsible_id == alert.patient.practice_id

    @invariant()
    def nothing_is_sent_after_the_provider_left(self) -> None:
        """Whatever was waiting, and whatever is posted later."""
        if self.sent_before_leaving is not None:
            assert self.sent_for_the_old() == self.sent_before_leaving

    @invariant()
    def nothing_is_left_with_a_provider_that_left(self) -> None:
        """No person, no appointment, no role, no agreement; and the counts add up."""
        for made in Handover.objects.filter(kind="provider", state="closed"):
            old: Organisation = made.provider
            assert not Episode.objects.filter(provider=old).exclude(state="ended").exists()
            with self.at():
                assert not Membership.objects.on(clock.today()).filter(organisation=old).exists()
            coming = Appointment.objects.filter(state="booked", starts_at__gt=made.closed_at)
            coming = coming.exclude(episode__state="ended")
            assert not coming.filter(worker__organisation=old).exists()
            assert counts.adds_up(made.certificate)
            assert made.certificate["left"] == 0

    @invariant()
    def nobody_is_on_two_running_lists_and_frozen_workers_get_nobody(self) -> None:
        """A person is taken on once."""
        for made in Handover.objects.filter(state="running", kind="worker"):
            there = set(made.people.values_list("episode_id", flat=True))
            theirs = Episode.objects.filter(project_worker=made.worker).exclude(state="ended")
            assert set(theirs.values_list("pk", flat=True)) <= there


@pytest.mark.django_db
def test_no_history_leaves_anybody_without_somebody(world: World, settings_outbox: Taken) -> None:
    run_state_machine_as_test(
        type("HistoriesHere", (Histories,), {"world": world, "carrier": settings_outbox}),
        settings=settings(
            max_examples=9, stateful_step_count=24, deadline=None, database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip
