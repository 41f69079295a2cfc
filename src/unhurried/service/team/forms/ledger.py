"""Forms of time and claims."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from unhurried.service.accounts.policy import roles
from unhurried.service.patients.forms import DayField
from unhurried.service.sessions.forms.fields import choose
from unhurried.service.team.rules.ledger import LOGS
from unhurried.service.team.tables import names

ONE_TAP = [(str(each), f"{each} minutes") for each in (5, 10, 15, 30)]
OTHER = "other"


class TimeForm(forms.Form):
    """What the time was for and how long: one tap each."""

    activity = forms.ChoiceField(
        widget=forms.RadioSelect, label="What was it for?",
        choices=lambda: list(names("activities").items()),
    )  # fmt: skip
    minutes = forms.ChoiceField(
        widget=forms.RadioSelect, label="How long?",
        choices=[*ONE_TAP, (OTHER, "Another time")],
    )  # fmt: skip
    other_minutes = forms.IntegerField(
        required=False, min_value=1, max_value=720, widget=forms.TextInput,
        label="Minutes, if another time",
    )  # fmt: skip
    day = DayField(label="Day")
    service = forms.ChoiceField(label="For which service?")
    note = forms.CharField(required=False, max_length=300, label="Note")
    person = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)

    def __init__(self, *args: Any, services: Iterable[tuple[str, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        offered = list(services)
        if len(offered) > 1:
            choose(self, "service", [("", "Choose"), *offered])
        else:
            del self.fields["service"]

    def clean(self) -> dict[str, Any]:  # wording: allowed, Django's name
        """Another time needs its minutes; a chosen time needs none."""
        given = super().clean() or self.cleaned_data  # wording: allowed
        chosen, other = given.get("minutes"), given.get("other_minutes")
        if chosen == OTHER and other is None and "other_minutes" not in self.errors:
            self.add_error("other_minutes", "Give the minutes.")
        elif chosen and chosen != OTHER and other is not None:
            self.add_error("other_minutes", "Choose a time or give the minutes, not both.")
        elif chosen:
            given["length"] = other if chosen == OTHER else int(chosen)
        return given

    @property
    def provider(self) -> int | None:
        """The service chosen; None where there is one only."""
        chosen = self.cleaned_data.get("service")
        return int(chosen) if chosen else None


class CorrectTimeForm(forms.Form):
    """Take a line back, or put the right one in its place."""

    what = forms.ChoiceField(
        widget=forms.RadioSelect, label="What is right?",
        choices=[("back", "This time was not spent: take the line back"),
                 ("instead", "Something else is right: put it in its place")],
    )  # fmt: skip
    activity = forms.ChoiceField(
        required=False, label="What was it for?",
        choices=lambda: [("", "Choose"), *names("activities").items()],
    )  # fmt: skip
    minutes = forms.IntegerField(
        required=False, min_value=1, max_value=720, widget=forms.TextInput, label="Minutes"
    )
    day = DayField(required=False, label="Day")
    note = forms.CharField(required=False, max_length=300, label="Note")

    def clean(self) -> dict[str, Any]:  # wording: allowed, Django's name
        """A line in its place is whole."""
        given = super().clean() or self.cleaned_data  # wording: allowed
        if given.get("what") == "instead":
            for name in ("activity", "minutes", "day"):
                if not given.get(name) and name not in self.errors:
                    self.add_error(name, "Please fill this in.")
        return given


class RateForm(forms.Form):
    """What an hour of a role is paid with, and where that is written."""

    role = forms.ChoiceField(
        label="Whose hours",
        choices=lambda: [("", "Choose"),
                         *((code, each.name) for code, each in roles().items() if code in LOGS)],
    )  # fmt: skip
    pounds = forms.DecimalField(
        min_value=0, max_digits=6, decimal_places=2, widget=forms.TextInput,
        label="Pounds for an hour",
    )  # fmt: skip
    source = forms.CharField(max_length=300, label="Where the rate comes from")
    starts = DayField(label="From which day")


class ClaimForm(forms.Form):
    """The days a claim is for."""

    since = DayField(label="First day")
    until = DayField(label="Last day")
    service = forms.ChoiceField(label="Which service?")
    note = forms.CharField(required=False, max_length=500, label="A note for the manager")

    def __init__(self, *args: Any, services: Iterable[tuple[str, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        offered = list(services)
        if len(offered) > 1:
            choose(self, "service", [("", "Choose"), *offered])
        else:
            del self.fields["service"]

    @property
    def provider(self) -> int | None:
        """The service chosen; None where there is one only."""
        chosen = self.cleaned_data.get("service")
        return int(chosen) if chosen else None


class DecideClaimForm(forms.Form):
    """What the manager does with a claim."""

    decision = forms.ChoiceField(
        choices=[("accepted", "Accept"), ("asked_back", "Ask back"), ("paid", "It is paid")]
    )
    question = forms.CharField(required=False, max_length=500, label="What you ask back")


class AnswerClaimForm(forms.Form):
    """What who claims does with it."""

    decision = forms.ChoiceField(choices=[("sent", "Send again"), ("withdrawn", "Take it back")])
    note = forms.CharField(required=False, max_length=500, label="Your answer")
