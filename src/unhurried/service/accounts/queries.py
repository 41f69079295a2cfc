"""What other steps ask about people who sign in and the roles they hold."""

from __future__ import annotations

from datetime import date

from django.db.models import Q, QuerySet

from unhurried.service.accounts.models import Agreement, Membership, Organisation, RoleRequest, User
from unhurried.service.accounts.policy import roles
from unhurried.service.audit import clock
from unhurried.service.audit.actor import Actor

# Patients and carers hold a role at an organisation, and are none of its members.
NO_MEMBERS = ("patient", "carer")


def roles_held(user: User, on: date | None = None) -> list[Membership]:
    """The roles `user` holds on a day (today unless given), the first granted first."""
    held = Membership.objects.on(on or clock.today()).filter(user=user)
    return list(held.select_related("organisation").order_by("id"))


def needs_second_factor(user: User) -> bool:
    """Does a role held today ask for two factors?"""
    return any(roles()[each.role].two_factors for each in roles_held(user) if each.role in roles())


def members_of(organisation_id: int) -> QuerySet[Membership]:
    """Everybody who holds or held a role in the organisation, those who hold one now first."""
    found = Membership.objects.filter(organisation_id=organisation_id)
    found = found.exclude(role__in=NO_MEMBERS)  # nobody who manages roles learns who is a patient
    return found.select_related("user", "organisation").order_by("user__full_name", "id")


def in_role(organisation_id: int, role: str, on: date | None = None) -> QuerySet[Membership]:
    """Who holds `role` in the organisation on a day, by name."""
    found = Membership.objects.on(on or clock.today())
    return (
        found.filter(organisation_id=organisation_id, role=role)
        .select_related("user", "organisation")
        .order_by("user__full_name", "id")
    )


def providers_of(practice_id: int, on: date | None = None) -> QuerySet[Organisation]:
    """The providers that run the service for a practice on a day."""
    return Organisation.objects.filter(
        pk__in=_agreed(on).filter(practice_id=practice_id).values("provider_id")
    ).order_by("name")


def practices_of(provider_id: int, on: date | None = None) -> QuerySet[Organisation]:
    """The practices a provider runs the service for on a day."""
    return Organisation.objects.filter(
        pk__in=_agreed(on).filter(provider_id=provider_id).values("practice_id")
    ).order_by("name")


def _agreed(on: date | None) -> QuerySet[Agreement]:
    day = on or clock.today()
    return Agreement.objects.filter(starts__lte=day).filter(Q(ends__isnull=True) | Q(ends__gt=day))


def actor_of_membership(membership: Membership, request_id: str = "") -> Actor:
    """The actor of someone acting in this role."""
    return Actor(
        user_id=membership.user_id, name=membership.user.full_name, role=membership.role,
        organisation_id=membership.organisation_id, membership_id=membership.pk,
        request_id=request_id,
    )  # fmt: skip


def everyone_here_now() -> QuerySet[Membership]:
    """Every role held today, by organisation in the order they joined (the demo's doors)."""
    found = Membership.objects.on(clock.today()).filter(user__is_active=True)
    return found.select_related("user", "organisation").order_by("organisation_id", "id")


def organisations_seen(actor: Actor) -> QuerySet[Organisation]:
    """The organisations whose members `actor` looks after: all for the host's administrator."""
    own = Organisation.objects.filter(pk=actor.organisation_id or 0)
    home = own.first()
    if home is not None and home.kind == "host" and actor.role == "system_administrator":
        own = Organisation.objects.all()
    return own.order_by("name", "id")


def host() -> Organisation | None:
    """The organisation that runs the computer; None before the first administrator."""
    return Organisation.objects.filter(kind=Organisation.Kind.HOST).order_by("id").first()


def membership_seen(actor: Actor, number: int) -> Membership | None:
    """One membership of an organisation `actor` looks after."""
    found = Membership.objects.filter(pk=number, organisation__in=organisations_seen(actor))
    found = found.exclude(role__in=NO_MEMBERS)
    return found.select_related("user", "organisation").first()


def agreement_seen(actor: Actor, number: int) -> Agreement | None:
    """One agreement of a provider `actor` looks after."""
    found = Agreement.objects.filter(pk=number, provider__in=organisations_seen(actor))
    return found.select_related("practice", "provider").first()


def agreements_of(organisation_id: int) -> QuerySet[Agreement]:
    """The agreements of a practice or provider, the newest first."""
    found = Agreement.objects.filter(
        Q(practice_id=organisation_id) | Q(provider_id=organisation_id)
    )
    return found.select_related("practice", "provider").order_by("-starts", "id")


def roles_waiting(actor: Actor) -> QuerySet[RoleRequest]:
    """Roles that wait for a second person, in the organisations `actor` looks after."""
    found = RoleRequest.objects.filter(
        decision=RoleRequest.Decision.WAITING, organisation__in=organisations_seen(actor)
    )
    return found.select_related("user", "organisation", "asked_by").order_by("asked_at")
