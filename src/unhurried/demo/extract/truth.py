"""The truth an extract was drawn from (`truth/`), worked out from the regimen tables alone.

`people.csv`, `issues.csv` (with the daily units and mg the directions state, or "not known"),
`expected.csv` (story and regimen now, per person) and `damage.csv`. Nothing here uses the product's
own reading of directions or doses: it is what those are checked against.
"""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

from unhurried.demo.extract.damage import Damage
from unhurried.demo.extract.dates import Days
from unhurried.demo.extract.delimited import DelimitedFile, close_all
from unhurried.demo.extract.model import Item, Record
from unhurried.demo.extract.numbers import exact

NOT_KNOWN = "not known"
MG = {"mg": Fraction(1), "micrograms": Fraction(1, 1000), "g": Fraction(1000)}
RELEASED = "micrograms/hour"
OPIOIDS = {"opioid", "opioid_substitution"}
COLUMNS = {
    "people": "person_id nhs_number born sex practice registered left died story",
    "issues": (
        "issue person_id date product drug_class ingredient strength strength_unit per_ml regimen "
        "stated units_per_day_min units_per_day_max counted_in mg_per_day_min mg_per_day_max "
        "micrograms_per_hour quantity printed directions"
    ),
    "expected": "person_id story intended why regimen_now dose_now",
    "damage": "file row kind person_id",
}


def daily_units(item: Item) -> tuple[Fraction, Fraction] | None:
    """Units a day the directions state; None when they do not say (typing slips still say)."""
    return None if item.stated == "no" else item.prescription.pattern.units


def daily_mg(item: Item) -> tuple[Fraction, Fraction] | None:
    """Milligrams a day: units a day times strength, for anything but patches."""
    units, product = daily_units(item), item.prescription.product
    if units is None or product.strength is None or product.unit not in MG:
        return None
    each = product.strength * MG[product.unit] / (product.per_ml or 1)
    return units[0] * each, units[1] * each


def patch_rate(item: Item) -> Fraction | None:
    """Micrograms an hour of the one patch worn, when the directions say how it is worn."""
    product = item.prescription.product
    known = product.unit == RELEASED and daily_units(item) is not None
    return product.strength if known else None


def dose_words(item: Item) -> str:
    """A dose for people: "60 mg", "0 to 40 mg", "12 micrograms/hour" or "not known"."""
    rate = patch_rate(item)
    if rate is not None:
        return f"{exact(rate)} {RELEASED}"
    dose = daily_mg(item)
    if dose is None:
        return NOT_KNOWN
    low, high = exact(dose[0]), exact(dose[1])
    return f"{high} mg" if low == high else f"{low} to {high} mg"


class TruthFiles:
    """The folder `truth/`."""

    def __init__(self, folder: Path, damage: Damage) -> None:
        self._damage, self._days = damage, Days()
        self._files = {
            name: DelimitedFile(folder / f"{name}.csv", columns.split())
            for name, columns in COLUMNS.items()
        }
        self._rows: dict[Item, list[str]] = {}
        self._issues = 0

    def write(self, record: Record) -> None:
        """Write what is true of one person."""
        person, text = record.person, self._days.text
        row = [
            person.person_id, person.nhs_number, text(person.born), person.sex,
            person.practice.code, text(person.registered), text(person.left), text(person.died),
            record.story,
        ]  # fmt: skip
        self._files["people"].write([row])
        issues = []
        for day, item in record.issues:
            self._issues += 1
            row = (self._rows.get(item) or self._item_row(item)).copy()
            row[0], row[1], row[2] = str(self._issues), person.person_id, text(day)
            issues.append(row)
        self._files["issues"].write(issues)
        self._files["expected"].write([self._expected(record)])

    def _item_row(self, item: Item) -> list[str]:
        prescription, product = item.prescription, item.prescription.product
        units, dose = daily_units(item), daily_mg(item)
        no_mg = "" if product.unit not in MG else NOT_KNOWN
        no_rate = "" if product.unit != RELEASED else NOT_KNOWN
        row = [
            "", "", "", product.key, product.drug_class, product.ingredient,
            exact(product.strength), product.unit, exact(product.per_ml),
            prescription.pattern.key, item.stated,
            exact(units[0]) if units else NOT_KNOWN, exact(units[1]) if units else NOT_KNOWN,
            product.counted_in,
            exact(dose[0]) if dose else no_mg, exact(dose[1]) if dose else no_mg,
            exact(patch_rate(item)) or no_rate,
            exact(prescription.quantity), item.printed, item.directions,
        ]  # fmt: skip
        self._rows[item] = row
        return row

    def _expected(self, record: Record) -> list[str]:
        here = record.person.died is None and record.person.left is None
        now = _now(record, self._damage.as_of) if here else []
        regimens = [f"{i.prescription.product.key} {i.prescription.pattern.key}" for i in now]
        return [
            record.person.person_id,
            record.story,
            record.plan.intended,
            record.plan.why,
            "; ".join(regimens),
            "; ".join(dose_words(item) for item in now),
        ]

    def close(self) -> dict[str, int]:
        """Write the list of damaged rows and finish all files; rows written to each."""
        self._files["damage"].write(
            [[e.file, str(e.row), e.kind, e.person_id] for e in self._damage.done]
        )
        close_all(self._files.values())
        return {file.name: file.rows for file in self._files.values()}


def _now(record: Record, as_of: int) -> list[Item]:
    """The latest item of each opioid prescription of the story that still goes on."""
    going_on = {
        course.prescription
        for course in record.plan.courses
        if course.prescription.product.drug_class in OPIOIDS and course.last >= as_of
    }
    latest = {
        issue.item.prescription: issue.item
        for issue in record.issues
        if issue.item.prescription in going_on
    }
    return list(latest.values())
