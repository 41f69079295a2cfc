"""A week from paper, typed in as it stands there: one row a time of day, blanks allowed.

Names are `20261102-morning-pain`; sleep is asked once a day and kept with the morning. Reasons are
the numbers printed on the sheet.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.forms import BoundField

from unhurried.clinical.worksheets.entries import REASONS
from unhurried.clinical.worksheets.tables import rules as limits
from unhurried.service.worksheets import rules
from unhurried.service.worksheets.models import Line
from unhurried.service.worksheets.rules import Given, given_of
from unhurried.service.worksheets.words import SHORT, weekday

TIMES = tuple(Line.Time.values)
SLEEP_WITH = TIMES[0]
CELLS = {
    "took": "Took", "amount": "What, how much", "why": "Why", "pain": "Pain",
    "stress": "Stress", "happening": "What was happening",
}  # fmt: skip


class Cell(forms.Field):
    """A place of the grid for something short; `where` names it in a sentence."""

    def __init__(self, where: str) -> None:
        self.where = where
        super().__init__(label=where, required=False, widget=forms.TextInput)


class NumberCell(Cell):
    """0 to 10, or nothing."""

    def to_python(self, value: object) -> int | None:
        """The number, or None."""
        text = str(value or "").strip()
        low, high = limits()["lowest"], limits()["highest"]
        if not text:
            return None
        if not (text.isascii() and text.isdigit() and len(text) < 4 and low <= int(text) <= high):
            raise forms.ValidationError(
                f"{self.where}: a whole number from {low} to {high}, or nothing."
            )
        return int(text)


class WhyCell(Cell):
    """The numbers of the reasons, as on the sheet: `1 3`, `1,3` or `13`."""

    def to_python(self, value: object) -> tuple[str, ...]:
        """The reasons' codes, in the order of the table."""
        digits = set("".join(str(value or "").replace(",", " ").replace("+", " ").split()))
        allowed = {str(n) for n in range(1, len(REASONS) + 1)}
        if not digits <= allowed:
            raise forms.ValidationError(
                f"{self.where}: the numbers 1 to {len(REASONS)} of the reasons, or nothing."
            )
        return tuple(code for n, code in enumerate(REASONS, start=1) if str(n) in digits)


@dataclass(frozen=True, slots=True)
class Row:
    """One time of a day, as its cells in the order of the tab key."""

    time: str
    cells: tuple[tuple[str, BoundField], ...]


@dataclass(frozen=True, slots=True)
class DayRows:
    """One day: its sleep and its rows."""

    day: date
    name: str
    sleep: BoundField
    rows: tuple[Row, ...]


class WeekForm(forms.Form):
    """Up to seven days with four times each."""

    def __init__(self, *args: Any, days: Sequence[date], **more: Any) -> None:
        super().__init__(*args, **more)
        self.days = days
        for day in days:
            name = weekday(day)
            self.fields[f"{day:%Y%m%d}-sleep"] = NumberCell(f"Sleep before {name}")
            for time in TIMES:
                for cell, label in CELLS.items():
                    where = f"{label}, {name}, {time}"
                    self.fields[f"{day:%Y%m%d}-{time}-{cell}"] = _field(cell, where)

    def day_rows(self) -> Iterator[DayRows]:
        """The grid for the page."""
        for day in self.days:
            rows = tuple(
                Row(time, tuple((cell, self[f"{day:%Y%m%d}-{time}-{cell}"]) for cell in CELLS))
                for time in TIMES
            )
            yield DayRows(day, weekday(day), self[f"{day:%Y%m%d}-sleep"], rows)

    def week(self) -> list[Given]:
        """Every place of the grid, empty ones too, when the form is valid."""
        return [self._given(day, time) for day in self.days for time in TIMES]

    def _given(self, day: date, time: str) -> Given:
        def kept(cell: str) -> Any:
            return self.cleaned_data[f"{day:%Y%m%d}-{time}-{cell}"]

        return Given(
            day=day, time=time, taken=kept("took"), amount=kept("amount"), reasons=kept("why"),
            pain=kept("pain"), stress=kept("stress"), happening=kept("happening"),
            sleep=self.cleaned_data[f"{day:%Y%m%d}-sleep"] if time == SLEEP_WITH else None,
        )  # fmt: skip


def _field(cell: str, where: str) -> forms.Field:
    if cell == "took":
        return forms.ChoiceField(
            label=where, choices=[("", ""), *SHORT.items()], required=False
        )  # fmt: skip
    if cell == "why":
        return WhyCell(where)
    if cell in {"pain", "stress"}:
        return NumberCell(where)
    longest = rules.LONGEST_AMOUNT if cell == "amount" else rules.LONGEST_WORDS
    return forms.CharField(label=where, required=False, max_length=longest)


def as_typed(days: Sequence[date], there: Mapping[tuple[date, str], Line]) -> dict[str, object]:
    """The grid as it was typed in before."""
    found: dict[str, object] = {}
    for (day, time), line in there.items():
        if day not in days or time not in TIMES:
            continue
        at, kept = f"{day:%Y%m%d}-{time}-", given_of(line)
        found |= {f"{at}took": kept.taken, f"{at}amount": kept.amount,
                  f"{at}why": why(kept.reasons), f"{at}happening": kept.happening}  # fmt: skip
        found |= {f"{at}{n}": v for n, v in (("pain", kept.pain), ("stress", kept.stress))}
        if time == SLEEP_WITH:
            found[f"{day:%Y%m%d}-sleep"] = kept.sleep
    return found


def why(codes: Sequence[str]) -> str:
    """Reasons as the numbers of the sheet: `1 3`."""
    return " ".join(str(n) for n, code in enumerate(REASONS, start=1) if code in codes)


def differing(
    form: WeekForm, there: Mapping[tuple[date, str], Line]
) -> list[tuple[str, object, object]]:
    """Each place where what is saved now and what was typed differ."""
    saved = as_typed(form.days, there)
    found: list[tuple[str, object, object]] = []
    for name, field in form.fields.items():
        now, typed = saved.get(name), form[name].value()
        if str("" if now is None else now).strip() != str(typed or "").strip():
            found.append((str(field.label), "" if now is None else str(now), str(typed or "")))
    return found
