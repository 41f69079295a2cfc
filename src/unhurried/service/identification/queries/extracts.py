"""What a practice handed in, and what it confirmed (ID-4)."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.http import Http404
from django.utils import timezone

from unhurried.service.accounts.models import Organisation
from unhurried.service.audit.actor import Actor
from unhurried.service.audit.operations import saw
from unhurried.service.identification.models import Extract, Practice
from unhurried.service.identification.rules import PRACTICE_ROLES
from unhurried.service.identification.storing import days_kept

PER_PAGE = 25


def practice_of(actor: Actor) -> Organisation:
    """The practice this actor works at. Raises Http404 for anyone else."""
    found = Organisation.objects.filter(pk=actor.organisation_id or 0, kind="practice").first()
    if actor.role not in PRACTICE_ROLES or found is None:
        raise Http404
    return found


def extracts(actor: Actor, number: str | int = 1) -> Page[Extract]:
    """The extracts this practice handed in, the latest first."""
    rows = Extract.objects.filter(practice=practice_of(actor)).select_related("provided_by__user")
    return Paginator(rows, PER_PAGE).get_page(number)


def extract(actor: Actor, uuid: UUID, *, shown: bool = True) -> Extract:
    """One of them; the look is audited when it is shown. Raises Http404 for anybody else's."""
    found = (
        Extract.objects.filter(practice=practice_of(actor), uuid=uuid)
        .select_related("provided_by__user", "practice")
        .first()
    )
    if found is None:
        raise Http404
    if shown:
        saw("extract", by=actor, object_id=found.uuid)
    return found


def latest_extract(practice: Organisation) -> Extract | None:
    """The one the list comes from."""
    done = Extract.objects.filter(practice=practice, state=Extract.State.DONE, left_alone="")
    return done.order_by("-as_of", "-screened_at").first()


def files_kept_until(found: Extract) -> date | None:
    """The day after which the files are deleted; None when they are gone, or still needed."""
    needed = found.state in (Extract.State.WAITING, Extract.State.RUNNING)
    if needed or found.files_gone_at is not None:
        return None
    since = max(filter(None, (found.screened_at or found.provided_at, found.files_from)))
    return timezone.localdate(since) + timedelta(days=days_kept())


def saved_columns(practice: Organisation) -> str:
    """The column map this practice confirmed last, as TOML."""
    known = Practice.objects.filter(organisation=practice).values_list("column_map", flat=True)
    return known.first() or ""
