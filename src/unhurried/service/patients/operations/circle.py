"""Writing who is around a person: carers, a worker's cover, people who may not look (1.8, H23)."""

from __future__ import annotations

from datetime import date

from unhurried.service.accounts.models import Membership, User
from unhurried.service.audit import clock
from unhurried.service.audit.actor import Actor
from unhurried.service.audit.operations import write
from unhurried.service.patients import rules
from unhurried.service.patients.handing_on import cover_ended
from unhurried.service.patients.models import Carer, Cover, Patient, Restriction
from unhurried.service.patients.names import composed
from unhurried.service.patients.operations.accounts import close_for_ended_carer
from unhurried.service.patients.queries.staff import staff_around


def add_carer(
    *, by: Actor, patient: Patient, name: str, relationship: str, phone: str = "",
    user: User | None = None, key: str = "",
) -> Carer:  # fmt: skip
    """A carer named by the person. It lets them see nothing: that needs a consent to share."""
    name, relationship = composed(name), composed(relationship)
    body = (patient.pk, name, relationship, phone, user and user.pk)
    with write("patients.carer_added", by=by, key=key, body=body) as doing:
        if doing.replay_of:
            return Carer.objects.get(pk=doing.replay_of)
        rules.check_carer(name, relationship)
        carer = Carer.objects.create(
            patient=patient, name=name, relationship=relationship, phone=phone, user=user
        )
        doing.about(carer, patient_id=patient.pk)
    return carer


def end_carer(*, by: Actor, carer: Carer, key: str = "") -> Carer:
    """The carer, no longer one from this moment; what was shared with them ends with it."""
    with write("patients.carer_ended", by=by, key=key, body=carer.pk) as doing:
        current = Carer.objects.select_for_update().get(pk=carer.pk)
        if doing.replay_of:
            return current
        current.ended_at = current.ended_at or clock.now()
        current.save()
        close_for_ended_carer(by, current)
        doing.about(current, patient_id=current.patient_id)
    return current


def arrange_cover(
    *, by: Actor, worker: Membership, covering: Membership, starts: date, ends: date, key: str = ""
) -> Cover:
    """Cover for a worker away, from `starts` until the day before `ends`."""
    body = (worker.pk, covering.pk, starts, ends)
    with write("patients.cover_arranged", by=by, key=key, body=body) as doing:
        if doing.replay_of:
            return Cover.objects.get(pk=doing.replay_of)
        rules.check_cover(by, worker, covering, starts, ends, clock.today())
        cover = Cover.objects.create(worker=worker, covering=covering, starts=starts, ends=ends)
        doing.about(cover)
    return cover


def end_cover(*, by: Actor, cover: Cover, back: date | None = None, key: str = "") -> Cover:
    """The cover, over sooner than planned: `back` is the first day without it, today if left out.

    One that has not begun by then is called off. What was booked or taken over meanwhile follows
    (`handing_on.when_cover_ends`).
    """
    with write("patients.cover_ended", by=by, key=key, body=(cover.pk, back)) as doing:
        rows = Cover.objects.select_for_update(of=("self",))
        current = rows.select_related("worker", "covering").get(pk=cover.pk)
        if doing.replay_of:
            return current
        today = clock.today()
        rules.check_may_end_cover(by, current, back or today, today)
        current.ends = max(back or today, current.starts)
        current.save()
        cover_ended(current, by)
        doing.about(current)
    return current


def restrict(
    *, by: Actor, patient: Patient, user: User, another_worker: bool = False, key: str = ""
) -> Restriction:
    """From now on this member of staff may not see the record: the person asked for it.

    `another_worker` says, for the named project worker, that another one is then needed; the
    service manager's list shows it (`queries.active_without_worker`).
    """
    body = (patient.pk, user.pk, another_worker)
    with write("patients.reader_restricted", by=by, key=key, body=body) as doing:
        if doing.replay_of:
            return Restriction.objects.get(pk=doing.replay_of)
        Patient.objects.select_for_update().get(pk=patient.pk)  # two at once make one row
        found = Restriction.objects.filter(patient=patient, user=user, ended_at=None).first()
        if found is None:
            around = {each.user_id for each in staff_around(patient)}
            rules.check_may_restrict(
                patient, user, another_worker=another_worker, reachable=user.pk in around
            )
            found = Restriction.objects.create(patient=patient, user=user, asked_at=clock.now())
        doing.about(found, patient_id=patient.pk)
    return found


def lift_restriction(*, by: Actor, restriction: Restriction, key: str = "") -> Restriction:
    """The restriction, ended: the person asked for it."""
    with write("patients.reader_allowed", by=by, key=key, body=restriction.pk) as doing:
        current = Restriction.objects.select_for_update().get(pk=restriction.pk)
        if doing.replay_of:
            return current
        current.ended_at = current.ended_at or clock.now()
        current.save()
        doing.about(current, patient_id=current.patient_id)
    return current
