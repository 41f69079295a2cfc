"""People are referred, invited, answer, and join."""

from __future__ import annotations

from datetime import timedelta
from itertools import zip_longest
from random import Random

from unhurried.demo.service.cast import PRACTICES, Cast
from unhurried.demo.service.tables import rows
from unhurried.service.accounts.models import Membership
from unhurried.service.accounts.queries import actor_of_membership
from unhurried.service.audit import clock
from unhurried.service.audit.refused import Refused
from unhurried.service.identification import queries as identification
from unhurried.service.identification.models import Candidate
from unhurried.service.jobs.worker import run_until_idle
from unhurried.service.joining import operations
from unhurried.service.joining.medicines import understand_all
from unhurried.service.joining.models import Invitation, Referral
from unhurried.service.joining.operations.enrolment import Answer
from unhurried.service.joining.operations.invitations import Asked
from unhurried.service.joining.operations.referrals import Said
from unhurried.service.outbox.worker import send_due
from unhurried.service.patients.models import Episode, Patient
from unhurried.service.patients.operations import register_patient

REPLIES = (("yes", 48), ("more", 12), ("not_now", 10), ("no", 12), ("", 18))


def agree_wording(cast: Cast) -> None:
    """The provider begins with the wording we ship; a GP of each practice signs it."""
    manager = cast.actor("service_manager", "provider")
    texts = operations.begin_with_first_wording(by=manager, provider=cast.organisations["provider"])
    for practice in PRACTICES:
        for wording in texts:
            operations.approve_wording(by=cast.actor("gp", practice), wording=wording)


def invite(cast: Cast, practice: str) -> None:
    """A project worker prepares letters to everybody the GP agreed to, looks, and sends."""
    house = cast.organisations[practice]
    by = actor_of_membership(cast.workers()[PRACTICES.index(practice)])
    agreed = list(identification.agreed_waiting_for_invitation(house)[:20])
    asked = [
        Asked(
            patient=each.patient, endorsed_by=each.decided_by, candidate_uuid=each.uuid,
            data_as_at=each.extract.as_of,
        )
        for each in agreed
        if each.patient is not None and each.decided_by is not None
    ]  # fmt: skip
    if not asked:
        return
    try:
        prepared = operations.prepare_invitations(by=by, practice=house, asked=asked)
    except Refused:
        return  # nobody of this week's people may be asked; the next week brings others
    operations.approve_batch(by=by, batch=prepared.batch)
    send()


def send() -> None:
    """The worker process does what waits, and the outbox sends what is due."""
    run_until_idle(clock.now())
    send_due(clock.now())


def answers(cast: Cast, draw: Random, *, waited: timedelta) -> None:
    """Those who have had a letter for a while answer, or say nothing."""
    by = actor_of_membership(cast.workers()[0])
    open_ones = Invitation.objects.filter(
        state=Invitation.State.OPEN, opened_at__lte=clock.now() - waited
    ).order_by("pk")
    for invitation in open_ones:
        fate = Random(f"reply {invitation.patient.nhs_number}")  # noqa: S311 - fiction
        reply = fate.choices([one for one, _ in REPLIES], [share for _, share in REPLIES])[0]
        if not reply or draw.random() < 0.35:
            continue
        operations.record_reply(
            by=by, invitation=invitation, reply=reply,
            how=fate.choice(("phone", "phone", "post", "in_person")), version=invitation.version,
        )  # fmt: skip


def refer_one(cast: Cast, practice: str, draw: Random) -> None:
    """A GP refers somebody they saw today; the worker rings within the week."""
    by = cast.actor("gp", practice)
    house = cast.organisations[practice]
    here = Patient.objects.filter(practice=house).values("nhs_number")
    unseen = Candidate.objects.filter(practice=house, standing="listed", choice="")
    named = unseen.exclude(given_name="").exclude(date_of_birth=None).exclude(nhs_number="")
    person = named.exclude(nhs_number__in=here).order_by("-rank").first()
    if person is None or person.date_of_birth is None:
        return
    patient = register_patient(
        by=by, practice=house, given_name=person.given_name, family_name=person.family_name,
        date_of_birth=person.date_of_birth, nhs_number=person.nhs_number, sex=person.sex,
        address=person.address, postcode=person.postcode, phone=person.phone,
    )  # fmt: skip
    row = draw.choice(rows("referrals"))
    said = Said(
        agrees=True, pain_condition=row["pain_condition"], reason=row["reason"],
        medicines=understand_all(row["medicines"]), concern=row["concern"] == "yes",
        concern_words=row["concern_words"], readiness=row["readiness"],
        benzodiazepine=row["benzodiazepine"], candidate_uuid=person.uuid,
    )  # fmt: skip
    operations.refer(by=by, patient=patient, said=said)


def take_referrals(cast: Cast, *, waited: timedelta) -> None:
    """Workers take what waits for them, and ring."""
    for place, referral in enumerate(
        Referral.objects.unallocated().filter(sent_at__lte=clock.now() - waited).order_by("pk")
    ):
        worker = cast.workers()[place % 2]
        by = actor_of_membership(worker)
        taken = operations.take_referral(
            by=by, referral=referral, worker=worker, version=referral.version
        )
        operations.note_referral_call(by=by, referral=taken, version=taken.version)


def meet(cast: Cast, draw: Random, *, most: int, until: int) -> None:
    """Workers meet people who said yes or were referred; they join while there are fewer than
    `until` people with the service."""
    said_yes = Invitation.objects.to_ring_back().select_related("patient").order_by("pk")
    referred = Referral.objects.filter(state=Referral.State.TAKEN).select_related("patient")
    by_turns = zip_longest(referred.order_by("pk"), said_yes)
    ready = [each.patient for pair in by_turns for each in pair if each is not None]
    joined = Episode.objects.filter(state=Episode.State.ENROLLED)
    for patient in ready[:most]:
        if joined.count() < until and not joined.filter(patient=patient).exists():
            worker = min(
                cast.workers(), key=lambda each: joined.filter(project_worker=each).count()
            )
            _join(patient, worker, draw)


def _join(patient: Patient, worker: Membership, draw: Random) -> None:
    given = [Answer("service", True, "signed"), Answer("sharing", True, "signed", "gp")]
    contact = draw.choices((True, False, None), (65, 6, 29))[0]
    if contact is not None:
        given.append(Answer("research_contact", contact, "spoken"))
    if draw.random() < 0.8:
        given.append(Answer("evaluation", True, "signed"))
    operations.enrol(
        by=actor_of_membership(worker), patient=patient, project_worker=worker, answers=given,
        statement_given=True,
    )  # fmt: skip
