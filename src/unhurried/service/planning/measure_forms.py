"""The form of a measure, made from its questions; each may be left out."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.http import QueryDict

from unhurried.clinical import measures as clinical
from unhurried.service.planning.forms import line, one_of
from unhurried.service.planning.tables import words_of

SKIP = "skip"
SKIPPED = "Leave this one out"
TOTAL = "total"


class MeasureForm(forms.Form):
    """The questions of one measure; for one we hold no questions of, its numbers."""

    def __init__(self, *args: Any, measure: clinical.Measure, **more: Any) -> None:
        super().__init__(*args, **more)
        self.measure = measure
        if measure.code == "GOALS":
            for number, place in (("1", "first"), ("2", "second")):
                self.fields[f"named-{number}"] = line(
                    f"The {place} thing that matters most to me", longest=200
                )
                self.fields[f"q-{number}"] = self._question(measure.items[int(number) - 1])
            return
        if any("[medicine]" in item.text for item in measure.items):
            self.fields["named-medicine"] = line("Which medicine is this about?", longest=200)
        for item in measure.items:
            self.fields[f"q-{item.id}"] = self._question(item)
        if measure.entry == "total":
            scale = measure.scale()
            self.fields["q-total"] = forms.DecimalField(
                label="The total", required=False, max_digits=8, decimal_places=3,
                help_text=f"From {clinical.shown(scale.least)} to {clinical.shown(scale.most)}.",
            )  # fmt: skip

    def _question(self, item: clinical.Item) -> forms.Field:
        numbers = range(item.least, item.most + 1)
        if not item.text:
            return forms.TypedChoiceField(
                label=f"Number {item.id}", required=False, coerce=int, empty_value=None,
                choices=[("", "Leave out"), *((str(n), str(n)) for n in numbers)],
            )  # fmt: skip
        wordy = len(item.choices) == len(numbers)
        said = {n: _capital(item.choices[n]) if wordy else str(n) for n in numbers}
        ends = [f"{n} is {words}" for n, words in item.choices.items()] if not wordy else []
        return forms.ChoiceField(
            label=item.asked(), required=False, widget=forms.RadioSelect,
            choices=[*((str(n), words) for n, words in said.items()), (SKIP, SKIPPED)],
            help_text=f"{', '.join(ends)}." if ends else "",
        )  # fmt: skip

    def clean(self) -> dict[str, Any]:  # wording: allowed - the name Django calls
        """Refuse two different answers to one question: nobody can know which was meant."""
        sent = self.data if isinstance(self.data, QueryDict) else QueryDict()
        for name in self.fields:
            if name.startswith("q-") and len(set(sent.getlist(name))) > 1:
                self.add_error(name, "Two answers came for this question: choose one.")
        return self.cleaned_data

    @property
    def answers(self) -> dict[str, int | Decimal | None]:
        """The answers by question, None where one was left out."""
        found: dict[str, int | Decimal | None] = {}
        for name, value in self.cleaned_data.items():
            if not name.startswith("q-"):
                continue
            given = None if value in {"", SKIP, None} else value
            found[name[2:]] = int(given) if isinstance(given, str) else given
        return found

    @property
    def named(self) -> dict[str, str]:
        """What the questions are about, as the person names it."""
        return {
            name.removeprefix("named-"): value
            for name, value in self.cleaned_data.items() if name.startswith("named-")
        }  # fmt: skip

    def raw(self, sent: QueryDict) -> Mapping[str, list[Any]]:
        """Every answer as it came, for what must be seen even when the form cannot be saved."""
        return {
            name[2:]: [_read(each) for each in sent.getlist(name)]
            for name in self.fields if name.startswith("q-")
        }  # fmt: skip

    def scales(self) -> dict[str, bool]:
        """By field, whether it is a row of numbers rather than a list of words."""
        return {
            f"q-{item.id}": bool(item.text) and len(item.choices) < item.most - item.least + 1
            for item in self.measure.items
        }  # fmt: skip


def _read(text: str) -> int | str | None:
    if text.strip() in {"", SKIP}:
        return None
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else text


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


class NotAskedForm(forms.Form):
    """Why a measure is left for now."""

    reason = one_of("Why", words_of("not_asked_reasons"))
    words = line("In other words")


class PutAsideForm(forms.Form):
    """What is not right about answers that were entered."""

    because = line("What is not right about these answers?", required=True)
