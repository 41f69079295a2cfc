"""What is typed on a worksheet's pages: one line, the days, the person's own words, a code."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django import forms

from unhurried.service.patients.forms import DayField
from unhurried.service.worksheets import rules
from unhurried.service.worksheets.models import MOST_DAYS, Line, Worksheet
from unhurried.service.worksheets.rules import Given
from unhurried.service.worksheets.words import AMOUNTS, reasons, weekday

LEFT_OUT = ("", "Leave out")
NUMBERS = [LEFT_OUT, *((str(n), str(n)) for n in range(11))]
ANOTHER = "another"


def _number(label: str) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=NUMBERS, required=False, widget=forms.RadioSelect)


class LineForm(forms.Form):
    """One line. Every answer may be left out."""

    day = forms.ChoiceField(label="Day")
    time = forms.ChoiceField(
        label="Time of day", choices=[*Line.Time.choices, ("", "No time")], required=False
    )
    taken = forms.ChoiceField(
        label="What did you take?", choices=[*AMOUNTS.items(), LEFT_OUT], required=False,
        widget=forms.RadioSelect,
    )  # fmt: skip
    pain = _number("Pain now")
    stress = _number("Stress now")
    reasons = forms.MultipleChoiceField(
        label="Why did you take it?", required=False, widget=forms.CheckboxSelectMultiple
    )
    happening = forms.CharField(
        label="What was happening?", required=False, max_length=rules.LONGEST_WORDS,
        widget=forms.Textarea,
    )  # fmt: skip
    sleep = _number("How well did you sleep last night?")
    medicine = forms.ChoiceField(label="Which medicine?", required=False, widget=forms.RadioSelect)
    other = forms.CharField(label="Another one", required=False, max_length=rules.LONGEST_PRODUCT)
    amount = forms.CharField(label="How much?", required=False, max_length=rules.LONGEST_AMOUNT)

    def __init__(
        self, *args: Any, days: Iterable[date], today: date, products: Iterable[str] = (),
        **more: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **more)
        self.fields["day"].choices = [(d.isoformat(), said(d, today)) for d in days]  # type: ignore[attr-defined]
        listed = [(text, text) for text in products]
        offered = [*listed, (ANOTHER, "Another one"), LEFT_OUT] if listed else [LEFT_OUT]
        self.fields["medicine"].choices = offered  # type: ignore[attr-defined]
        self.fields["reasons"].choices = list(reasons().items())  # type: ignore[attr-defined]

    @property
    def given(self) -> Given:
        """What was typed, when the form is valid."""
        kept = self.cleaned_data
        numbers = {
            thing: int(kept[thing]) if kept[thing] else None
            for thing in ("pain", "stress", "sleep")
        }
        # What is typed wins over what is chosen: whoever types has not found it in the list.
        listed = kept["medicine"] if kept["medicine"] != ANOTHER else ""
        return Given(
            day=date.fromisoformat(kept["day"]), time=kept["time"], taken=kept["taken"],
            product=kept["other"] or listed, amount=kept["amount"],
            reasons=tuple(kept["reasons"]), happening=kept["happening"], **numbers,
        )  # fmt: skip


def as_typed(line: Line, products: Iterable[str]) -> dict[str, object]:
    """A line as the form would have held it."""
    known = line.product in set(products)
    return {
        "day": line.day.isoformat(), "time": line.time, "taken": line.taken,
        "reasons": line.reasons, "happening": line.happening, "amount": line.amount,
        "medicine": line.product if known else ANOTHER if line.product else "",
        "other": "" if known else line.product,
        **{
            thing: "" if number is None else str(number)
            for thing in ("pain", "stress", "sleep")
            for number in [getattr(line, thing)]
        },
    }  # fmt: skip


def said(each: date, today: date) -> str:
    """Today, Yesterday, Saturday 31 October."""
    near = {today: "Today", today - timedelta(days=1): "Yesterday"}
    return near.get(each, weekday(each))


class CodeLineForm(LineForm):
    """One line by somebody with a code, who is shown nothing."""

    code = forms.CharField(
        label="Your code", max_length=60, error_messages={"required": "Type your code."}
    )


class StartForm(forms.Form):
    """Which days, and how it is kept."""

    starts = DayField(label="First day")
    days = forms.IntegerField(
        label="How many days", min_value=1, max_value=MOST_DAYS,
        error_messages={
            "min_value": "One day at least.", "max_value": f"{MOST_DAYS} days at most.",
            "invalid": "Give a whole number of days, for example 7.",
        },
    )  # fmt: skip
    kept = forms.ChoiceField(
        label="How it is kept", choices=Worksheet.Kept.choices, widget=forms.RadioSelect
    )


class DaysForm(StartForm):
    """How many days, and how it is kept; the first day stays."""

    starts = None  # type: ignore[assignment]  # Django's way to leave a field out


class OwnWordsForm(forms.Form):
    """What the person makes of it."""

    what_i_make = forms.CharField(
        label="What I make of it", required=False, max_length=rules.LONGEST_WORDS,
        widget=forms.Textarea,
    )  # fmt: skip
