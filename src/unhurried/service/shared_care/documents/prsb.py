"""A message back to the GP, after the PRSB Social Prescribing Information Standard v1.1.

**Not validated by PRSB or NHS England**, and the message says so itself. Our reference (clinical.md
6.5) names the part, "message back to GP and referrer", and the demographics it must have (NHS
number, name, date of birth, address); the names of the other sections are ours until somebody maps
them to the published information model.
"""

from __future__ import annotations

from typing import Any

from unhurried.service.shared_care.documents.facts import Facts

STANDARD = "PRSB Social Prescribing Information Standard v1.1"
STATUS = (
    "Not validated by PRSB or NHS England. Only the demographics follow the standard's names; the "
    "other sections are Unhurried's own."
)
MANDATORY = ("nhs_number", "name", "date_of_birth", "address")


def message_back(facts: Facts) -> dict[str, Any]:
    """The message. A demographic that is not known is there, and empty, and named as not known."""
    about: dict[str, str] = {
        "nhs_number": facts.nhs_number, "name": facts.name, "date_of_birth": facts.born,
        "address": ", ".join(
            each.strip() for each in (*facts.address.splitlines(), facts.postcode) if each.strip()
        ),
    }  # fmt: skip
    return {
        "standard": STANDARD,
        "part": "message back to GP and referrer",
        "status": STATUS,
        "message": {"id": facts.uuid, "sent": facts.written_at, "replaces": facts.corrects},
        "demographics": about,
        "demographics_not_known": [name for name in MANDATORY if not about[name]],
        "gp_practice": {"name": facts.practice, "ods_code": facts.practice_code},
        "from": {
            "organisation": facts.provider, "ods_code": facts.provider_code,
            "name": facts.worker, "role": "Project worker",
        },
        "contact": {"at": facts.session_at, "minutes": facts.session_minutes},
        "sections": [{"title": each.label, "text": each.text} for each in facts.lines],
        "coded_entries": [
            {"system": each.system, "code": each.code, "display": each.term}
            for each in facts.codes
        ],
    }  # fmt: skip
