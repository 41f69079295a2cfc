"""The same records as FHIR R4 bulk NDJSON with UK identifiers (UK Core style).

Directions are always given in words; half of those whose structure is plain carry it as well.
Registration is an EpisodeOfCare with a period, and `active` is false for people who left.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson

from unhurried.demo.extract.damage import Damage, Spoiler
from unhurried.demo.extract.dates import Days
from unhurried.demo.extract.model import Issue, Item, Pattern, Person, Practice, Problem, Record
from unhurried.demo.extract.numbers import json_number

NHS_NUMBER = "https://fhir.nhs.uk/Id/nhs-number"
ODS_CODE = "https://fhir.nhs.uk/Id/ods-organization-code"
VERIFICATION = (
    "https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-NHSNumberVerificationStatus"
)
VERIFICATION_CODES = "https://fhir.hl7.org.uk/CodeSystem/UKCore-NHSNumberVerificationStatus"
SYSTEMS = {"dmd": "https://dmd.nhs.uk", "snomed": "http://snomed.info/sct"}
GENDERS = {"female": "female", "male": "male", "not known": "unknown"}
CLINICAL = "http://terminology.hl7.org/CodeSystem/condition-clinical"
NEWEST_DAYS = 56  # prescriptions issued within so many days are still active
PARTS = {
    "Patient": {"person", "day", "number"},
    "MedicationRequest": {"person", "day", "quantity"},
    "Condition": {"person", "day"},
}
DAY_KEYS = {"Patient": "birthDate", "MedicationRequest": "authoredOn", "Condition": "onsetDateTime"}


class ResourceFile:
    """One NDJSON file of one kind of resource; some lines damaged and listed."""

    def __init__(self, folder: Path, kind: str, damage: Damage | None) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.name, self.rows, self._kind = f"{folder.name}/{kind}.ndjson", 0, kind
        self._file = (folder / f"{kind}.ndjson").open("wb", buffering=1 << 20)
        self._spoiler = Spoiler(damage, self.name, PARTS[kind]) if damage else None
        self._days = Days()

    def write(self, resource: dict[str, Any], person_id: str, number: str = "") -> None:
        """Write one resource as one line."""
        self.rows += 1
        if self._spoiler is None or self.rows < self._spoiler.next_row:
            self._file.write(orjson.dumps(resource, option=orjson.OPT_APPEND_NEWLINE))
        else:
            kind = self._spoiler.kind(number)
            if kind == "repeat":
                self._file.write(orjson.dumps(resource, option=orjson.OPT_APPEND_NEWLINE))
                self.rows += 1
            self._file.write(self._spoiled(resource, kind, self._spoiler, number))
            self._spoiler.note(self.rows, kind, person_id)
        if self._spoiler is not None:
            self._spoiler.remember(number)

    def _spoiled(self, resource: dict[str, Any], kind: str, spoiler: Spoiler, number: str) -> bytes:
        spoiled = dict(resource)
        if kind in {"future_date", "impossible_date"}:
            spoiled[DAY_KEYS[self._kind]] = spoiler.wrong_day(kind, self._days)
        elif kind in {"bad_check_digit", "shared_number"}:
            spoiled["identifier"] = [_nhs_number(spoiler.wrong_number(kind, number))]
        elif kind == "negative_quantity":
            spoiled["dispenseRequest"] = {"quantity": {"value": -28, "unit": "tablet"}}
        elif kind == "missing_person":
            spoiled.pop("id" if self._kind == "Patient" else "subject")
        line = orjson.dumps(spoiled)
        if kind == "ragged_row":
            line = line[: spoiler.rng.randint(20, len(line) - 1)]
        return line + b"\n"

    def close(self) -> None:
        """Finish the file."""
        self._file.close()


class FhirFiles:
    """The whole extract in the folder `fhir/`."""

    def __init__(
        self, folder: Path, practices: tuple[Practice, ...], damage: Damage, *, as_of: int
    ) -> None:
        self._as_of, self._days = as_of, Days()
        self._files = {
            kind: ResourceFile(folder, kind, damage if kind in PARTS else None)
            for kind in (*PARTS, "EpisodeOfCare", "Organization")
        }
        self._parts: dict[Item, dict[str, Any]] = {}
        for practice in practices:
            self._files["Organization"].write(_organization(practice), "")

    def write(self, record: Record) -> None:
        """Write one person's resources."""
        person, person_id = record.person, record.person.person_id
        self._files["Patient"].write(self._patient(person), person_id, person.nhs_number)
        self._files["EpisodeOfCare"].write(self._registration(person), person_id)
        subject = {"reference": f"Patient/{person_id}"}
        for n, issue in enumerate(record.issues, 1):
            resource = self._request(f"{person_id}-{n}", subject, issue)
            self._files["MedicationRequest"].write(resource, person_id)
        for n, problem in enumerate(record.problems, 1):
            resource = self._condition(f"{person_id}-{n}", subject, problem)
            self._files["Condition"].write(resource, person_id)

    def _patient(self, person: Person) -> dict[str, Any]:
        resource: dict[str, Any] = {"resourceType": "Patient", "id": person.person_id}
        if person.nhs_number:
            resource["identifier"] = [_nhs_number(person.nhs_number)]
        resource["active"] = person.left is None
        resource["gender"] = GENDERS[person.sex]
        resource["birthDate"] = self._days.text(person.born)
        if person.died is not None:
            resource["deceasedDateTime"] = self._days.text(person.died)
        practice = {"reference": f"Organization/{person.practice.code}"}
        resource["generalPractitioner"] = [practice]
        resource["managingOrganization"] = practice
        return resource

    def _registration(self, person: Person) -> dict[str, Any]:
        period = {"start": self._days.text(person.registered)}
        ended = person.left or person.died
        if ended is not None:
            period["end"] = self._days.text(ended)
        return {
            "resourceType": "EpisodeOfCare",
            "id": person.person_id,
            "status": "active" if ended is None else "finished",
            "patient": {"reference": f"Patient/{person.person_id}"},
            "managingOrganization": {"reference": f"Organization/{person.practice.code}"},
            "period": period,
        }

    def _request(self, key: str, subject: dict[str, str], issue: Issue) -> dict[str, Any]:
        newest = issue.day > self._as_of - NEWEST_DAYS
        return {
            "resourceType": "MedicationRequest",
            "id": key,
            "status": "active" if newest else "completed",
            "intent": "order",
            "subject": subject,
            "authoredOn": self._days.text(issue.day),
            **(self._parts.get(issue.item) or self._printed(issue.item)),
        }

    def _printed(self, item: Item) -> dict[str, Any]:
        """The parts of a request that are the same for every issue of an item, written once."""
        product, quantity = item.prescription.product, item.prescription.quantity
        medicine: dict[str, Any] = {"text": item.printed}
        if item.coding != "none":
            code = {"system": SYSTEMS[item.coding], "code": product.dmd, "display": product.name}
            medicine["coding"] = [code]
        parts: dict[str, Any] = {
            "medicationCodeableConcept": orjson.Fragment(orjson.dumps(medicine))
        }
        if item.directions:
            dosage = {"text": item.directions}
            if item.stated == "yes" and len(self._parts) % 2:
                dosage.update(structure(item.prescription.pattern, product.counted_in))
            parts["dosageInstruction"] = [orjson.Fragment(orjson.dumps(dosage))]
        unit = "dose" if product.counted_in == "puff" else product.counted_in
        supply = {"quantity": {"value": json_number(quantity), "unit": unit}}
        parts["dispenseRequest"] = orjson.Fragment(orjson.dumps(supply))
        self._parts[item] = parts
        return parts

    def _condition(self, key: str, subject: dict[str, str], problem: Problem) -> dict[str, Any]:
        coding = {"system": SYSTEMS["snomed"], "code": problem.code, "display": problem.term}
        return {
            "resourceType": "Condition",
            "id": key,
            "clinicalStatus": {"coding": [{"system": CLINICAL, "code": "active"}]},
            "code": {"coding": [coding], "text": problem.term},
            "subject": subject,
            "onsetDateTime": self._days.text(problem.day),
        }

    def close(self) -> dict[str, int]:
        """Finish all files; lines written to each."""
        for file in self._files.values():
            file.close()
        return {file.name: file.rows for file in self._files.values()}


