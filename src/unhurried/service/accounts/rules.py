"""May this be done now, to people, roles and agreements? Each check raises a sentence."""

from __future__ import annotations

from datetime import date

from unhurried.service.accounts.models import Agreement, Membership, Organisation, RoleRequest, User
from unhurried.service.accounts.policy import roles
from unhurried.service.audit.actor import Actor
from unhurried.service.audit.refused import Refused

# Roles that see much, or decide who sees: two people agree before anybody holds one.
NEED_TWO_PEOPLE = frozenset({"privacy_officer", "system_administrator", "evaluator"})
LEAST_REASON = 15  # characters of a typed reason for opening a record


def may_manage(by: Actor, organisation: Organisation | None, home: Organisation | None) -> bool:
    """Is it for `by`, whose own organisation is `home`, to manage this organisation's people?

    An administrator at the host looks after every organisation, others after their own; so does
    the host's own command line.
    """
    if by.user_id is None:
        return True
    if by.role != "system_administrator" or home is None:
        return False
    return home.kind == Organisation.Kind.HOST or (
        organisation is not None and organisation.pk == home.pk
    )


def check_may_manage(by: Actor, organisation: Organisation, home: Organisation | None) -> None:
    """Raise Refused unless `by` looks after this organisation's people."""
    if not may_manage(by, organisation, home):
        raise Refused("Only an administrator of this organisation, or of the host, can do this.")


def check_may_grant(
    by: Actor, user: User, organisation: Organisation, role: str, starts: date, today: date
) -> None:
    """Raise Refused when this role cannot be given to this person here, from this day."""
    known = roles().get(role)
    if known is None:
        raise Refused("Choose one of the roles.")
    if by.user_id is not None and by.user_id == user.pk:
        raise Refused("Nobody gives themselves a role: ask another administrator.")
    if known.organisation_kind and known.organisation_kind != organisation.kind:
        kind = Organisation.Kind(known.organisation_kind).label
        raise Refused(f"The role {known.name} is held at a {kind}, not at {organisation.name}.")
    if not user.is_active:
        raise Refused("This account is closed.")
    if by.user_id is not None and starts < today:
        raise Refused("A role begins today or later.")
    held = Membership.objects.filter(user=user, organisation=organisation, role=role)
    if any(each.ends is None or each.ends > starts for each in held):
        raise Refused(f"{user.full_name} holds this role here already.")


def check_may_decide(by: Actor, request: RoleRequest) -> None:
    """Raise Refused unless a second person, neither who asked nor who would hold it, decides."""
    if request.decision != RoleRequest.Decision.WAITING:
        raise Refused("Somebody has decided this already.")
    if by.user_id in {request.asked_by_id, request.user_id}:
        raise Refused("A second person decides: neither who asked nor who would hold the role.")


def check_may_end_role(by: Actor, membership: Membership, on: date, today: date) -> None:
    """Raise Refused when this role cannot end on that day."""
    if by.user_id is not None and by.user_id == membership.user_id:
        raise Refused("Nobody ends their own role: ask another administrator.")
    if membership.ends is not None and membership.ends <= today:
        raise Refused("This role has ended already.")
    if by.user_id is not None and on < today:
        raise Refused("A role ends today or later.")
    if on < membership.starts:
        raise Refused("A role cannot end before it began.")


def check_may_agree(practice: Organisation, provider: Organisation, starts: date) -> None:
    """Raise Refused when these two cannot have an agreement from that day."""
    if practice.kind != Organisation.Kind.PRACTICE:
        raise Refused(f"{practice.name} is not a GP practice.")
    if provider.kind != Organisation.Kind.PROVIDER:
        raise Refused(f"{provider.name} is not a service provider.")
    earlier = Agreement.objects.filter(practice=practice, provider=provider)
    if any(each.ends is None or each.ends > starts for each in earlier):
        raise Refused("These two have an agreement on that day already.")


def check_may_end_agreement(agreement: Agreement, on: date) -> None:
    """Raise Refused when this agreement cannot end on that day."""
    if agreement.ends is not None:
        raise Refused("This agreement has its last day already.")
    if on < agreement.starts:
        raise Refused("An agreement cannot end before it began.")


def check_whose_sign_in(user: User, *, patient: bool) -> None:
    """Raise Refused when an NHS sign-in for patients would open the account of staff.

    A role that ended, or begins later, makes it one too: somebody who works here and is a patient
    has two accounts.
    """
    if patient and is_for_work(user):
        raise Refused(
            "NHS login is for patients, and this account is for work. Sign in with your Care "
            "Identity or your password; your own record has an account of its own."
        )


def is_for_work(user: User) -> bool:
    """Is this the account of somebody who works here: any role of staff, whenever held?"""
    staff = [role.code for role in roles().values() if role.two_factors]
    return Membership.objects.filter(user=user, role__in=staff).exists()


def check_reason(reason: str) -> None:
    """Raise Refused unless a reason was typed that somebody can judge later."""
    if len(" ".join(reason.split())) < LEAST_REASON:
        raise Refused(f"Type why you need to open this record: at least {LEAST_REASON} characters.")
