"""Talks about a person: three answers, the person told, a clock until then (COM-3, COM-4)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from tests.service.conftest import World, actor_for

from unhurried.service.accounts.models import Membership
from unhurried.service.audit import clock
from unhurried.service.audit.actor import Actor
from unhurried.service.audit.refused import Refused
from unhurried.service.outbox.models import Message
from unhurried.service.patients import operations as patients
from unhurried.service.patients.models import Cover, Patient
from unhurried.service.shared_care.clocks.reminding import remind_of_waiting
from unhurried.service.shared_care.forms.discussions import DiscussionForm
from unhurried.service.shared_care.models import Discussion
from unhurried.service.shared_care.operations.discussions import (
    add_line,
    note_discussion,
    tell_person,
)
from unhurried.service.shared_care.queries.discussions import discussions_of, to_tell
from unhurried.service.shared_care.rules.discussions import Other, Talk
from unhurried.service.shared_care.rules.presence import NOT_YET, RATHER_NOT, TOLD, Said
from unhurried.service.shared_care.waits import (
    waiting_for,
)

SignIn = Callable[[Membership], Client]
MONDAY = date(2026, 10, 12)
NOW = datetime(2026, 10, 12, 9, 0, tzinfo=UTC)  # 10:00 on the clock
CANARY = "Quillfeather"
UNTOLD = Said(present=False, wished="not_asked", told=NOT_YET)
KNOWS = Said(present=False, wished="yes", told=TOLD, told_on=MONDAY, told_what="We spoke of you.")


def words(page: Any) -> str:
    """What stands on the page, without its tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", page.content.decode()))


@dataclass
class Corridor:
    """Where they met."""

    world: World
    worker: Membership
    gp: Membership
    patient: Patient

    @property
    def by(self) -> Actor:
        """The worker, acting."""
        return actor_for(self.worker)

    def talk(self, **more: Any) -> Talk:
        """A talk of the worker and the GP this morning."""
        values = {"on": MONDAY, "how": "corridor", "decided": f"{CANARY} stays as it is",
                  "members": (self.worker.pk, self.gp.pk), "at": time(9, 30)}  # fmt: skip
        return Talk(**{**values, **more})

    def note(self, said: Said = UNTOLD, **more: Any) -> Discussion:
        """The talk, written down by the worker."""
        talk = self.talk(**more)
        return note_discussion(by=self.by, patient=self.patient, talk=talk, said=said)

    def person(self) -> Membership:
        """The person, with an account of their own."""
        member = self.world.member("patient", self.world.practice)
        Patient.objects.filter(pk=self.patient.pk).update(user=member.user)
        return member


@pytest.fixture
def corridor(world: World) -> Iterator[Corridor]:
    """A worker, a GP and somebody they speak of, on a Monday at ten."""
    with time_machine.travel(NOW, tick=False):
        worker = world.member("project_worker")
        yield Corridor(world, worker, world.member("gp"), world.enrolled(worker))


def later(day: int, hour: int) -> datetime:
    """That day of October 2026, at that hour UTC."""
    return datetime(2026, 10, day, hour, tzinfo=UTC)


# -- the three answers -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "said",
    [
        replace(UNTOLD, wished=""),
        replace(UNTOLD, told=""),
        replace(UNTOLD, told_what="Something"),
        replace(UNTOLD, told_on=MONDAY),
        replace(KNOWS, told_on=None),
        replace(KNOWS, told_what=" "),
        replace(KNOWS, told_on=date(2026, 10, 13)),
        replace(KNOWS, told_on=date(2026, 10, 11)),
        replace(UNTOLD, told=RATHER_NOT, present=True),
        replace(UNTOLD, present=True),
        replace(KNOWS, told_by=0),
    ],
)
def test_answers_that_say_too_little_or_two_things_are_refused(
    corridor: Corridor, said: Said
) -> None:
    with pytest.raises(Refused):
        corridor.note(said)
    assert not Discussion.objects.exists()


def test_whoever_was_there_has_been_told(corridor: Corridor) -> None:
    found = corridor.note(Said(present=True, wished="yes", told=TOLD))
    assert found.closed_at == NOW
    assert found.told_at is not None
    assert found.told_by == corridor.worker


@pytest.mark.parametrize("left_out", ["present", "wished", "told"])
def test_the_form_has_no_answer_chosen_and_takes_none_for_granted(left_out: str) -> None:
    sent = {"on": "12/10/2026", "how": "room", "members": ["1", "2"], "decided": "Nothing",
            "present": "no", "wished": "no", "told": "not_yet"}  # fmt: skip
    people = [("1", "A"), ("2", "B")]
    assert DiscussionForm(sent, members=people).is_valid()
    del sent[left_out]
    form = DiscussionForm(sent, members=people)
    assert not form.is_valid()
    assert set(form.errors) == {left_out}
    assert not DiscussionForm(members=people)[left_out].value()


