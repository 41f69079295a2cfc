"""Fields and parts that the forms of appointments and sessions share."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms

from unhurried.service.patients.models import Carer
from unhurried.service.sessions.models import Attendee
from unhurried.service.sessions.operations import Guest
from unhurried.service.sessions.tables import names, places

ROWS = (1, 2)  # how many people a form has room for; more are rare


class MinutesField(forms.IntegerField):
    """A length in minutes."""

    def __init__(self, **more: Any) -> None:
        words = "Give a number of minutes, from 5 to 480."
        super().__init__(
            min_value=5, max_value=480, widget=forms.TextInput,
            error_messages={"invalid": words, "min_value": words, "max_value": words}, **more,
        )  # fmt: skip


def place_names() -> list[tuple[str, str]]:
    """The places as choices."""
    return [(each.code, each.name) for each in places().values()]


class GuestsForm(forms.Form):
    """Who comes along, twice over: a carer or a name, and what they may hear."""

    def __init__(self, *args: Any, carers: Iterable[Carer], **more: Any) -> None:
        super().__init__(*args, **more)
        known = [(str(each.pk), f"{each.name}, {each.relationship}") for each in carers]
        self.known = dict(known)
        who = [("", "Nobody"), *known, ("other", "Somebody else")]
        for n in ROWS:
            self.fields[f"who_{n}"] = forms.ChoiceField(
                choices=who, required=False, label="Who comes along"
            )
            self.fields[f"name_{n}"] = forms.CharField(
                max_length=200, required=False, label="Name, if somebody else"
            )
            self.fields[f"relationship_{n}"] = forms.CharField(
                max_length=60, required=False, label="Partner, parent, friend"
            )
            self.fields[f"hears_{n}"] = forms.ChoiceField(
                choices=list(names("hears").items()), required=False, initial="not_asked",
                label="What may they hear?",
            )  # fmt: skip
            self.fields[f"limits_{n}"] = forms.CharField(
                max_length=300, required=False, label="Not spoken of before them"
            )

    @staticmethod
    def guests_from(attendees: Sequence[Attendee]) -> dict[str, Any]:
        """What the fields hold for these attendees."""
        start: dict[str, Any] = {}
        for n, each in zip(ROWS, attendees, strict=False):
            start |= {
                f"who_{n}": str(each.carer_id) if each.carer_id else "other",
                f"name_{n}": "" if each.carer_id else each.name,
                f"relationship_{n}": "" if each.carer_id else each.relationship,
                f"hears_{n}": each.hears, f"limits_{n}": each.limits,
            }  # fmt: skip
        return start

    @property
    def rows(self) -> list[dict[str, forms.BoundField]]:
        """The bound fields of each guest."""
        parts = ("who", "name", "relationship", "hears", "limits")
        return [{part: self[f"{part}_{n}"] for part in parts} for n in ROWS]

    @property
    def with_guests(self) -> bool:
        """Is anybody there, so that the fields should show?"""
        return any(map(self._is_used, ROWS))

    @property
    def with_more(self) -> bool:
        """Is there more than one, so that the others should show?"""
        return any(map(self._is_used, ROWS[1:]))

    def _is_used(self, n: int) -> bool:
        fields = [self[f"{part}_{n}"] for part in ("who", "name", "relationship", "limits")]
        return any(each.value() or each.errors for each in fields)

    def clean(self) -> dict[str, Any]:  # wording: allowed, Django's name
        """Put the guests together; a carer's name comes from the record."""
        given = super().clean() or self.cleaned_data  # wording: allowed
        found = []
        for n in ROWS:
            who = given.get(f"who_{n}") or ""
            typed = [given.get(f"{part}_{n}") or "" for part in ("name", "relationship", "limits")]
            hears = given.get(f"hears_{n}") or "not_asked"
            if not who and not any(typed) and hears == "not_asked":
                continue
            if who in self.known and (typed[0] or typed[1]):
                self.add_error(f"who_{n}", "Choose the carer or give a name, not both.")
                continue
            carer = int(who) if who in self.known else None
            if carer is None and not typed[0]:
                self.add_error(f"name_{n}", "Give the name of who comes along.")
                continue
            found.append(Guest(typed[0], typed[1], hears, typed[2], carer))
        given["guests"] = tuple(found)
        return given


def choose(form: forms.Form, name: str, choices: list[tuple[str, str]]) -> None:
    """Offer these choices in a field."""
    field = form.fields[name]
    if isinstance(field, forms.ChoiceField):
        field.choices = choices
