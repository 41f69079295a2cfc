"""Writing referrals: made in the consultation, acknowledged, taken, rung, closed (ID-6, REF-1)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from unhurried.service.accounts.models import Membership, Organisation
from unhurried.service.audit import clock
from unhurried.service.audit.actor import Actor
from unhurried.service.audit.operations import write
from unhurried.service.audit.refused import Refused
from unhurried.service.audit.working_days import working_days_after
from unhurried.service.joining import content, rules
from unhurried.service.joining.medicines import Line
from unhurried.service.joining.models import Referral, ReferralMedicine
from unhurried.service.joining.operations.common import (
    changed_meanwhile,
    end_referred_episode,
    ensure_episode,
    tell_gp,
)
from unhurried.service.joining.tables import red_flags
from unhurried.service.patients.access import visible_patients
from unhurried.service.patients.models import Patient
from unhurried.service.patients.operations import (
    change_project_worker,
    raise_alert,
    record_medicines,
)
from unhurried.service.patients.operations.people import Medicine

State = Referral.State


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a GP writes on the page of referral."""

    agrees: bool
    pain_condition: str = ""
    reason: str = ""
    medicines: Sequence[Line] = ()
    concern: bool = False
    concern_words: str = ""
    readiness: str = Referral.Readiness.NOT_DISCUSSED
    red_flags: Sequence[str] = field(default_factory=list)
    benzodiazepine: str = Referral.YesNoUnknown.UNKNOWN
    candidate_uuid: UUID | None = None


def refer(
    *, by: Actor, patient: Patient, said: Said, draft: bool = False, key: str = ""
) -> Referral:
    """A referral to the provider of the practice, sent; or kept as a draft until there is a yes.

    Sending raises an alert for each red flag that needs one, opens the person's episode, keeps
    the medicines as the GP stated them and acknowledges the referral to the GP. The draft of this
    person, when there is one, becomes the referral.
    """
    flags = [code for code in said.red_flags if code in red_flags()]
    body = (patient.pk, draft, repr(said))
    with write("joining.referral_made", by=by, key=key, body=body) as doing:
        if doing.replay_of:
            return Referral.objects.get(pk=doing.replay_of)
        rules.check_role(by, "referral", "c", clock.today())
        rules.check_may_refer(patient, practice_id=by.organisation_id)
        if not visible_patients(by, "referral", "c").filter(pk=patient.pk).exists():
            raise Refused(rules.NOT_YOURS)
        if not draft:
            rules.check_may_send_referral(agrees=said.agrees, pain_condition=said.pain_condition)
        provider = rules.provider_of(patient.practice_id, clock.today())
        referral = Referral.objects.select_for_update().filter(
            patient=patient, state=State.DRAFT
        ).first() or Referral(patient=patient, made_at=clock.now())  # fmt: skip
        _fill(referral, by, provider, said, flags)
        if not draft:
            _send(referral, by, said)
        referral.save()
        _keep_medicines(referral, said.medicines)
        for kind in sorted({red_flags()[code].alert for code in flags} - {""}):
            raise_alert(by=by, patient=patient, kind=kind)
        doing.about(referral, patient_id=patient.pk, note="draft" if draft else "sent")
    return referral


def _fill(
    referral: Referral, by: Actor, provider: Organisation, said: Said, flags: list[str]
) -> None:
    referral.practice_id = referral.patient.practice_id
    referral.provider = provider
    referral.referred_by_id = by.membership_id or 0
    referral.agrees = said.agrees
    referral.reason = said.reason
    referral.pain_condition = said.pain_condition
    referral.concern = said.concern
    referral.concern_words = said.concern_words
    referral.readiness = said.readiness
    referral.red_flags = flags
    referral.benzodiazepine = said.benzodiazepine
    referral.candidate_uuid = said.candidate_uuid
    if referral.pk:
        referral.version += 1


def _send(referral: Referral, by: Actor, said: Said) -> None:
    referral.state = State.SENT
    referral.sent_at = clock.now()
    days = rules.settings_of(referral.provider_id).working_days_to_ring
    referral.ring_by = working_days_after(clock.today(), days)
    ensure_episode(by=by, patient=referral.patient, provider=referral.provider)
    opioids = [Medicine(each.product, each.directions) for each in said.medicines]
    if opioids:
        record_medicines(
            by=by, patient=referral.patient, medicines=opioids, as_at=clock.today(),
            source="referral",
        )  # fmt: skip
    tell_gp(
        purpose="joining.acknowledgement", about=str(referral.uuid), practice=referral.practice,
        provider=referral.provider, patient=referral.patient, subject="Thank you for your referral",
        text=(
            f"{content.service_name(referral.provider)} has your referral of "
            f"{content.in_words(clock.today())}. A project worker will ring the person by "
            f"{content.in_words(referral.ring_by)}. You can follow it under Referrals. "
            "Your care of the person goes on as before."
        ),
    )  # fmt: skip


