"""Writing enrolment: consents, a worker with room, the standing statement (CON-2, EVA-4)."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from unhurried.service.accounts.models import Membership
from unhurried.service.audit import clock
from unhurried.service.audit.actor import Actor
from unhurried.service.audit.operations import write
from unhurried.service.audit.refused import Refused
from unhurried.service.identification.operations import mark_enrolled
from unhurried.service.joining import content, rules
from unhurried.service.joining.models import (
    Enrolment,
    Invitation,
    Referral,
    Wording,
    WorkerProfile,
)
from unhurried.service.joining.operations.common import open_episode_of, tell_gp
from unhurried.service.joining.posting import write_whole
from unhurried.service.joining.rendering import letter_pdf
from unhurried.service.joining.sending import WELCOME
from unhurried.service.outbox.operations import post
from unhurried.service.paper import CannotRender
from unhurried.service.patients.models import Consent, ContactPreference, Patient
from unhurried.service.patients.operations import enrol_episode, record_consent
from unhurried.service.patients.tables import standing_statement


@dataclass(frozen=True, slots=True)
class Answer:
    """What the person answered to one question of consent."""

    kind: str
    given: bool
    how: str
    party: str = ""
    wording: str = ""  # in which it was asked; the newest when left out


def enrol(
    *, by: Actor, patient: Patient, project_worker: Membership, answers: Sequence[Answer],
    statement_given: bool, over_reason: str = "", key: str = "",
) -> Enrolment:  # fmt: skip
    """The person joins: consents as answered, a project worker, the GP told, a welcome sent.

    Only the consent to take part is needed; every other answer, or none, changes nothing here.
    Raises Refused without it, without the standing statement, or when the worker has no room
    and no reason is given why it is right all the same.
    """
    body = (patient.pk, project_worker.pk, repr(answers), statement_given, over_reason)
    with write("joining.enrolled", by=by, key=key, body=body) as doing:
        if doing.replay_of:
            return Enrolment.objects.get(pk=doing.replay_of)
        episode = open_episode_of(patient)
        if episode is None:
            raise Refused("There is no referral or reply to begin from.")
        if not statement_given:
            raise Refused("Read the person the statement about seeing their GP first.")
        if not any(each.kind == Consent.Kind.SERVICE and each.given for each in answers):
            raise Refused("The person joins once they agree to take part: nothing else is needed.")
        for each in answers:
            record_consent(
                by=by, patient=patient, kind=each.kind, given=each.given, how=each.how,
                party=each.party, wording=each.wording,
            )  # fmt: skip
        episode = enrol_episode(
            by=by, episode=episode, project_worker=project_worker, over_reason=over_reason
        )
        made = Enrolment.objects.create(
            patient=patient, episode=episode, project_worker=project_worker,
            referral=_finish_referral(patient, project_worker),
            invitation=_finish_invitation(patient),
            statement=standing_statement("")[0], enrolled_by_id=by.membership_id or 0,
            at=clock.now(),
        )  # fmt: skip
        mark_enrolled(by=by, patient=patient)
        _tell_and_welcome(made)
        doing.about(made, patient_id=patient.pk)
    return made


def _finish_referral(patient: Patient, worker: Membership) -> Referral | None:
    found = Referral.objects.filter(patient=patient, state__in=["sent", "taken"]).first()
    if found is not None:
        found.state, found.closed_at = Referral.State.ENROLLED, clock.now()
        found.project_worker = found.project_worker or worker
        found.rang_at = found.rang_at or clock.now()
        found.version += 1
        found.save()
    return found


def _finish_invitation(patient: Patient) -> Invitation | None:
    rows = Invitation.objects.filter(patient=patient).order_by("-opened_at", "-pk")
    found = rows.filter(state__in=["open", "replied", "no_reply"]).first()
    if found is not None:
        found.state, found.closed_at = Invitation.State.ENROLLED, clock.now()
        found.rang_at = found.rang_at or clock.now()
        found.version += 1
        found.save()
    return found


def _tell_and_welcome(made: Enrolment) -> None:
    episode = made.episode
    tell_gp(
        purpose="joining.joined", about=str(episode.uuid), practice=episode.practice,
        provider=episode.provider, patient=made.patient, subject="Someone has joined",
        text=(
            f"A person of your practice has joined {content.service_name(episode.provider)}. "
            "Their name and project worker are under Referrals and Invitations. Your care of "
            "them goes on as before."
        ),
    )  # fmt: skip
    try:
        _post_welcome(made)
    except (Refused, CannotRender):
        return  # no approved wording, or no way to write: the welcome page is always there


def _post_welcome(made: Enrolment) -> None:
    patient, episode = made.patient, made.episode
    channel = rules.preferred_channel(patient, clock.now())
    if channel != "letter":
        return
    frozen = welcome_content(made)
    pdf = letter_pdf(content.letter_of(frozen, ""))
    name = hashlib.sha256(f"welcome:{episode.uuid}".encode()).hexdigest()[:32]
    document = f"letters/{name}.pdf"
    write_whole(Path(settings.FILES) / document, pdf)
    post(
        purpose=WELCOME, about=str(episode.uuid), channel=channel,
        to=content.address_line(patient),
        subject=content.text_of(frozen, "")[0], document=document, patient_id=patient.pk,
        practice_id=episode.practice_id, provider_id=episode.provider_id,
    )  # fmt: skip


def welcome_content(made: Enrolment) -> dict[str, object]:
    """What the welcome letter says. Raises Refused when no wording for it is approved."""
    patient, episode = made.patient, made.episode
    wording = rules.approved_wording(episode.provider_id, episode.practice_id, Wording.Kind.WELCOME)
    wishes = ContactPreference.objects.filter(patient=patient).first()
    return content.make(
        patient=patient, practice=episode.practice, provider=episode.provider,
        signed_by=made.project_worker.user.full_name, wording=wording,
        day=clock.today(), large_print=bool(wishes and wishes.large_print),
        project_worker=made.project_worker.user.full_name, with_slip=False,
    )  # fmt: skip


def describe_worker(
    *, by: Actor, worker: Membership, languages: str, about: str, key: str = ""
) -> WorkerProfile:
    """What people choosing a project worker may read about one."""
    body = (worker.pk, languages, about)
    with write("joining.worker_described", by=by, key=key, body=body) as doing:
        if doing.replay_of:
            return WorkerProfile.objects.get(pk=doing.replay_of)
        own = by.membership_id == worker.pk
        if by.organisation_id != worker.organisation_id or not (
            own or by.role == "service_manager"
        ):
            raise Refused("A project worker, or their service manager, writes this.")
        made, _new = WorkerProfile.objects.update_or_create(
            membership=worker,
            defaults={"languages": languages.strip()[:200], "about": about.strip()[:2000]},
        )
        doing.about(made)
    return made
