"""Who can be asked to a review meeting, and whose record opens by being asked to one."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from unhurried.service.accounts.models import Membership
from unhurried.service.audit import clock
from unhurried.service.audit.actor import Actor
from unhurried.service.patients.models import Episode
from unhurried.service.shared_care.meeting_tables import number
from unhurried.service.shared_care.models.agenda import MeetingItem
from unhurried.service.shared_care.models.meetings import ReviewMeeting
from unhurried.service.shared_care.rules.meetings import OF_PROVIDER, SPECIALISTS


def may_be_invited(meeting: ReviewMeeting) -> QuerySet[Membership]:
    """Members of the provider, GPs of the practices that take part, and specialists; by name."""
    of_provider = Q(organisation_id=meeting.provider_id, role__in=OF_PROVIDER)
    practices = meeting.practices.values("pk")
    gps = Q(organisation__in=practices, role="gp")
    found = Membership.objects.on(clock.today()).filter(user__is_active=True)
    found = found.filter(of_provider | gps | Q(role__in=SPECIALISTS))
    return found.select_related("user", "organisation").order_by("user__full_name", "pk")


def with_us() -> Q:
    """The condition on items: the person is alive, and with the service that meets about them."""
    held = Episode.objects.filter(
        patient_id=OuterRef("patient_id"), provider_id=OuterRef("meeting__provider_id")
    ).exclude(state=Episode.State.ENDED)
    return Q(Exists(held), patient__date_of_death=None)


def items_open_to(actor: Actor, action: str = "r") -> QuerySet[MeetingItem]:
    """The items of meetings a specialist is asked to: open ones, and to read, those just held.

    Only while the person is with that service, at a practice that takes part.
    """
    when = Q(meeting__closed_at=None)
    if action == "r":
        since = clock.now() - timedelta(days=number("reading_on"))
        when |= Q(meeting__closed_at__gt=since)
    return MeetingItem.objects.filter(
        when, with_us(), taken_off_at=None, put_off_at=None, meeting__invites__ended_at=None,
        meeting__invites__member_id=actor.membership_id or 0,
        meeting__practices=F("patient__practice"),
    )  # fmt: skip


def related_by_meeting(actor: Actor, action: str) -> Q:
    """The people a specialist is related to because a meeting they are asked to is about them.

    Whether the person agreed to sharing with specialists is asked where the sources are joined.
    """
    return Q(pk__in=items_open_to(actor, action).values("patient_id"))
