"""FHIR references and identifiers as addresses that can be compared."""

from __future__ import annotations

from functools import lru_cache

from unhurried.records.fhir.models import Identifier, Reference
from unhurried.records.fhir.refusals import Refused
from unhurried.records.nhs_number import read_nhs_number

NHS_NUMBER = "https://fhir.nhs.uk/Id/nhs-number"
ODS_CODE = "https://fhir.nhs.uk/Id/ods-organization-code"
_BY_NUMBER = f"Patient?identifier={NHS_NUMBER}|"


def is_current(identifier: Identifier, system: str) -> bool:
    """True for an identifier of that system with a value, unless it is marked as an old one."""
    return identifier.system == system and identifier.use != "old" and bool(identifier.value)


@lru_cache(maxsize=65_536)
def address(reference: str, kind: str) -> str | None:
    """A reference to a resource of one kind, without its version; None when it is to another."""
    trimmed = reference.strip().split("/_history/")[0]
    if trimmed.startswith("urn:"):
        return trimmed
    parts = trimmed.split("/")
    if len(parts) < 2 or parts[-2] != kind or not parts[-1] or "?" in parts[-1]:
        return None
    return trimmed if "://" in trimmed else f"{kind}/{parts[-1]}"


def subject_address(subject: Reference | None) -> str:
    """Whose row it is: an address, or "nhs:" and an NHS number; raises Refused when not plain."""
    reference = (subject.reference or "").strip() if subject else ""
    identifier = subject.identifier if subject else None
    found = address(reference, "Patient") if reference else None
    if found is None:
        number = reference.removeprefix(_BY_NUMBER) if reference.startswith(_BY_NUMBER) else None
        if not reference and identifier and is_current(identifier, NHS_NUMBER):
            number = identifier.value
        digits = read_nhs_number(number).digits if number else None
        found = f"nhs:{digits}" if digits else None
    if found is None:
        raise Refused("no_person", "It does not say plainly which patient it belongs to.")
    return found
