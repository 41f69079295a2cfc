"""The part of a form that asks of the person: there, wished, told. For every discussion (COM-4).

A form takes it in by inheriting `PresenceForm`; its page shows it with `presence_fields` of
`shared_care/presence.html`; `form.said` goes to the operation.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from unhurried.service.patients.forms import YES_NO, DayField
from unhurried.service.shared_care.models.presence import Presence
from unhurried.service.shared_care.rules.presence import (
    LONGEST_TOLD,
    NOT_YET,
    RATHER_NOT,
    TOLD,
    Said,
)

TOLD_ANSWERS = [
    (TOLD, "Yes, they know"),
    (NOT_YET, "Not yet"),
    (RATHER_NOT, "They would rather not know"),
]
ONLY_WITH_TOLD = "You wrote something here: then choose above that they know, or empty this."


class PresenceForm(forms.Form):
    """Were they there, did they want to be, have they been told? None has an answer chosen."""

    present = forms.ChoiceField(choices=YES_NO, widget=forms.RadioSelect, label="Were they there?")
    wished = forms.ChoiceField(
        choices=[
            (Presence.Wished.YES, "Yes"),
            (Presence.Wished.NO, "No"),
            (Presence.Wished.NOT_ASKED, "They were not asked"),
        ],
        widget=forms.RadioSelect,
        label="Did they want to be there?",
    )
    told = forms.ChoiceField(
        choices=TOLD_ANSWERS, widget=forms.RadioSelect, label="Have they been told?"
    )
    told_on = DayField(required=False, label="Day they were told")
    told_by = forms.ChoiceField(required=False, label="Who told them")
    told_what = forms.CharField(
        max_length=LONGEST_TOLD, required=False, widget=forms.Textarea,
        label="What they were told, in plain words",
    )  # fmt: skip

    def __init__(self, *args: Any, tellers: Iterable[tuple[str, str]] = (), **more: Any) -> None:
        """`tellers`: who else may have told them, by membership; without any, it is the writer."""
        super().__init__(*args, **more)
        others = list(tellers)
        if others:
            self.fields["told_by"] = forms.ChoiceField(
                choices=[("", "I did"), *others], required=False, label="Who told them"
            )
        else:
            del self.fields["told_by"]

    def clean(self) -> dict[str, Any]:  # wording: allowed, Django's name
        """The day and the words belong to "they know", and are needed when they were not there."""
        given = super().clean() or self.cleaned_data  # wording: allowed
        told = given.get("told")
        if told == TOLD and given.get("present") == "no":
            for name, words in (
                ("told_on", "Give the day they were told."),
                ("told_what", "Write what they were told, in plain words."),
            ):
                if not given.get(name) and name not in self.errors:
                    self.add_error(name, words)
        elif told in {NOT_YET, RATHER_NOT}:
            for name in ("told_on", "told_by", "told_what"):
                if given.get(name):
                    self.add_error(name, ONLY_WITH_TOLD)
        if told in {NOT_YET, RATHER_NOT} and given.get("present") == "yes":
            self.add_error("told", "They were there, so they have heard it: choose that they know.")
        return given

    @property
    def said(self) -> Said:
        """The three answers; the form is valid."""
        given = self.cleaned_data
        teller = given.get("told_by") or ""
        return Said(
            present=given["present"] == "yes", wished=given["wished"], told=given["told"],
            told_on=given["told_on"], told_by=int(teller) if teller else None,
            told_what=given["told_what"],
        )  # fmt: skip


class TellingForm(forms.Form):
    """Afterwards: they were told, or would rather not know."""

    told = forms.ChoiceField(
        choices=[(TOLD, "They have been told"), (RATHER_NOT, "They would rather not know")],
        widget=forms.RadioSelect, label="How is it now?",
    )  # fmt: skip
    told_on = DayField(required=False, label="Day they were told")
    told_what = forms.CharField(
        max_length=LONGEST_TOLD, required=False, widget=forms.Textarea,
        label="What they were told, in plain words",
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:  # wording: allowed, Django's name
        """Told needs its words, and without a day it was today; rather not has neither."""
        given = super().clean() or self.cleaned_data  # wording: allowed
        if (
            given.get("told") == TOLD
            and not given.get("told_what")
            and "told_what" not in self.errors
        ):
            self.add_error("told_what", "Write what they were told, in plain words.")
        for name in ("told_on", "told_what"):
            if given.get("told") == RATHER_NOT and given.get(name):
                self.add_error(name, ONLY_WITH_TOLD)
        return given
