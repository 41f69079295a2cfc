"""The medicines the records state, written onto a registered person's own record (SHC-1)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from unhurried.service.audit.actor import Actor
from unhurried.service.audit.refused import Refused
from unhurried.service.identification.models import Candidate
from unhurried.service.patients.models import Patient
from unhurried.service.patients.operations import record_medicines, record_no_medicines
from unhurried.service.patients.operations.people import Medicine


def note_medicines(candidate: Candidate, by: Actor) -> None:
    """The list of a candidate, on the record of the person they are while registered there."""
    patient, as_at = candidate.patient, candidate.ome_as_at
    if patient is None or as_at is None or patient.practice_id != candidate.practice_id:
        return
    keep_medicines(patient, candidate.products, as_at, by)


def keep_medicines(
    patient: Patient, products: Iterable[Mapping[str, Any]], as_at: date, by: Actor
) -> None:
    """The newest list, or that there is nothing on it."""
    medicines = [_medicine(each) for each in products]
    try:
        if medicines:
            record_medicines(
                by=by, patient=patient, medicines=medicines, as_at=as_at, source="screening"
            )
        else:
            record_no_medicines(by=by, patient=patient, as_at=as_at, source="screening")
    except Refused:
        return  # records dated after today say nothing of what someone takes now


def _medicine(product: Mapping[str, Any]) -> Medicine:
    issued = product.get("issued")
    return Medicine(
        product=str(product.get("name", ""))[:300],
        directions=str(product.get("directions", ""))[:500],
        last_issued=date.fromisoformat(issued) if isinstance(issued, str) else None,
    )
