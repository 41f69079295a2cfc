"""The case page: what it shows to whom, in words and in the picture; any length, nothing at all."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from tests.service.conftest import World, actor_for
from tests.web.case import lives

from unhurried.service.accounts.models import Membership
from unhurried.service.audit.models import Entry
from unhurried.service.patients import operations
from unhurried.service.patients import queries as patients
from unhurried.service.patients.happenings import Happening, Point
from unhurried.service.patients.models import Episode, Note, Patient, SafetyAlert
from unhurried.service.patients.words import day
from unhurried.service.sessions.models import Session
from unhurried.web.case import gathering, telling

SignIn = Callable[[Membership], Client]


@pytest.fixture
def worker(world: World) -> Membership:
    return world.member("project_worker")


@pytest.fixture
def patient(world: World, worker: Membership) -> Patient:
    found = world.enrolled(worker)
    lives.a_year(found, worker, world.member("project_worker"), timezone.localdate())
    return found


def shown(client: Client, patient: Patient, query: str = "") -> str:
    answer = client.get(f"/people/{patient.uuid}/timeline/{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def test_everything_of_a_year_stands_there(
    signed_in: SignIn, worker: Membership, patient: Patient
) -> None:
    page = shown(signed_in(worker), patient)
    for words in (
        "30 mg a day, up to 50, as at",
        "60 mg a day, up to 90, as at",
        "at least 60 mg a day",
        "Not known",
        "Methadone: never converted",
        "Joined the service",
        "Project worker is now",
        "Safety alert: Thoughts of suicide or self-harm, acted on by",
        ">Joined</text>",
        ">New worker</text>",
        ">not known</text>",
        "5.5 (5 to 7)",
    ):
        assert words in page, words
    assert page.count('role="img"') == 2
    assert "style=" not in page.split("<main", 1)[1]


def test_nothing_at_all_says_how_it_fills(
    world: World, signed_in: SignIn, worker: Membership
) -> None:
    someone = world.enrolled(worker)
    Episode.objects.filter(patient=someone).update(enrolled_at=None, state="referred")
    page = shown(signed_in(worker), someone)
    assert "Nothing to draw yet" in page
    assert "<svg xmlns" not in page


@pytest.mark.parametrize("days", [0, 3])
def test_somebody_who_joined_this_week(
    days: int, world: World, signed_in: SignIn, worker: Membership
) -> None:
    someone = world.enrolled(worker)
    since = timezone.now() - timedelta(days=days)
    Episode.objects.filter(patient=someone).update(enrolled_at=since)
    page = shown(signed_in(worker), someone)
    assert "No medicines list yet" in page
    assert "Nothing noted in this time" in page
    assert "Joined the service" in page


def test_a_gp_sees_no_worksheet_that_was_not_shared(
    world: World, signed_in: SignIn, patient: Patient
) -> None:
    gp = signed_in(world.member("gp"))
    page = shown(gp, patient)
    assert "OME, mg a day" in page
    assert "and stress" not in page
    assert "Middle of each week" not in page
    sheet = patient.worksheets.order_by("starts").last()
    assert sheet is not None
    sheet.shared_at = timezone.now()
    sheet.save()
    page = shown(gp, patient)
    assert page.count("Middle of each week") == 1
    assert "5 (4 to 6)" in page  # of the one shared
    assert "6 (5 to 8)" not in page  # of one that was not


@pytest.mark.parametrize("role", ["project_worker", "gp", "clinical_supervisor", "patient"])
def test_whatever_is_linked_can_be_opened_by_who_sees_the_link(
    role: str, world: World, signed_in: SignIn, worker: Membership, patient: Patient
) -> None:
    reader = worker if role == "project_worker" else world.member(role)
    if role == "patient":
        patient.user = reader.user
        patient.save()
    Session.objects.create(
        patient=patient, episode=patient.episodes.get(), worker=worker, named_worker=worker,
        at=timezone.now(), place="phone", recorded_at=timezone.now(),
    )  # fmt: skip
    patient.worksheets.update(shared_at=timezone.now())
    client = signed_in(reader)
    address = f"/people/{patient.uuid}/timeline/"
    answer = client.get(address)
    if role == "clinical_supervisor":
        assert answer.status_code == 404  # without a relationship
        return
    main = answer.content.decode().split("<main", 1)[1].split("</main", 1)[0]
    links = [link for link in re.findall(r'href="(/[^"]+)"', main) if link != address]
    assert any("session" in link for link in links)
    assert {link: client.get(link).status_code for link in links} == dict.fromkeys(links, 200)


def test_restricted_notes_leave_no_trace(
    world: World, signed_in: SignIn, worker: Membership, patient: Patient
) -> None:
    clients = [signed_in(world.member("gp")), signed_in(worker)]
    before = [shown(client, patient).split("<main", 1)[1] for client in clients]
    Note.objects.create(
        patient=patient, author=worker, visibility="restricted", text="Canary secret",
        at=timezone.now() - timedelta(days=3),
    )  # fmt: skip
    assert [shown(client, patient).split("<main", 1)[1] for client in clients] == before


def test_the_person_is_not_shown_a_safeguarding_alert(world: World, patient: Patient) -> None:
    worker = patient.episodes.get().project_worker
    assert worker is not None
    SafetyAlert.objects.create(
        patient=patient, kind="not_safe", raised_by=worker, raised_at=timezone.now(),
        responsible=patient.practice,
    )  # fmt: skip
    person = world.member("patient")
    patient.user = person.user
    patient.save()
    told = patients.happenings(actor_for(person), patient)
    assert [each.kind for each in told if each.kind == "alert"] == ["alert"]
    assert (
        len([e for e in patients.happenings(actor_for(worker), patient) if e.kind == "alert"]) == 2
    )


def test_pauses_come_from_the_trail_each_with_its_going_on(
    world: World, worker: Membership
) -> None:
    someone = world.enrolled(worker)
    episode, by = someone.episodes.get(), actor_for(world.member("service_manager"))
    for _ in range(2):
        episode = operations.pause(by=by, episode=episode, reason="Away with family")
        episode = operations.resume(by=by, episode=episode)
    operations.pause(by=by, episode=episode, reason="Away with family")
    told = patients.happenings(actor_for(worker), someone)
    kinds = [each.kind for each in told if each.kind in {"pause", "resume"}]
    assert sorted(kinds) == ["pause"] * 3 + ["resume"] * 2
    assert "family" not in " ".join(each.text for each in told)
    gathered = gathering.gather(actor_for(worker), someone)
    assert gathered.content.spans[-1].end == timezone.localdate()
    assert ("Now", f"Paused since {day(timezone.localdate())}") in telling.in_short(gathered)


def test_the_look_is_in_the_trail_once(
    signed_in: SignIn, worker: Membership, patient: Patient
) -> None:
    client = signed_in(worker)
    before = Entry.objects.filter(patient_id=patient.pk).count()
    shown(client, patient)
    told = Entry.objects.filter(patient_id=patient.pk).order_by("seq")[before:]
    assert [each.action for each in told] == ["read.case"]


def test_as_many_questions_however_long_it_is(
    world: World, signed_in: SignIn, worker: Membership, patient: Patient
) -> None:
    client = signed_in(worker)
    shown(client, patient)
    with CaptureQueriesContext(connection) as few:
        shown(client, patient)
    today = timezone.localdate()
    for number in range(1, 60):
        lives.list_of(patient, today - timedelta(days=400 + number), (lives.MST, "one daily"))
        SafetyAlert.objects.create(
            patient=patient, kind="overdose", raised_by=worker, raised_at=timezone.now(),
            responsible=patient.practice,
        )  # fmt: skip
    with CaptureQueriesContext(connection) as many:
        shown(client, patient)
    assert len(many) <= len(few)


def test_a_shorter_stretch_leaves_out_what_was_before(
    signed_in: SignIn, worker: Membership, patient: Patient
) -> None:
    client = signed_in(worker)
    whole, quarter = shown(client, patient), shown(client, patient, "?show=quarter")
    assert ">Joined</text>" in whole
    assert ">Joined</text>" not in quarter
    assert "Joined the service" in quarter  # the list keeps its numbers
    assert ">Joined</text>" in shown(client, patient, "?show=nonsense")


def test_what_lies_ahead_has_not_happened(
    monkeypatch: pytest.MonkeyPatch, worker: Membership, patient: Patient
) -> None:
    ahead = Happening(timezone.localdate() + timedelta(days=3), "session", "Not yet")
    monkeypatch.setattr(gathering, "HAPPENINGS", (lives.telling([ahead]),))
    told = gathering.gather(actor_for(worker), patient).events
    assert "Not yet" not in [each.told.text for each in told]


def test_a_list_of_a_day_from_two_sources_counts_as_the_banner_counts(
    world: World, worker: Membership
) -> None:
    someone, today = world.enrolled(worker), timezone.localdate()
    lives.list_of(someone, today, (lives.MST, "one twice a day"))
    lives.list_of(someone, today, (lives.MST, "one daily"), source="referral")
    lives.list_of(someone, today)
    assert patients.dose_history(someone) == (patients.dose_line(someone),)
    later = today + timedelta(days=1)
    lives.list_of(someone, later)
    assert patients.dose_history(someone)[-1] == patients.dose_line(someone)


def test_half_a_list_is_never_counted(
    world: World, worker: Membership, monkeypatch: pytest.MonkeyPatch
) -> None:
    someone, today = world.enrolled(worker), timezone.localdate()
    both = ((lives.MST, "one daily"), (lives.MST, "one at night"))
    lives.list_of(someone, today - timedelta(days=9), *both)
    lives.list_of(someone, today, *both)
    monkeypatch.setattr("unhurried.service.patients.queries.dose.MOST_MEDICINES", 3)
    assert [line.figure for line in patients.dose_history(someone)] == ["60 mg a day"]


def test_a_long_list_is_short_on_paper() -> None:
    today = timezone.localdate()
    told = [Happening(today, "session", "Session")] * 30
    told[7] = Happening(today, "plan", "Plan agreed")
    events = [gathering.Numbered(number, each) for number, each in enumerate(told, 1)]
    lines, left_out = telling.printed(events)
    assert [(line.numbers, line.text) for line in lines] == [
        ("1–7", "7 sessions"), ("8", "Plan agreed"), ("9–30", "22 sessions"),
    ]  # fmt: skip
    assert left_out == 0
    loud = [gathering.Numbered(n, Happening(today, "alert", "A")) for n in range(1, 41)]
    lines, left_out = telling.printed(loud)
    assert (len(lines), left_out) == (telling.ON_PAPER, 40 - telling.ON_PAPER)
    assert lines[-1].numbers == "40"


def test_a_week_has_its_middle_and_its_range() -> None:
    monday = timezone.localdate() - timedelta(days=timezone.localdate().weekday())
    points = [Point(monday + timedelta(days=n), "pain", value) for n, value in enumerate((3, 9, 4))]
    (row,) = telling.week_rows(points, 5)
    assert (row.monday, row.pain, row.stress) == (monday, "4 (3 to 9)", "Not noted")
