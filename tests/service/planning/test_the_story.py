"""The demo's conversations, measures and plans: through operations, in many voices."""

from __future__ import annotations

import csv
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from tests.service.conftest import World

from unhurried.clinical.wording import check
from unhurried.demo.service import planning
from unhurried.service.audit.verifying import verify
from unhurried.service.joining.models import Enrolment
from unhurried.service.patients.models import Patient, SafetyAlert
from unhurried.service.planning import queries
from unhurried.service.planning.models import Assessment, Item, PartSaid, Plan, Result
from unhurried.service.planning.tables import strategies
from unhurried.service.sessions.models import Session

FIRST = date(2026, 9, 7)
PEOPLE = 16


def at(day: date, hour: int) -> datetime:
    """An hour of a day where the service is."""
    return datetime.combine(day, datetime.min.time(), tzinfo=ZoneInfo("Europe/London")) + timedelta(
        hours=hour
    )


@pytest.fixture
def told(world: World) -> list[Patient]:
    """Sixteen people who met their worker five times, every two weeks."""
    worker = world.member("project_worker")
    worker.starts = FIRST - timedelta(days=100)
    worker.save()
    found = []
    for number in range(PEOPLE):
        patient = world.enrolled(worker)
        episode = patient.episodes.get()
        Enrolment.objects.create(
            patient=patient, episode=episode, at=at(FIRST, 9) + timedelta(minutes=number),
            project_worker=worker, statement="1", enrolled_by=worker,
        )  # fmt: skip
        for week in range(0, 10, 2):
            Session.objects.create(
                patient=patient, episode=episode, worker=worker, named_worker=worker,
                at=at(FIRST + timedelta(days=3, weeks=week), 10 + number % 5), place="practice",
                recorded_at=at(FIRST + timedelta(days=3, weeks=week), 16),
            )  # fmt: skip
        found.append(patient)
    planning.days(FIRST, FIRST + timedelta(weeks=9))
    return found


def test_everyone_talks_measures_and_plans_in_their_own_words(told: list[Patient]) -> None:
    assert Assessment.objects.count() == Plan.objects.count() == PEOPLE
    for patient in told:
        talk = queries.conversation(patient)
        assert len(talk.days) == 2
        assert talk.talked >= 3
        assert talk.baseline is not None
        assert queries.results_of(patient)
        assert [each.number for each in queries.agreements(patient)] == [1]
    assert PartSaid.objects.exclude(left_out="").count() >= 5
    words = list(Item.objects.values_list("words", flat=True))
    assert len(set(words)) > 40
    assert Item.objects.filter(status="not_yet").count() >= 5
    assert Item.objects.filter(status="doing_well").count() >= 5
    assert set(Item.objects.values_list("strategy", flat=True)) == set(strategies())
    assert not SafetyAlert.objects.exists()
    assert any(None in each.answers.values() for each in Result.objects.all()), (
        "nobody left a question out"
    )
    assert verify().problems == ()


def test_what_people_say_in_the_demo_hurts_nobody() -> None:
    folder = Path(planning.__file__).parent / "data"
    for name in ("parts", "items", "people", "pool"):
        for row in csv.DictReader((folder / f"planning_{name}.csv").read_text().splitlines()):
            said = " ".join(row.get(each) or "" for each in ("words", "summary", "helps", "wants"))
            assert not list(check(said, kind="free_text")), row
