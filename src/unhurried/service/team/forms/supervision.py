"""Forms of supervision."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django import forms

from unhurried.service.patients.forms import ClockField, DayField
from unhurried.service.sessions.forms.fields import MinutesField, choose
from unhurried.service.sessions.times import moment_of
from unhurried.service.team.rules.supervision import LONGEST_TEXT
from unhurried.service.team.tables import names


class WhenForm(forms.Form):
    """A day, a time and a length."""

    day = DayField(label="Day")
    at = ClockField(label="Time")
    minutes = MinutesField(label="How long, in minutes")

    def starts_at(self) -> datetime:
        """The moment meant; the form is valid. Raises Refused for an hour that is none."""
        return moment_of(self.cleaned_data["day"], self.cleaned_data["at"])


class PlanSupervisionForm(WhenForm):
    """When, and with which worker."""

    worker = forms.ChoiceField(label="Project worker")
    field_order = ("worker", "day", "at", "minutes")

    def __init__(self, *args: Any, workers: Iterable[tuple[str, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        offered = list(workers)
        choose(self, "worker", offered if len(offered) == 1 else [("", "Choose"), *offered])


class MoveSupervisionForm(WhenForm):
    """Another time, and who asked."""

    asked_by = forms.ChoiceField(
        widget=forms.RadioSelect, label="Who asked for another time?",
        choices=lambda: list(names("asked_by").items()),
    )  # fmt: skip


class NotHeldForm(forms.Form):
    """What came in between."""

    because = forms.ChoiceField(
        widget=forms.RadioSelect, label="What came in between?",
        choices=lambda: [
            each for each in names("not_held_reasons").items() if each[0] != "supervisor_changed"
        ],
    )  # fmt: skip


class RecordSupervisionForm(forms.Form):
    """What was talked about. Only the length is needed."""

    minutes = MinutesField(label="How long it was, in minutes")
    discussed = forms.CharField(
        required=False, strip=False, max_length=LONGEST_TEXT, widget=forms.Textarea,
        label="What you talked about",
    )  # fmt: skip
    people = forms.MultipleChoiceField(
        required=False, widget=forms.CheckboxSelectMultiple, label="People you talked about"
    )
    worker_is = forms.CharField(
        required=False, strip=False, max_length=LONGEST_TEXT, widget=forms.Textarea,
        label="How you are, in your own words",
    )  # fmt: skip
    agreed = forms.CharField(
        required=False, strip=False, max_length=LONGEST_TEXT, widget=forms.Textarea,
        label="What you agreed",
    )  # fmt: skip

    def __init__(
        self, *args: Any, people: Iterable[tuple[str, str]], worker: bool, **more: Any
    ) -> None:
        super().__init__(*args, **more)
        choose(self, "people", list(people))
        if not worker:
            del self.fields["worker_is"]


class SupervisorForm(forms.Form):
    """Who supervises, from when, how often."""

    supervisor = forms.ChoiceField(required=False, label="Clinical supervisor")
    starts = DayField(label="From which day")
    weeks = forms.IntegerField(
        required=False, min_value=1, max_value=26, widget=forms.TextInput,
        label="Weeks from one supervision to the next",
    )  # fmt: skip

    def __init__(self, *args: Any, supervisors: Iterable[tuple[str, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        choose(self, "supervisor", [("", "Nobody for now"), *supervisors])


class SupportForm(forms.Form):
    """A few words, if any."""

    words = forms.CharField(
        required=False, strip=False, max_length=2_000, widget=forms.Textarea,
        label="What it is about",
    )  # fmt: skip


class SupportAnswerForm(forms.Form):
    """What happens next."""

    answer = forms.CharField(
        max_length=2_000, strip=False, widget=forms.Textarea, label="What happens next"
    )
