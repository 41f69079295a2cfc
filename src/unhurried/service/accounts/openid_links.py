"""Linking one's own account to an NHS sign-in, and taking the link away again.

NHS Care Identity is for accounts of work, NHS login for those of patients and carers; nobody links
another kind, or somebody else.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction

from unhurried.service.accounts import mail, operations, rules
from unhurried.service.accounts.models import OpenIdLink, User
from unhurried.service.accounts.openid import FOR_PATIENTS, Person
from unhurried.service.audit.actor import Actor
from unhurried.service.audit.operations import write
from unhurried.service.audit.refused import Refused

NAMES = {"cis2": "NHS Care Identity", "nhs-login": "NHS login"}


@dataclass(frozen=True, slots=True)
class OwnLink:
    """A link of one's own account, as its page shows it."""

    number: int
    name: str
    linked_at: datetime


def name_of(provider: str) -> str:
    """What people call an identity service."""
    return NAMES.get(provider, provider)


def fits(user: User, provider: str) -> bool:
    """Is this the kind of identity for the account: of work, or of a patient or carer?"""
    return (provider in FOR_PATIENTS) != rules.is_for_work(user)


def providers_open_to(user: User) -> list[tuple[str, str]]:
    """The identity services that are set up, fit the account and are not linked yet."""
    linked = set(OpenIdLink.objects.filter(user=user).values_list("issuer", flat=True))
    return [
        (provider, name_of(provider))
        for provider, found in settings.OPENID.items()
        if found and fits(user, provider) and found["issuer"] not in linked
    ]


def links_of(user: User) -> list[OwnLink]:
    """One's own links, also to a service that is no longer set up."""
    called = {found["issuer"]: name_of(key) for key, found in settings.OPENID.items() if found}
    rows = OpenIdLink.objects.filter(user=user).order_by("linked_at", "pk")
    return [
        OwnLink(each.pk, called.get(each.issuer, "An NHS sign-in"), each.linked_at) for each in rows
    ]


def link_own(*, by: Actor, user: User, provider: str, person: Person) -> OpenIdLink:
    """Link one's own account to who the identity service says one is, and tell by e-mail.

    Raises Refused for another kind of identity, somebody else's account, and an identity that is
    linked to another account already.
    """
    with transaction.atomic():
        if by.user_id != user.pk:
            raise Refused("Everybody links their own account only.")
        if not fits(user, provider):
            raise Refused(f"{name_of(provider)} is not for this kind of account.")
        rules.check_whose_sign_in(user, patient=person.patient)
        taken = OpenIdLink.objects.filter(issuer=person.issuer, subject=person.subject).first()
        if taken is not None and taken.user_id != user.pk:
            raise Refused("This NHS sign-in is linked to another account here already.")
        if taken is not None:
            return taken
        made = operations.link_openid(
            by=by, user=user, issuer=person.issuer, subject=person.subject
        )
        mail.leave("openid/email/linked", user.email, {"user": user})
    return made


def unlink_own(*, by: Actor, number: int, key: str = "") -> None:
    """Take one of one's own links away, and tell by e-mail; the password goes on working."""
    with write("accounts.openid_unlinked", by=by, key=key, body=number) as doing:
        if doing.replay_of:
            return
        found = OpenIdLink.objects.select_for_update().filter(pk=number).first()
        if found is None or found.user_id != by.user_id:
            raise Refused("There is no such link of your account.")
        user = User.objects.get(pk=found.user_id)
        doing.about(found, note=f"user {user.pk}")
        found.delete()
        mail.leave("openid/email/unlinked", user.email, {"user": user})