# -- the talk --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "wrong",
    [
        {"on": date(2026, 10, 13)},
        {"at": time(11, 0)},
        {"on": date(2020, 1, 1)},
        {"decided": " "},
        {"members": ()},
        {"members": (0, 1)},
        {"others": (Other(" "),)},
        {"how": "letter"},
        {"minutes": 0},
    ],
)
def test_a_talk_that_was_none_is_refused(corridor: Corridor, wrong: dict[str, Any]) -> None:
    with pytest.raises(Refused):
        corridor.note(**wrong)


def test_a_talk_with_somebody_without_an_account(corridor: Corridor) -> None:
    found = corridor.note(
        members=(corridor.worker.pk,), others=(Other("Nuthatch", "District nurse"),)
    )
    assert [each.name for each in found.took_part.order_by("pk")] == [
        corridor.worker.user.full_name, "Nuthatch",
    ]  # fmt: skip


def test_a_talk_is_never_changed_and_a_line_stands_beside_it(
    corridor: Corridor, signed_in: SignIn
) -> None:
    found = corridor.note()
    add_line(by=actor_for(corridor.gp), discussion=found, text="It was the Tuesday.")
    found.refresh_from_db()
    assert found.decided == f"{CANARY} stays as it is"
    where = reverse("shared_care:discussion", args=[corridor.patient.uuid, found.uuid])
    text = words(signed_in(corridor.worker).get(where))
    assert CANARY in text
    assert "It was the Tuesday." in text


# -- until the person has been told ----------------------------------------------------------


def test_not_yet_starts_a_clock_and_telling_stops_it(corridor: Corridor) -> None:
    found = corridor.note()
    assert found.late_from == datetime(2026, 10, 19, 17, tzinfo=UTC)  # five working days, 18:00
    assert found.passed_on_from == datetime(2026, 10, 26, 12, tzinfo=UTC)  # the clocks went back
    assert list(to_tell(corridor.by)) == [found]
    with clock.at(later(14, 9)):
        tell_person(
            by=corridor.by, discussion=found, told=TOLD, told_on=date(2026, 10, 14),
            told_what="Your medicines stay.",
        )  # fmt: skip
    found.refresh_from_db()
    assert found.told_what == "Your medicines stay."
    assert found.closed_at == later(14, 9)
    assert not to_tell(corridor.by)
    with pytest.raises(Refused, match="already"):
        tell_person(by=corridor.by, discussion=found, told=TOLD, told_what="Again.")


def test_who_wrote_it_is_reminded_once_and_then_the_manager_sees_it(corridor: Corridor) -> None:
    manager = corridor.world.member("service_manager")
    other = corridor.world.member("service_manager", corridor.world.other_provider)
    corridor.note()
    assert not [each for each in waiting_for(actor_for(manager)) if each.kind == "telling"]
    with clock.at(later(19, 18)):
        remind_of_waiting(by=corridor.by)
        remind_of_waiting(by=corridor.by)
    assert [each.to for each in Message.objects.all()] == [corridor.worker.user.email]
    with clock.at(later(26, 13)):
        remind_of_waiting(by=corridor.by)
        (waits,) = [each for each in waiting_for(actor_for(manager)) if each.kind == "telling"]
        assert not [each for each in waiting_for(actor_for(other)) if each.kind == "telling"]
    assert Message.objects.latest("pk").to == manager.user.email
    assert waits.person == str(corridor.patient)
    assert CANARY not in str(waits)
    assert CANARY not in "".join(each.body for each in Message.objects.all())


def test_a_talk_written_down_late_is_late_from_the_talk_on(corridor: Corridor) -> None:
    with clock.at(later(23, 9)):
        found = corridor.note()
    assert found.late_from is not None
    assert found.late_from < later(23, 9)


def test_whoever_would_rather_not_know_is_left_in_peace_and_may_ask_later(
    corridor: Corridor,
) -> None:
    found = corridor.note(replace(UNTOLD, told=RATHER_NOT))
    assert found.closed_at is not None
    assert not to_tell(corridor.by)
    tell_person(by=corridor.by, discussion=found, told=TOLD, told_what="They asked after all.")
    found.refresh_from_db()
    assert (found.rather_not_know, found.told_what) == (False, "They asked after all.")


# -- what the person reads -------------------------------------------------------------------


@pytest.mark.parametrize("told", [NOT_YET, RATHER_NOT])
def test_before_they_are_told_the_person_reads_only_that_a_talk_took_place(
    corridor: Corridor, signed_in: SignIn, told: str
) -> None:
    found = corridor.note(replace(UNTOLD, told=told), about="Kittiwake")
    add_line(by=corridor.by, discussion=found, text="Guillemot")
    client = signed_in(corridor.person())
    for name, things in (("discussions", []), ("discussion", [found.uuid])):
        text = words(
            client.get(reverse(f"shared_care:{name}", args=[corridor.patient.uuid, *things]))
        )
        assert "A talk about you took place." in text
        for canary in (CANARY, "Kittiwake", "Guillemot", corridor.gp.user.full_name):
            assert canary not in text


