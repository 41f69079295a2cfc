"""Reads of invitations, batches and their messages (INV-1 to INV-3)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Count, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.http import Http404
from django.utils import timezone

from unhurried.service.accounts.models import Membership, Organisation
from unhurried.service.audit import clock
from unhurried.service.audit.actor import Actor
from unhurried.service.audit.operations import saw, saw_many
from unhurried.service.audit.refused import Refused
from unhurried.service.identification.models import Candidate
from unhurried.service.jobs.models import Job
from unhurried.service.joining import rules
from unhurried.service.joining.candidates import practices_of, waiting_for_invitation
from unhurried.service.joining.models import (
    PRACTICE_ROLES,
    Batch,
    Invitation,
    InvitationQuerySet,
    Step,
)
from unhurried.service.joining.queries.shared import PER_PAGE, may_invite
from unhurried.service.outbox.models import Message
from unhurried.service.patients.models import Episode, Patient


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """Someone to invite: who, in whose name, and the way they would like."""

    patient: Patient
    candidate_uuid: UUID
    practice: Organisation
    decided_on: date | None
    endorsed_by: Membership | None
    channel: str
    data_as_at: date | None


def to_invite(actor: Actor, number: int | str = 1) -> tuple[Page[Any], int]:
    """A page of those a GP agreed to invite, and how many there are."""
    rows = waiting_for_invitation(actor)
    page = Paginator(rows, PER_PAGE).get_page(number)
    made = _waiting(page.object_list)
    people = [each.patient_id for each in page.object_list if each.patient_id]
    saw_many("invitation", by=actor, patient_ids=people, note="list: to invite")
    page.object_list = made  # type: ignore[assignment]  # the same people, as the page shows them
    return page, page.paginator.count


def _waiting(rows: Iterable[Candidate]) -> list[Waiting]:
    return [
        Waiting(
            patient=each.patient, candidate_uuid=each.uuid, practice=each.practice,
            decided_on=timezone.localdate(each.decided_at) if each.decided_at else None,
            endorsed_by=each.decided_by, channel=likely_channel(each.patient),
            data_as_at=each.extract.as_of,
        )
        for each in rows
        if each.patient is not None
    ]  # fmt: skip


def chosen_to_invite(actor: Actor, uuids: Iterable[str]) -> list[Waiting]:
    """Those of the people waiting whom somebody ticked (500 at most)."""
    return _waiting(waiting_for_invitation(actor).filter(uuid__in=_ticked(uuids)))


def _ticked(uuids: Iterable[str]) -> list[UUID]:
    return [found for each in uuids if (found := _uuid(each)) is not None][:500]


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def endorser(waiting: Waiting) -> Membership:
    """The GP in whose name this person is invited: the one who agreed. Raises Refused."""
    found = waiting.endorsed_by
    if found is None or found.role != "gp":
        raise Refused(f"No GP has agreed to invite {waiting.patient} yet.")
    return found


def likely_channel(patient: Patient) -> str:
    """The way the person seems to want, from what is loaded; asked again when preparing."""
    wishes = getattr(patient, "contact", None)
    if wishes is not None and wishes.do_not_contact:
        return ""
    post = wishes is None or (wishes.by_letter and not wishes.do_not_post)
    if post and patient.address and patient.postcode:
        return "letter"
    if wishes is not None and wishes.by_email and patient.email:
        return "email"
    if wishes is not None and wishes.by_sms and patient.phone:
        return "sms"
    return ""


def invitations(actor: Actor, view: str = "", number: int | str = 1) -> Page[Invitation]:
    """A page of invitations this actor may see, the latest first."""
    rows = _chosen_invitations(Invitation.objects.visible_to(actor), view)
    rows = rows.select_related("patient", "practice", "endorsed_by__user").prefetch_related("steps")
    page = Paginator(rows.order_by("-opened_at", "-pk"), PER_PAGE).get_page(number)
    people = [each.patient_id for each in page.object_list]
    saw_many("invitation", by=actor, patient_ids=people, note="list")
    return page


def _chosen_invitations(rows: InvitationQuerySet, view: str) -> InvitationQuerySet:
    if view == "ring":
        return rows.to_ring_back()
    if view in Invitation.State.values:
        return rows.filter(state=view)
    return rows


def invitation(actor: Actor, uuid: UUID, action: str = "r") -> Invitation:
    """One invitation. Raises Http404, the same for none and for one not theirs to see."""
    steps = Prefetch("steps", Step.objects.select_related("wording", "batch"))
    rows = Invitation.objects.visible_to(actor, action).select_related(
        "patient", "practice", "provider", "endorsed_by__user"
    )
    found = rows.prefetch_related(steps).filter(uuid=uuid).first()
    if found is None:
        raise Http404
    saw("invitation", by=actor, object_id=found.uuid, patient_id=found.patient_id)
    return found


def messages_of(found: Invitation) -> dict[UUID, Message]:
    """The outbox's messages of an invitation's steps, by their uuid."""
    uuids = [each.message_uuid for each in found.steps.all() if each.message_uuid]
    return {each.uuid: each for each in Message.objects.filter(uuid__in=uuids)}


def invitation_counts(actor: Actor) -> list[dict[str, object]]:
    """For a service manager: each practice's invitations as counts, nobody named."""
    state = Invitation.State
    rows = Invitation.objects.filter(
        provider_id=actor.organisation_id or 0, practice_id__in=practices_of(actor)
    )
    counted = rows.values("practice__name").annotate(
        sent=Count("pk"),
        waiting=Count("pk", filter=Q(state=state.OPEN)),
        yes=Count("pk", filter=Q(reply__in=["yes", "more"])),
        not_now=Count("pk", filter=Q(reply="not_now")),
        no=Count("pk", filter=Q(reply="no")),
        no_reply=Count("pk", filter=Q(state=state.NO_REPLY)),
        stopped=Count("pk", filter=Q(state=state.STOPPED)),
        joined=Count("pk", filter=Q(state=state.ENROLLED)),
    )
    return [dict(each) for each in counted.order_by("practice__name")]


