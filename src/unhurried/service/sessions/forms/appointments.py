"""Forms of appointments: what is typed is read here; the rules come after."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from unhurried.service.patients.forms import ClockField, DayField
from unhurried.service.sessions.forms.fields import (
    GuestsForm,
    MinutesField,
    place_names,
)
from unhurried.service.sessions.operations import Wanted
from unhurried.service.sessions.tables import names


class AppointmentForm(GuestsForm):
    """A time and a place; for a new one also how often, and with whom."""

    day = DayField(label="Day")
    at = ClockField(label="Time")
    minutes = MinutesField(label="How long, in minutes", initial=60)
    place = forms.ChoiceField(
        choices=place_names, widget=forms.RadioSelect, label="Where", initial="practice"
    )
    where = forms.CharField(max_length=200, required=False, label="Where exactly, or which number")
    frequency = forms.ChoiceField(
        choices=lambda: list(names("frequencies").items()), label="How often", initial="once"
    )
    times = forms.IntegerField(
        min_value=1, max_value=26, initial=1, widget=forms.TextInput, label="How many times"
    )
    worker = forms.ChoiceField(label="With")
    over_reason = forms.CharField(
        max_length=300, required=False, label="Why is it right all the same?"
    )

    def __init__(
        self, *args: Any, workers: Sequence[tuple[str, str]] = (), new: bool = True, **more: Any
    ) -> None:
        super().__init__(*args, **more)
        if not new:
            del self.fields["frequency"], self.fields["times"]
        if len(workers) > 1:
            worker = self.fields["worker"]
            assert isinstance(worker, forms.ChoiceField)  # noqa: S101 - declared above
            worker.choices = list(workers)
        else:
            del self.fields["worker"]

    def clean(self) -> dict[str, Any]:  # wording: allowed, Django's name
        """Several times need how often."""
        given = super().clean()  # wording: allowed
        if given.get("frequency") == "once" and (given.get("times") or 1) > 1:
            self.add_error("frequency", "Choose how often, or book it once.")
        return given

    @property
    def wanted(self) -> Wanted:
        """What was asked for; the form is valid."""
        given = self.cleaned_data
        return Wanted(
            day=given["day"], at=given["at"], minutes=given["minutes"], place=given["place"],
            where=given["where"], frequency=given.get("frequency", "once"),
            times=given.get("times", 1),
        )  # fmt: skip


class CancelForm(forms.Form):
    """Who cancelled, and a few words."""

    by_whom = forms.ChoiceField(
        choices=lambda: list(names("cancelled_by").items()), widget=forms.RadioSelect,
        label="Who cancelled?",
    )  # fmt: skip
    because = forms.CharField(max_length=300, required=False, label="Why, in a few words")
    rest_too = forms.BooleanField(required=False, label="Also those that come after it")

    def __init__(self, *args: Any, later: int, ask: bool = True, **more: Any) -> None:
        super().__init__(*args, **more)
        if not later:
            del self.fields["rest_too"]
        if not ask:
            del self.fields["by_whom"]


class MissedForm(forms.Form):
    """What was found out about why nobody met."""

    reason = forms.ChoiceField(
        choices=lambda: list(names("missed_reasons").items()), widget=forms.RadioSelect,
        initial="not_known", label="What did you find out?",
    )  # fmt: skip
    found_out = forms.CharField(
        max_length=2_000, required=False, widget=forms.Textarea, label="In a few words"
    )