def test_after_they_were_told_the_person_reads_who_spoke_and_what_was_decided(
    corridor: Corridor, signed_in: SignIn
) -> None:
    found = corridor.note(KNOWS)
    client = signed_in(corridor.person())
    where = reverse("shared_care:discussion", args=[corridor.patient.uuid, found.uuid])
    text = words(client.get(where))
    for expected in (CANARY, corridor.gp.user.full_name, "You were there No", "We spoke of you."):
        assert expected in text
    assert "Tell the person" not in text
    assert client.post(reverse("shared_care:add_line", args=[corridor.patient.uuid, found.uuid]),
                       {"text": "x"}).status_code == 404  # fmt: skip


def test_a_gp_reads_only_their_own_talks_of_somebody_who_said_no_to_sharing(
    corridor: Corridor,
) -> None:
    with_gp = corridor.note()
    supervisor = corridor.world.member("clinical_supervisor")
    inside = corridor.note(members=(corridor.worker.pk, supervisor.pk))
    gp = actor_for(corridor.gp)
    assert set(discussions_of(gp, corridor.patient)) == {with_gp, inside}
    patients.record_consent(
        by=corridor.by, patient=corridor.patient, kind="sharing", party="gp", given=False,
        how="spoken",
    )  # fmt: skip
    assert set(discussions_of(gp, corridor.patient)) == {with_gp}
    assert set(discussions_of(corridor.by, corridor.patient)) == {with_gp, inside}


def test_a_minute_at_the_keyboard_is_enough(corridor: Corridor, signed_in: SignIn) -> None:
    client = signed_in(corridor.worker)
    where = reverse("shared_care:note_discussion", args=[corridor.patient.uuid])
    page = client.get(where).content.decode()
    assert 'value="12/10/2026"' in page  # today stands there already
    sent = {"on": "12/10/2026", "how": "corridor", "decided": "Ring her on Thursday",
            "members": [corridor.worker.pk, corridor.gp.pk], "present": "no", "wished": "no",
            "told": "not_yet"}  # fmt: skip
    answer = client.post(where, sent)
    found = Discussion.objects.get()
    assert answer["Location"].endswith(f"/discussions/{found.uuid}/")
    assert found.late_from is not None
    listed = words(client.get(reverse("shared_care:to_tell")))
    assert str(corridor.patient) in listed
    tell = reverse("shared_care:tell_person", args=[corridor.patient.uuid, found.uuid])
    assert client.post(tell, {"told": "rather_not", "told_what": "Petrel"}).status_code == 200
    assert client.post(tell, {"told": "told", "told_on": "", "told_what": " "}).status_code == 200
    assert client.post(tell, {"told": "told", "told_what": "I rang"}).status_code == 302
    found.refresh_from_db()
    assert found.told_at == NOW  # without a day it was today


# -- when somebody is away, or has handed over, or the person left ----------------------------


def test_the_worker_of_today_and_who_covers_are_reminded_and_named(corridor: Corridor) -> None:
    manager, next_one = (corridor.world.member(role) for role in ("service_manager",
                                                                  "project_worker"))  # fmt: skip
    covering = corridor.world.member("project_worker")
    corridor.note()
    corridor.patient.episodes.update(project_worker=next_one)
    Cover.objects.create(worker=next_one, covering=covering, starts=MONDAY, ends=date(2026, 12, 1))
    with clock.at(later(19, 18)):
        remind_of_waiting(by=corridor.by)
    sent = Message.objects.filter(about__startswith="telling:")
    assert {each.to for each in sent} == {next_one.user.email, covering.user.email}
    with clock.at(later(26, 13)):
        (waits,) = [each for each in waiting_for(actor_for(manager)) if each.kind == "telling"]
    assert waits.owner == next_one.user.full_name
    assert next_one.user.full_name in waits.next_step


def test_who_left_the_service_is_told_by_their_practice(
    corridor: Corridor, signed_in: SignIn
) -> None:
    manager = corridor.world.member("service_manager")
    found = corridor.note()
    corridor.patient.episodes.update(state="ended", ended_at=NOW)
    elsewhere = corridor.world.member("gp", corridor.world.other_practice)
    assert list(to_tell(actor_for(corridor.gp))) == [found]
    assert not to_tell(actor_for(elsewhere))
    with clock.at(later(26, 13)):
        remind_of_waiting(by=corridor.by)
        assert not [each for each in waiting_for(actor_for(manager)) if each.kind == "telling"]
    sent = Message.objects.filter(about__startswith="telling:")
    assert {each.to for each in sent} == {corridor.gp.user.email}
    tell = reverse("shared_care:tell_person", args=[corridor.patient.uuid, found.uuid])
    sent_form = {"told": "told", "told_what": "I rang"}
    assert signed_in(corridor.gp).post(tell, sent_form).status_code == 302
    assert not to_tell(actor_for(corridor.gp))
