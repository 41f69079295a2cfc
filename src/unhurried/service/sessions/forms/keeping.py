"""Forms of resources given, of the catalogue and of a worker's hours."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from unhurried.service.sessions.forms.fields import choose
from unhurried.service.sessions.library import Resource
from unhurried.service.sessions.models import ResourceGiven


class GiveForm(forms.Form):
    """Something from the library."""

    code = forms.ChoiceField(label="From the library")

    def __init__(self, *args: Any, library: Iterable[Resource], **more: Any) -> None:
        super().__init__(*args, **more)
        choose(self, "code", [("", "Choose"), *((each.code, each.title) for each in library)])


class OpinionForm(forms.Form):
    """What the person thought of it."""

    opinion = forms.ChoiceField(choices=ResourceGiven.Opinion.choices, required=False)


class ComponentForm(forms.Form):
    """One line of the catalogue."""

    name = forms.CharField(max_length=80, label="Name")
    hint = forms.CharField(max_length=160, required=False, label="A few words beside it")
    offered = forms.BooleanField(required=False, label="Offered when a session is recorded")


class LimitsForm(forms.Form):
    """What is agreed with a project worker."""

    weekly_hours = forms.DecimalField(
        min_value=1, max_value=100, max_digits=6, decimal_places=2, widget=forms.TextInput,
        label="Hours of appointments in a week",
    )  # fmt: skip
    longest_day_hours = forms.DecimalField(
        min_value=1, max_value=24, max_digits=5, decimal_places=2, widget=forms.TextInput,
        label="Hours of appointments in one day, at most",
    )  # fmt: skip
    least_minutes = forms.IntegerField(
        min_value=10,
        max_value=480,
        widget=forms.TextInput,
        label="Shortest appointment, in minutes",
    )
    gap_minutes = forms.IntegerField(
        min_value=0, max_value=240, widget=forms.TextInput,
        label="Breathing space between two, in minutes",
    )  # fmt: skip
    people = forms.IntegerField(
        min_value=1, max_value=500, required=False, widget=forms.TextInput,
        label="People at a time",
    )  # fmt: skip

    @property
    def minutes(self) -> dict[str, int]:
        """The limits in minutes; the form is valid."""
        given = self.cleaned_data
        return {
            "weekly_minutes": round(given["weekly_hours"] * 60),
            "longest_day_minutes": round(given["longest_day_hours"] * 60),
            "least_minutes": given["least_minutes"], "gap_minutes": given["gap_minutes"],
        }  # fmt: skip
