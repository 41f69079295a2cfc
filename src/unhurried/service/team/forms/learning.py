"""Forms of learning."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from unhurried.service.patients.forms import DayField
from unhurried.service.sessions.forms.fields import choose
from unhurried.service.team.learning_pages import learning_pages


class PlanLearningForm(forms.Form):
    """A page or an event, for whom, by when."""

    practice = forms.ChoiceField(label="Practice")
    code = forms.ChoiceField(
        required=False, label="Page to read",
        choices=lambda: [("", "No page: an event"),
                         *((each.code, each.title) for each in learning_pages())],
    )  # fmt: skip
    title = forms.CharField(required=False, max_length=200, label="The event, if it is one")
    by_day = DayField(label="By which day")

    def __init__(self, *args: Any, practices: Iterable[tuple[str, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        choose(self, "practice", [("", "Choose"), *practices])

    def clean(self) -> dict[str, Any]:  # wording: allowed, Django's name
        """A page or an event, one of the two."""
        given = super().clean() or self.cleaned_data  # wording: allowed
        page, event = given.get("code"), given.get("title")
        if page and event:
            self.add_error("title", "Choose a page or name an event, not both.")
        elif not page and not event and "title" not in self.errors and "code" not in self.errors:
            self.add_error("code", "Choose a page, or name an event below.")
        return given


class ChangePlanForm(forms.Form):
    """Another day, or called off."""

    what = forms.ChoiceField(
        widget=forms.RadioSelect, label="What changes?",
        choices=[("day", "Another day"), ("called_off", "It is called off")],
    )  # fmt: skip
    by_day = DayField(required=False, label="By which day")

    def clean(self) -> dict[str, Any]:  # wording: allowed, Django's name
        """Another day needs the day."""
        given = super().clean() or self.cleaned_data  # wording: allowed
        if given.get("what") == "day" and not given.get("by_day") and "by_day" not in self.errors:
            self.add_error("by_day", "Give the day.")
        return given


class LogLearningForm(forms.Form):
    """What was done, how long, and one line on what will change."""

    plan = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)
    code = forms.ChoiceField(
        required=False, label="Page",
        choices=lambda: [("", "No page: an event"),
                         *((each.code, each.title) for each in learning_pages())],
    )  # fmt: skip
    title = forms.CharField(required=False, max_length=200, label="The event, if it was one")
    minutes = forms.IntegerField(
        min_value=1, max_value=720, widget=forms.TextInput, label="How long, in minutes"
    )
    day = DayField(label="Day")
    will_change = forms.CharField(
        required=False, max_length=300, label="What will change, in one line"
    )

    def clean(self) -> dict[str, Any]:  # wording: allowed, Django's name
        """A page or an event, unless it was planned."""
        given = super().clean() or self.cleaned_data  # wording: allowed
        if given.get("code") and given.get("title"):
            self.add_error("title", "Choose a page or name an event, not both.")
        return given
