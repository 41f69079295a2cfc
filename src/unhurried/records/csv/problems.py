"""Problems without a SNOMED CT code: palliative care and cancer are found by their words (ID-3).

An export may hold Read or CTV3 codes only, or terms only. A term that is, word for word, a term of
one of the lists screening looks for gets that list's code; every other problem stays as written.
"""

from __future__ import annotations

import re
from functools import cache

import duckdb

from unhurried.clinical.codelists import cancer, palliative, palliative_ended
from unhurried.records.canonical import add_rows
from unhurried.records.csv.codes import is_concept

# What SNOMED CT writes behind a full name to say what kind of thing it is.
TAGS = (
    "finding|disorder|disease|procedure|situation|event|regime/therapy|observable entity|"
    "morphologic abnormality|record artifact|assessment scale|qualifier value|context-dependent"
    " category|administrative concept|environment|person|occupation|staging scale"
)
_TAG = re.compile(rf"\s*\((?:{TAGS})\)$")


def fold(term: str) -> str:
    """A term without case, spacing and the tag of its kind."""
    return _TAG.sub("", " ".join(term.casefold().split()))


@cache
def _listed() -> dict[str, str]:
    # In the order in which they speak should two lists ever share words.
    codes: dict[str, str] = {}
    for codelist in (palliative(), cancer(), palliative_ended()):
        for code in sorted(codelist.codes):
            codes.setdefault(fold(codelist.terms[code]), code)
    return codes


def listed_code(term: str) -> str | None:
    """The code of the list that holds this term, or None."""
    return _listed().get(fold(term))


def number_codes(connection: duckdb.DuckDBPyConnection, codes: str, terms: str) -> int:
    """Make tables `concepts` (code) and `by_term` (text, code); return how many concepts there are.

    `codes` and `terms` are SQL giving the distinct codes, and the distinct terms of table `raw`.
    """
    known = [code for (code,) in connection.execute(codes).fetchall() if code and is_concept(code)]
    connection.execute("CREATE OR REPLACE TEMP TABLE concepts (code VARCHAR)")
    add_rows(connection, "concepts", [(code,) for code in known])
    texts = [text for (text,) in connection.execute(terms).fetchall() if text]
    found = [(text, code) for text in texts if (code := listed_code(text))]
    connection.execute("CREATE OR REPLACE TEMP TABLE by_term (text VARCHAR, code VARCHAR)")
    add_rows(connection, "by_term", found)
    return len(known)


def palliative_codes() -> str:
    """SQL listing the codes of the palliative care register."""
    return ", ".join(f"'{code}'" for code in sorted(palliative().codes))
