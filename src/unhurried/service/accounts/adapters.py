"""How allauth behaves here: no sign-up, our sentences, our mail, second factors for staff.

allauth keeps the passwords, codes and passkeys; who may do what is `policy.py`'s.
"""
# mypy: disable-error-code="misc"
# (allauth has no types, so its classes count as Any)

from __future__ import annotations

import base64
import hashlib
import time
from typing import Any, ClassVar
from urllib.parse import urlencode

import segno
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from unhurried.service.accounts import mail, queries
from unhurried.service.accounts.models import User
from unhurried.service.accounts.sessions import (
    SIGNED_IN_AT,
    begin,
    second_factor_of,
)

WAIT = "Too many tries that did not fit. Wait five minutes, then try again."


def client_address(request: HttpRequest) -> str:
    """Where a request came from, past the proxies that are ours; "" when nobody can say."""
    try:
        return str(AccountAdapter(request).get_client_ip(request))
    except PermissionDenied:
        return ""


class AccountAdapter(DefaultAccountAdapter):
    """Passwords and signing in."""

    error_messages: ClassVar = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": "The e-mail address and password do not fit together.",
        "incorrect_password": "That is not your password.",
        "too_many_login_attempts": WAIT,
        "rate_limited": WAIT,
        "incorrect_code": "That code does not fit. Codes change every half minute.",
        "invalid_password_reset": "This link no longer works. Ask for a new one.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 - allauth's
        """Accounts are made by an administrator, never here."""
        return False

    def login(self, request: HttpRequest, user: User) -> None:
        """Sign in, in a new session that knows when it began and how sure we are."""
        found = second_factor_of(get_authentication_records(request, user))
        super().login(request, user)
        begin(request, second_factor=found)

    def post_login(self, request: HttpRequest, user: User, **more: Any) -> HttpResponse:
        """Where to go: on with what was asked for, by way of the choice between several roles."""
        response: HttpResponse = super().post_login(request, user, **more)
        if len(queries.roles_held(user)) > 1 and isinstance(response, HttpResponseRedirect):
            onward = urlencode({"next": response.url})
            return HttpResponseRedirect(f"{reverse('accounts:choose_role')}?{onward}")
        return response

    def get_login_stages(self) -> list[str]:
        """Only one step stands between the password and the service: the second factor."""
        return ["unhurried.service.accounts.stages.SecondFactorStage"]

    def is_reauthentication_required(self, **_more: Any) -> bool:
        """Ask again before changing second factors, unless signed in within ten minutes."""
        began = self.request.session.get(SIGNED_IN_AT, 0) if self.request else 0
        return bool(time.time() - began > settings.ACCOUNT_REAUTHENTICATION_TIMEOUT)

    def reauthenticate(self, user: User, password: str) -> bool:
        """Is this the password of `user`? Counted against the limit like any other try."""
        found = self.authenticate(self.request, email=user.email, password=password)
        return found is not None and found.pk == user.pk

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Leave our own words with the outbox."""
        mail.leave(template_prefix, email, context)

    def send_notification_mail(
        self, template_prefix: str, user: User, *_more: Any, email: str | None = None
    ) -> None:
        """Tell the person that something about their way in changed."""
        self.send_mail(template_prefix, email or user.email, {"user": user})

    def add_message(self, request: HttpRequest, level: int, *args: Any, **more: Any) -> None:
        """Pages say themselves what happened; only sentences of ours are passed on."""
        if more.get("message"):
            super().add_message(request, level, *args, **more)

    def _get_login_attempts_cache_key(self, _request: HttpRequest, **credentials: Any) -> str:
        """Count by e-mail address alone, whatever host name the service was reached by."""
        return str(credentials.get("email", "")).strip().lower()


class SecondFactorAdapter(DefaultMFAAdapter):
    """Codes and passkeys: secrets are kept encrypted, QR codes are drawn without styles."""

    error_messages: ClassVar = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": "That code does not fit. Codes change every half minute.",
        "cannot_delete_authenticator": (
            "This is your only second step, and your role needs one. Add another first."
        ),
    }

    def build_totp_svg(self, url: str) -> str:
        """The QR code as an inline picture."""
        return str(
            segno.make(url, micro=False).svg_inline(
                scale=5, border=4, light="#fff", svgclass="u-qr", lineclass=None,
                title="QR code for your authenticator app",
            )
        )  # fmt: skip

    def encrypt(self, text: str) -> str:
        """Encrypt with a key made from the service's secret key."""
        return _box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Undo `encrypt`."""
        return _box().decrypt(encrypted_text.encode()).decode()

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Not the last one of somebody whose role needs two."""
        others = (
            Authenticator.objects.filter(user=authenticator.user)
            .exclude(pk=authenticator.pk)
            .exclude(type=Authenticator.Type.RECOVERY_CODES)
        )
        return others.exists() or not queries.needs_second_factor(authenticator.user)

    def _get_site_name(self) -> str:
        return "Unhurried"


def _box() -> Fernet:
    key = hashlib.sha256(b"unhurried second factors" + settings.SECRET_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))
