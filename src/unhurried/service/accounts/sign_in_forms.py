"""The form of the second factor: a code of the app, used once, or a recovery code."""
# mypy: disable-error-code="misc"

from __future__ import annotations

from typing import Any

from allauth.core import context
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.internal.flows import check_rate_limit, post_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from allauth.mfa.utils import decrypt
from django import forms
from django.db import transaction
from django.utils.crypto import constant_time_compare

from unhurried.service.accounts.models import User


class SecondFactorForm(forms.Form):
    """Six digits from the app, or one of the recovery codes."""

    code = forms.CharField(
        label="Code from your authenticator app, or a recovery code", max_length=40
    )
    again = False
    authenticator: Authenticator

    def __init__(self, *args: Any, user: User, **more: Any) -> None:
        self.user = user
        super().__init__(*args, **more)

    def clean_code(self) -> str:
        """Check the code within the limit; every code works once."""
        forget_tries = check_rate_limit(self.user)
        code = "".join(str(self.cleaned_data["code"]).split()).replace("-", "")
        found = used_totp(self.user, code) or _used_recovery_code(self.user, code)
        if found is None:
            raise get_adapter().validation_error("incorrect_code")
        forget_tries()
        found.user = self.user
        self.authenticator = found
        return code

    def save(self) -> None:
        """Note in the session that the second factor was given."""
        post_authentication(context.request, self.authenticator, reauthenticated=self.again)


class SecondFactorAgainForm(SecondFactorForm):
    """The same, asked again before a change to the account."""

    again = True


@transaction.atomic
def used_totp(user: User, code: str) -> Authenticator | None:
    """The app's entry if `code` is right now and later than the last one used; it is then used.

    A code fits for a minute and a half, so allauth's note of used codes (half a minute) is too
    short: the step of the last code is kept instead, and nothing at or before it fits again.
    """
    rows = Authenticator.objects.select_for_update()
    found = rows.filter(user_id=user.pk, type=Authenticator.Type.TOTP).first()
    if found is None:
        return None
    secret = decrypt(found.data["secret"])
    last = int(found.data.get("last_step", 0))
    for step in yield_hotp_counters_from_time():
        right = format_hotp_value(hotp_value(secret, step))
        if step > last and constant_time_compare(code, right):
            found.data["last_step"] = step
            found.save(update_fields=["data"])
            return found
    return None


def _used_recovery_code(user: User, code: str) -> Authenticator | None:
    rows = Authenticator.objects.filter(user_id=user.pk, type=Authenticator.Type.RECOVERY_CODES)
    found = rows.first()
    return found if found is not None and found.wrap().validate_code(code) else None
