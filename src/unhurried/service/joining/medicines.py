"""A GP's line "product, directions" and what we make of it: understood, or not known (REF-1).

Never guessed: where clinical.opioids abstains, the line stays as written and is "not known".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from unhurried.clinical.opioids import dose_json, find_product

LONGEST_LINE = 800
MOST_LINES = 20


@dataclass(frozen=True, slots=True)
class Line:
    """One medicine as written, whether it was understood, and a sentence about it."""

    product: str
    directions: str
    understood: bool
    sentence: str
    drug_class: str = ""

    @property
    def written(self) -> str:
        """The line as the GP wrote it."""
        return f"{self.product}, {self.directions}" if self.directions else self.product


def understand_all(text: str) -> list[Line]:
    """Each line of a text, in order; empty lines are passed over."""
    return [understand(line) for line in text.splitlines() if line.strip()]


def understand(line: str) -> Line:
    """What one line means, or that it is not known."""
    product, directions = _split(line.strip())
    answer = dose_json(product, directions)
    found: Any = answer["product"]
    if found is None:
        return Line(product, directions, False, "Not known: " + _lower(answer["dose_reason"]))
    drug_class = str(found["drug_class"])
    problem = (
        found["not_known"] or (answer["reason"] if directions else "") or answer["dose_reason"]
    )
    name = " ".join(filter(None, (_strength(found), found["ingredient"], _form(found))))
    if not directions:
        return Line(product, "", False, f"Not known: {name}, no directions written.", drug_class)
    if problem:
        return Line(product, directions, False, "Not known: " + _lower(problem), drug_class)
    return Line(product, directions, True, f"Understood: {name}, {_daily(answer)}.", drug_class)


def _split(line: str) -> tuple[str, str]:
    """Product and directions: at the first comma before which a product is recognised."""
    places = [place for place, letter in enumerate(line) if letter == ","]
    for place in places:
        known = find_product(line[:place].strip())
        if known is not None and known.not_known is None:
            return line[:place].strip()[:300], line[place + 1 :].strip()[:500]
    first, _, rest = line.partition(",")
    return first.strip()[:300], rest.strip()[:500]


def _strength(product: dict[str, Any]) -> str:
    if product["strength"] is None:
        return ""
    unit = str(product["unit"]).replace("micrograms_per_hour", "micrograms/hour")
    volume = f" in {_plain(product['per_ml'])} ml" if product["per_ml"] else ""
    return f"{_plain(product['strength'])} {unit}{volume}"


def _form(product: dict[str, Any]) -> str:
    release = product["release"]
    shown = release if release == "modified-release" else ""
    return " ".join(filter(None, (shown, product["form"])))


def _daily(answer: dict[str, Any]) -> str:
    as_needed = ", as needed" if answer["as_required"] else ""
    if answer["micrograms_per_hour_max"] is not None:
        words = f"{_range(answer, 'micrograms_per_hour')} micrograms an hour"
    else:
        words = f"{_range(answer, 'mg_per_day')} mg a day{as_needed}"
    if answer["ome_status"] == "converted":
        words += f" (morphine equivalent {_range(answer, 'ome')} mg a day)"
    return words


def _range(answer: dict[str, Any], what: str) -> str:
    low, high = _plain(answer[f"{what}_min"]), _plain(answer[f"{what}_max"])
    return low if low == high else f"{low} to {high}"


def _plain(number: float) -> str:
    return f"{number:g}"


def _lower(sentence: object) -> str:
    words = str(sentence or "this is not certain.")
    return words[0].lower() + words[1:]
