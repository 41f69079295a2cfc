"""What a practice's records say of deaths and of leaving, taken into the person's record (H11).

A death is recorded when nothing is recorded yet; two different days are shown to the practice and
neither is overwritten. Someone the records say has left is not written to until the practice has
answered. What later records no longer say is shown, never undone here.
"""

from __future__ import annotations

from datetime import date

from unhurried.service.audit import clock
from unhurried.service.audit.actor import Actor
from unhurried.service.audit.operations import write
from unhurried.service.audit.refused import Refused
from unhurried.service.patients import rules
from unhurried.service.patients.ending import contact_ended
from unhurried.service.patients.models import NoMedicines, Patient, RecordsSay

HAS_DIED = "The practice's records say that the person has died."
HAS_LEFT = "The practice says that the person has left it."


def note_from_records(
    *, by: Actor, patient: Patient, as_at: date, died: date | None, left: date | None
) -> None:
    """Take in what records as at a day say of this person; older records than known say nothing."""
    known = RecordsSay.objects.filter(patient_id=patient.pk).first()
    if known is None and died is None and left is None:
        return
    with write("patients.records_noted", by=by) as doing:
        current = Patient.objects.select_for_update().get(pk=patient.pk)
        said, _made = RecordsSay.objects.select_for_update().get_or_create(
            patient=current, defaults={"as_at": as_at}
        )
        doing.about(said, patient_id=current.pk, note=f"as at {as_at}")
        if said.as_at > as_at:
            return
        said.as_at = as_at
        _note_leaving(said, left)
        _note_death(by, current, said, died)
        said.save()


def _note_leaving(said: RecordsSay, left: date | None) -> None:
    if left is not None:
        if left != said.left:
            said.answer, said.answered_by, said.answered_at = "", None, None
        said.left, said.left_no_longer = left, None
    elif said.answer == RecordsSay.Answer.REGISTERED:
        said.left = said.left_no_longer = None
    elif said.left is not None:
        said.left_no_longer = said.as_at


def _note_death(by: Actor, current: Patient, said: RecordsSay, died: date | None) -> None:
    if died is None:
        said.died_no_longer = said.as_at if said.died else None
        return
    said.died, said.died_no_longer = died, None
    if current.date_of_death is None and current.date_of_birth <= died <= clock.today():
        _record_death(by, current, died)


def _record_death(by: Actor, current: Patient, died: date) -> None:
    with write("patients.death_recorded", by=by) as doing:
        current.date_of_death = died
        current.version += 1
        current.save()
        contact_ended(current, HAS_DIED, by)
        doing.about(current, patient_id=current.pk, note="from the practice's records")


def answer_leaving(
    *, by: Actor, patient: Patient, left: date, registered: bool, key: str = ""
) -> RecordsSay:
    """What the practice says about its records: still registered there, or indeed left.

    `left` is the day that was on the screen; Refused when the records say another by now.
    """
    body = (patient.pk, left, registered)
    with write("patients.leaving_answered", by=by, key=key, body=body) as doing:
        rules.check_at_their_practice(by, patient)
        said = RecordsSay.objects.select_for_update().filter(patient_id=patient.pk).first()
        if said is None or said.left != left:
            raise Refused("The records have changed meanwhile: look at what they say now.")
        if doing.replay_of:
            return said
        said.answer = RecordsSay.Answer.REGISTERED if registered else RecordsSay.Answer.LEFT
        said.answered_by_id, said.answered_at = by.membership_id, clock.now()
        said.save()
        if not registered:
            contact_ended(patient, HAS_LEFT, by)
        doing.about(said, patient_id=patient.pk, note=said.answer)
    return said


def record_no_medicines(*, by: Actor, patient: Patient, as_at: date, source: str) -> None:
    """The records name no current opioid product as at a day: an earlier list is not current."""
    if as_at > clock.today():
        raise Refused("A list of medicines cannot be of a day in the future.")
    with write("patients.no_medicines_recorded", by=by) as doing:
        patient.medicines.filter(as_at=as_at, source=source).delete()
        made, _ = NoMedicines.objects.get_or_create(patient=patient, as_at=as_at, source=source)
        doing.about(made, patient_id=patient.pk, note=source)
