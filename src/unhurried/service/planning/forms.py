"""What people type on the pages of planning: parsed and checked, never acted on here."""

from __future__ import annotations

from typing import Any

from django import forms

from unhurried.service.planning.rules import NUMBERS
from unhurried.service.planning.tables import baseline_choices, words_of

LONG, LINE = 20_000, 300
FROM_0_TO_10 = [(str(number), str(number)) for number in range(11)]
NOT_KNOWN = ("", "Not known, or rather not say")


def long_text(label: str, *, longest: int = LONG, **more: Any) -> forms.CharField:
    """Several lines that may be left empty."""
    return forms.CharField(
        label=label, max_length=longest, required=False, widget=forms.Textarea, **more
    )


def line(label: str, *, longest: int = LINE, **more: Any) -> forms.CharField:
    """One line that may be left empty unless `required`."""
    return forms.CharField(label=label, max_length=longest, **{"required": False, **more})


def one_of(label: str, words: dict[str, str], **more: Any) -> forms.ChoiceField:
    """One of a table's words, as radios; may be left empty unless `required`."""
    return forms.ChoiceField(
        label=label, choices=list(words.items()), widget=forms.RadioSelect,
        **{"required": False, **more},
    )  # fmt: skip


def to_ten(label: str, **more: Any) -> forms.TypedChoiceField:
    """0 to 10 from a list, None when left out."""
    return forms.TypedChoiceField(
        label=label, choices=[("", "Leave out"), *FROM_0_TO_10], coerce=int, empty_value=None,
        required=False, **more,
    )  # fmt: skip


class PartForm(forms.Form):
    """What the person said on one part."""

    words = long_text("What you said")
    wants_help = forms.BooleanField(
        label="I would like some help with this, when the time is right", required=False
    )


class LeaveForm(forms.Form):
    """Why a part is left for now."""

    left_out = one_of("Why", words_of("skip_reasons"))
    left_out_words = line("In my own words")


class BenefitForm(forms.Form):
    """Days with the opioids beside days without."""

    pain_with = to_ten("Pain on days with them")
    pain_without = to_ten("Pain on days without, or when a dose is late")
    doing_with = to_ten("How much I can do on days with them")
    doing_without = to_ten("How much I can do on days without")
    wants = long_text("What I want from them")
    helps = one_of("Do they do that?", words_of("helps"))
    words = long_text("Anything else")

    @property
    def numbers(self) -> dict[str, int | None]:
        """The four numbers, None where left out."""
        return {name: self.cleaned_data[name] for name in NUMBERS}


def _radios(field: str, label: str) -> forms.ChoiceField:
    rows = [(each.code, each.words) for each in baseline_choices()[field]]
    return forms.ChoiceField(
        label=label, required=False, choices=[*rows, ("not_known", NOT_KNOWN[1])],
        widget=forms.RadioSelect,
    )  # fmt: skip


def _ticks(field: str, label: str, **more: Any) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label, required=False, widget=forms.CheckboxSelectMultiple,
        choices=[(each.code, each.words) for each in baseline_choices()[field]], **more,
    )  # fmt: skip


class BaselineForm(forms.Form):
    """The fields of the paper's Table 1 that the record does not hold."""

    employment = _radios("employment", "Work")
    living = _radios("living", "Living with anyone?")
    mental_health = _radios("mental_health", "Mental health issues, diagnosed or not?")
    mental_health_kinds = _ticks("mental_health_kinds", "If yes, which?")
    pain_clinic = _radios("pain_clinic", "Been to a pain clinic before?")
    pain = _ticks("pain", "The pain", help_text="Tick all that fit.")
    opioids = _ticks("opioids", "Opioids at the start", help_text="Tick all that fit.")
    other_medicines = _ticks(
        "other_medicines", "Other medicines at the start", help_text="Tick all that fit."
    )

    @property
    def given(self) -> dict[str, str | list[str]]:
        """What is known, by field."""
        return {k: "" if v == "not_known" else v for k, v in self.cleaned_data.items()}


class SummaryForm(forms.Form):
    """The short text for the GP practice."""

    text = forms.CharField(
        label="What the GP practice sees", max_length=2_000, widget=forms.Textarea
    )
    agreed = forms.BooleanField(
        label="We read it out together, and the person agrees that the GP practice sees it",
        required=False,
    )
