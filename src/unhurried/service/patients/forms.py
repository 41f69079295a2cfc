"""Forms about a person: what is typed is read and checked here; rules come after."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import time
from typing import Any

from django import forms

from unhurried.service.patients.models import Consent, Note
from unhurried.service.patients.tables import safety_kinds, wording_now
from unhurried.service.patients.times_typed import HINT, Unclear, read_time

DAYS = ["%d/%m/%Y", "%d %m %Y", "%d.%m.%Y", "%d-%m-%Y", "%Y-%m-%d", "%d %B %Y", "%d %b %Y"]
YES_NO = [("yes", "Yes"), ("no", "No")]


class DayField(forms.DateField):
    """A date typed day first; shown again as 17/05/1960."""

    def __init__(self, **more: Any) -> None:
        super().__init__(
            input_formats=DAYS, widget=forms.DateInput(format="%d/%m/%Y"),
            error_messages={"invalid": "Give the day, month and year, for example 17/5/1960."},
            **more,
        )  # fmt: skip


class ClockField(forms.TimeField):
    """A time of day as people type it; what is not certain is asked again, never guessed."""

    def __init__(self, **more: Any) -> None:
        super().__init__(
            widget=forms.TimeInput(format="%H:%M"), help_text=more.pop("help_text", HINT), **more
        )

    def to_python(self, value: Any) -> time | None:
        """The time; a ValidationError asks again in a sentence."""
        if not isinstance(value, str):
            return super().to_python(value)
        if not value.strip():
            return None
        try:
            return read_time(value)
        except Unclear as unclear:
            raise forms.ValidationError(str(unclear), code="invalid") from unclear


class IdentityForm(forms.Form):
    """Who the person is and where they live."""

    title = forms.CharField(max_length=20, required=False)
    given_name = forms.CharField(max_length=100, required=False)
    family_name = forms.CharField(max_length=100, required=False)
    known_as = forms.CharField(max_length=100, required=False)
    date_of_birth = DayField(label="Date of birth")
    nhs_number = forms.CharField(max_length=20, required=False, label="NHS number")
    sex = forms.CharField(max_length=12, required=False)
    address = forms.CharField(max_length=1000, required=False, widget=forms.Textarea)
    postcode = forms.CharField(max_length=10, required=False)
    phone = forms.CharField(max_length=30, required=False, label="Telephone")
    email = forms.CharField(max_length=254, required=False, label="E-mail address")
    date_of_death = DayField(
        required=False, label="Date of death",
        help_text="Only when the person has died. Everything that would be sent to them stops.",
    )  # fmt: skip


class ContactForm(forms.Form):
    """How the person wants to be reached. The reason is for those who may read it."""

    do_not_contact = forms.BooleanField(required=False, label="Do not contact this person at all")
    do_not_post = forms.BooleanField(required=False, label="Send nothing to the person's home")
    no_voicemail = forms.BooleanField(required=False, label="Leave no message on the telephone")
    reason = forms.CharField(
        max_length=1000, required=False, widget=forms.Textarea, label="Why",
        help_text="Read only by the project worker and the person.",
    )  # fmt: skip
    by_letter = forms.BooleanField(required=False, label="Letters are fine")
    by_email = forms.BooleanField(required=False, label="E-mail is fine")
    by_sms = forms.BooleanField(required=False, label="Text messages are fine")
    by_phone = forms.BooleanField(required=False, label="Telephone calls are fine")
    large_print = forms.BooleanField(required=False, label="Letters in large print")
    language = forms.CharField(max_length=60, required=False, label="Language, if not English")
    interpreter = forms.BooleanField(required=False, label="An interpreter is needed")

    def __init__(self, *args: Any, with_reason: bool, **more: Any) -> None:
        super().__init__(*args, **more)
        if not with_reason:
            del self.fields["reason"]


class CarerForm(forms.Form):
    """Someone who supports the person."""

    name = forms.CharField(max_length=200)
    relationship = forms.CharField(max_length=60, label="Who they are to the person")
    phone = forms.CharField(max_length=30, required=False, label="Telephone")


WORDS_CHANGED = (
    "The words changed while this page was open. Read them as they are now to the person, and ask "
    "again."
)


class ConsentForm(forms.Form):
    """The answer to one question of consent, in the words that were shown (a wording's key)."""

    shown = forms.CharField(max_length=40, required=False, widget=forms.HiddenInput)

    given = forms.ChoiceField(choices=YES_NO, widget=forms.RadioSelect, label="The answer")
    how = forms.ChoiceField(
        choices=Consent.How.choices, widget=forms.RadioSelect, label="How it was given"
    )
    party = forms.ChoiceField(required=False, label="With whom, and what")
    study = forms.CharField(max_length=60, required=False, label="Which study")
    ends = DayField(required=False, label="Until which day", help_text="Needed for a carer.")

    def __init__(
        self, *args: Any, kind: str, parties: Iterable[tuple[str, str]] = (), **more: Any
    ) -> None:
        super().__init__(*args, **more)
        self.words_now = wording_now(kind).key
        if kind == Consent.Kind.SHARING:
            self.fields["party"] = forms.ChoiceField(
                choices=[("", "Choose"), *parties], label="With whom, and what"
            )
        else:
            del self.fields["party"], self.fields["ends"]
        if kind == Consent.Kind.STUDY:
            self.fields["study"].required = True
        else:
            del self.fields["study"]

    def clean_shown(self) -> str:
        """The wording shown is the one of today: what is kept is what was read."""
        shown: str = self.cleaned_data["shown"]
        if shown != self.words_now:
            raise forms.ValidationError(WORDS_CHANGED)
        return shown


class NoteForm(forms.Form):
    """A note, who may read it, and the risks it speaks of."""

    text = forms.CharField(widget=forms.Textarea, strip=False, label="The note")
    visibility = forms.ChoiceField(widget=forms.RadioSelect, label="Who may read it")
    risks = forms.MultipleChoiceField(
        required=False, widget=forms.CheckboxSelectMultiple,
        label="Does it speak of any of these?",
    )  # fmt: skip
    alert = forms.BooleanField(
        required=False,
        label="Raise the alert now: the practice and the project worker are told the risk and "
        "what to do, never the words of the note",
    )

    def __init__(self, *args: Any, restricted: bool, **more: Any) -> None:
        super().__init__(*args, **more)
        offered = [
            (value, label) for value, label in Note.Visibility.choices
            if restricted or value != Note.Visibility.RESTRICTED
        ]  # fmt: skip
        _choose(self, "visibility", offered)
        _choose(self, "risks", [(kind.code, kind.name) for kind in safety_kinds().values()])


class AlertForm(forms.Form):
    """The risk to tell of."""

    kind = forms.ChoiceField(widget=forms.RadioSelect, label="What is the risk?")

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        _choose(self, "kind", [(kind.code, kind.name) for kind in safety_kinds().values()])


class ActionForm(forms.Form):
    """What was done about an alert."""

    action_taken = forms.CharField(
        max_length=2000, widget=forms.Textarea, label="What you did, or will do and when"
    )
    close = forms.BooleanField(required=False, label="The needed act is done: close the alert")


class ReasonForm(forms.Form):
    """Why, in a few words."""

    reason = forms.CharField(max_length=200, label="Reason")


class WorkerForm(forms.Form):
    """Another project worker."""

    worker = forms.ChoiceField(label="New project worker")
    reason = forms.CharField(max_length=200, label="Reason")
    over_reason = forms.CharField(
        max_length=200, required=False, label="If they have no room: why it is right all the same",
        help_text="The service manager reads the reason.",
    )  # fmt: skip

    def __init__(self, *args: Any, workers: Iterable[tuple[str, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        _choose(self, "worker", [("", "Choose"), *workers])


class CoverForm(forms.Form):
    """Who looks after a worker's people while they are away."""

    worker = forms.ChoiceField(label="Who is away")
    covering = forms.ChoiceField(label="Who covers")
    starts = DayField(label="First day away")
    ends = DayField(label="First day back")

    def __init__(self, *args: Any, workers: Iterable[tuple[str, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        offered = [("", "Choose"), *workers]
        _choose(self, "worker", offered)
        _choose(self, "covering", offered)


class EndCoverForm(forms.Form):
    """The worker is back sooner than planned."""

    back = DayField(label="First day back", help_text="Today, or a later day.")


def _choose(form: forms.Form, name: str, choices: list[tuple[str, str]]) -> None:
    field = form.fields[name]
    if isinstance(field, forms.ChoiceField):
        field.choices = choices
