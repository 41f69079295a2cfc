"""Forms of the agenda of a review meeting: a person, what was decided, who does it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms

from unhurried.service.patients.forms import DayField
from unhurried.service.shared_care.forms.presence import PresenceForm
from unhurried.service.shared_care.models.presence import Presence
from unhurried.service.shared_care.operations.agenda import Action
from unhurried.service.shared_care.rules.agenda import LONGEST_DECISION, LONGEST_SAID
from unhurried.service.shared_care.task_kinds import task_kinds

ROWS = (1, 2, 3)  # actions that can be written at once


class ItemForm(forms.Form):
    """Why somebody is on the agenda, and what is asked."""

    meeting = forms.ChoiceField(label="Which meeting")
    why = forms.CharField(max_length=300, label="Why them, in a few words")
    question = forms.CharField(max_length=300, label="What would you like the meeting to answer?")
    wished = forms.ChoiceField(
        choices=Presence.Wished.choices, widget=forms.RadioSelect,
        label="Do they want to be there?", initial=Presence.Wished.NOT_ASKED,
    )  # fmt: skip
    they_know = forms.BooleanField(
        required=False, label="I have told them that they are on the agenda"
    )

    def __init__(
        self, *args: Any, meetings: Sequence[tuple[str, str]] = (), worker: bool, **more: Any
    ) -> None:
        super().__init__(*args, **more)
        if meetings:
            self.fields["meeting"] = forms.ChoiceField(choices=meetings, label="Which meeting")
        else:
            del self.fields["meeting"]
        if not worker:
            del self.fields["they_know"]


class CommentForm(forms.Form):
    """A line about the question."""

    text = forms.CharField(
        max_length=LONGEST_SAID, widget=forms.Textarea, label="What do you think?"
    )


class TakeOffForm(forms.Form):
    """Why somebody no longer stands on the agenda."""

    because = forms.CharField(max_length=200, required=False, label="Why, in a few words")


class DecideForm(PresenceForm):
    """What was said and decided, who does what, and the three answers about the person."""

    decision = forms.CharField(
        max_length=LONGEST_DECISION, widget=forms.Textarea, label="What was decided"
    )
    talked = forms.CharField(
        max_length=LONGEST_SAID, required=False, widget=forms.Textarea, label="What was said"
    )

    def __init__(self, *args: Any, teams: Iterable[tuple[str, str]], **more: Any) -> None:
        """`teams`: who may be asked, by "practice", "provider" or either with ":membership"."""
        super().__init__(*args, **more)
        whom = [("", "Nobody"), *teams]
        kinds = [(each.code, each.name) for each in task_kinds().values()]
        for n in ROWS:
            self.fields[f"what_{n}"] = forms.CharField(
                max_length=200, required=False, label="What is to be done"
            )
            self.fields[f"who_{n}"] = forms.ChoiceField(
                choices=whom, required=False, label="Who does it"
            )
            self.fields[f"kind_{n}"] = forms.ChoiceField(
                choices=kinds, required=False, initial="other", label="What kind of thing"
            )
            self.fields[f"due_{n}"] = DayField(required=False, label="By which day")

    @property
    def rows(self) -> list[dict[str, forms.BoundField]]:
        """The fields of each action."""
        return [
            {part: self[f"{part}_{n}"] for part in ("what", "who", "kind", "due")} for n in ROWS
        ]

    def clean(self) -> dict[str, Any]:  # wording: allowed, Django's name
        """Something to be done needs somebody, and the other way round."""
        given = super().clean()  # wording: allowed
        for n in ROWS:
            what, who = given.get(f"what_{n}"), given.get(f"who_{n}")
            if what and not who and f"who_{n}" not in self.errors:
                self.add_error(f"who_{n}", "Choose who does it; a team is fine.")
            if (who or given.get(f"due_{n}")) and not what and f"what_{n}" not in self.errors:
                self.add_error(f"what_{n}", "Write what is to be done, or leave the row empty.")
        return given

    @property
    def actions(self) -> list[Action]:
        """What is to be done; the form is valid."""
        given, found = self.cleaned_data, []
        for n in ROWS:
            if given[f"what_{n}"]:
                to, _, member = given[f"who_{n}"].partition(":")
                found.append(
                    Action(
                        given[f"what_{n}"], to, given[f"kind_{n}"] or "other",
                        int(member) if member else None, given[f"due_{n}"],
                    )
                )  # fmt: skip
        return found