def reminders_due(actor: Actor) -> InvitationQuerySet:
    """Invitations whose next reminder's time has come, the longest open first.

    Each with `last_number`, the number of reminders it has had.
    """
    rows = Invitation.objects.visible_to(actor).filter(state=Invitation.State.OPEN)
    if not may_invite(actor):
        return rows.none()
    last = Step.objects.filter(invitation=OuterRef("pk")).order_by("-number")
    rows = rows.annotate(
        last_number=Subquery(last.values("number")[:1]),
        last_at=Subquery(last.values("posted_at")[:1]),
        last_state=Subquery(last.values("state")[:1]),
    ).filter(last_state__in=["posted", "said"])
    ready = Q(pk__in=[])
    for provider in rows.order_by().values_list("provider_id", flat=True).distinct():
        ready |= Q(provider_id=provider) & _reminder_ready(provider)
    due = rows.filter(ready).select_related("patient__contact", "practice", "endorsed_by__user")
    return due.order_by("opened_at", "pk")


def to_remind(actor: Actor, number: int | str = 1) -> Page[Invitation]:
    """A page of those whose reminder is due."""
    page = Paginator(reminders_due(actor), PER_PAGE).get_page(number)
    people = [each.patient_id for each in page.object_list]
    saw_many("invitation", by=actor, patient_ids=people, note="list: reminders due")
    return page


def chosen_to_remind(actor: Actor, uuids: Iterable[str]) -> list[Invitation]:
    """The invitations ticked, of those whose reminder is due (500 at most)."""
    return list(reminders_due(actor).filter(uuid__in=_ticked(uuids)))


