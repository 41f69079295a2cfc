"""A provider leaves: frozen at once, all move in one stroke, the old side sees nothing after."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.service.conftest import World, actor_for
from tests.service.team.test_handover import booked

from unhurried.service.accounts.models import Agreement, Membership
from unhurried.service.audit import clock
from unhurried.service.audit.actor import system_actor
from unhurried.service.audit.operations import write
from unhurried.service.audit.refused import Refused
from unhurried.service.joining import rules as joining_rules
from unhurried.service.joining.models import Invitation, Referral
from unhurried.service.outbox.models import Message
from unhurried.service.outbox.operations import post
from unhurried.service.outbox.worker import send_due
from unhurried.service.patients.models import Episode, Patient
from unhurried.service.patients.operations import open_episode, raise_alert, write_note
from unhurried.service.patients.queries import active_without_worker, alert_of, visible_notes
from unhurried.service.shared_care.models.tasks import Task
from unhurried.service.shared_care.operations import tasks
from unhurried.service.shared_care.waits import (
    waiting_for,
)
from unhurried.service.team import certificate as counts
from unhurried.service.team.manifest import tables
from unhurried.service.team.models import HandedPerson, Handover
from unhurried.service.team.operations import handover as handing
from unhurried.service.team.operations import withdrawal as operations
from unhurried.service.team.queries import handover as queries

SignIn = Callable[[Membership], Client]
DAYS = 14


@dataclass
class Leaving:
    world: World
    manager: Membership
    worker: Membership
    next_manager: Membership
    next_worker: Membership
    person: Patient
    other: Patient

    def begin(self) -> Handover:
        return operations.begin_withdrawal(
            by=actor_for(self.manager), to=self.world.other_provider, because="Too few people",
            end_day=timezone.localdate() + timedelta(days=DAYS),
        )  # fmt: skip

    def tell_all(self, made: Handover) -> None:
        for row in made.people.filter(told_at=None):
            handing.tell(by=actor_for(self.manager), row=row, how="letter")

    def name(self, made: Handover, *people: HandedPerson) -> None:
        made.refresh_from_db()
        handing.name_receiver(
            by=actor_for(self.next_manager), handover=made, people=people,
            receiver=self.next_worker, version=made.version,
        )  # fmt: skip

    def name_all(self, made: Handover) -> None:
        self.tell_all(made)
        self.name(made, *made.people.all())

    def row(self, made: Handover, person: Patient) -> HandedPerson:
        return HandedPerson.objects.get(handover=made, patient=person)


def the_day() -> datetime:
    """The first minutes of the day, two weeks from now."""
    day = timezone.localdate() + timedelta(days=DAYS)
    return timezone.make_aware(datetime.combine(day, time(0, 1)))


@pytest.fixture
def leaving(world: World) -> Leaving:
    for practice in (world.practice, world.other_practice):
        Agreement.objects.create(
            practice=practice, provider=world.other_provider, starts=date(2024, 1, 1)
        )
    worker = world.member("project_worker")
    return Leaving(
        world, world.member("service_manager"), worker,
        world.member("service_manager", world.other_provider),
        world.member("project_worker", world.other_provider),
        world.enrolled(worker), world.enrolled(worker, practice=world.other_practice),
    )  # fmt: skip


def test_nothing_new_begins_once_it_is_known(leaving: Leaving) -> None:
    world = leaving.world
    leaving.begin()
    someone = world.patient()
    with pytest.raises(Refused, match="leaving the service"):
        open_episode(by=actor_for(leaving.worker), patient=someone, provider=world.provider)
    with pytest.raises(Refused, match="leaving the service"):
        joining_rules.check_invites_for(
            actor_for(leaving.worker), world.practice.pk, world.provider.pk, clock.today()
        )
    # A practice that both serve sends its referrals to the one that stays.
    assert joining_rules.provider_of(world.practice.pk, clock.today()) == world.other_provider


def test_it_does_not_begin_where_a_practice_would_be_left_without(leaving: Leaving) -> None:
    Agreement.objects.filter(
        provider=leaving.world.other_provider, practice=leaving.world.other_practice
    ).delete()
    with pytest.raises(Refused, match="no agreement on that day with Heron Street"):
        leaving.begin()


def test_on_the_day_everybody_moves_and_nobody_is_without_somebody(leaving: Leaving) -> None:
    world, person = leaving.world, leaving.person
    gp = world.member("gp")
    raise_alert(by=actor_for(leaving.worker), patient=person, kind="driving")
    meeting = booked(person, leaving.worker, DAYS + 3)
    task = tasks.ask(
        by=actor_for(gp), patient=person, to="provider", kind="other",
        sentence="Please ring them", person_knows="agrees",
    )  # fmt: skip
    tasks.take(by=actor_for(leaving.worker), task=task, version=1)
    before = person.episodes.get()
    made = leaving.begin()
    leaving.name_all(made)
    assert person.episodes.get().provider == world.provider  # as before until the day
    with pytest.raises(Refused, match="not come yet"):
        operations.carry_out(by=actor_for(leaving.next_manager), handover=made)
    with clock.at(the_day()):
        assert operations.carry_out_due(by=system_actor("handover")) == 1
        for each in (world.provider, world.other_provider):
            assert not active_without_worker(each.pk).exists()
    after = person.episodes.get()
    assert (after.pk, after.enrolled_at) == (before.pk, before.enrolled_at)  # it goes on
    assert (after.provider, after.project_worker) == (world.other_provider, leaving.next_worker)
    meeting.refresh_from_db()
    assert meeting.worker == leaving.next_worker
    moved = Task.objects.get(pk=task.pk)
    assert moved.provider == world.other_provider
    assert moved.taken_by != leaving.worker
    made.refresh_from_db()
    assert counts.adds_up(made.certificate)
    assert made.certificate["left"] == made.certificate["items"]["left"] == 0
    by_kind = {each["kind"]: each["carried"] for each in made.certificate["kinds"]}
    assert by_kind == {"Safety alert": 1, "Appointment to come": 1, "Task": 1}


def test_nobody_moves_while_somebody_has_no_worker_there(leaving: Leaving) -> None:
    made = leaving.begin()
    leaving.tell_all(made)
    leaving.name(made, leaving.row(made, leaving.person))
    with clock.at(the_day()):
        assert operations.carry_out_due(by=system_actor("handover")) == 0
        with pytest.raises(Refused, match="1 of 2 who have joined"):
            operations.carry_out(by=actor_for(leaving.next_manager), handover=made)
        (waits,) = [w for w in waiting_for(actor_for(leaving.next_manager)) if w.stage]
        assert waits.kind == "handover"
    assert leaving.person.episodes.get().provider == leaving.world.provider
    assert not Membership.objects.filter(pk=leaving.worker.pk, ends__isnull=False).exists()


def test_a_receiver_whose_role_ended_counts_as_none(leaving: Leaving) -> None:
    made = leaving.begin()
    leaving.name_all(made)
    Membership.objects.filter(pk=leaving.next_worker.pk).update(ends=clock.today())
    with clock.at(the_day()), pytest.raises(Refused, match="2 of 2"):
        operations.carry_out(by=actor_for(leaving.next_manager), handover=made)


def test_nothing_is_sent_in_its_name_afterwards(leaving: Leaving) -> None:
    world = leaving.world
    with write("test.posted", by=actor_for(leaving.worker)) as doing:
        waiting = post(
            purpose="sessions.reminder", about="x", channel="sms", to="07700900000", body="x",
            patient_id=leaving.person.pk, provider_id=world.provider.pk,
        )  # fmt: skip
        doing.about(waiting)
    made = leaving.begin()
    leaving.name_all(made)
    with clock.at(the_day()):
        operations.carry_out_due(by=system_actor("handover"))
        waiting.refresh_from_db()
        assert waiting.state == "stopped"
        with write("test.posted", by=system_actor("late")) as doing:
            late = post(
                purpose="accounts.invitation", about="y", channel="email", to="a@example.org",
                body="x", provider_id=world.provider.pk,
            )  # fmt: skip
            doing.about(late)
        send_due(clock.now() + timedelta(hours=1))
    late.refresh_from_db()
    assert late.state == "stopped"
    assert "left the service" in late.explanation
    assert not Message.objects.filter(state="sent", provider_id=world.provider.pk).exists()
    made.refresh_from_db()
    assert made.certificate["stopped"] >= 1


def test_referrals_go_on_and_open_invitations_stop(leaving: Leaving) -> None:
    world, now = leaving.world, timezone.now()
    gp = world.member("gp")
    referral = Referral.objects.create(
        patient=world.patient(), practice=world.practice, provider=world.provider,
        referred_by=gp, state="taken", project_worker=leaving.worker, agrees=True, sent_at=now,
        made_at=now,
    )  # fmt: skip
    Episode.objects.create(
        patient=referral.patient, practice=world.practice, provider=world.provider,
        opened_at=now, project_worker=leaving.worker,
    )  # fmt: skip
    invitation = Invitation.objects.create(
        patient=world.patient(), practice=world.practice, provider=world.provider,
        endorsed_by=gp, opened_at=now, reply_hash="0" * 64, reply_until=now + timedelta(days=90),
    )  # fmt: skip
    made = leaving.begin()
    leaving.tell_all(made)
    leaving.name(made, *made.people.exclude(episode__state="referred"))
    with clock.at(the_day()):
        operations.carry_out_due(by=system_actor("handover"))
    referral.refresh_from_db()
    invitation.refresh_from_db()
    assert (referral.provider, referral.state) == (world.other_provider, "sent")
    assert referral.project_worker is None
    assert referral.patient.episodes.get().provider == world.other_provider
    assert invitation.state == "stopped"


@pytest.mark.parametrize("keeps_back", [True, False, None])
def test_restricted_notes_go_along_only_with_a_yes(
    leaving: Leaving, keeps_back: bool | None
) -> None:
    by = actor_for(leaving.worker)
    write_note(by=by, patient=leaving.person, text="Canarysecret", visibility="restricted")
    write_note(by=by, patient=leaving.person, text="Everyday")
    alert = raise_alert(by=by, patient=leaving.person, kind="driving")
    made = leaving.begin()
    row = leaving.row(made, leaving.person)
    handing.tell(by=by, row=row, how="met", keeps_back=keeps_back)
    leaving.name_all(made)
    with clock.at(the_day()):
        operations.carry_out_due(by=system_actor("handover"))
        receiver = actor_for(leaving.next_worker)
        write_note(by=receiver, patient=leaving.person, text="New", visibility="restricted")
        read = {each.text for each in visible_notes(receiver, leaving.person)}
        assert alert_of(receiver, leaving.person, alert.uuid)  # whatever was said of notes
    assert read == {"Everyday", "New"} | ({"Canarysecret"} if keeps_back is False else set())
    made.refresh_from_db()
    assert "Canarysecret" not in made.manifest
    (theirs,) = [
        each for each in json.loads(made.manifest)["people"]
        if each["person"] == str(leaving.person.uuid)
    ]  # fmt: skip
    assert theirs["restricted_notes"] == ("go along" if keeps_back is False else "stay behind")


def test_the_list_of_what_went_over_has_fingerprints_and_no_names(
    leaving: Leaving, signed_in: SignIn
) -> None:
    by = actor_for(leaving.worker)
    write_note(by=by, patient=leaving.person, text="Canaryword")
    booked(leaving.person, leaving.worker, DAYS + 3)
    made = leaving.begin()
    leaving.name_all(made)
    with clock.at(the_day()):
        operations.carry_out_due(by=system_actor("handover"))
    made.refresh_from_db()
    assert made.manifest_hash == hashlib.sha256(made.manifest.encode()).hexdigest()
    for word in ("Canaryword", leaving.person.family_name, leaving.person.nhs_number):
        assert word not in made.manifest
    people = {each["person"]: each["records"] for each in json.loads(made.manifest)["people"]}
    kinds = {each["table"]: each["rows"] for each in people[str(leaving.person.uuid)]}
    assert kinds["patients.Note"] == 1
    assert kinds["patients.Patient"] == kinds["patients.Episode"] == kinds["meetings.Appointment"]
    answer = signed_in(leaving.next_manager).get(
        reverse("team:handover_manifest", args=[made.uuid])
    )
    assert answer.content.decode() == made.manifest


def test_every_table_with_something_of_a_person_is_on_the_list() -> None:
    labels = {model._meta.label for model, _way in tables()}
    assert {
        "patients.Consent", "patients.SafetyAlert", "meetings.Session", "planning.Item",
        "worksheets.Worksheet", "shared_care.Task",
    } <= labels  # fmt: skip


def test_the_next_manager_reads_a_name_once_the_person_was_told(
    leaving: Leaving, signed_in: SignIn
) -> None:
    made = leaving.begin()
    client = signed_in(leaving.next_manager)
    where = reverse("team:handover", args=[made.uuid])
    body = client.get(where).content.decode()
    assert leaving.person.family_name not in body
    assert "A person of Finch Lane Surgery" in body
    row = leaving.row(made, leaving.person)
    one = reverse("team:handed_person", args=[made.uuid, row.uuid])
    assert client.get(one).status_code == 404
    handing.tell(by=actor_for(leaving.manager), row=row, how="letter")
    body = client.get(where).content.decode()
    assert leaving.person.family_name in body
    assert leaving.other.family_name not in body
    assert client.get(one).status_code == 200
    assert queries.to_do(actor_for(leaving.next_manager)).to_name == 2
    assert queries.to_do(actor_for(leaving.manager)).to_name == 0


def test_a_withdrawal_through_the_pages(leaving: Leaving, signed_in: SignIn) -> None:
    old, new = signed_in(leaving.manager), signed_in(leaving.next_manager)
    day = (timezone.localdate() + timedelta(days=1)).strftime("%d/%m/%Y")
    sent = {
        "to": str(leaving.world.other_provider.uuid), "end_day": day, "because": "Too few people",
    }  # fmt: skip
    old.post(reverse("team:begin_withdrawal"), sent)
    made = Handover.objects.get()
    mine = old.post(
        reverse("team:name_receiver", args=[made.uuid]),
        {"people": [], "receiver": "", "version": "1"},
    )
    assert mine.status_code == 404  # it is for the next provider's manager to say
    leaving.tell_all(made)
    people = [str(each.uuid) for each in made.people.all()]
    named = {"people": people, "receiver": leaving.next_worker.pk, "version": "1"}
    new.post(reverse("team:name_receiver", args=[made.uuid]), named)
    early = new.post(reverse("team:carry_out_withdrawal", args=[made.uuid]))
    assert early.status_code == 409
    Handover.objects.filter(pk=made.pk).update(end_day=clock.today())
    done = new.post(reverse("team:carry_out_withdrawal", args=[made.uuid]), follow=True)
    body = done.content.decode()
    assert "Counts add up" in body
    made.refresh_from_db()
    assert made.manifest_hash in body
    assert old.get(reverse("team:handover", args=[made.uuid])).status_code == 302  # signed out
    worker = signed_in(leaving.next_worker)
    assert worker.get(reverse("patients:person", args=[leaving.person.uuid])).status_code == 200
