"""Forms of handover: who hands over, who takes on, what the person was told."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from unhurried.service.patients.forms import DayField
from unhurried.service.team.models import HandedPerson

PASSED_ON = (
    ("", "Not asked yet: they stay behind until they say yes"),
    ("no", "Yes: restricted notes go along"),
    ("yes", "No: restricted notes of before stay behind, and the new worker does not see them"),
)


def choose(form: forms.Form, name: str, choices: Iterable[tuple[str, str]]) -> None:
    """Fill in what a field offers."""
    field = form.fields[name]
    if isinstance(field, forms.ChoiceField):
        field.choices = list(choices)


class BeginForm(forms.Form):
    """Whose people are handed over, and why."""

    worker = forms.ChoiceField(label="Whose people are handed over")
    because = forms.CharField(
        max_length=200, label="Why", help_text="Leaving, or away for long: a few words are enough."
    )

    def __init__(self, *args: Any, workers: Iterable[tuple[str, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        choose(self, "worker", [("", "Choose"), *workers])


class WithdrawForm(forms.Form):
    """The provider leaves: who takes everybody on, from which day."""

    to = forms.ChoiceField(
        label="The provider that takes everybody on",
        help_text="Those that have an agreement with a practice of yours.",
    )
    end_day = DayField(label="First day the other provider runs the service")
    because = forms.CharField(max_length=200, label="Why, in a few neutral words")

    def __init__(self, *args: Any, providers: Iterable[tuple[str, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        choose(self, "to", [("", "Choose"), *providers])


class NameForm(forms.Form):
    """Who is asked to take whom on."""

    people = forms.MultipleChoiceField(label="People", widget=forms.CheckboxSelectMultiple)
    receiver = forms.ChoiceField(label="Who is to take them on")
    over_reason = forms.CharField(
        max_length=200, required=False, label="If that is above the agreed number: why it is right"
    )

    def __init__(
        self, *args: Any, people: Iterable[tuple[str, str]],
        workers: Iterable[tuple[str, str]], **more: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **more)
        choose(self, "people", people)
        choose(self, "receiver", [("", "Choose"), *workers])


class BecauseForm(forms.Form):
    """Why, in a few words."""

    because = forms.CharField(max_length=200, label="Because")


class HandoverNoteForm(forms.Form):
    """What matters, in the person's words."""

    text = forms.CharField(
        max_length=20_000, widget=forms.Textarea, label="What matters to them, in their words",
        help_text="An ordinary note: the person reads it, and so does their new project worker.",
    )  # fmt: skip


class TellForm(forms.Form):
    """How the person was told, and what they wish."""

    how = forms.ChoiceField(
        label="How were they told?", choices=HandedPerson.How.choices, widget=forms.RadioSelect
    )
    wishes = forms.CharField(
        max_length=300, required=False, label="What they wish",
        help_text="Somebody else, another way to meet, or nothing in particular.",
    )  # fmt: skip
    keeps_back = forms.ChoiceField(
        label="May restricted notes go along to the next provider?", choices=PASSED_ON,
        required=False,
    )  # fmt: skip

    @property
    def choice(self) -> bool | None:
        """Do they keep restricted notes back; None when nobody asked."""
        return {"yes": True, "no": False}.get(self.cleaned_data["keeps_back"])
