"""Getting to see the GP: reported, answered by the practice in time, put right (COM-4)."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader
from tests.service.conftest import World, actor_for

from unhurried.service.accounts.models import Membership
from unhurried.service.audit import clock
from unhurried.service.audit.refused import Refused
from unhurried.service.outbox.models import Message
from unhurried.service.patients.conflict import ChangedMeanwhile
from unhurried.service.patients.models import Patient
from unhurried.service.patients.operations import move_practice
from unhurried.service.shared_care.access_words import problem_kinds
from unhurried.service.shared_care.clocks.reminding import remind_of_waiting
from unhurried.service.shared_care.models import AccessProblem
from unhurried.service.shared_care.operations import access_problems as operations
from unhurried.service.shared_care.queries.access_problems import counts_of_a_year
from unhurried.service.shared_care.queries.talks import to_do
from unhurried.service.shared_care.rules.access_problems import Report
from unhurried.service.shared_care.waits import (
    waiting_for,
)

SignIn = Callable[[Membership], Client]
MONDAY = date(2026, 10, 12)
NOW = datetime(2026, 10, 12, 9, 0, tzinfo=UTC)  # 10:00 on the clock
REPORT = Report("appointment", MONDAY, "They said: ask your worker.")


def words(page: Any) -> str:
    """What stands on the page, without its tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", page.content.decode()))


@dataclass
class Reception:
    """Who is concerned."""

    world: World
    worker: Membership
    gp: Membership
    person: Membership
    patient: Patient

    def report(self, report: Report = REPORT, **more: Any) -> AccessProblem:
        """What the person reports."""
        values = {"by": actor_for(self.person), "patient": self.patient, "report": report}
        return operations.report_problem(**{**values, **more})

    def where(self, name: str, problem: AccessProblem | None = None) -> str:
        """The address of a page of the person's."""
        things = [problem.uuid] if problem else []
        return reverse(f"shared_care:{name}", args=[self.patient.uuid, *things])


@pytest.fixture
def reception(world: World) -> Iterator[Reception]:
    """A person with an account, their worker and a GP, on a Monday at ten."""
    world.practice.email = "reception@example.org"
    world.practice.save()
    with time_machine.travel(NOW, tick=False):
        worker = world.member("project_worker")
        person = world.member("patient", world.practice)
        patient = world.enrolled(worker, user=person.user)
        yield Reception(world, worker, world.member("gp"), person, patient)


def test_the_person_reports_it_in_one_page(reception: Reception, signed_in: SignIn) -> None:
    client = signed_in(reception.person)
    assert "changes your right to see your GP" in words(
        client.get(reception.where("access_problems"))
    )
    where = reception.where("report_access_problem")
    assert "I could not get an appointment because I am with the service" in words(
        client.get(where)
    )
    answer = client.post(where, {"kind": "appointment", "on": "12/10/2026", "words": ""})
    found = AccessProblem.objects.get()
    assert answer["Location"] == reception.where("access_problem", found)
    assert found.own_report
    assert found.practice == reception.world.practice
    page = words(client.get(answer["Location"]))
    assert "I could not get an appointment because I am with the service" in page
    assert "I look at it" not in page


@pytest.mark.parametrize(
    "report",
    [
        Report("", MONDAY),
        Report("weather", MONDAY),
        Report("other", date(2026, 10, 13)),
        Report("other", date(1950, 1, 1)),
        Report("other", MONDAY, "x" * 4_001),
    ],
)
def test_what_cannot_be_is_refused(reception: Reception, report: Report) -> None:
    with pytest.raises(Refused):
        reception.report(report)
    assert not AccessProblem.objects.exists()


@pytest.mark.parametrize(
    ("hour", "late"),
    [(9, datetime(2026, 10, 12, 17, 30, tzinfo=UTC)), (13, datetime(2026, 10, 13, 11, tzinfo=UTC))],
)
def test_the_practice_has_to_answer_the_same_day_or_by_the_next_noon(
    reception: Reception, hour: int, late: datetime
) -> None:
    with clock.at(NOW.replace(hour=hour)):
        assert reception.report().late_from == late


def test_the_practice_is_written_to_then_the_manager_too_and_nothing_of_it_is_in_the_message(
    reception: Reception,
) -> None:
    manager = reception.world.member("service_manager")
    other = reception.world.member("service_manager", reception.world.other_provider)
    reception.report()
    by = actor_for(reception.worker)
    (waits,) = [each for each in waiting_for(actor_for(manager)) if each.kind == "access_problem"]
    assert (waits.owner, waits.person) == (reception.world.practice.name, str(reception.patient))
    assert not [each for each in waiting_for(actor_for(other)) if each.kind == "access_problem"]
    with clock.at(NOW + timedelta(hours=9)):
        remind_of_waiting(by=by)
    assert [each.to for each in Message.objects.all()] == ["reception@example.org"]
    with clock.at(NOW + timedelta(days=3)):
        remind_of_waiting(by=by)
    assert Message.objects.filter(to=manager.user.email).count() == 1
    assert "ask your worker" not in "".join(each.body for each in Message.objects.all())


