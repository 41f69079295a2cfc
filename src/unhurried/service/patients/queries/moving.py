"""What a move to another practice means, told before it is recorded (reliability 1.8)."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet

from unhurried.service.accounts.models import Organisation
from unhurried.service.audit import clock
from unhurried.service.outbox.models import Message
from unhurried.service.patients.models import Episode, Patient, SafetyAlert
from unhurried.service.patients.queries.consents import consent_in_force
from unhurried.service.patients.queries.episodes import open_episode_of
from unhurried.service.patients.rules import is_served

NOT_SENT = (Message.State.WAITING, Message.State.FAILED)


@dataclass(frozen=True, slots=True)
class Consequences:
    """What follows from a move to `to`, as things stand now."""

    to: Organisation
    old: Organisation
    episode: Episode | None
    served: bool  # the episode's provider also runs the service for the new practice
    unsent: int  # letters and messages about the person that have not left
    alerts: int  # open ones, which go along
    shares_with_gp: bool


def practices_to_move_to(patient: Patient) -> QuerySet[Organisation]:
    """Every practice known here but the person's own, by name."""
    practices = Organisation.objects.filter(kind=Organisation.Kind.PRACTICE)
    return practices.exclude(pk=patient.practice_id).order_by("name", "pk")


def consequences_of_move(patient: Patient, to: Organisation) -> Consequences:
    """What recording the move to `to` today would do."""
    episode = open_episode_of(patient)
    unsent = Message.objects.filter(patient_id=patient.pk, state__in=NOT_SENT)
    return Consequences(
        to=to,
        old=patient.practice,
        episode=episode,
        served=episode is not None and is_served(to.pk, episode.provider_id, clock.today()),
        unsent=unsent.count(),
        alerts=SafetyAlert.objects.filter(patient_id=patient.pk, closed_at=None).count(),
        shares_with_gp=consent_in_force(patient, "sharing", "gp"),
    )
