"""Forms of the record of a session: everything but when and where may be left out."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django import forms
from django.http import QueryDict

from unhurried.service.patients.forms import ClockField, DayField
from unhurried.service.patients.models import Note
from unhurried.service.sessions.forms.fields import (
    GuestsForm,
    MinutesField,
    choose,
    place_names,
)
from unhurried.service.sessions.library import Resource
from unhurried.service.sessions.operations import Held, Wanted
from unhurried.service.sessions.tables import leavings, names

ANOTHER_DAY = "other"
NEXT = [
    ("", "Not now"), ("1", "In a week"), ("2", "In two weeks"), ("3", "In three weeks"),
    ("4", "In four weeks"), ("6", "In six weeks"), (ANOTHER_DAY, "On another day"),
]  # fmt: skip
NOTE_FOR: list[tuple[str, str]] = [
    (Note.Visibility.ORDINARY, "The person and those who work with them"),
    (Note.Visibility.SHARED_WITH_GP, "Also the GP: this is the summary they read"),
    (Note.Visibility.RESTRICTED, "Restricted: only you and the named project worker"),
]


class SessionForm(GuestsForm):
    """How a session was. Only the day, the time and the place are needed."""

    day = DayField(label="Day")
    at = ClockField(label="Time")
    minutes = MinutesField(label="How long, in minutes", required=False)
    place = forms.ChoiceField(choices=place_names, widget=forms.RadioSelect, label="Where")
    components = forms.MultipleChoiceField(
        required=False, widget=forms.CheckboxSelectMultiple, label="What you did together"
    )
    note = forms.CharField(
        required=False, strip=False, widget=forms.Textarea, label="What was said that matters"
    )
    note_for = forms.ChoiceField(
        choices=NOTE_FOR, widget=forms.RadioSelect, initial="ordinary", label="Who reads the note?"
    )
    leaving = forms.ChoiceField(
        required=False, widget=forms.RadioSelect, label="How did they leave?",
        choices=lambda: [(each.code, each.name) for each in leavings().values()],
    )  # fmt: skip
    believed = forms.ChoiceField(
        required=False, widget=forms.RadioSelect, label="Did they feel their pain is believed?",
        choices=lambda: list(names("believed").items()),
    )  # fmt: skip
    next_steps = forms.CharField(
        max_length=4_000, required=False, widget=forms.Textarea, label="Next steps"
    )
    recap = forms.CharField(
        max_length=4_000, required=False, widget=forms.Textarea, label="What they take home"
    )
    recap_for_carers = forms.BooleanField(
        required=False, label="Carers they share sessions with may read it, too"
    )
    resources = forms.MultipleChoiceField(
        required=False, widget=forms.CheckboxSelectMultiple, label="Given to take home"
    )
    next_when = forms.ChoiceField(choices=NEXT, required=False, label="Next appointment")
    next_day = DayField(required=False, label="Day, if another")
    next_at = ClockField(required=False, label="Time, if another")
    next_place = forms.ChoiceField(
        required=False,
        label="Place, if another",
        choices=lambda: [("", "The same"), *place_names()],
    )
    over_reason = forms.CharField(
        max_length=300, required=False, label="Why is the next appointment right all the same?"
    )

    def __init__(
        self, *args: Any, kinds: Iterable[tuple[str, str]], library: Iterable[Resource],
        restricted: bool, **more: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **more)
        choose(self, "components", list(kinds))
        choose(self, "resources", [(each.code, each.title) for each in library])
        if not restricted:
            choose(self, "note_for", NOTE_FOR[:2])

    @property
    def with_when(self) -> bool:
        """Do the fields of when and where have to show?"""
        return any(self[name].errors for name in ("day", "at", "minutes", "place"))

    def clean(self) -> dict[str, Any]:  # wording: allowed, Django's name
        """Another day needs the day; a day, time or place needs to be asked for."""
        given = super().clean()  # wording: allowed
        if isinstance(self.data, QueryDict) and len(set(self.data.getlist("leaving"))) > 1:
            self.add_error("leaving", "Two answers came for how they left: choose one.")
        when = given.get("next_when") or ""
        if given.get("next_day") and when in {"", ANOTHER_DAY}:
            when = given["next_when"] = ANOTHER_DAY
        elif given.get("next_day"):
            self.add_error("next_day", "Choose the weeks or give a day, not both.")
        elif when == ANOTHER_DAY and not self["next_day"].errors:
            self.add_error("next_day", "Give the day of the next appointment.")
        if not when and (given.get("next_at") or given.get("next_place")):
            self.add_error("next_when", "Choose when the next appointment is.")
        return given

    @property
    def held(self) -> Held:
        """How it was; the form is valid."""
        given = self.cleaned_data
        as_given = ("day", "at", "place", "minutes", "note", "note_for", "leaving", "believed",
                    "next_steps", "recap", "recap_for_carers", "guests", "over_reason")  # fmt: skip
        return Held(
            **{name: given[name] for name in as_given}, components=tuple(given["components"]),
            resources=tuple(given["resources"]), following=self._following(),
        )  # fmt: skip

    def _following(self) -> Wanted | None:
        given = self.cleaned_data
        when = given["next_when"]
        if not when:
            return None
        day: date = given["next_day"] if when == ANOTHER_DAY else _weeks_on(given["day"], when)
        return Wanted(
            day=day, at=given["next_at"] or given["at"], minutes=given["minutes"] or 60,
            place=given["next_place"] or given["place"],
        )  # fmt: skip


def _weeks_on(day: date, weeks: str) -> date:
    try:
        return day + timedelta(weeks=int(weeks))
    except OverflowError:
        return day


class CorrectionForm(forms.Form):
    """What was wrong and what is right."""

    text = forms.CharField(
        max_length=4_000, widget=forms.Textarea, label="What was wrong, and what is right"
    )
    components = forms.MultipleChoiceField(
        required=False, widget=forms.CheckboxSelectMultiple, label="What you did together, in truth"
    )
    note = forms.CharField(
        required=False, strip=False, widget=forms.Textarea, label="A correction of the note"
    )

    def __init__(
        self, *args: Any, kinds: Iterable[tuple[str, str]], with_note: bool, **more: Any
    ) -> None:
        super().__init__(*args, **more)
        choose(self, "components", list(kinds))
        if not with_note:
            del self.fields["note"]
