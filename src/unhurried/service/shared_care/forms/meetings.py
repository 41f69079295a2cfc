"""Forms of review meetings: what is typed is read here; the rules come after."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms

from unhurried.service.accounts.models import Organisation
from unhurried.service.patients.forms import ClockField, DayField
from unhurried.service.shared_care.meeting_tables import number, reasons
from unhurried.service.shared_care.models.meetings import ProposedTime, TimeAnswer
from unhurried.service.shared_care.rules.meetings import Slot

ROWS = (1, 2, 3, 4)  # times that can be proposed at once; more can be added later
ANYWAY = "This time is right all the same"


class LengthField(forms.IntegerField):
    """A length in minutes."""

    def __init__(self, **more: Any) -> None:
        words = "Give a number of minutes, from 5 to 480."
        super().__init__(
            min_value=5, max_value=480, widget=forms.TextInput, initial=number("length"),
            error_messages={"invalid": words, "min_value": words, "max_value": words}, **more,
        )  # fmt: skip


class BeginForm(forms.Form):
    """Which practices take part, and of which service."""

    provider = forms.ChoiceField(label="Service")
    practices = forms.MultipleChoiceField(
        widget=forms.CheckboxSelectMultiple, label="Practices that take part"
    )

    def __init__(
        self, *args: Any, circles: Sequence[tuple[Organisation, Sequence[Organisation]]],
        **more: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **more)
        self.circles = {str(each.uuid): (each, list(served)) for each, served in circles}
        practices = {str(one.uuid): one for _, served in self.circles.values() for one in served}
        self.fields["practices"] = forms.MultipleChoiceField(
            choices=[(key, one.name) for key, one in practices.items()],
            widget=forms.CheckboxSelectMultiple, label="Practices that take part",
            initial=list(practices) if len(practices) == 1 else [],
        )  # fmt: skip
        if len(self.circles) > 1:
            choices = [(key, one.name) for key, (one, _) in self.circles.items()]
            self.fields["provider"] = forms.ChoiceField(choices=choices, label="Service")
        else:
            del self.fields["provider"]

    @property
    def chosen(self) -> tuple[Organisation, list[Organisation]]:
        """The service and its practices; the form is valid. Practices of another are left out,
        which the rule then says."""
        key = self.cleaned_data.get("provider") or next(iter(self.circles))
        provider, _ = self.circles[key]
        practices = {str(one.uuid): one for _, served in self.circles.values() for one in served}
        return provider, [practices[each] for each in self.cleaned_data["practices"]]


class PeopleForm(forms.Form):
    """Who is invited."""

    members = forms.MultipleChoiceField(
        widget=forms.CheckboxSelectMultiple, label="Who is invited", required=False
    )

    def __init__(self, *args: Any, people: Iterable[tuple[str, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        field = self.fields["members"]
        assert isinstance(field, forms.MultipleChoiceField)  # noqa: S101 - declared above
        field.choices = list(people)


class TimeForm(forms.Form):
    """One time of a meeting, set or moved."""

    day = DayField(label="Day")
    at = ClockField(label="Time")
    minutes = LengthField(label="How long, in minutes")
    where = forms.CharField(max_length=200, required=False, label="Where")
    anyway = forms.BooleanField(required=False, label=ANYWAY)

    @property
    def slot(self) -> Slot:
        """The time; the form is valid."""
        return Slot(self.cleaned_data["day"], self.cleaned_data["at"])


class TimesForm(forms.Form):
    """A few times to choose from."""

    minutes = LengthField(label="How long, in minutes")
    where = forms.CharField(max_length=200, required=False, label="Where")
    anyway = forms.BooleanField(required=False, label="These times are right all the same")

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        for n in ROWS:
            self.fields[f"day_{n}"] = DayField(required=False, label="Day")
            self.fields[f"at_{n}"] = ClockField(required=False, label="Time")

    @property
    def rows(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """The fields of each time."""
        return [(self[f"day_{n}"], self[f"at_{n}"]) for n in ROWS]

    def clean(self) -> dict[str, Any]:  # wording: allowed, Django's name
        """A day needs its time, and a time its day."""
        given = super().clean() or self.cleaned_data  # wording: allowed
        found = []
        for n in ROWS:
            day, at = given.get(f"day_{n}"), given.get(f"at_{n}")
            if day and at:
                found.append(Slot(day, at))
            elif day and f"at_{n}" not in self.errors:
                self.add_error(f"at_{n}", "Give the time, too.")
            elif at and f"day_{n}" not in self.errors:
                self.add_error(f"day_{n}", "Give the day, too.")
        if not found and not self.errors:
            self.add_error("day_1", "Give at least one day and time.")
        given["slots"] = tuple(found)
        return given


class SuitsForm(forms.Form):
    """Each proposed time: yes, if need be, or no."""

    def __init__(self, *args: Any, times: Sequence[ProposedTime], **more: Any) -> None:
        super().__init__(*args, **more)
        self.times = list(times)
        for each in self.times:
            self.fields[f"time_{each.pk}"] = forms.ChoiceField(
                choices=TimeAnswer.Suits.choices, widget=forms.RadioSelect, required=False
            )

    @property
    def rows(self) -> list[tuple[ProposedTime, forms.BoundField]]:
        """Each time with its field."""
        return [(each, self[f"time_{each.pk}"]) for each in self.times]

    @property
    def answers(self) -> dict[int, str]:
        """What was answered; the form is valid."""
        given = {each.pk: self.cleaned_data[f"time_{each.pk}"] for each in self.times}
        return {pk: suits for pk, suits in given.items() if suits}


class WritingForm(forms.Form):
    """The last day for writing."""

    until = DayField(label="Last day to write")


class HeldForm(forms.Form):
    """Who took part."""

    took_part = forms.MultipleChoiceField(
        required=False, widget=forms.CheckboxSelectMultiple, label="Who took part"
    )
    also_there = forms.CharField(
        max_length=300, required=False, label="Who else took part, with their role"
    )

    def __init__(self, *args: Any, people: Iterable[tuple[str, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        field = self.fields["took_part"]
        assert isinstance(field, forms.MultipleChoiceField)  # noqa: S101 - declared above
        field.choices = list(people)


class NotHeldForm(forms.Form):
    """What kept the meeting from taking place."""

    reason = forms.ChoiceField(
        choices=lambda: list(reasons().items()), widget=forms.RadioSelect,
        label="What kept it from taking place?",
    )  # fmt: skip
    because = forms.CharField(max_length=300, required=False, label="More about it")
