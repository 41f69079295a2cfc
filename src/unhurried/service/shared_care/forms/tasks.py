"""Forms of tasks and messages."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from unhurried.service.accounts.models import Membership
from unhurried.service.shared_care.models.messages import Side
from unhurried.service.shared_care.models.tasks import Task
from unhurried.service.shared_care.rules.messages import LONGEST_SUBJECT, LONGEST_TEXT
from unhurried.service.shared_care.rules.tasks import (
    LONGEST_OUTCOME,
    LONGEST_SENTENCE,
    LONGEST_WORDS,
)
from unhurried.service.shared_care.task_kinds import task_kinds

ANSWERS = ("done", "take", "put_back", "declined", "withdrawn")


class MeantFor(forms.ChoiceField):
    """One of a team, or nobody by name."""

    def offer(self, members: Iterable[Membership], nobody: str) -> None:
        """Offer these, and `nobody` for the team."""
        self.known = {str(each.pk): each for each in members}
        names = [
            (pk, f"{each.user.full_name}, {each.organisation.name}")
            for pk, each in self.known.items()
        ]
        self.choices = [("", nobody), *names]

    def member(self, chosen: str) -> Membership | None:
        """Who was chosen."""
        return self.known.get(chosen)


def _offer(form: forms.Form, members: Iterable[Membership], nobody: str) -> None:
    field = form.fields["meant_for"]
    if isinstance(field, MeantFor):
        field.offer(members, nobody)


def _chosen(form: forms.Form) -> Membership | None:
    field = form.fields["meant_for"]
    chosen = form.cleaned_data["meant_for"]
    return field.member(chosen) if isinstance(field, MeantFor) else None


def _day(**more: Any) -> forms.DateField:
    return forms.DateField(
        error_messages={"invalid": "Give the day, for example 17/5/2027."}, **more
    )


class AskForm(forms.Form):
    """What is asked, of whom, by when."""

    to = forms.ChoiceField(widget=forms.RadioSelect, choices=Side.choices, label="Who is asked")
    kind = forms.ChoiceField(label="What kind of thing")
    sentence = forms.CharField(max_length=LONGEST_SENTENCE, label="What is asked, in one sentence")
    words = forms.CharField(
        max_length=LONGEST_WORDS, required=False, widget=forms.Textarea, strip=False,
        label="More words",
    )  # fmt: skip
    due = _day(required=False, label="By which day")
    meant_for = MeantFor(required=False, label="Meant for")
    person_knows = forms.ChoiceField(
        widget=forms.RadioSelect, choices=Task.Knows.choices,
        label="Does the person know that this is asked?",
    )  # fmt: skip

    def __init__(self, *args: Any, members: Iterable[Membership], **more: Any) -> None:
        super().__init__(*args, **more)
        kind = self.fields["kind"]
        if isinstance(kind, forms.ChoiceField):
            kind.choices = [("", "Choose"), *((k.code, k.name) for k in task_kinds().values())]
        _offer(self, members, "Anybody of the team")

    @property
    def member(self) -> Membership | None:
        """For whom; the form is valid."""
        return _chosen(self)


class AnswerForm(forms.Form):
    """One button, and a line with it."""

    answer = forms.ChoiceField(choices=[(each, each) for each in ANSWERS])
    outcome = forms.CharField(
        max_length=LONGEST_OUTCOME, required=False, widget=forms.Textarea, strip=False,
        label="A line with your answer",
    )  # fmt: skip


class PlanForm(forms.Form):
    """Another day, or another name."""

    due = _day(label="By which day")
    meant_for = MeantFor(required=False, label="Meant for")
    reason = forms.CharField(
        max_length=LONGEST_OUTCOME, required=False, widget=forms.Textarea, strip=False,
        label="Why, if the day changes",
    )  # fmt: skip

    def __init__(self, *args: Any, members: Iterable[Membership], **more: Any) -> None:
        super().__init__(*args, **more)
        _offer(self, members, "Anybody of the team")

    @property
    def member(self) -> Membership | None:
        """For whom; the form is valid."""
        return _chosen(self)


class PassOnForm(forms.Form):
    """A GP who is here."""

    meant_for = MeantFor(label="Pass it to")

    def __init__(self, *args: Any, members: Iterable[Membership], **more: Any) -> None:
        super().__init__(*args, **more)
        _offer(self, members, "Choose")

    @property
    def member(self) -> Membership | None:
        """To whom; the form is valid."""
        return _chosen(self)


class MessageForm(forms.Form):
    """A message."""

    text = forms.CharField(
        max_length=LONGEST_TEXT, widget=forms.Textarea, strip=False, label="Your message"
    )


class WriteForm(MessageForm):
    """A message that begins a conversation."""

    subject = forms.CharField(max_length=LONGEST_SUBJECT, label="What it is about")
