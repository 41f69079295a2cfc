"""Reads of wording, its approvals and what people said about it (INV-4, INV-5)."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Prefetch, QuerySet
from django.http import Http404

from unhurried.service.accounts.models import Organisation
from unhurried.service.audit import clock
from unhurried.service.audit.actor import Actor
from unhurried.service.audit.refused import Refused
from unhurried.service.joining import rules
from unhurried.service.joining.candidates import practices_of
from unhurried.service.joining.content import example, letter_of
from unhurried.service.joining.markdown import Block
from unhurried.service.joining.models import (
    PRACTICE_ROLES,
    Wording,
    WordingApproval,
    WordingComplaint,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class WordingRow:
    """One kind of text: its newest version, and which version a GP of a practice approved."""

    newest: Wording
    approved: Wording | None
    approved_by: str = ""
    complaints: int = 0


def provider_for(actor: Actor) -> Organisation:
    """The provider whose wording this actor reads. Raises Http404 when there is none."""
    if actor.role in PRACTICE_ROLES:
        try:
            return rules.provider_of(actor.organisation_id or 0, clock.today())
        except Refused as refusal:
            raise Http404 from refusal
    found = Organisation.objects.filter(pk=actor.organisation_id or 0, kind="provider").first()
    if found is None:
        raise Http404
    return found


def wordings(actor: Actor) -> list[WordingRow]:
    """Every text of the provider: newest and, for a practice, approved."""
    provider = provider_for(actor)
    rows = list(Wording.objects.filter(provider=provider).annotate(said=Count("complaints")))
    newest: dict[tuple[str, str], Wording] = {}
    said: dict[tuple[str, str], int] = {}
    for each in rows:
        key = (each.kind, each.language)
        if key not in newest or each.number > newest[key].number:
            newest[key] = each
        said[key] = said.get(key, 0) + each.said
    approvals = _approvals(actor, provider)
    made = []
    order = list(Wording.Kind.values)
    for key in sorted(newest, key=lambda each: (order.index(each[0]), each[1])):
        approval = approvals.get(key)
        made.append(
            WordingRow(
                newest=newest[key], approved=approval.wording if approval else None,
                approved_by=approval.approved_by.user.full_name if approval else "",
                complaints=said[key],
            )
        )  # fmt: skip
    return made


def _approvals(actor: Actor, provider: Organisation) -> dict[tuple[str, str], WordingApproval]:
    """The newest approval of each kind: of the actor's practice, else of any practice served."""
    rows = WordingApproval.objects.filter(wording__provider=provider).select_related(
        "wording", "approved_by__user", "practice"
    )
    if actor.role in PRACTICE_ROLES:
        rows = rows.filter(practice_id=actor.organisation_id)
    return {
        (each.wording.kind, each.wording.language): each
        for each in rows.order_by("wording__number")
    }


def wording(actor: Actor, kind: str, language: str = "en-GB") -> list[Wording]:
    """The versions of one text, the newest first. Raises Http404 when there are none."""
    approvals = Prefetch(
        "approvals", WordingApproval.objects.select_related("approved_by__user", "practice")
    )
    rows = Wording.objects.filter(provider=provider_for(actor), kind=kind, language=language)
    found = list(rows.prefetch_related(approvals).order_by("-number"))
    if not found:
        raise Http404
    return found


def wording_to_approve(actor: Actor) -> list[Wording]:
    """Texts whose newest version no GP of this practice has approved yet."""
    try:
        rows = wordings(actor)
    except Http404:
        return []
    return [each.newest for each in rows if each.approved is None or each.approved != each.newest]


def complaints(actor: Actor) -> QuerySet[WordingComplaint]:
    """What people said about wording, for those who may change it; the newest first."""
    rows = WordingComplaint.objects.select_related("wording", "practice", "logged_by__user")
    if actor.role != "service_manager":
        return rows.none()
    return rows.filter(wording__provider_id=actor.organisation_id).order_by("-logged_at", "-pk")


def card_text(actor: Actor) -> Wording | None:
    """The card for inviting in conversation that holds for this actor's practice."""
    provider = provider_for(actor)
    rows = Wording.objects.filter(provider=provider, kind=Wording.Kind.SCRIPT_CARD)
    if actor.role in PRACTICE_ROLES:
        rows = rows.filter(approvals__practice_id=actor.organisation_id)
    return rows.order_by("-number").first()


def card_of(actor: Actor) -> tuple[str, list[Block], str]:
    """Heading, text and author of the card, filled in. Raises Refused when none is approved."""
    found = card_text(actor)
    if found is None:
        raise Refused("No GP of this practice has approved the card yet: see Wording.")
    practice = example_practice(actor, found.provider)
    letter = letter_of(example(found, practice, found.provider), "")
    return letter["subject"], letter["blocks"], found.provider.name


def example_practice(actor: Actor, provider: Organisation) -> Organisation:
    """A practice whose letterhead an example can show: one's own, or one that is served."""
    pks = practices_of(actor)
    return Organisation.objects.filter(pk__in=pks).order_by("name").first() or provider
