"""Reads of referrals."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.http import Http404

from unhurried.service.accounts.models import Organisation
from unhurried.service.accounts.policy import grant_for
from unhurried.service.audit import clock
from unhurried.service.audit.actor import Actor
from unhurried.service.audit.operations import saw, saw_many
from unhurried.service.joining.models import (
    Referral,
    ReferralQuerySet,
)
from unhurried.service.joining.queries.shared import PER_PAGE
from unhurried.service.patients.models import Patient
from unhurried.service.patients.queries import current_medicines

REFERRAL_VIEWS = ("waiting", "mine", "late", "drafts", "all")


def referrals(actor: Actor, view: str = "", number: int | str = 1) -> Page[Referral]:
    """A page of the referrals this actor may see, those that wait longest first."""
    rows = _chosen(Referral.objects.visible_to(actor), actor, view)
    rows = rows.select_related(
        "patient", "practice", "referred_by__user", "project_worker__user"
    ).order_by("closed_at", "ring_by", "pk")
    page = Paginator(rows, PER_PAGE).get_page(number)
    people = [each.patient_id for each in page.object_list]
    saw_many("referral", by=actor, patient_ids=people, note="list")
    return page


def _chosen(rows: ReferralQuerySet, actor: Actor, view: str) -> ReferralQuerySet:
    today = clock.today()
    if view == "waiting":
        return rows.unallocated()
    if view == "mine":
        return rows.filter(project_worker_id=actor.membership_id or 0, state="taken")
    if view == "late":
        return rows.filter(state__in=["sent", "taken"], rang_at=None, ring_by__lt=today)
    if view == "drafts":
        return rows.filter(state="draft")
    return rows


def referral(actor: Actor, uuid: UUID, action: str = "r") -> Referral:
    """One referral. Raises Http404, the same for none and for one that is not theirs to see."""
    rows = Referral.objects.visible_to(actor, action).select_related(
        "patient", "practice", "provider", "referred_by__user", "project_worker__user"
    )
    found = rows.prefetch_related("medicines").filter(uuid=uuid).first()
    if found is None:
        raise Http404
    saw("referral", by=actor, object_id=found.uuid, patient_id=found.patient_id)
    return found


def draft_of(patient: Patient) -> Referral | None:
    """The person's referral that waits for their yes."""
    rows = Referral.objects.filter(patient=patient, state="draft")
    return rows.prefetch_related("medicines").first()


def medicines_as_at(patient: Patient) -> date | None:
    """The day of the list a referral begins from, for the GP to see that it may be old (H06)."""
    known = current_medicines(patient)
    return known[0].as_at if known else None


def is_late(found: Referral) -> bool:
    """Has the day passed by which the person was to be rung?"""
    waiting = found.state in {"sent", "taken"} and found.rang_at is None
    return waiting and found.ring_by is not None and found.ring_by < clock.today()


def may_work_on(actor: Actor) -> bool:
    """May this actor take referrals on?"""
    return grant_for(actor.role, "referral", "u") is not None


def own_practice(actor: Actor) -> Organisation:
    """The practice this actor works at. Raises Http404 for anyone else."""
    found = Organisation.objects.filter(pk=actor.organisation_id or 0, kind="practice").first()
    if found is None:
        raise Http404
    return found
