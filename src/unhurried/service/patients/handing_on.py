"""What later steps make known of handing people on: who takes nobody new, what does not go along,
and what must follow when a person has another project worker (CON-1, FUN-4; hazard H23)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from django.db.models import Q, QuerySet

from unhurried.service.accounts.models import Membership, Organisation
from unhurried.service.audit.actor import Actor
from unhurried.service.patients.models import Cover, Episode, Note

Source = Callable[[], Q]
Follow = Callable[[Episode, Membership | None, Membership, Actor], None]
AfterCover = Callable[[Cover, Actor], None]
S = TypeVar("S", bound=Source)

_workers: dict[str, Source] = {}
_providers: dict[str, Source] = {}
_kept_back: dict[str, Source] = {}
_follows: dict[str, Follow] = {}
_after_cover: dict[str, AfterCover] = {}


def _name(function: Callable[..., object]) -> str:
    return f"{function.__module__}.{function.__qualname__}"


def frozen_workers(source: S) -> S:
    """Mark a function that says, as a condition on memberships, who is given nobody new today."""
    _workers[_name(source)] = source
    return source


def frozen_providers(source: S) -> S:
    """Mark a function that says, as a condition on organisations, which begin nothing new."""
    _providers[_name(source)] = source
    return source


def keeps_back(source: S) -> S:
    """Mark a function that says, as a condition on notes, which were not passed on."""
    _kept_back[_name(source)] = source
    return source


def when_worker_changes(follow: Follow) -> Follow:
    """Mark a function called, within the same write, when somebody has another project worker.

    It is given the episode as it is now, the worker before, the worker now, and who wrote it.
    """
    _follows[_name(follow)] = follow
    return follow


def when_cover_ends(follow: AfterCover) -> AfterCover:
    """Mark a function called, within the same write, when cover ends sooner than planned.

    It is given the cover as it is now (`ends` is the first day without it), and who wrote it.
    """
    _after_cover[_name(follow)] = follow
    return follow


def _any(sources: dict[str, Source]) -> Q:
    found = Q(pk__in=[])
    for source in sources.values():
        found |= source()
    return found


def given_nobody_new() -> QuerySet[Membership]:
    """Whoever is given nobody new: they hand their people over."""
    return Membership.objects.filter(_any(_workers))


def begins_nothing_new(provider: Organisation) -> bool:
    """Does this provider withdraw from the service?"""
    return Organisation.objects.filter(_any(_providers), pk=provider.pk).exists()


def not_passed_on() -> Q:
    """The condition on notes that a person asked not to pass on to their next service."""
    return _any(_kept_back)


def passed_on(notes: QuerySet[Note], reader: int | None) -> QuerySet[Note]:
    """These notes without what was not passed on; who wrote one keeps reading their own."""
    return notes.exclude(not_passed_on() & ~Q(author_id=reader or 0))


def worker_changed(episode: Episode, before: Membership | None, now: Membership, by: Actor) -> None:
    """Tell everyone who asked to be told."""
    for follow in _follows.values():
        follow(episode, before, now, by)


def cover_ended(cover: Cover, by: Actor) -> None:
    """Tell everyone who asked to be told, unless the same two have other cover on that day."""
    same = Cover.objects.filter(worker=cover.worker_id, covering=cover.covering_id)
    if not same.filter(starts__lte=cover.ends, ends__gt=cover.ends).exists():
        for follow in _after_cover.values():
            follow(cover, by)


def episodes_covered(cover: Cover) -> QuerySet[Episode]:
    """The people of who was away, as they are now."""
    rows = Episode.objects.filter(project_worker=cover.worker_id)
    return rows.exclude(state=Episode.State.ENDED)
