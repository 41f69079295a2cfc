"""Forms of record summaries: what is typed is read here; the rules come after."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms

from unhurried.service.shared_care.rules.summaries import LONGEST_REASON, Line
from unhurried.service.shared_care.summary_tables import codes, fields


class SummaryForm(forms.Form):
    """Each line with whether it goes; the codes there are for such a thing."""

    codes = forms.MultipleChoiceField(
        required=False, widget=forms.CheckboxSelectMultiple, label="Coded entries",
        help_text="Tick what happened in this meeting, and nothing else. No diagnosis is sent.",
    )  # fmt: skip
    heard = forms.BooleanField(
        required=False, label="I went through these words with the person, and they may go"
    )

    def __init__(self, *args: Any, kind: str, **more: Any) -> None:
        super().__init__(*args, **more)
        offered = [(each.code, each.term) for each in codes(kind).values()]
        choice = self.fields["codes"]
        assert isinstance(choice, forms.MultipleChoiceField)  # noqa: S101 - declared above
        choice.choices = offered
        if not offered:
            del self.fields["codes"]
        for field in fields().values():
            if field.typed:
                self.fields[f"text_{field.code}"] = forms.CharField(
                    required=False, max_length=field.most, widget=forms.Textarea,
                    label=field.label,
                    help_text=f"{field.hint}. At most {field.most} characters.",
                    error_messages={
                        "max_length": f"“{field.label}” is too long: shorten it to {field.most} "
                        "characters at most."
                    },
                )  # fmt: skip
            self.fields[f"goes_{field.code}"] = forms.BooleanField(
                required=False, label=f"Send “{field.label}”"
            )

    @property
    def lines(self) -> dict[str, Line]:
        """What was filled in; the form is valid."""
        given = self.cleaned_data
        return {
            code: Line(
                str(given.get(f"text_{code}") or "").replace("\r\n", "\n"), given[f"goes_{code}"]
            )
            for code in fields()
        }

    @staticmethod
    def filled(lines: Mapping[str, Line], chosen: list[str], *, heard: bool) -> dict[str, Any]:
        """The same lines as a form is first filled in with."""
        found: dict[str, Any] = {"codes": chosen, "heard": heard}
        for code, line in lines.items():
            found |= {f"text_{code}": line.text, f"goes_{code}": line.goes}
        return found


class BecauseForm(forms.Form):
    """Why."""

    because = forms.CharField(max_length=LONGEST_REASON, label="Why")
