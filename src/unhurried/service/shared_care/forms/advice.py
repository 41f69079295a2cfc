"""Forms of advice: the question, and what a specialist or the asker writes about it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from unhurried.service.accounts.models import Membership
from unhurried.service.shared_care.advice_packs import PARTS
from unhurried.service.shared_care.models.advice import AdviceRequest
from unhurried.service.shared_care.queries.advice import Choice
from unhurried.service.shared_care.rules.advice import LONGEST


def _text(label: str, longest: int, *, required: bool = True, hint: str = "") -> forms.CharField:
    return forms.CharField(
        max_length=longest, required=required, strip=False, widget=forms.Textarea, label=label,
        help_text=hint,
    )  # fmt: skip


class WhomForm(forms.Form):
    """Of whom: any specialist of a hospital, or somebody by name."""

    whom = forms.ChoiceField(label="Whom do you ask?")

    def __init__(self, *args: Any, choices: Iterable[Choice], **more: Any) -> None:
        super().__init__(*args, **more)
        self.known = {each.code: each for each in choices}
        offered = [("", "Choose"), *((each.code, each.words) for each in self.known.values())]
        field = self.fields["whom"]
        if isinstance(field, forms.ChoiceField):
            field.choices = offered

    @property
    def choice(self) -> Choice:
        """Who was chosen."""
        return self.known[self.cleaned_data["whom"]]


class AskForm(WhomForm):
    """The question and what goes with it."""

    question = _text(
        "Your question", LONGEST["question"],
        hint="One to three sentences. What would you do differently once you know?",
    )  # fmt: skip
    wants = forms.ChoiceField(
        choices=AdviceRequest.Wants.choices, widget=forms.RadioSelect,
        label="What would help you most?",
    )  # fmt: skip
    soon = forms.ChoiceField(
        choices=AdviceRequest.Soon.choices, widget=forms.RadioSelect, label="How soon?"
    )
    soon_because = forms.CharField(
        max_length=300, required=False, strip=False, label="Why sooner, in a few words"
    )
    matters = _text("What matters to the person", LONGEST["matters"], required=False)
    tried = _text("What was tried", LONGEST["tried"], required=False)
    share = forms.MultipleChoiceField(
        choices=list(PARTS.items()), required=False, widget=forms.CheckboxSelectMultiple,
        label="What they see beside the question",
        help_text="As the record is now. Leave out what the person would rather keep.",
    )  # fmt: skip

    field_order = (
        "question", "whom", "wants", "soon", "soon_because", "matters", "tried", "share",
    )  # fmt: skip


class AnswerForm(forms.Form):
    """The specialist's advice."""

    answer = _text("Your advice", LONGEST["answer"])
    if_then = _text(
        "What to do if it does not go as hoped", LONGEST["text"], required=False,
        hint="For example: if pain is worse after two weeks, then ...",
    )  # fmt: skip
    may_read = forms.ChoiceField(
        choices=AdviceRequest.MayRead.choices, widget=forms.RadioSelect,
        label="May the person read it as it is?",
    )  # fmt: skip


class AskBackForm(forms.Form):
    """What the specialist needs to know first."""

    back = _text("What do you need to know first?", LONGEST["text"])


class PassOnForm(forms.Form):
    """A colleague of the same hospital."""

    to = forms.ChoiceField(label="Which colleague?")
    words = _text("Anything to say with it", LONGEST["text"], required=False)

    def __init__(self, *args: Any, colleagues: Iterable[Membership], **more: Any) -> None:
        super().__init__(*args, **more)
        self.known = {str(each.pk): each for each in colleagues}
        field = self.fields["to"]
        if isinstance(field, forms.ChoiceField):
            named = ((pk, each.user.full_name) for pk, each in self.known.items())
            field.choices = [("", "Choose"), *named]

    @property
    def colleague(self) -> Membership:
        """Who was chosen."""
        return self.known[self.cleaned_data["to"]]


class NotForMeForm(forms.Form):
    """Why it is not for this specialist."""

    because = _text("Why is it not for you? Who could know?", LONGEST["text"])


class ReplyForm(forms.Form):
    """What the specialist asked back."""

    reply = _text("Your reply", LONGEST["text"])


class WithdrawForm(forms.Form):
    """Why nobody needs to answer any more."""

    because = _text("Why do you withdraw it?", LONGEST["text"])
