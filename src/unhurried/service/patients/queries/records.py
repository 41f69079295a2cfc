"""What the practice's records say of a death or of leaving, for those who have to know (H11)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from unhurried.service.audit.actor import Actor
from unhurried.service.patients.models import Patient, RecordsSay
from unhurried.service.patients.words import day

TOLD = frozenset({"gp", "practice_staff", "project_worker", "service_manager"})
ANSWERS = frozenset({"practice_staff"})  # who may change who someone is, at their practice


@dataclass(frozen=True, slots=True)
class RecordsSaid:
    """Sentences for the banner; `asks` is the day of leaving the viewer is asked about."""

    sentences: tuple[str, ...] = ()
    asks: date | None = None


def records_said(patient: Patient, viewer: Actor | None) -> RecordsSaid:
    """What of it this viewer is told."""
    if viewer is None or viewer.role not in TOLD:
        return RecordsSaid()
    said = RecordsSay.objects.filter(patient_id=patient.pk).first()
    if said is None:
        return RecordsSaid()
    sentences = tuple(filter(None, (_of_death(patient, said), _of_leaving(said))))
    at_practice = viewer.organisation_id == patient.practice_id and viewer.role in ANSWERS
    asked = said.left is not None and not said.answer and patient.date_of_death is None
    return RecordsSaid(sentences, said.left if asked and at_practice else None)


def _of_death(patient: Patient, said: RecordsSay) -> str:
    here, there = patient.date_of_death, said.died
    if there is None:
        return ""
    if said.died_no_longer is not None:
        if here is None:
            return ""
        return (
            f"The practice's records as at {day(said.died_no_longer)} no longer say that they "
            "have died. Nothing is sent until the practice has looked at the date of death."
        )
    if here == there:
        return ""
    says = f"The practice's records as at {day(said.as_at)} say that they died on {day(there)}"
    if here is None:
        return f"{says}; here, no date of death is recorded. The practice knows which is right."
    return f"{says}; here it is {day(here)}. The practice knows which is right."


def _of_leaving(said: RecordsSay) -> str:
    if said.left is None or said.answer == RecordsSay.Answer.REGISTERED:
        return ""
    if said.answer == RecordsSay.Answer.LEFT:
        return f"They left the practice on {day(said.left)}, as the practice confirmed."
    since = ""
    if said.left_no_longer is not None:
        since = f" Its records as at {day(said.left_no_longer)} do not say so any more."
    return (
        f"The practice's records say they left on {day(said.left)}.{since} Nothing is sent until "
        "the practice confirms that they are still registered."
    )