def structure(pattern: Pattern, counted_in: str) -> dict[str, Any]:
    """A regimen as structured dosage; nothing where its structure is not plain."""
    if pattern.dose is None or pattern.times is None or pattern.times[0] == 0:
        return {}
    (low, high), (fewest, most) = pattern.dose, pattern.times
    repeat = {"frequency": fewest, "period": pattern.per_days, "periodUnit": "d"}
    if most > fewest:
        repeat["frequencyMax"] = most
    ends = {
        end: {"value": json_number(value), "unit": counted_in}
        for end, value in (("low", low), ("high", high))
    }
    dose = {"doseQuantity": ends["low"]} if low == high else {"doseRange": ends}
    found: dict[str, Any] = {"timing": {"repeat": repeat}, "doseAndRate": [dose]}
    if pattern.as_required:
        found["asNeededBoolean"] = True
    return found


def _nhs_number(value: str) -> dict[str, Any]:
    checked = {"coding": [{"system": VERIFICATION_CODES, "code": "01"}]}
    return {
        "extension": [{"url": VERIFICATION, "valueCodeableConcept": checked}],
        "system": NHS_NUMBER,
        "value": value,
    }


def _organization(practice: Practice) -> dict[str, Any]:
    return {
        "resourceType": "Organization",
        "id": practice.code,
        "identifier": [{"system": ODS_CODE, "value": practice.code}],
        "name": practice.name,
    }
