"""Rules on carers, cover and people who may not look (reliability 1.8; hazard H23)."""

from __future__ import annotations

from datetime import date, timedelta

from unhurried.service.accounts.models import Membership, User
from unhurried.service.audit.actor import Actor
from unhurried.service.audit.refused import Refused
from unhurried.service.patients.models import Cover, Episode, Patient
from unhurried.service.patients.words import check_text

LONGEST_COVER = timedelta(days=93)  # longer than that the person has a new project worker


def check_carer(name: str, relationship: str) -> None:
    """Refuse a carer without a name or without who they are to the person."""
    if not name or not relationship:
        raise Refused("Give the carer's name and who they are to the person.")
    check_text("The carer's name", name, 200)
    check_text("Who they are", relationship, 60)


def check_cover(
    by: Actor, worker: Membership, covering: Membership, starts: date, ends: date, today: date
) -> None:
    """Refuse cover by somebody who cannot give it, or for a time that makes no sense."""
    if by.role != "system" and by.organisation_id != worker.organisation_id:
        raise Refused("You can arrange cover within your own organisation.")
    if by.role not in {"system", "service_manager"} and by.membership_id != worker.pk:
        raise Refused("Ask the service manager: you can arrange cover for your own time away.")
    if worker.pk == covering.pk:
        raise Refused("Somebody else covers: choose another project worker.")
    pair = Membership.objects.on(max(starts, today)).filter(
        pk__in=(worker.pk, covering.pk), organisation_id=worker.organisation_id,
        role="project_worker",
    )  # fmt: skip
    if pair.count() != 2:
        raise Refused("Both must be project workers of this provider on the first day.")
    if not starts < ends or ends <= today:
        raise Refused("The cover must end after it starts, and not in the past.")
    if ends - starts > LONGEST_COVER:
        raise Refused("Cover lasts three months at most: for longer, change the project worker.")


def may_end_cover(by: Actor, cover: Cover) -> bool:
    """Is it for them to say that the worker is back: the manager's, and the worker's own?"""
    here = by.organisation_id == cover.worker.organisation_id
    return here and (by.role == "service_manager" or by.membership_id == cover.worker_id)


def check_may_end_cover(by: Actor, cover: Cover, back: date, today: date) -> None:
    """Refuse who has no part in it, what is over, and a day that would not end it sooner."""
    if by.organisation_id != cover.worker.organisation_id:
        raise Refused("You can end cover within your own organisation.")
    if not may_end_cover(by, cover):
        raise Refused("The worker who is back, or the service manager, ends the cover.")
    if cover.ends <= max(today, cover.starts):
        raise Refused("This cover is over already.")
    if back < today:
        raise Refused("Choose a day from today on: what was done until now was done under cover.")
    if back >= cover.ends:
        raise Refused("The cover ends on that day or before already.")


def check_may_restrict(
    patient: Patient, user: User, *, another_worker: bool, reachable: bool
) -> None:
    """Refuse for the person themself, for a stranger to their care, and unsaid for their worker.

    `another_worker`: it was said that the person needs another project worker then. `reachable`:
    the member of staff works in an organisation in the person's care.
    """
    if patient.user_id == user.pk:
        raise Refused("A person can always see their own record.")
    if not reachable:
        raise Refused("Choose somebody who works where the person is looked after.")
    if is_named_worker(patient, user) and not another_worker:
        raise Refused(
            "This is the person's project worker. It can be done: say that another project worker "
            "is then needed, or choose another project worker first."
        )


def is_named_worker(patient: Patient, user: User) -> bool:
    """Is this the person's project worker now?"""
    named = Episode.objects.filter(patient=patient, project_worker__user=user)
    return named.exclude(state=Episode.State.ENDED).exists()
