"""Accounts of patients and carers: made, shut, and opened again with nothing of before.

Who may have one, and how they get in the first time, is decided where people are known
(`patients.operations.accounts`); here is what it means for signing in.
"""
# mypy: disable-error-code="misc"
# (allauth has no types, so its classes count as Any)

from __future__ import annotations

import secrets

from allauth.mfa.models import Authenticator

from unhurried.service.accounts.models import Membership, OpenIdLink, Organisation, User
from unhurried.service.audit import clock
from unhurried.service.audit.actor import Actor
from unhurried.service.audit.operations import write

# Whoever gave no e-mail address signs in with a name that looks like one: no mail can go there.
NO_MAILBOX = "@own.invalid"
LETTERS = "2346789cdfghjkmnpqrtvwxyz"  # none that look alike


def sign_in_name() -> str:
    """A new name to sign in with, for somebody without a safe e-mail address."""
    while True:
        made = "".join(secrets.choice(LETTERS) for _ in range(8)) + NO_MAILBOX
        if not User.objects.filter(email=made).exists():
            return made


def user_at(address: str) -> User | None:
    """Whose account this address is, whatever its capitals."""
    return User.objects.filter(email__iexact=address).first()


def is_carers_only(user: User) -> bool:
    """Is this the account of somebody who is a carer here, and never was anything else?"""
    held = set(Membership.objects.filter(user=user).values_list("role", flat=True))
    return held == {"carer"}


def has_begun(user: User) -> bool:
    """Can they sign in by themselves: with a password they chose, or an NHS sign-in?"""
    return user.has_usable_password() or OpenIdLink.objects.filter(user=user).exists()


def make(*, by: Actor, email: str, full_name: str, role: str, organisation: Organisation) -> User:
    """A new account without a password, in the role of a patient or carer from today on."""
    with write("accounts.own_account_made", by=by) as doing:
        user = User(email=email, full_name=full_name)
        user.set_password(None)
        user.save()
        _hold(user, role, organisation)
        doing.about(user, note=f"{role} at organisation {organisation.pk}")
    return user


def open_again(*, by: Actor, user: User, email: str, role: str, organisation: Organisation) -> User:
    """The account as if new: at this address, without a password."""
    with write("accounts.own_account_opened_again", by=by) as doing:
        user.email, user.is_active = email, True
        user.save(update_fields=["email", "is_active"])
        _hold(user, role, organisation)
        doing.about(user, note=f"{role} at organisation {organisation.pk}")
    return user


def shut(*, by: Actor, user: User) -> None:
    """Nobody signs in with it any more; every visit ends with its next request."""
    with write("accounts.own_account_shut", by=by) as doing:
        forget_ways_in(user)
        user.is_active = False
        user.save(update_fields=["is_active"])
        today = clock.today()
        Membership.objects.on(today).filter(user=user).update(ends=today)
        doing.about(user)


def forget_ways_in(user: User) -> None:
    """Take away the password, second steps and NHS sign-ins; inside the caller's write.

    Visits begun with the old password end with their next request, and links and passkeys stop
    working: a telephone that was found, or taken, opens nothing.
    """
    user.set_unusable_password()
    user.save(update_fields=["password"])
    Authenticator.objects.filter(user_id=user.pk).delete()
    OpenIdLink.objects.filter(user=user).delete()


def _hold(user: User, role: str, organisation: Organisation) -> None:
    """The role from today on, unless it is held already."""
    today = clock.today()
    if not Membership.objects.on(today).filter(user=user, role=role).exists():
        Membership.objects.create(user=user, organisation=organisation, role=role, starts=today)
