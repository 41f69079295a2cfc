"""Wording that does no harm, and how hard a text is to read (INV-4, INV-5, INV-6).

`check` finds words that stigmatise, press or threaten; `missing_statements` says what an invitation
still has to say; `reading_age` says how old a reader a text asks for. Tables are read when first
needed. `docs/reference/wording.md` shows the rules.
"""

from unhurried.clinical.wording.checking import Finding, Findings, check
from unhurried.clinical.wording.reading import HardSentence, ReadingAge, aims, reading_age
from unhurried.clinical.wording.rules import Kind
from unhurried.clinical.wording.statements import MissingStatement, missing_statements

__all__ = [
    "Finding",
    "Findings",
    "HardSentence",
    "Kind",
    "MissingStatement",
    "ReadingAge",
    "aims",
    "check",
    "missing_statements",
    "reading_age",
]
