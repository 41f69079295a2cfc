"""Made-up lives to draw: a year with everything in it, two years of weekly sessions, one week."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from unhurried.service.accounts.models import Membership
from unhurried.service.audit.actor import Actor
from unhurried.service.patients.happenings import Happening
from unhurried.service.patients.models import (
    Episode,
    KnownMedicine,
    NoMedicines,
    Patient,
    SafetyAlert,
    WorkerChange,
)
from unhurried.service.worksheets.models import Line, Worksheet

MST = "Morphine 30mg modified-release tablets"
ORAMORPH = "Morphine sulfate 10mg/5ml oral solution"


def at(on: date) -> datetime:
    """Noon of a day."""
    return timezone.make_aware(datetime.combine(on, time(12)))


def list_of(
    patient: Patient, on: date, *medicines: tuple[str, str], source: str = "screening"
) -> None:
    """A list the records gave on a day; without medicines an empty one."""
    if not medicines:
        NoMedicines.objects.create(patient=patient, as_at=on, source=source)
    for product, directions in medicines:
        KnownMedicine.objects.create(
            patient=patient, product=product, directions=directions, as_at=on, source=source,
            last_issued=on,
        )  # fmt: skip


def week_of(
    patient: Patient, starts: date, pain: Iterable[int], stress: Iterable[int]
) -> Worksheet:
    """A worksheet with one line a day."""
    sheet = Worksheet.objects.create(
        patient=patient, episode=patient.episodes.get(), starts=starts, started_at=at(starts)
    )
    for number, (one, other) in enumerate(zip(pain, stress, strict=True)):
        Line.objects.create(
            worksheet=sheet, day=starts + timedelta(days=number), pain=one, stress=other,
            how="paper", written_at=at(starts),
        )  # fmt: skip
    return sheet


def a_year(patient: Patient, worker: Membership, other: Membership, today: date) -> None:
    """A year in which much happened."""

    def ago(days: int) -> date:
        return today - timedelta(days=days)

    twice = (MST, "Take one tablet twice a day")
    list_of(patient, ago(360), twice, (ORAMORPH, "Take 5ml up to three times a day when required"))
    list_of(patient, ago(300), twice, (ORAMORPH, "Take 5ml up to three times a day when required"))
    list_of(patient, ago(240), twice)
    list_of(patient, ago(200), (MST, "Take as directed"))
    list_of(patient, ago(160), twice, ("Tramadol 50mg capsules", "as directed"))
    list_of(patient, ago(100), ("Morphine 15mg modified-release tablets", "one three times a day"),
            ("Methadone 1mg/ml oral solution", "20ml daily"))  # fmt: skip
    list_of(patient, ago(40), ("Morphine 15mg modified-release tablets", "one twice a day"),
            (ORAMORPH, "Take 5ml up to twice a day when required"))  # fmt: skip
    episode = patient.episodes.get()
    Episode.objects.filter(pk=episode.pk).update(opened_at=at(ago(310)), enrolled_at=at(ago(300)))
    WorkerChange.objects.create(
        episode=episode, from_worker=worker, to_worker=other, at=at(ago(150)), reason="Moved"
    )
    SafetyAlert.objects.create(
        patient=patient, kind="suicidality", raised_by=worker, raised_at=at(ago(70)),
        responsible=patient.practice, acknowledged_at=at(ago(70)), closed_at=at(ago(69)),
    )  # fmt: skip
    for start, pain, stress in (
        (ago(285), (6, 7, 6, 8, 5, 6, 7), (3, 8, 4, 9, 2, 3, 4)),
        (ago(190), (6, 6, 5, 7, 6, 6, 5), (4, 4, 7, 8, 3, 3, 2)),
        (ago(64), (5, 6, 6, 5, 7, 5, 5), (3, 2, 6, 3, 7, 2, 2)),
        (ago(14), (5, 5, 6, 4, 5, 6, 5), (2, 3, 4, 2, 2, 5, 1)),
    ):
        week_of(patient, start, pain, stress)


def sessions_of(first: date, last: date, every: int) -> list[Happening]:
    """Sessions one after another, a plan and a pause among them."""
    told = [Happening(first + timedelta(days=10), "plan", "Plan agreed together")]
    told.append(Happening(first + timedelta(days=140), "pause", "Paused"))
    told.append(Happening(first + timedelta(days=170), "resume", "Going on after a pause"))
    on, number = first, 0
    while on <= last:
        if not 140 <= (on - first).days < 170:
            number += 1
            kind, text = "session", ("Session at the practice", "Session by phone")[number % 2]
            if number % 9 == 0:
                kind, text = "missed", "Could not come; asked how they are"
            told.append(Happening(on, kind, text))
        on += timedelta(days=every)
    return told


def telling(told: list[Happening]) -> Callable[[Actor, Patient], list[Happening]]:
    """A step that tells these."""

    def happenings(actor: Actor, patient: Patient) -> list[Happening]:
        return told

    return happenings
