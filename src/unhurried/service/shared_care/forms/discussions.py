"""Forms of a talk about a person: quick to fill in, with the three answers always asked."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from unhurried.service.patients.forms import ClockField, DayField
from unhurried.service.shared_care.forms.presence import PresenceForm
from unhurried.service.shared_care.models import Discussion
from unhurried.service.shared_care.rules.discussions import (
    LONGEST_ABOUT,
    LONGEST_DECIDED,
    LONGEST_LINE,
    LONGEST_MINUTES,
    Other,
    Talk,
)

ROWS = (1, 2)  # room for names typed; more are rare


class DiscussionForm(PresenceForm):
    """A talk: the day and who writes it are filled in already."""

    on = DayField(label="Day")
    how = forms.ChoiceField(
        choices=Discussion.How.choices, widget=forms.RadioSelect, label="How you talked"
    )
    members = forms.MultipleChoiceField(
        required=False, widget=forms.CheckboxSelectMultiple, label="Who took part"
    )
    decided = forms.CharField(
        max_length=LONGEST_DECIDED, widget=forms.Textarea, label="What was decided"
    )
    about = forms.CharField(
        max_length=LONGEST_ABOUT, required=False, label="What it was about, in a few words"
    )
    at = ClockField(required=False, label="Time")
    minutes = forms.IntegerField(
        required=False, min_value=1, max_value=LONGEST_MINUTES, widget=forms.TextInput,
        label="How long, in minutes",
        error_messages={"invalid": "Give a number of minutes."},
    )  # fmt: skip

    field_order = ("on", "how", "members", "decided", "present", "wished", "told", "told_on",
                   "told_by", "told_what")  # fmt: skip

    def __init__(self, *args: Any, members: Iterable[tuple[str, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        field = self.fields["members"]
        if isinstance(field, forms.MultipleChoiceField):
            field.choices = list(members)
        for n in ROWS:
            self.fields[f"name_{n}"] = forms.CharField(
                max_length=200, required=False, label="Name of somebody else"
            )
            self.fields[f"role_{n}"] = forms.CharField(
                max_length=100, required=False, label="What they are, for example district nurse"
            )

    @property
    def others(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """The bound fields of names typed."""
        return [(self[f"name_{n}"], self[f"role_{n}"]) for n in ROWS]

    @property
    def with_more(self) -> bool:
        """Does anything stand in the part that may be left out?"""
        names = ["about", "at", "minutes", *(f"{part}_{n}" for n in ROWS for part in PARTS)]
        return any(self[name].value() or self[name].errors for name in names)

    def clean(self) -> dict[str, Any]:  # wording: allowed, Django's name
        """A typed role needs its name; the members come back as numbers."""
        given = super().clean()  # wording: allowed
        for n in ROWS:
            if given.get(f"role_{n}") and not given.get(f"name_{n}"):
                self.add_error(f"name_{n}", "Give the name of who took part.")
        return given

    @property
    def talk(self) -> Talk:
        """The talk; the form is valid."""
        given = self.cleaned_data
        others = [Other(given[f"name_{n}"], given[f"role_{n}"]) for n in ROWS if given[f"name_{n}"]]
        return Talk(
            on=given["on"], how=given["how"], decided=given["decided"],
            members=tuple(int(each) for each in given["members"]), others=tuple(others),
            at=given["at"], minutes=given["minutes"], about=given["about"],
        )  # fmt: skip


PARTS = ("name", "role")


class LineForm(forms.Form):
    """A later line that puts something right."""

    text = forms.CharField(
        max_length=LONGEST_LINE, widget=forms.Textarea, label="What was wrong, and what is right"
    )
