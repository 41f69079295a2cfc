"""A person's current opioids and their OME, from the newest list the practice gave (OPI-1, H06).

The figure always has its day, its range, its factor set and what it leaves out.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import lru_cache

from unhurried.clinical.opioids import (
    FactorSet,
    Ome,
    OmeTotal,
    Part,
    daily_dose,
    factor_set,
    find_product,
    oral_morphine_equivalent,
    total,
)
from unhurried.clinical.opioids.directions import interpret
from unhurried.service.patients.models import KnownMedicine, NoMedicines, Patient
from unhurried.service.patients.words import amount, day

MOST_MEDICINES = 3000  # of one person, when all lists are read: many years of them


@dataclass(frozen=True, slots=True)
class MedicineLine:
    """One medicine as listed, with its own OME or the reason there is none."""

    product: str
    directions: str
    last_issued: date | None
    figure: str
    reason: str
    is_opioid: bool


@dataclass(frozen=True, slots=True)
class DoseLine:
    """The OME of a day's list, ready to show. `figure` is "" when nothing could be counted."""

    as_at: date
    source: str
    figure: str
    status: str  # converted, not_converted or not_known; "none" where nothing is listed
    not_known: tuple[str, ...]
    not_converted: tuple[str, ...]
    factor_set: str
    warnings: tuple[str, ...]
    medicines: tuple[MedicineLine, ...]
    # The same figure as numbers, for drawing: None where there is none; `most` is None, too, when
    # a part is not known ("at least").
    least: Fraction | None = None
    most: Fraction | None = None

    @property
    def sentence(self) -> str:
        """The figure with its day and what is left out, for one line of a page."""
        if not self.medicines:
            return f"No current opioid products as at {day(self.as_at)}"
        figure = self.figure or ("not known" if self.status == "not_known" else "none counted")
        left_out = [*(f"{name} (not known)" for name in self.not_known)]
        left_out += [f"{name} (never converted)" for name in self.not_converted]
        without = f"; without {', '.join(left_out)}" if left_out else ""
        return f"{figure}, as at {day(self.as_at)}{without}"


def dose_line(patient: Patient) -> DoseLine | None:
    """The newest list's OME and medicines, perhaps an empty one; None when no list is known."""
    listed = current_medicines(patient)
    nothing = NoMedicines.objects.filter(patient_id=patient.pk).order_by("-as_at", "-pk").first()
    if listed:
        return _line(listed[0], listed)
    return _none_listed(nothing) if nothing else None


def current_medicines(patient: Patient) -> list[KnownMedicine]:
    """The newest list, in its order; empty when none is known, or newer records name nothing."""
    rows = list(KnownMedicine.objects.filter(patient_id=patient.pk).order_by("-as_at", "-pk")[:100])
    if not rows:
        return []
    newest = rows[0]
    if NoMedicines.objects.filter(patient_id=patient.pk, as_at__gt=newest.as_at).exists():
        return []
    listed = [r for r in rows if (r.as_at, r.source) == (newest.as_at, newest.source)]
    return sorted(listed, key=lambda row: row.pk)


def dose_history(patient: Patient) -> tuple[DoseLine, ...]:
    """The OME of every day's list, oldest first: the list that would have been current that day.

    Two queries however long it is; beyond MOST_MEDICINES rows only the newest lists.
    """
    kept = KnownMedicine.objects.filter(patient_id=patient.pk).order_by("-as_at", "-pk")
    rows = list(kept[:MOST_MEDICINES])
    lists: dict[date, list[KnownMedicine]] = {}
    for row in rows:  # the newest row of a day says which source's list counts
        of_day = lists.setdefault(row.as_at, [])
        if not of_day or of_day[0].source == row.source:
            of_day.append(row)
    if len(rows) == MOST_MEDICINES and len(lists) > 1:
        del lists[rows[-1].as_at]  # perhaps cut through: half a list would show a wrong dose
    lines = {day: _line(of_day[0], reversed(of_day)) for day, of_day in lists.items()}
    empty = NoMedicines.objects.filter(patient_id=patient.pk).order_by("-as_at", "pk")
    for nothing in empty[:MOST_MEDICINES]:
        lines.setdefault(nothing.as_at, _none_listed(nothing))
    return tuple(lines[day] for day in sorted(lines))


def _none_listed(nothing: NoMedicines) -> DoseLine:
    return DoseLine(
        as_at=nothing.as_at, source=nothing.source, figure="", status="none", not_known=(),
        not_converted=(), factor_set=_factors().name, warnings=(), medicines=(),
    )  # fmt: skip


def _line(newest: KnownMedicine, listed: Iterable[KnownMedicine]) -> DoseLine:
    parts: list[Part] = []
    lines: list[MedicineLine] = []
    unread: list[str] = []
    for row in listed:
        part = _part(row.product, row.directions)
        if part is None:
            unread.append(row.product)
            reason = "not a medicine Unhurried knows: its part is not counted"
            lines.append(_shown(row, "", reason, is_opioid=False))
            continue
        parts.append(part)
        opioid = part.product.drug_class in {"opioid", "opioid_substitution"}
        figure = figure_of(part.ome.min, part.ome.max) if opioid else ""
        lines.append(_shown(row, figure, (part.ome.reason or "") if opioid else "", opioid))
    whole = total(parts)
    not_known = (*whole.not_known, *unread)
    least, most = _counted(whole, parts, not_known=bool(not_known))
    return DoseLine(
        as_at=newest.as_at,
        source=newest.source,
        figure=figure_of(least, most),
        status="not_known" if not_known else whole.status,
        not_known=not_known,
        not_converted=whole.not_converted,
        factor_set=_factors().name,
        warnings=tuple(warning.words for warning in whole.warnings),
        medicines=tuple(lines),
        least=least,
        most=most,
    )


def _shown(row: KnownMedicine, figure: str, reason: str, is_opioid: bool) -> MedicineLine:
    return MedicineLine(row.product, row.directions, row.last_issued, figure, reason, is_opioid)


def figure_of(least: Fraction | None, most: Fraction | None) -> str:
    """An OME for reading: "64 mg a day", "64 mg a day, up to 100", "at least 64 mg a day"."""
    if least is None:
        return ""
    if most is None:
        return f"at least {amount(least)} mg a day"
    if amount(least) == amount(most):
        return f"{amount(least)} mg a day"
    if least == 0:
        return f"up to {amount(most)} mg a day"
    return f"{amount(least)} mg a day, up to {amount(most)}"


def _counted(
    whole: OmeTotal, parts: list[Part], *, not_known: bool
) -> tuple[Fraction | None, Fraction | None]:
    """The least and the most of what could be counted; both None when nothing could."""
    if all(part.ome.status != "converted" for part in parts):
        return None, None
    return whole.min, None if not_known else whole.max


def _factors() -> FactorSet:
    return factor_set()


@lru_cache(maxsize=4096)
def _part(product: str, directions: str) -> Part | None:
    """One line as a part of the total; the same words give the same part, so they are kept."""
    found = find_product(product)
    if found is None:
        return None
    dose = daily_dose(found, interpret(directions, form=found.form or None))
    ome: Ome = oral_morphine_equivalent(found, dose, _factors())
    return Part(found, dose, ome)
