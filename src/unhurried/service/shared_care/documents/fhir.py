"""The summary as a FHIR R4 document: a Bundle whose first entry is the Composition.

UK Core profiles are named where clinical.md 6.4 lists one. What has no code here stands as text;
the OME is an Observation of text, since no code says it and it is never for switching. A diagnosis
is never written.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta
from html import escape
from typing import Any

from unhurried.service.shared_care.documents.facts import FactLine, FactMedicine, Facts
from unhurried.service.shared_care.documents.text import moment

CORE = "https://fhir.hl7.org.uk/StructureDefinition/UKCore-"
NHS_NUMBER = "https://fhir.nhs.uk/Id/nhs-number"
ODS_CODE = "https://fhir.nhs.uk/Id/ods-organization-code"
ACT_CODE = "http://terminology.hl7.org/CodeSystem/v3-ActCode"
SETTINGS = {"AMB": "ambulatory", "HH": "home health", "VR": "virtual"}
OME_NAME = "Oral morphine equivalent a day, for comparing, never for switching"

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

Resource = dict[str, Any]


def fhir_document(facts: Facts) -> Resource:
    """The Bundle, ready to be written as JSON."""
    made = _resources(facts)
    entries = [{"fullUrl": _urn(facts, name), "resource": each} for name, each in made]
    return {
        "resourceType": "Bundle", "type": "document", "timestamp": facts.written_at,
        "identifier": {"system": "urn:ietf:rfc:3986", "value": f"urn:uuid:{facts.uuid}"},
        "entry": entries,
    }  # fmt: skip


def _resources(facts: Facts) -> list[tuple[str, Resource]]:
    """Every resource by its name, the Composition first."""
    rest: list[tuple[str, Resource]] = [
        ("patient", _patient(facts)),
        ("author", _author(facts)),
        ("practice", _organisation("practice", facts.practice, facts.practice_code, facts)),
        ("provider", _organisation("provider", facts.provider, facts.provider_code, facts)),
    ]
    if facts.has("seen") and facts.session_at:
        rest.append(("encounter", _encounter(facts)))
    medicines = [
        (f"medicine-{number}", _medicine(facts, number, each))
        for number, each in enumerate(facts.medicines)
    ]
    rest += medicines
    if facts.dose:
        rest.append(("dose", _dose(facts)))
    return [("composition", _composition(facts, [name for name, _each in rest])), *rest]


def _composition(facts: Facts, names: list[str]) -> Resource:
    made = {
        **_begun("Composition", "composition", facts, "Composition"),
        "text": _narrative([facts.title, *(f"{each.label}: {each.text}" for each in facts.lines)]),
        "status": "final",
        "identifier": {"system": "urn:ietf:rfc:3986", "value": f"urn:uuid:{facts.uuid}"},
        "type": {"text": "Summary for the GP record"},
        "subject": _to(facts, "patient"), "date": facts.written_at,
        "author": [_to(facts, "author")], "custodian": _to(facts, "provider"),
        "title": facts.title,
        "section": [_section(facts, each, names) for each in facts.lines],
    }  # fmt: skip
    if "encounter" in names:
        made["encounter"] = _to(facts, "encounter")
    if facts.codes:
        made["event"] = [{"code": [
            {"coding": [{"system": each.system, "code": each.code, "display": each.term}],
             "text": each.term} for each in facts.codes
        ]}]  # fmt: skip
    if facts.corrects:
        replaced = {"system": "urn:ietf:rfc:3986", "value": f"urn:uuid:{facts.corrects}"}
        made["relatesTo"] = [{"code": "replaces", "targetIdentifier": replaced}]
    return made


def _section(facts: Facts, line: FactLine, names: list[str]) -> Resource:
    made: Resource = {"title": line.label, "text": _narrative([line.text])}
    if line.code == "medicines":
        listed = [each for each in names if each.startswith("medicine-") or each == "dose"]
        if listed:
            made["entry"] = [_to(facts, each) for each in listed]
    return made


def _patient(facts: Facts) -> Resource:
    made = {
        **_begun("Patient", "patient", facts, "Patient"),
        "text": _narrative([facts.name]),
        "name": [{"use": "official", "text": facts.name, **_given_and_family(facts)}],
        "birthDate": facts.born,
        "generalPractitioner": [_to(facts, "practice")],
    }
    if facts.nhs_number:
        made["identifier"] = [{"system": NHS_NUMBER, "value": facts.nhs_number}]
    lines = [each.strip() for each in facts.address.splitlines() if each.strip()]
    if lines or facts.postcode:
        home: Resource = {"use": "home"}
        if lines:
            home["line"] = lines
        if facts.postcode:
            home["postalCode"] = facts.postcode
        made["address"] = [home]
    return made


def _given_and_family(facts: Facts) -> Resource:
    found: Resource = {}
    if facts.given_name:
        found["given"] = [facts.given_name]
    if facts.family_name:
        found["family"] = facts.family_name
    return found


def _author(facts: Facts) -> Resource:
    return {
        **_begun("Practitioner", "author", facts, "Practitioner"),
        "text": _narrative([f"{facts.worker}, project worker"]),
        "name": [{"text": facts.worker}],
        "qualification": [{"code": {"text": "Project worker, not a registered clinician"}}],
    }


def _organisation(name: str, called: str, code: str, facts: Facts) -> Resource:
    made = {
        **_begun("Organization", name, facts, "Organization"),
        "text": _narrative([called]),
        "name": called,
    }
    if code:
        made["identifier"] = [{"system": ODS_CODE, "value": code}]
    return made


def _encounter(facts: Facts) -> Resource:
    begun = datetime.fromisoformat(facts.session_at)
    period: Resource = {"start": facts.session_at}
    if facts.session_minutes:
        period["end"] = (begun + timedelta(minutes=facts.session_minutes)).isoformat()
    return {
        **_begun("Encounter", "encounter", facts, "Encounter"),
        "text": _narrative([f"Met on {moment(facts.session_at)}"]),
        "status": "finished",
        "class": {
            "system": ACT_CODE, "code": facts.setting, "display": SETTINGS[facts.setting],
        },
        "subject": _to(facts, "patient"),
        "period": period,
        "serviceProvider": _to(facts, "provider"),
    }  # fmt: skip


def _medicine(facts: Facts, number: int, medicine: FactMedicine) -> Resource:
    said = f"{medicine.product}, {medicine.directions}" if medicine.directions else medicine.product
    made = {
        **_begun("MedicationStatement", f"medicine-{number}", facts, "MedicationStatement"),
        "text": _narrative([f"{said}; listed on {medicine.as_at}"]),
        "status": "unknown",  # listed by the practice; whether it is taken so is not said
        "medicationCodeableConcept": {"text": medicine.product},
        "subject": _to(facts, "patient"),
        "effectiveDateTime": medicine.as_at,
        "informationSource": _to(facts, "practice"),
    }
    if medicine.directions:
        made["dosage"] = [{"text": medicine.directions}]
    return made


def _dose(facts: Facts) -> Resource:
    return {
        **_begun("Observation", "dose", facts, "Observation"),
        "text": _narrative([f"{OME_NAME}: {facts.dose}"]),
        "status": "final",
        "code": {"text": OME_NAME},
        "subject": _to(facts, "patient"),
        "effectiveDateTime": facts.dose_as_at,
        "performer": [_to(facts, "provider")],
        "valueString": facts.dose,
    }


def _begun(kind: str, name: str, facts: Facts, profile: str) -> Resource:
    return {
        "resourceType": kind, "id": _id(facts, name), "meta": {"profile": [CORE + profile]},
    }  # fmt: skip


def _id(facts: Facts, name: str) -> str:
    """The same for the same summary each time it is made."""
    return str(uuid.uuid5(uuid.UUID(facts.uuid), name))


def _urn(facts: Facts, name: str) -> str:
    return f"urn:uuid:{_id(facts, name)}"


def _to(facts: Facts, name: str) -> Resource:
    return {"reference": _urn(facts, name)}


def _narrative(said: Iterable[str]) -> Resource:
    """Plain words as the narrative FHIR wants; nothing typed is taken for markup."""
    lines = (line for each in said for line in each.splitlines())
    whole = (_NOT_XML.sub("\ufffd", line) for line in lines)
    words = "".join(f"<p>{escape(line, quote=False)}</p>" for line in whole)
    return {
        "status": "generated",
        "div": f'<div xmlns="http://www.w3.org/1999/xhtml">{words}</div>',
    }
