"""What happened with a person's place in the service, for the timeline (issue 4; FUN-4, CON-1).

Joining, pauses, another project worker, the ending, and safety alerts. Reasons are not told here:
they are for who may read them, on their own pages.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse
from django.utils import timezone

from unhurried.service.accounts.policy import grant_for
from unhurried.service.audit.actor import Actor
from unhurried.service.audit.models import Entry
from unhurried.service.patients.access import things_open_to
from unhurried.service.patients.happenings import Happening
from unhurried.service.patients.models import Episode, Patient, SafetyAlert, WorkerChange
from unhurried.service.patients.queries.alerts import without_safeguarding
from unhurried.service.patients.tables import safety_kinds

MOST = 500  # of each kind, the newest: a bound on the page, not one that real life reaches
# An episode knows only its present pause; the trail has every one.
PAUSES = {
    "patients.episode_paused": ("pause", "Paused"),
    "patients.episode_resumed": ("resume", "Going on after a pause"),
}


def happenings(
    actor: Actor, patient: Patient, *, seen: frozenset[str] | None = None
) -> list[Happening]:
    """What of it `actor` may see, oldest first.

    `seen` is `things_open_to(actor, patient)` where the page has asked already.
    """
    if seen is None:
        seen = things_open_to(actor, patient)
    found: list[Happening] = []
    if "episode" in seen:
        found += _of_episodes(patient)
    if "safety_alert" in seen:
        found += _of_alerts(actor, patient)
    return sorted(found, key=lambda each: each.on)


def _of_episodes(patient: Patient) -> Iterator[Happening]:
    episodes = Episode.objects.filter(patient_id=patient.pk).order_by("pk")[:MOST]
    paused_now: list[datetime] = []
    for episode in episodes:
        if episode.enrolled_at:
            yield _at(episode.enrolled_at, "joined", "Joined the service")
        if episode.ended_at:
            yield _at(episode.ended_at, "ended", "Time with the service ended")
        if episode.paused_at and episode.state == Episode.State.PAUSED:
            paused_now.append(episode.paused_at)
    entries = Entry.objects.filter(patient_id=patient.pk, action__in=PAUSES, outcome="done")
    told = list(entries.order_by("-seq").values_list("at", "action")[:MOST])
    days = {timezone.localdate(at) for at, _ in told}
    for at, action in told:
        yield _at(at, *PAUSES[action])
    for at in paused_now:
        if timezone.localdate(at) not in days:
            yield _at(at, "pause", "Paused")
    changes = WorkerChange.objects.filter(episode__patient_id=patient.pk)
    for change in changes.select_related("to_worker__user").order_by("-at")[:MOST]:
        yield _at(change.at, "worker", f"Project worker is now {change.to_worker.user.full_name}")


def _of_alerts(actor: Actor, patient: Patient) -> Iterator[Happening]:
    rows = SafetyAlert.objects.filter(patient_id=patient.pk).order_by("-raised_at")
    opens = grant_for(actor.role, "safety_alert", "x") is not None  # others have no page of it
    for row in without_safeguarding(rows, actor)[:MOST]:
        kind = safety_kinds().get(row.kind)
        name = kind.name if kind else "A safety alert"
        href = reverse("patients:alert", args=[patient.uuid, row.uuid]) if opens else ""
        closed = f"acted on by {_day(row.closed_at)}" if row.closed_at else "still open"
        yield _at(row.raised_at, "alert", f"Safety alert: {name}, {closed}", href)


def _at(at: datetime, kind: str, text: str, href: str = "") -> Happening:
    return Happening(timezone.localdate(at), kind, text, href)


def _day(at: datetime) -> str:
    on = timezone.localdate(at)
    return f"{on.day} {on:%B} {on.year}"