def _reminder_ready(provider: int) -> Q:
    """When an invitation has waited long enough for its first or second reminder."""
    found = rules.settings_of(provider)
    now = clock.now()
    ready = Q(pk__in=[])
    if found.reminders >= 1:
        ready |= Q(last_number=0, last_at__lte=now - timedelta(days=found.days_before_reminder_1))
    if found.reminders >= 2:
        ready |= Q(last_number=1, last_at__lte=now - timedelta(days=found.days_before_reminder_2))
    return ready


def batches(actor: Actor) -> QuerySet[Batch]:
    """The batches this actor may look at, the latest first."""
    rows = Batch.objects.select_related("practice", "made_by__user", "decided_by__user")
    if not may_invite(actor):
        return rows.none()
    if actor.role in PRACTICE_ROLES:
        rows = rows.filter(practice_id=actor.organisation_id)
    else:
        rows = rows.filter(provider_id=actor.organisation_id, practice_id__in=practices_of(actor))
    return rows.annotate(people=Count("steps")).order_by("-made_at", "-pk")


def batch(actor: Actor, uuid: UUID) -> Batch:
    """One of them. Raises Http404 for anybody else's."""
    found = batches(actor).filter(uuid=uuid).first()
    if found is None:
        raise Http404
    return found


def steps_of(actor: Actor, found: Batch, number: int | str = 1) -> Page[Step]:
    """A page of a batch's messages to people this actor may see, in the order they were chosen."""
    seen = Invitation.objects.visible_to(actor)
    rows = found.steps.filter(invitation__in=seen).select_related("invitation__patient", "wording")
    page = Paginator(rows.order_by("pk"), PER_PAGE).get_page(number)
    people = [each.invitation.patient_id for each in page.object_list]
    saw_many("invitation", by=actor, patient_ids=people, note=f"batch {found.uuid}")
    return page


def step(actor: Actor, uuid: UUID) -> Step:
    """One message of an invitation this actor may see. Raises Http404 for others."""
    seen = Invitation.objects.visible_to(actor)
    rows = Step.objects.select_related("invitation__patient", "batch", "wording")
    found = rows.filter(uuid=uuid, invitation__in=seen).first()
    if found is None:
        raise Http404
    saw("invitation", by=actor, object_id=found.uuid, patient_id=found.invitation.patient_id)
    return found


def states_of(found: Batch) -> dict[str, int]:
    """How many messages of a batch are in each state, in words."""
    rows = found.steps.values_list("state").annotate(number=Count("pk")).order_by("state")
    return {str(Step.State(state).label): number for state, number in rows}


def job_of(found: Batch) -> Job | None:
    """The work that hands a batch over, for its progress."""
    return Job.objects.filter(uuid=found.job_uuid).first() if found.job_uuid else None


def messages_for(steps: Iterable[Step]) -> dict[UUID, Message]:
    """The outbox's messages of these steps, by their uuid."""
    uuids = [each.message_uuid for each in steps if each.message_uuid]
    return {each.uuid: each for each in Message.objects.filter(uuid__in=uuids)}


def gps_of(patient: Patient) -> list[Membership]:
    """The GPs of the person's practice today."""
    rows = Membership.objects.on(clock.today()).filter(
        organisation_id=patient.practice_id, role="gp"
    )
    return list(rows.select_related("user").order_by("user__full_name"))


def gp_for(actor: Actor, patient: Patient, typed: str) -> Membership:
    """The GP who endorses an invitation: the one chosen, or the actor. Raises Refused."""
    gps = {str(each.pk): each for each in gps_of(patient)}
    found = gps.get(typed) or gps.get(str(actor.membership_id))
    if found is None:
        raise Refused("Choose the GP in whose name the person is invited.")
    return found


def has_episode(patient: Patient) -> str:
    """The state of the person's open episode, or ""."""
    rows = Episode.objects.filter(patient=patient).exclude(state=Episode.State.ENDED)
    found: str | None = rows.values_list("state", flat=True).first()
    return found or ""
