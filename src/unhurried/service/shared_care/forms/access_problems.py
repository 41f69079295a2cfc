"""Forms of access problems: short, so that nobody is kept from reporting one."""

from __future__ import annotations

from typing import Any

from django import forms

from unhurried.service.patients.forms import DayField
from unhurried.service.shared_care.access_words import problem_kinds
from unhurried.service.shared_care.rules.access_problems import (
    LONGEST_TOLD,
    LONGEST_WORDS,
    Report,
)


class ReportForm(forms.Form):
    """What happened and when; own words may be left out."""

    kind = forms.ChoiceField(widget=forms.RadioSelect, label="What happened")
    on = DayField(label="Which day was it? About is fine")
    words = forms.CharField(
        max_length=LONGEST_WORDS, required=False, widget=forms.Textarea,
        label="What happened, in their own words",
    )  # fmt: skip

    def __init__(self, *args: Any, own: bool, **more: Any) -> None:
        """`own`: the person reports it themself, and reads it in their own words."""
        super().__init__(*args, **more)
        kinds = problem_kinds().values()
        self.fields["kind"] = forms.ChoiceField(
            choices=[(each.code, each.own_words if own else each.name) for each in kinds],
            widget=forms.RadioSelect, label="What happened",
        )  # fmt: skip
        if own:
            self.fields["words"].label = "What happened, in your own words"

    @property
    def report(self) -> Report:
        """The report; the form is valid."""
        given = self.cleaned_data
        return Report(given["kind"], given["on"], given["words"])


class LookForm(forms.Form):
    """Somebody looks at it; there is nothing to fill in."""


class PutRightForm(forms.Form):
    """What was done, and how the person was told."""

    done = forms.CharField(max_length=LONGEST_WORDS, widget=forms.Textarea, label="What was done")
    told_how = forms.CharField(max_length=LONGEST_TOLD, label="How the person was told")


class ReopenForm(forms.Form):
    """The person says that it was not put right."""

    text = forms.CharField(
        max_length=LONGEST_WORDS, required=False, widget=forms.Textarea, label="What is still wrong"
    )
