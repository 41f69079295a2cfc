"""What was sent, as plain values: kept with the summary, and all that any form of it is made of."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from unhurried.service.shared_care.summary_tables import fields


@dataclass(frozen=True, slots=True)
class FactLine:
    """One line that goes."""

    code: str
    label: str
    text: str


@dataclass(frozen=True, slots=True)
class FactCode:
    """One coded entry."""

    code: str
    term: str
    system: str


@dataclass(frozen=True, slots=True)
class FactMedicine:
    """One medicine as the practice's records listed it."""

    product: str
    directions: str
    as_at: str


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything that was sent. Times and days are ISO text."""

    uuid: str
    title: str  # `Living with pain: session by phone`
    written_at: str
    worker: str
    name: str
    given_name: str
    family_name: str
    born: str
    nhs_number: str
    address: str
    postcode: str
    practice: str
    practice_code: str
    provider: str
    provider_code: str
    session_uuid: str
    session_at: str
    session_minutes: int | None
    setting: str
    corrects: str  # the uuid of the summary this one corrects, or empty
    corrects_sent: str  # when that was sent
    lines: tuple[FactLine, ...]
    codes: tuple[FactCode, ...] = ()
    medicines: tuple[FactMedicine, ...] = ()
    dose: str = ""  # the OME in words, with its day, its range and what it leaves out
    dose_as_at: str = ""

    def has(self, code: str) -> bool:
        """Is this line among them?"""
        return any(each.code == code for each in self.lines)

    @property
    def written(self) -> datetime:
        """When it was sent."""
        return datetime.fromisoformat(self.written_at)


def packed(facts: Facts) -> dict[str, Any]:
    """The same for keeping."""
    return asdict(facts)


def unpacked(kept: dict[str, Any]) -> Facts:
    """The facts that were kept."""
    more = {
        "lines": tuple(FactLine(**each) for each in kept["lines"]),
        "codes": tuple(FactCode(**each) for each in kept["codes"]),
        "medicines": tuple(FactMedicine(**each) for each in kept["medicines"]),
    }
    return Facts(**{**kept, **more})


def without_consent(facts: Facts) -> Facts:
    """What may be read where the person does not share with their GP: the fact of an alert."""
    lines = tuple(each for each in facts.lines if fields()[each.code].without_consent)
    return replace(
        facts, lines=lines, codes=(), medicines=(), dose="", dose_as_at="", session_uuid="",
        session_at="", session_minutes=None, setting="", title=facts.title.partition(":")[0],
    )  # fmt: skip
