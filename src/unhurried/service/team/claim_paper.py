"""A claim on paper: a tagged PDF with its hours, and what they come to where a rate is known."""

from __future__ import annotations

from typing import Any

from unhurried.service.paper import pdf
from unhurried.service.patients.words import day
from unhurried.service.team.queries.ledger import ClaimSeen, hours, money


def claim_pdf(seen: ClaimSeen) -> bytes:
    """The claim as a PDF. Raises CannotRender, with a sentence."""
    return pdf(__package__ or "", "paper/claim.typ", claim_data(seen))


def claim_data(seen: ClaimSeen) -> dict[str, Any]:
    """What stands on the paper, as plain text."""
    claim = seen.claim
    sources = sorted({f"{role}: {line.rate_source}" for role, _, line in seen.lines
                      if line.rate_source})  # fmt: skip
    return {
        "title": "Claim for time", "foot": f"Claim {claim.uuid}",
        "facts": [
            ["From", seen.who], ["To", claim.provider.name],
            ["Days", f"{day(claim.since)} to {day(claim.until)}"],
            ["State", claim.get_state_display()],
            *([["Note", claim.note]] if claim.note else []),
        ],
        "head": ["Role", "What for", "Time", "An hour", "Comes to"],
        "rows": [
            [role, activity, hours(line.minutes), money(line.pounds), money(line.amount)]
            for role, activity, line in seen.lines
        ],
        "total": f"{seen.length}. {seen.amount}.",
        "sources": [f"Rate of {each}" for each in sources],
    }  # fmt: skip
