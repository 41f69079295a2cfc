"""Somebody lost their second step: an administrator takes it away, seen and told.

The password stays: whoever has only one of the two gets no further. At the next sign-in the
person sets up a new second step (`middleware.SET_UP`).
"""
# mypy: disable-error-code="misc"
# (allauth has no types, so its classes count as Any)

from __future__ import annotations

from collections import Counter

from allauth.mfa.models import Authenticator
from django.db.models import Q, QuerySet

from unhurried.service.accounts import rules
from unhurried.service.accounts.leaving import end_visits
from unhurried.service.accounts.models import Membership, Organisation, SecondStepCleared, User
from unhurried.service.accounts.operations import home_of
from unhurried.service.audit import clock
from unhurried.service.audit.actor import Actor
from unhurried.service.audit.operations import write
from unhurried.service.audit.refused import Refused
from unhurried.service.outbox.models import Message
from unhurried.service.outbox.operations import post
from unhurried.service.outbox.registry import check_before_sending

PURPOSE = "accounts.second_step_cleared"
LEAST_REASON = 15
LONGEST_REASON = 2_000
SUBJECT = "Your second step was taken away"
TEXT = (
    "{who} took the second step away from your account, because they were told that you had lost "
    "it. Every visit you had open has ended.\n\nThe next time you sign in with your password, you "
    "set up a new second step.\n\nIf you did not ask for this, somebody may be trying to use your "
    "account: choose a new password from the sign-in page now, and tell your service manager or "
    "privacy officer today."
)
NAMES = {
    Authenticator.Type.TOTP: ("authenticator app", "authenticator apps"),
    Authenticator.Type.WEBAUTHN: ("passkey", "passkeys"),
    Authenticator.Type.RECOVERY_CODES: ("set of recovery codes", "sets of recovery codes"),
}


def steps_of(user: User) -> list[str]:
    """What somebody has set up, in words: "1 authenticator app"; never a secret."""
    rows = Authenticator.objects.filter(user_id=user.pk).values_list("type", flat=True)
    counted = Counter(rows)
    return [
        f"{counted[kind]} {one if counted[kind] == 1 else many}"
        for kind, (one, many) in NAMES.items()
        if counted[kind]
    ]


def clear_second_steps(
    *, by: Actor, membership: Membership, reason: str, key: str = ""
) -> SecondStepCleared:
    """Take away every second step of whoever holds this role, and end all their visits.

    `reason` says how the administrator made sure who asked; the privacy officer reads it. The
    person is told by e-mail. Refused for oneself, and where roles elsewhere are not for `by`.
    """
    body = (membership.pk, reason)
    with write("accounts.second_step_cleared", by=by, key=key, body=body) as doing:
        if doing.replay_of:
            return SecondStepCleared.objects.get(pk=doing.replay_of)
        user = User.objects.select_for_update().get(pk=membership.user_id)
        check_may_clear(by, user, membership, reason, home_of(by))
        own = Authenticator.objects.filter(user_id=user.pk)
        steps = own.count()
        own.delete()
        made = SecondStepCleared.objects.create(
            user=user, organisation_id=membership.organisation_id, cleared_by_id=by.user_id,
            at=clock.now(), reason=reason.strip(), steps=steps, sessions=end_visits([user.pk]),
        )  # fmt: skip
        post(
            purpose=PURPOSE, about=str(made.pk), channel="email", to=user.email, subject=SUBJECT,
            body=TEXT.format(who=by.name),
        )  # fmt: skip
        note = f"{steps} second steps of user {user.pk}, {made.sessions} visits ended"
        doing.about(made, note=note)
    return made


def check_may_clear(
    by: Actor, user: User, membership: Membership, reason: str, home: Organisation | None
) -> None:
    """Refuse oneself, somebody with roles out of reach, too short a reason, and nothing to do."""
    if by.user_id == user.pk:
        raise Refused("Nobody takes their own second step away: ask another administrator.")
    rules.check_may_manage(by, membership.organisation, home)
    held = Membership.objects.on(clock.today()).filter(user=user).select_related("organisation")
    if not held.filter(pk=membership.pk).exists():
        raise Refused("This role has ended.")
    if any(not rules.may_manage(by, each.organisation, home) for each in held):
        raise Refused(
            "This person also has a role in an organisation that is not yours to manage. Ask the "
            "administrator of the host."
        )
    if len(" ".join(reason.split())) < LEAST_REASON:
        raise Refused(
            f"Type how you made sure that it is them: at least {LEAST_REASON} characters."
        )
    if len(reason) > LONGEST_REASON:
        raise Refused(f"Shorten it to {LONGEST_REASON} characters at most.")
    if not Authenticator.objects.filter(user_id=user.pk).exists():
        raise Refused("They have no second step: there is nothing to take away.")


def cleared_steps(actor: Actor) -> QuerySet[SecondStepCleared]:
    """Those in the privacy officer's organisation, and of its people elsewhere; newest first."""
    people = Membership.objects.filter(organisation_id=actor.organisation_id or 0)
    found = SecondStepCleared.objects.filter(
        Q(organisation_id=actor.organisation_id or 0) | Q(user__in=people.values("user_id"))
    )
    return found.select_related("user", "cleared_by", "organisation").order_by("-at", "-pk")


@check_before_sending(PURPOSE, "Second step taken away")
def check_still_theirs(message: Message) -> str:
    """Only to the address the account has now, while it is open."""
    row = SecondStepCleared.objects.filter(pk=message.about).select_related("user").first()
    if row is None or not row.user.is_active:
        return "The account is closed, so this was not sent."
    if row.user.email != message.to:
        return "The account has another e-mail address now, so this was not sent to the old one."
    return ""
