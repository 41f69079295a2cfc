"""Forms of what a person wishes or says themself: who may not look, what they agree to, a move."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import QuerySet

from unhurried.service.accounts.models import Organisation
from unhurried.service.patients.forms import DayField, NoteForm


class RestrictForm(forms.Form):
    """A member of staff who may not see the record from now on."""

    who = forms.TypedChoiceField(label="Who may not see the record", coerce=int)
    another_worker = forms.BooleanField(required=False)

    def __init__(
        self, *args: Any, staff: Iterable[tuple[int, str]], named: bool, own: bool, **more: Any
    ) -> None:
        super().__init__(*args, **more)
        offered = [(str(user), words) for user, words in staff]
        self.fields["who"].widget.choices = self.fields["who"].choices = [("", "Choose"), *offered]  # type: ignore[attr-defined]  # a choice field
        if named:
            self.fields["another_worker"].label = (
                "If this is my project worker: I know that I need another one then"
                if own
                else "If this is their project worker: the person knows that they need another "
                "one then"
            )
        else:
            del self.fields["another_worker"]


class MoveForm(forms.Form):
    """The practice a person is registered with now, and since when."""

    to = forms.ModelChoiceField(
        Organisation.objects.none(), label="The practice they are registered with now",
        to_field_name="uuid", empty_label="Choose",
    )  # fmt: skip
    on = DayField(label="Since which day")

    def __init__(self, *args: Any, practices: QuerySet[Organisation], **more: Any) -> None:
        super().__init__(*args, **more)
        chosen = self.fields["to"]
        if isinstance(chosen, forms.ModelChoiceField):
            chosen.queryset = practices


class CorrectionForm(NoteForm):
    """A correction of a note: it has the note's readers, so nobody is asked who may read it."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, restricted=False, **more)
        self.fields["text"].label = "The correction"
        del self.fields["visibility"]


class OwnYesForm(forms.Form):
    """The person's own yes, to the words they were shown; with a carer, until which day."""

    shown = forms.CharField(max_length=40, required=False, widget=forms.HiddenInput)
    ends = DayField(label="Until which day")

    def __init__(self, *args: Any, needs_end: bool, words_now: str, **more: Any) -> None:
        super().__init__(*args, **more)
        self.words_now = words_now
        if not needs_end:
            del self.fields["ends"]

    def clean_shown(self) -> str:
        """What is kept is what was read: our page always says which words it showed."""
        if self.cleaned_data["shown"] not in {"", self.words_now}:
            raise forms.ValidationError(
                "The words changed while this page was open. Please read them as they are now."
            )
        return self.words_now
