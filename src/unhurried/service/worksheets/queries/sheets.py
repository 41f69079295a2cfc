"""A person's worksheets and what stands on them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Case, Count, IntegerField, Q, QuerySet, Value, When

from unhurried.service.audit import clock
from unhurried.service.audit.actor import Actor
from unhurried.service.patients.access import visible_patients
from unhurried.service.patients.models import Patient
from unhurried.service.patients.queries import dose_line
from unhurried.service.worksheets import rules
from unhurried.service.worksheets.codes import WORKSHEET
from unhurried.service.worksheets.models import Code, Line, Worksheet

STANDING = Q(lines__corrected_by__isnull=True, lines__taken_out_at__isnull=True)
LATELY = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class WrittenDay:
    """A day with its lines, in the order of the day."""

    day: date
    lines: tuple[Line, ...]


def own_record(actor: Actor) -> Patient | None:
    """The record of the person signed in."""
    if actor.role != "patient" or actor.user_id is None:
        return None
    return Patient.objects.filter(user_id=actor.user_id).first()


def sheets_of(patient: Patient) -> QuerySet[Worksheet]:
    """The person's worksheets, the newest first; `days_written` counts days with a line."""
    counted = Count("lines__day", filter=STANDING, distinct=True)
    return patient.worksheets.annotate(days_written=counted).order_by("-starts")


def now_kept(patient: Patient) -> Worksheet | None:
    """The worksheet whose days hold today, or the last one while its last day was yesterday."""
    begun = patient.worksheets.filter(starts__lte=clock.today()).order_by("-starts").first()
    if begun is None or clock.today() > begun.last_day + rules.CODE_WORKS_AFTER:
        return None
    return begun


def being_kept(actor: Actor) -> QuerySet[Worksheet]:
    """Worksheets begun lately of people the actor may see them of, the newest first."""
    people = visible_patients(actor, "worksheet")
    counted = Count("lines__day", filter=STANDING, distinct=True)
    rows = Worksheet.objects.filter(
        patient__in=people.values("pk"),
        starts__gte=clock.today() - timedelta(days=28) - LATELY,
    )
    rows = rows.annotate(days_written=counted).select_related("patient")
    return rows.order_by("-starts", "patient__search_name", "pk")


def sheet_of(patient: Patient, uuid: UUID) -> Worksheet | None:
    """One of the person's worksheets."""
    rows = Worksheet.objects.select_related("patient", "episode")
    return rows.filter(patient_id=patient.pk, uuid=uuid).first()


def line_of(sheet: Worksheet, uuid: UUID) -> Line | None:
    """One of the worksheet's lines; None when it was taken out."""
    return sheet.lines.filter(uuid=uuid, taken_out_at=None).first()


def written_days(sheets: Iterable[Worksheet]) -> dict[int, tuple[WrittenDay, ...]]:
    """What stands on each worksheet, by its key: days newest first, one query for all."""
    place = Case(
        *(When(time=time, then=Value(n)) for n, time in enumerate(Line.Time.values)),
        default=Value(9), output_field=IntegerField(),
    )  # fmt: skip
    rows = Line.objects.standing().filter(worksheet__in=[each.pk for each in sheets])
    found: dict[int, dict[date, list[Line]]] = {}
    for line in rows.order_by("-day", place, "written_at", "pk"):
        found.setdefault(line.worksheet_id, {}).setdefault(line.day, []).append(line)
    return {
        sheet: tuple(WrittenDay(day, tuple(lines)) for day, lines in days.items())
        for sheet, days in found.items()
    }


def paper_lines(sheet: Worksheet) -> dict[tuple[date, str], Line]:
    """The standing lines from paper, by day and time of day."""
    rows = sheet.lines.standing().filter(how=Line.How.PAPER).order_by("pk")
    return {(line.day, line.time): line for line in rows}


def live_code(sheet: Worksheet) -> str:
    """The personal code that works now; "" when there is none."""
    rows = Code.objects.select_related("worksheet__patient", "worksheet__episode")
    code = rows.filter(worksheet=sheet, stopped_at=None).first()
    if code is None or not rules.code_works(code, clock.now(), clock.today()):
        return ""
    return WORKSHEET.code_for(code.uuid)


def known_products(patient: Patient, sheet: Worksheet) -> list[str]:
    """What to offer as taken: what the person named here, then their known opioids."""
    named = sheet.lines.standing().exclude(product="").order_by("-pk")
    mine = list(named.values_list("product", flat=True)[:30])
    known = dose_line(patient)
    listed = [each.product for each in known.medicines if each.is_opioid] if known else []
    return list(dict.fromkeys([*mine, *listed]))[:6]
