"""Somebody with the same name and birthday: the same person, or another? A GP says which (H09)."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Model

from unhurried.service.accounts.models import Organisation
from unhurried.service.audit.actor import Actor
from unhurried.service.audit.operations import write
from unhurried.service.audit.refused import Refused
from unhurried.service.identification import rules
from unhurried.service.identification.models import Candidate
from unhurried.service.patients.access import visible_patients
from unhurried.service.patients.conflict import PerhapsTheSamePerson
from unhurried.service.patients.models import Patient
from unhurried.service.patients.operations.people import same_name_and_birth

NOT_THEM = (
    "That person does not have this name and date of birth, or is not yours to open. Look again at "
    "who is registered here."
)


def perhaps_the_same(candidate: Candidate) -> list[Patient]:
    """The people registered here with this name and birthday whom no NHS number tells apart."""
    born = candidate.date_of_birth
    if born is None or candidate.patient_id is not None:
        return []
    practice = Organisation.objects.get(pk=candidate.practice_id)
    if candidate.nhs_number and practice.patients.filter(nhs_number=candidate.nhs_number).exists():
        return []  # the number says who it is
    found = same_name_and_birth(practice, candidate.given_name, candidate.family_name, born)
    return [each for each in found if not (each.nhs_number and candidate.nhs_number)]


def check_not_somebody_here(candidate: Candidate) -> None:
    """Raises PerhapsTheSamePerson when a GP has to say first whether it is the same person."""
    same = perhaps_the_same(candidate)
    if same:
        raise PerhapsTheSamePerson(list[Model](same))


def link_if_the_same(by: Actor, candidate: Candidate, same_as: str) -> None:
    """The candidate is the person registered here with this uuid, as the GP said.

    It is kept even when there is nothing to decide, since that person is with the service already.
    """
    if not same_as or same_as == rules.ANOTHER or candidate.patient_id is not None:
        return
    try:
        wanted = UUID(same_as)
    except ValueError:
        raise Refused(NOT_THEM) from None
    chosen = next((each for each in perhaps_the_same(candidate) if each.uuid == wanted), None)
    if chosen is None or not visible_patients(by, "identity").filter(pk=chosen.pk).exists():
        raise Refused(NOT_THEM)
    if chosen.date_of_death is not None:
        raise Refused("The record says that this person has died: nothing is sent to them.")
    with write("identification.same_person_said", by=by) as doing:
        candidate.patient = chosen
        candidate.save(update_fields=["patient"])
        doing.about(candidate, patient_id=chosen.pk)