def _keep_medicines(referral: Referral, lines: Sequence[Line]) -> None:
    referral.medicines.all().delete()
    ReferralMedicine.objects.bulk_create(
        ReferralMedicine(
            referral=referral, place=place, product=line.product, directions=line.directions,
            understood=line.understood, sentence=line.sentence[:500],
        )
        for place, line in enumerate(lines)
    )  # fmt: skip


def take_referral(
    *, by: Actor, referral: Referral, worker: Membership, version: int, key: str = ""
) -> Referral:
    """The referral, with a project worker of the provider who will ring the person."""
    body = (referral.pk, worker.pk, version)
    with write("joining.referral_taken", by=by, key=key, body=body) as doing:
        current = _locked(referral)
        if doing.replay_of:
            return current
        rules.check_reaches_referral(by, current, "u", clock.today())
        changed_meanwhile(current, version)
        if current.state not in {State.SENT, State.TAKEN}:
            raise Refused("This referral is closed or the person has joined.")
        _check_worker(worker, current.provider_id)
        current.state = State.TAKEN
        current.project_worker = worker
        current.taken_at = clock.now()
        _assign_episode(by, current, worker)
        _save(current)
        doing.about(current, patient_id=current.patient_id)
    return current


def _assign_episode(by: Actor, referral: Referral, worker: Membership) -> None:
    """Make the worker the episode's own, so that they may open the record."""
    episode = ensure_episode(by=by, patient=referral.patient, provider=referral.provider)
    if episode.project_worker_id != worker.pk:
        change_project_worker(by=by, episode=episode, to=worker, reason="Took the referral")


def _check_worker(worker: Membership, provider_id: int) -> None:
    today = clock.today()
    held = worker.starts <= today and (worker.ends is None or worker.ends > today)
    if worker.organisation_id != provider_id or worker.role != "project_worker" or not held:
        raise Refused("Choose a project worker who works for this provider today.")


def note_referral_call(*, by: Actor, referral: Referral, version: int, key: str = "") -> Referral:
    """The referral, with the person rung: the clock of the first call stops."""
    with write("joining.referral_rung", by=by, key=key, body=(referral.pk, version)) as doing:
        current = _locked(referral)
        if doing.replay_of:
            return current
        rules.check_reaches_referral(by, current, "u", clock.today())
        changed_meanwhile(current, version)
        if current.state != State.TAKEN:
            raise Refused("Take the referral first, so that the person knows who rings.")
        current.rang_at = current.rang_at or clock.now()
        _save(current)
        doing.about(current, patient_id=current.patient_id)
    return current


def close_referral(
    *, by: Actor, referral: Referral, because: str, version: int, key: str = ""
) -> Referral:
    """The referral, closed with a reason in words; the GP is told, and may refer again."""
    body = (referral.pk, because, version)
    with write("joining.referral_closed", by=by, key=key, body=body) as doing:
        current = _locked(referral)
        if doing.replay_of:
            return current
        rules.check_reaches_referral(by, current, "uc", clock.today())  # a GP takes it back
        changed_meanwhile(current, version)
        if current.state not in {State.DRAFT, State.SENT, State.TAKEN}:
            raise Refused("This referral is closed already, or the person has joined.")
        if not because.strip():
            raise Refused("Say why in a few words: the GP will read it.")
        was_draft = current.state == State.DRAFT
        current.state = State.CLOSED
        _close(by, current, because, was_draft=was_draft)
        doing.about(current, patient_id=current.patient_id)
    return current


def _close(by: Actor, referral: Referral, because: str, *, was_draft: bool) -> None:
    referral.closed_at = clock.now()
    referral.closed_because = because.strip()[:300]
    _save(referral)
    if was_draft:
        return
    end_referred_episode(by=by, patient=referral.patient, because=because)
    tell_gp(
        purpose="joining.referral_closed", about=str(referral.uuid), practice=referral.practice,
        provider=referral.provider, patient=referral.patient, subject="A referral has been closed",
        text=(
            f"{content.service_name(referral.provider)} has closed your referral of "
            f"{content.in_words(referral.made_at.date())}. The reason is under Referrals. The "
            "person can come back whenever they, or you, would like."
        ),
    )  # fmt: skip


def _locked(referral: Referral) -> Referral:
    rows = Referral.objects.select_related("patient", "provider", "practice", "referred_by__user")
    return rows.select_for_update(of=("self",)).get(pk=referral.pk)


def _save(referral: Referral) -> None:
    referral.version += 1
    referral.save()
