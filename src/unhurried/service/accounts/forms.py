"""What administrators type: people, roles, their days, organisations, agreements."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet

from unhurried.service.accounts.models import Organisation
from unhurried.service.accounts.policy import roles

DAY = "For example, 3/11/2026."
DAYS = ["%d/%m/%Y", "%Y-%m-%d", "%d %m %Y", "%d %B %Y", "%d %b %Y"]


class DayField(forms.DateField):
    """A day, as text: what was typed stays when it is no day."""

    def __init__(self, *, help_text: str = "", **more: Any) -> None:
        super().__init__(
            widget=forms.DateInput(format="%d/%m/%Y"), input_formats=DAYS,
            help_text=f"{help_text} {DAY}".strip(),
            error_messages={"invalid": f"Type a day. {DAY}"}, **more,
        )  # fmt: skip


class RoleForm(forms.Form):
    """Somebody, an organisation, a role, from when."""

    email = forms.EmailField(label="E-mail address", max_length=254)
    full_name = forms.CharField(
        label="Name", max_length=200, required=False,
        help_text="Only for somebody who has no account yet: they are invited by e-mail.",
    )  # fmt: skip
    organisation = forms.ModelChoiceField(
        Organisation.objects.none(), label="Organisation", to_field_name="uuid"
    )
    role = forms.ChoiceField(label="Role")
    starts = DayField(label="From")
    capacity = forms.IntegerField(
        label="Agreed number of people at a time", min_value=0, max_value=500, required=False,
        help_text="For a project worker.",
    )  # fmt: skip

    def __init__(self, *args: Any, organisations: QuerySet[Organisation], **more: Any) -> None:
        super().__init__(*args, **more)
        chosen = self.fields["organisation"]
        if isinstance(chosen, forms.ModelChoiceField):
            chosen.queryset = organisations
        self.fields["role"] = forms.ChoiceField(
            label="Role", choices=[("", ""), *((each.code, each.name) for each in roles().values())]
        )


class LastDayForm(forms.Form):
    """The first day on which something no longer holds."""

    on = DayField(label="Ends on", help_text="From this day on the role is no longer held.")


class OrganisationForm(forms.Form):
    """A new organisation."""

    kind = forms.ChoiceField(label="Kind", choices=[("", ""), *Organisation.Kind.choices])
    name = forms.CharField(label="Name", max_length=200)
    ods_code = forms.CharField(label="ODS code", max_length=12, required=False)
    service_name = forms.CharField(
        label="What letters call the service", max_length=120, required=False
    )
    address = forms.CharField(
        label="Address", widget=forms.Textarea, max_length=1000, required=False
    )
    phone = forms.CharField(label="Telephone", max_length=40, required=False)
    email = forms.EmailField(label="E-mail address", required=False)


class AgreementForm(forms.Form):
    """A provider runs the service for a practice from a day on."""

    practice = forms.ModelChoiceField(
        Organisation.objects.filter(kind="practice").order_by("name"), to_field_name="uuid"
    )
    provider = forms.ModelChoiceField(
        Organisation.objects.filter(kind="provider").order_by("name"), to_field_name="uuid"
    )
    starts = DayField(label="From")


class ReasonForm(forms.Form):
    """Why a record outside one's relationship must be opened."""

    nhs_number = forms.CharField(label="NHS number", max_length=20)
    reason = forms.CharField(
        label="Why do you need to open this record?", widget=forms.Textarea, max_length=2000
    )


class PurposeForm(forms.Form):
    """The kind of reason, chosen after the reason was typed."""

    PURPOSES = (
        ("urgent_care", "Urgent care of this person"),
        ("safeguarding", "To protect this person or someone else"),
        ("cover", "I am covering for a colleague"),
        ("asked", "The person asked me to"),
        ("put_right", "To put a mistake right"),
    )
    nhs_number = forms.CharField(max_length=20, widget=forms.HiddenInput)
    reason = forms.CharField(max_length=2000, widget=forms.HiddenInput)
    purpose = forms.ChoiceField(
        label="Which fits best?", choices=PURPOSES, widget=forms.RadioSelect
    )


class ReviewForm(forms.Form):
    """What the privacy officer found."""

    review = forms.CharField(label="What you found", widget=forms.Textarea, max_length=2000)
