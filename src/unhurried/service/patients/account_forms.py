"""Forms about the account of a person or a carer, and the page where a first code is typed."""

from __future__ import annotations

from typing import Any

from django import forms

from unhurried.service.patients.models import OwnAccount
from unhurried.service.patients.rules.accounts import nhs_login_is_set_up


class OpenAccountForm(forms.Form):
    """How one made sure who it is, and how they get in the first time."""

    sure = forms.ChoiceField(
        label="How did you make sure who they are?", widget=forms.RadioSelect,
        choices=OwnAccount.Sure.choices,
    )  # fmt: skip
    way = forms.ChoiceField(
        label="How do they get in the first time?", widget=forms.RadioSelect,
        choices=OwnAccount.Way.choices,
    )  # fmt: skip
    email = forms.CharField(
        label="Their e-mail address, for a link", max_length=254, required=False,
        help_text="One that they gave you, and that nobody else reads. They sign in with it.",
    )  # fmt: skip

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        if not nhs_login_is_set_up():
            offered = [each for each in OwnAccount.Sure.choices if each[0] != "nhs_login"]
            _choose(self, "sure", offered)


class CloseAccountForm(forms.Form):
    """Why an account is closed."""

    because = forms.ChoiceField(
        label="Why?", widget=forms.RadioSelect, choices=OwnAccount.Because.choices
    )


class FirstCodeForm(forms.Form):
    """The code on paper."""

    code = forms.CharField(label="Your code", max_length=60)


def _choose(form: forms.Form, name: str, choices: list[tuple[str, str]]) -> None:
    field = form.fields[name]
    if isinstance(field, forms.ChoiceField):
        field.choices = choices