def test_it_is_put_right_only_with_what_was_done_and_how_the_person_was_told(
    reception: Reception,
) -> None:
    found, gp = reception.report(), actor_for(reception.gp)
    found = operations.look_at(by=gp, problem=found, version=1)
    assert (found.state, found.looking) == ("looked_at", reception.gp)
    for done, told in (("", "By telephone"), ("An appointment on Friday", " ")):
        with pytest.raises(Refused):
            operations.put_right(by=gp, problem=found, done=done, told_how=told, version=2)
    found = operations.put_right(
        by=gp, problem=found, done="An appointment on Friday", told_how="By telephone", version=2
    )
    assert found.closed_at == NOW
    assert found.version == 3


def test_the_person_opens_it_again_and_a_new_clock_runs(
    reception: Reception, signed_in: SignIn
) -> None:
    found, gp = reception.report(), actor_for(reception.gp)
    operations.put_right(by=gp, problem=found, done="Booked", told_how="Rung", version=1)
    AccessProblem.objects.update(reminded="late")
    client = signed_in(reception.person)
    with clock.at(NOW + timedelta(days=1)):
        page = words(client.get(reception.where("access_problem", found)))
        assert "Booked" in page
        assert "You were told: Rung" in page
        client.post(
            reception.where("reopen_access_problem", found),
            {"text": "Reception cancelled it", "version": "2"},
        )
    found.refresh_from_db()
    assert (found.state, found.closed_at, found.reminded) == ("open", None, "")
    assert found.late_from == datetime(2026, 10, 13, 17, 30, tzinfo=UTC)
    assert found.steps.latest("pk").text == "Reception cancelled it"


def test_two_at_once_keep_what_the_second_typed(reception: Reception, signed_in: SignIn) -> None:
    found, gp = reception.report(), actor_for(reception.gp)
    operations.look_at(by=gp, problem=found, version=1)
    with pytest.raises(ChangedMeanwhile):
        operations.look_at(by=actor_for(reception.worker), problem=found, version=1)
    answer = signed_in(reception.worker).post(
        reception.where("put_right_access_problem", found),
        {"done": "Rang reception", "told_how": "Rang her", "version": "1"},
    )
    assert answer.status_code == 409
    assert "Rang reception" in answer.content.decode()
    assert reception.gp.user.full_name in words(answer)
    found.refresh_from_db()
    assert found.state == "looked_at"


def test_the_manager_counts_a_year_by_practice_and_kind(
    reception: Reception, signed_in: SignIn
) -> None:
    with clock.at(NOW - timedelta(days=370)):
        reception.report(Report("other", date(2025, 10, 1)))
    reception.report()
    reception.report(Report("prescription", MONDAY))
    (row,) = counts_of_a_year(reception.world.provider.pk)
    assert dict(zip(problem_kinds(), row.counts, strict=True)) == {
        "appointment": 1, "prescription": 1, "sent_to_worker": 0, "other": 0,
    }  # fmt: skip
    assert row.total == 2
    assert not counts_of_a_year(reception.world.other_provider.pk)
    manager = signed_in(reception.world.member("service_manager"))
    assert "by practice" in words(manager.get(reverse("shared_care:all_access_problems")))
    staff = signed_in(reception.world.member("practice_staff"))
    assert "by practice" not in words(staff.get(reverse("shared_care:all_access_problems")))


@pytest.mark.parametrize("role", ["practice_staff", "patient", "service_manager"])
def test_the_card_for_reception_is_one_side_and_names_nobody(
    reception: Reception, signed_in: SignIn, role: str
) -> None:
    member = reception.person if role == "patient" else reception.world.member(role)
    answer = signed_in(member).get(reverse("shared_care:reception_card"))
    assert answer["Content-Type"] == "application/pdf"
    reader = PdfReader(io.BytesIO(answer.content))
    text = " ".join(reader.pages[0].extract_text().split())
    assert len(reader.pages) == 1
    assert "Being with Living with pain does not change anybody’s right to see their GP" in text
    assert str(reception.patient) not in text


def test_when_the_person_moved_the_service_rings_the_practice_that_refused_them(
    reception: Reception,
) -> None:
    world, manager = reception.world, reception.world.member("service_manager")
    reception.report()
    gp = world.member("gp", world.other_practice)
    move_practice(by=actor_for(gp), patient=reception.patient, to=world.other_practice)

    def waits(member: Membership) -> list[str]:
        found = waiting_for(actor_for(member))
        return [each.next_step for each in found if each.kind == "access_problem"]

    for member in (manager, reception.worker):
        assert [world.practice.name in each for each in waits(member)] == [True]
    assert not waits(reception.gp)
    assert not waits(gp)
    with clock.at(NOW + timedelta(hours=9)):
        remind_of_waiting(by=actor_for(manager))
    about = Message.objects.filter(about__startswith="access_problem:")
    assert [each.to for each in about] == [manager.user.email]


def test_of_whoever_has_died_nothing_waits_and_nothing_is_counted(reception: Reception) -> None:
    reception.report()
    gp = actor_for(reception.gp)
    assert to_do(gp).access_problems == 1
    Patient.objects.update(date_of_death=MONDAY)
    assert to_do(gp).access_problems == 0
    assert not [each for each in waiting_for(gp) if each.kind == "access_problem"]
