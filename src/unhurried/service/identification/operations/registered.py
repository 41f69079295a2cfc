"""What an extract says of people registered in the service, taken into their records (H11).

They are the same person when the NHS number and the date of birth agree; without a number, when a
GP agreed to invite that very person from the list and no date of birth contradicts it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date

from unhurried.service.accounts.models import Organisation
from unhurried.service.audit.actor import Actor
from unhurried.service.audit.refused import Refused
from unhurried.service.identification.finding import Found, Results
from unhurried.service.identification.models import Candidate, Extract
from unhurried.service.identification.operations.medicines import keep_medicines
from unhurried.service.identification.registered import About, InRecords
from unhurried.service.patients.models import Patient
from unhurried.service.patients.operations import note_from_records, record_no_medicines


def registered_people(practice: Organisation) -> About:
    """Whom to look for in a practice's extract."""
    numbers = Patient.objects.filter(practice=practice).exclude(nhs_number="")
    without = Candidate.objects.filter(practice=practice, patient__isnull=False)
    return About(
        frozenset(numbers.values_list("nhs_number", flat=True)),
        frozenset(without.values_list("person_id", flat=True)),
    )


def tell_their_records(
    extract: Extract, results: Results, by: Actor, *, noted: Collection[int]
) -> None:
    """Note deaths, leaving and current medicines on the records of those registered here.

    `noted` are the patients whose medicines are noted already.
    """
    people = _Registered(extract.practice_id)
    listed = {each.person.person_id: each for each in results.people}
    rows: dict[int, list[InRecords]] = {}
    for said in results.registered:
        patient = people.find(said)
        if patient is not None:
            rows.setdefault(patient.pk, []).append(said)
    for patient in Patient.objects.filter(practice_id=extract.practice_id).order_by("pk"):
        each = rows.get(patient.pk, [])
        if each:
            died, left = _died(each), _left(each)
            note_from_records(by=by, patient=patient, as_at=results.as_of, died=died, left=left)
            if died is None and left is None and patient.pk not in noted:
                _note_medicines(patient, each, listed, results.as_of, by)


def _died(rows: Sequence[InRecords]) -> date | None:
    return min((each.died for each in rows if each.died), default=None)


def _left(rows: Sequence[InRecords]) -> date | None:
    """The last day, when none of the person's rows says that they are still registered."""
    days = [each.left for each in rows if each.left]
    return max(days) if len(days) == len(rows) else None


def _note_medicines(
    patient: Patient, rows: Sequence[InRecords], listed: Mapping[str, Found], as_of: date, by: Actor
) -> None:
    found = [listed[each.person_id] for each in rows if each.person_id in listed]
    if len(found) == 1 and found[0].person.ome_as_at is not None:
        keep_medicines(patient, found[0].products, found[0].person.ome_as_at, by)
    elif not found and all(each.no_opioid_now for each in rows):
        try:
            record_no_medicines(by=by, patient=patient, as_at=as_of, source="screening")
        except Refused:
            return  # records dated after today say nothing of what someone takes now


class _Registered:
    """The practice's people, by what an extract can know them by."""

    def __init__(self, practice: int) -> None:
        people: Iterable[Patient] = Patient.objects.filter(practice_id=practice)
        self.by_number = {each.nhs_number: each for each in people if each.nhs_number}
        linked = Candidate.objects.filter(practice_id=practice, patient__practice_id=practice)
        self.by_id = {
            each.person_id: each.patient for each in linked.select_related("patient")
        }  # fmt: skip

    def find(self, said: InRecords) -> Patient | None:
        """The person this is, when nothing contradicts it."""
        found = self.by_number.get(said.nhs_number) if said.nhs_number else None
        if found is not None:
            return found if found.date_of_birth == said.born else None
        found = self.by_id.get(said.person_id)
        if found is None or (said.nhs_number and found.nhs_number):
            return None  # their numbers differ
        return found if said.born in (None, found.date_of_birth) else None
