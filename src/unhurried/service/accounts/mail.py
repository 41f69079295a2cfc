"""E-mails about accounts: few, plain, through the outbox."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from allauth.account.forms import EmailAwarePasswordResetTokenGenerator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.urls import reverse

from unhurried.service.accounts.models import User
from unhurried.service.audit.actor import system_actor
from unhurried.service.audit.operations import write
from unhurried.service.outbox.operations import post

NOT_YOU = "If this was not you, tell your service manager or administrator today."
RESET = (
    "Someone asked for a new password for this address. To choose one, open this page within "
    "three days:\n\n{link}\n\nIf you did not ask, do nothing: your password stays as it is."
)
INVITED = (
    "You have been given an account at {service}.\n\nTo choose your password, open this page "
    "within three days:\n\n{link}\n\nAfter that you sign in with this e-mail address."
)
TEXTS: dict[str, tuple[str, str]] = {
    "account/email/password_reset_key": ("Choose a new password", RESET),
    "account/email/password_reset": (
        "Your password was changed", f"Your password was changed. {NOT_YOU}"),
    "account/email/password_changed": (
        "Your password was changed", f"Your password was changed. {NOT_YOU}"),
    "mfa/email/totp_activated": (
        "An authenticator app was added", f"An authenticator app was added. {NOT_YOU}"),
    "mfa/email/totp_deactivated": (
        "An authenticator app was removed", f"An authenticator app was removed. {NOT_YOU}"),
    "mfa/email/webauthn_added": ("A passkey was added", f"A passkey was added. {NOT_YOU}"),
    "mfa/email/webauthn_removed": ("A passkey was removed", f"A passkey was removed. {NOT_YOU}"),
    "openid/email/linked": (
        "An NHS sign-in was linked", f"An NHS sign-in was linked to your account. {NOT_YOU}"),
    "openid/email/unlinked": (
        "An NHS sign-in was taken away",
        f"The link to an NHS sign-in was taken away from your account. {NOT_YOU}"),
    "mfa/email/recovery_codes_generated": (
        "New recovery codes", f"New recovery codes were made; old ones stop working. {NOT_YOU}"),
}  # fmt: skip


def choosing_link(uid: str, key: str) -> str:
    """The address at which a password is chosen: of our own setting, never of the request."""
    path = reverse("account_reset_password_from_key", kwargs={"uidb36": uid, "key": key})
    return f"{settings.ADDRESS}{path}"


def link_for(user: User) -> str:
    """The address at which this person chooses their first password, for three days."""
    key = EmailAwarePasswordResetTokenGenerator().make_token(user)
    return choosing_link(user_pk_to_url_str(user), key)


def invite(user: User, service: str) -> None:
    """Leave the invitation with the outbox, inside the caller's `write`."""
    post(
        purpose="accounts.invitation", about=f"{user.pk}:{uuid.uuid4().hex}", channel="email",
        to=user.email, subject="Your account",
        body=INVITED.format(service=service or "Unhurried", link=link_for(user)),
    )  # fmt: skip


def leave(kind: str, email: str, context: Mapping[str, Any]) -> None:
    """Leave the e-mail of this kind with the outbox; kinds we do not send are dropped."""
    if kind not in TEXTS:
        return
    subject, text = TEXTS[kind]
    link = choosing_link(str(context["uid"]), str(context["key"])) if "key" in context else ""
    user: User = context["user"]
    with write("accounts.mail_left", by=system_actor("sign-in")) as doing:
        post(
            purpose=kind.replace("/email/", ".").replace("/", "."),
            about=f"{user.pk}:{uuid.uuid4().hex}", channel="email", to=email, subject=subject,
            body=text.format(link=link),
        )  # fmt: skip
        doing.about(user, note=subject)
