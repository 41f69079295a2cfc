"""Keeps the amount of something else from being read as this medicine's.

"Take with paracetamol 1g qds" gives a dose of paracetamol, and "with water 10ml" may give the
water's. What is counted after such words is not certain until their sentence ends.
"""

from __future__ import annotations

from unhurried.clinical.opioids.directions.amounts import MASS, MEASURES
from unhurried.clinical.opioids.directions.draft import NUMBERS, Abstain, Reader

_UNCOUNTED = frozenset(
    {"ornament", "describing", "separator", "dash", "open", "for", "directed", "breakthrough"}
)
_SENTENCE_OVER = frozenset({"end", "close", "advice", "pharmacy"})
_IN_VOLUME = NUMBERS | {"dash", "to", "or", "open", "describing"}


def on_ornament(reader: Reader) -> None:
    """Words without effect; "for pain and sleep" joins nothing that is counted."""
    name = reader.tokens[reader.at].name
    reader.at += 1
    reader.joined = ""
    if name == "beside":
        _nothing_counted(reader)
    elif name == "drink":
        _no_volume(reader)


def _nothing_counted(reader: Reader) -> None:
    """Another medicine is named: no number, time or limit may follow in its sentence."""
    kinds, tokens, at = reader.kinds, reader.tokens, reader.at
    while kinds[at] not in _SENTENCE_OVER and tokens[at].name != "stop":
        if kinds[at] not in _UNCOUNTED:
            raise Abstain("other_medicine")
        at += 1
    while kinds[at] in {"close", "separator", "dash", "verb"}:
        at += 1
    if kinds[at] in NUMBERS and tokens[at + 1].name in MASS:
        raise Abstain("other_medicine")


def _no_volume(reader: Reader) -> None:
    """A drink is named: a measure straight after it could be how much to drink."""
    kinds, tokens, at = reader.kinds, reader.tokens, reader.at
    while kinds[at] in _IN_VOLUME or (kinds[at] == "separator" and tokens[at].name != "stop"):
        at += 1
    if kinds[at] == "unit" and tokens[at].name in MEASURES:
        raise Abstain("other_medicine")
