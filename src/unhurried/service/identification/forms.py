"""What people type on the pages of finding people: parsed and checked, never acted on here."""

from __future__ import annotations

import calendar
from datetime import date
from typing import Any

from django import forms

from unhurried.service.identification.models import Candidate, Conversation
from unhurried.service.identification.rules import Chosen
from unhurried.service.identification.tables import not_suitable

MONTHS = (("1", "in 1 month"), ("3", "in 3 months"), ("6", "in 6 months"), ("12", "in a year"))
DATES = ["%Y-%m-%d", "%d/%m/%Y", "%d %B %Y", "%d %b %Y"]
NOT_A_DATE = "Give the date as day, month and year, for example 3/11/2026."


class DayInput(forms.DateInput):
    """A date as text, so that what was typed stays when it is no date."""

    def __init__(self) -> None:
        super().__init__(format="%d/%m/%Y")


def _day(label: str, *, required: bool = False) -> forms.DateField:
    return forms.DateField(
        label=label, required=required, widget=DayInput(), input_formats=DATES,
        error_messages={"invalid": NOT_A_DATE, "required": NOT_A_DATE},
    )  # fmt: skip


def months_after(day: date, months: int) -> date:
    """The same day some months later; the last of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


class DecisionForm(forms.Form):
    """A GP's choice for one person or several."""

    choice = forms.ChoiceField(
        choices=[each for each in Candidate.Choice.choices if each[0]],
        error_messages={
            "required": "Choose one: invite, not now, not suitable, or let's discuss.",
            "invalid_choice": "Choose one: invite, not now, not suitable, or let's discuss.",
        },
    )
    months = forms.ChoiceField(label="Ask again", choices=MONTHS, initial="3", required=False)
    not_before = _day("Or on a day of your choice")
    reason = forms.ChoiceField(label="Why it is not suitable", choices=[], required=False)
    text = forms.CharField(
        label="Note for colleagues at the practice", max_length=2_000, required=False,
        widget=forms.Textarea,
    )  # fmt: skip

    same_as = forms.CharField(max_length=36, required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._today = today
        reasons = self.fields["reason"]
        assert isinstance(reasons, forms.ChoiceField)  # noqa: S101 - declared above
        reasons.choices = [("", "Choose a reason")] + [
            (each.code, each.words) for each in not_suitable().values()
        ]

    def chosen(self) -> Chosen:
        """What was chosen, with the day “not now” ends."""
        values = self.cleaned_data
        day = values["not_before"]
        if values["choice"] == Candidate.Choice.NOT_NOW and day is None and values["months"]:
            day = months_after(self._today, int(values["months"]))
        return Chosen(
            choice=values["choice"], not_before=day, reason=values["reason"], text=values["text"],
            same_as=values["same_as"],
        )  # fmt: skip


class DetailsForm(forms.Form):
    """Name and address, where the records carry none."""

    title = forms.CharField(label="Title", max_length=20, required=False)
    given_name = forms.CharField(label="First names", max_length=100, required=False)
    family_name = forms.CharField(
        label="Last name", max_length=100, error_messages={"required": "Type their last name."}
    )
    date_of_birth = _day("Date of birth", required=True)
    address = forms.CharField(
        label="Address", max_length=500, required=False, widget=forms.Textarea
    )
    postcode = forms.CharField(label="Postcode", max_length=10, required=False)
    phone = forms.CharField(label="Telephone", max_length=30, required=False)
    email = forms.EmailField(label="E-mail", required=False)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._today = today

    def clean_date_of_birth(self) -> date:
        """A day somebody alive can be born on."""
        born: date = self.cleaned_data["date_of_birth"]
        if not date(1900, 1, 1) <= born <= self._today:
            raise forms.ValidationError("The date of birth must be from 1900 up to today.")
        return born


class ConversationForm(forms.Form):
    """That someone was told about dependence."""

    on = _day("When", required=True)
    how = forms.ChoiceField(
        label="How", choices=Conversation.How.choices, widget=forms.RadioSelect,
        error_messages={"required": "Choose how they were told."},
    )  # fmt: skip
    note = forms.CharField(label="Note", max_length=2_000, required=False, widget=forms.Textarea)


class PaceForm(forms.Form):
    """How many people a week."""

    per_week = forms.IntegerField(
        label="How many people to look at each week", min_value=1, max_value=100,
        error_messages=dict.fromkeys(
            ("invalid", "required", "min_value", "max_value"), "Type a number from 1 to 100."
        ),
    )  # fmt: skip


class ConfirmForm(forms.Form):
    """The day to look from; the columns are read beside it."""

    looks_from = _day("Look from a day of your choice")
    version = forms.IntegerField(widget=forms.HiddenInput)
