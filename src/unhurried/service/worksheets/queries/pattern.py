"""What a worksheet shows: sentences, a drawing, a table; and its part in the case's timeline."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction

from django.urls import reverse

from unhurried.clinical.worksheets import Pattern, summary
from unhurried.clinical.worksheets.tables import rules as limits
from unhurried.service.audit import clock
from unhurried.service.audit.actor import Actor
from unhurried.service.patients.access import things_open_to
from unhurried.service.patients.happenings import Happening, Point
from unhurried.service.patients.models import Patient
from unhurried.service.patients.rules import keeps_notes_from_gp
from unhurried.service.patients.words import amount
from unhurried.service.worksheets.drawing import Week, weeks
from unhurried.service.worksheets.models import Line, Worksheet

KIND_WORDS = {
    "usual": "usual", "extra": "extra", "less": "less", "none": "none",
    "mixed": "extra and less", None: "",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class DayRow:
    """One day of the table under the drawing; "" is not written."""

    day: date
    took: str
    pain: str
    stress: str
    sleep: str
    entries: int


@dataclass(frozen=True, slots=True)
class Shown:
    """A worksheet's pattern as its page shows it. `more_days` would be enough; 0 when they are."""

    pattern: Pattern
    weeks: tuple[Week, ...]
    rows: tuple[DayRow, ...]
    more_days: int


@dataclass(frozen=True, slots=True)
class SharedPattern:
    """What a GP sees of a worksheet: the days it was kept and the sentences, never an entry."""

    starts: date
    last_day: date
    shared_at: datetime
    sentences: tuple[str, ...]
    too_little: tuple[str, ...]
    closing: str


def shown(sheet: Worksheet) -> Shown:
    """Everything the pattern page shows of one worksheet."""
    lines = list(sheet.lines.standing().order_by("day", "written_at", "pk"))
    pattern = summary(line.as_entry() for line in lines)
    return Shown(
        pattern=pattern,
        weeks=weeks(sheet.starts, sheet.days, lines, pattern.days),
        rows=tuple(
            DayRow(
                each.day, KIND_WORDS[each.kind], _number(each.numbers["pain"]),
                _number(each.numbers["stress"]), _number(each.numbers["sleep"]), each.entries,
            )
            for each in pattern.days
        ),
        more_days=max(0, limits()["least_days"] - len(pattern.days)),
    )  # fmt: skip


def shared_patterns(patient: Patient) -> list[SharedPattern]:
    """The patterns the person shows their GP, the newest first; none when sharing has stopped."""
    if keeps_notes_from_gp(patient, clock.now()):
        return []
    found = []
    sheets = list(patient.worksheets.filter(shared_at__isnull=False).order_by("-starts"))
    by_sheet = _lines_of(sheets)
    for sheet in sheets:
        pattern = summary(line.as_entry() for line in by_sheet.get(sheet.pk, []))
        found.append(
            SharedPattern(
                sheet.starts, sheet.last_day, sheet.shared_at or sheet.started_at,
                pattern.sentences, pattern.too_little, pattern.closing,
            )
        )  # fmt: skip
    return found


def _lines_of(sheets: Iterable[Worksheet]) -> dict[int, list[Line]]:
    found: dict[int, list[Line]] = {}
    rows = Line.objects.standing().filter(worksheet__in=[each.pk for each in sheets])
    for line in rows.order_by("day", "written_at", "pk"):
        found.setdefault(line.worksheet_id, []).append(line)
    return found


def _open_sheets(actor: Actor, patient: Patient) -> tuple[list[Worksheet], bool]:
    """The worksheets whose numbers the actor may see, and whether their days, too, are open."""
    seen = things_open_to(actor, patient)
    if "worksheet" in seen:
        return list(patient.worksheets.order_by("starts")), True
    if "worksheet_pattern" in seen and not keeps_notes_from_gp(patient, clock.now()):
        return list(patient.worksheets.filter(shared_at__isnull=False).order_by("starts")), False
    return [], False


def happenings(actor: Actor, patient: Patient) -> list[Happening]:
    """Each worksheet's start, for the case's timeline, as far as the actor may see it."""
    sheets, whole = _open_sheets(actor, patient)
    found = []
    by_sheet = _lines_of(sheets)
    for sheet in sheets:
        many = len({line.day for line in by_sheet.get(sheet.pk, [])})
        text = f"Worksheet: something written on {many} of {sheet.days} days"
        address = (
            reverse("worksheets:pattern", args=[patient.uuid, sheet.uuid])
            if whole
            else reverse("worksheets:shared", args=[patient.uuid])
        )
        found.append(Happening(sheet.starts, "worksheet", text, address))
    return found


def points(actor: Actor, patient: Patient) -> list[Point]:
    """The middle of each day's pain and stress; for a GP, of the worksheets shared with them."""
    sheets, _ = _open_sheets(actor, patient)
    found = []
    by_sheet = _lines_of(sheets)
    for sheet in sheets:
        pattern = summary(line.as_entry() for line in by_sheet.get(sheet.pk, []))
        for each in pattern.days:
            for thing in ("pain", "stress"):
                number = each.numbers[thing]
                if number is not None:
                    found.append(Point(each.day, thing, float(number)))
    return found


def _number(value: Fraction | None) -> str:
    return amount(value)
