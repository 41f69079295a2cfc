"""Shared by joining's operations: telling the GP, episodes, two people at once."""

from __future__ import annotations

from typing import Protocol

from django.db.models import Model

from unhurried.service.accounts.models import Organisation
from unhurried.service.audit.actor import Actor
from unhurried.service.joining.models import Invitation, Referral
from unhurried.service.outbox.operations import post
from unhurried.service.patients.conflict import ChangedMeanwhile
from unhurried.service.patients.models import Episode, Patient
from unhurried.service.patients.operations import end_episode, open_episode

State = Episode.State


class Versioned(Protocol):
    """A row with a version that grows with each change."""

    version: int


def changed_meanwhile(current: Model, version: int) -> None:
    """Raise ChangedMeanwhile when somebody saved another version first."""
    if getattr(current, "version", version) != version:
        raise ChangedMeanwhile(current)


def open_episode_of(patient: Patient) -> Episode | None:
    """The person's episode that has not ended, if there is one."""
    return Episode.objects.filter(patient=patient).exclude(state=Episode.State.ENDED).first()


def end_what_it_opened(*, by: Actor, invitation: Invitation, because: str) -> None:
    """End the episode that a yes to this invitation opened, unless something else rests on it.

    What a referral, or the answer to another letter, stands on is not ended by this letter.
    """
    found = open_episode_of(invitation.patient)
    if found is None or found.pk != invitation.episode_id or found.state != State.REFERRED:
        return
    referred = Referral.objects.filter(patient=invitation.patient, state__in=["sent", "taken"])
    others = Invitation.objects.filter(
        patient=invitation.patient, state=Invitation.State.REPLIED,
        reply__in=[Invitation.Reply.YES, Invitation.Reply.MORE],
    )  # fmt: skip
    if not referred.exists() and not others.exclude(pk=invitation.pk).exists():
        end_episode(by=by, episode=found, reason=because.strip()[:200])


def ensure_episode(*, by: Actor, patient: Patient, provider: Organisation) -> Episode:
    """The person's open episode, opened now when there is none."""
    found = open_episode_of(patient)
    return found or open_episode(by=by, patient=patient, provider=provider)


def end_referred_episode(*, by: Actor, patient: Patient, because: str) -> None:
    """End the episode of someone who was referred or invited and did not join."""
    found = open_episode_of(patient)
    if found is not None and found.state == State.REFERRED:
        end_episode(by=by, episode=found, reason=because.strip()[:200])


def tell_gp(
    *, purpose: str, about: str, practice: Organisation, provider: Organisation, patient: Patient,
    subject: str, text: str,
) -> None:  # fmt: skip
    """Leave a message to the practice in the outbox; it names nobody, the page does.

    A practice without an e-mail address reads it on its page of referrals only.
    """
    if practice.email:
        post(
            purpose=purpose, about=about, channel="email", to=practice.email, subject=subject,
            body=text, patient_id=patient.pk, practice_id=practice.pk, provider_id=provider.pk,
        )  # fmt: skip
