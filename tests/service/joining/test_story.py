"""Whatever happens in whatever order: never a third reminder, nothing after a no (stateful)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, ClassVar

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from tests.service.joining.conftest import Joining

from unhurried.service.audit import clock
from unhurried.service.audit.refused import Refused
from unhurried.service.joining import operations
from unhurried.service.joining.models import Invitation, Step
from unhurried.service.joining.operations.enrolment import Answer
from unhurried.service.joining.operations.invitations import Asked
from unhurried.service.joining.operations.referrals import Said
from unhurried.service.outbox.models import Message
from unhurried.service.outbox.worker import send_due
from unhurried.service.patients.models import Consent, ContactPreference, Episode, Patient


class Story(RuleBasedStateMachine):
    """Two people, one worker with room for one, and everything that can be done."""

    joining: ClassVar[Joining]  # this test's world

    def __init__(self) -> None:
        super().__init__()
        self.point = transaction.savepoint()
        self.people = [self.joining.patient(), self.joining.patient()]
        self.now = timezone.now()
        self.silent: dict[int, int] = {}

    def teardown(self) -> None:
        transaction.savepoint_rollback(self.point)

    def does(self, what: Any, **more: Any) -> None:
        try:
            with clock.at(self.now), transaction.atomic():
                what(**more)
        except Refused:
            pass

    def sent(self, patient: Patient) -> int:
        rows = Message.objects.filter(patient_id=patient.pk, purpose="joining.invitation")
        return rows.filter(state="sent").count()

    def hush(self, patient: Patient) -> None:
        self.silent.setdefault(patient.pk, self.sent(patient))

    @rule(who=st.integers(0, 1))
    def prepare_and_approve(self, who: int) -> None:
        asked = [Asked(patient=self.people[who], endorsed_by=self.joining.gp_role)]

        def both() -> None:
            made = operations.prepare_invitations(
                by=self.joining.staff, practice=self.joining.world.practice, asked=asked
            )
            self.approve(made)

        self.does(both)

    def approve(self, made: Any) -> None:
        operations.approve_batch(by=self.joining.staff, batch=made.batch)
        waiting = Step.objects.filter(batch=made.batch).select_related("invitation")
        operations.post_steps(by=self.joining.staff, steps=list(waiting))

    @rule()
    def send(self) -> None:
        with clock.at(self.now):
            send_due(self.now + timedelta(days=1))

    @rule(who=st.integers(0, 1))
    def remind(self, who: int) -> None:
        found = Invitation.objects.filter(patient=self.people[who]).order_by("-pk").first()
        if found is None:
            return

        def both() -> None:
            made = operations.prepare_reminders(
                by=self.joining.staff, practice=self.joining.world.practice, invitations=[found]
            )
            self.approve(made)

        self.does(both)

    @rule(days=st.integers(1, 40))
    def wait(self, days: int) -> None:
        self.now += timedelta(days=days)

    @rule(who=st.integers(0, 1), reply=st.sampled_from(["yes", "more", "not_now", "no"]))
    def answer(self, who: int, reply: str) -> None:
        found = Invitation.objects.filter(patient=self.people[who]).order_by("-pk").first()
        if found is not None:
            self.does(
                operations.record_reply, by=self.joining.worker, invitation=found, reply=reply,
                how="phone", version=found.version,
            )  # fmt: skip
            found.refresh_from_db()
            if found.reply == "no":
                self.hush(self.people[who])

    @rule(who=st.integers(0, 1))
    def ask_for_no_contact(self, who: int) -> None:
        ContactPreference.objects.filter(patient=self.people[who]).update(do_not_contact=True)
        self.hush(self.people[who])

    @rule(who=st.integers(0, 1))
    def die(self, who: int) -> None:
        person = self.people[who]
        Patient.objects.filter(pk=person.pk).update(date_of_death=date(2026, 1, 1))
        person.refresh_from_db()
        self.hush(person)

    @rule(who=st.integers(0, 1))
    def refer(self, who: int) -> None:
        said = Said(agrees=True, pain_condition="Back")
        self.does(operations.refer, by=self.joining.gp, patient=self.people[who], said=said)

    @rule(who=st.integers(0, 1), given=st.booleans())
    def enrol(self, who: int, given: bool) -> None:
        self.does(
            operations.enrol, by=self.joining.worker, patient=self.people[who],
            project_worker=self.joining.worker_role, statement_given=True,
            answers=[Answer("service", given, "spoken")],
        )  # fmt: skip

    @invariant()
    def at_most_an_invitation_and_two_reminders(self) -> None:
        for found in Invitation.objects.all():
            assert found.steps.count() <= 3

    @invariant()
    def nothing_after_a_no_a_death_or_a_wish_for_none(self) -> None:
        for person in self.people:
            if person.pk in self.silent:
                assert self.sent(person) == self.silent[person.pk]

    @invariant()
    def nobody_joined_without_a_yes_nor_beyond_the_room_there_is(self) -> None:
        joined = Episode.objects.filter(state="enrolled")
        assert joined.count() <= 2
        for each in joined:
            yes = Consent.objects.filter(patient_id=each.patient_id, kind="service")
            assert yes.filter(given=True).exists()
        for person in self.people:
            assert Episode.objects.filter(patient=person).exclude(state="ended").count() <= 1


@pytest.mark.django_db
def test_no_order_of_events_breaks_a_promise(joining: Joining) -> None:
    run_state_machine_as_test(
        type("StoryHere", (Story,), {"joining": joining}),
        settings=settings(
            max_examples=6, stateful_step_count=12, deadline=None, database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip
