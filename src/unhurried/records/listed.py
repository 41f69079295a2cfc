"""The coded entries screening looks for, wherever a record keeps them (ID-2, ID-3).

A problem list is not the only place for "On end of life care register": FHIR holds such entries as
Observation or Procedure, OMOP as rows of `observation` or `procedure_occurrence`. There they stand
among very many others (vital signs, vaccinations), of which only these are wanted.
"""

from __future__ import annotations

import csv
from functools import cache
from importlib import resources

from unhurried.clinical.codelists import cancer, palliative, palliative_ended


@cache
def listed() -> dict[str, str]:
    """Each SNOMED CT code that screening looks for, with its words.

    In the order in which they speak where one entry holds several: nobody on the register may be
    listed because the same entry also holds another code.
    """
    terms: dict[str, str] = {}
    for codes in (palliative(), cancer(), palliative_ended()):
        for code in sorted(codes.codes):
            terms.setdefault(code, codes.terms[code])
    return terms


@cache
def negations(system: str) -> frozenset[str]:
    """The values by which an entry says "not so": codes of SNOMED, LOINC or HL7, or a `word`."""
    text = resources.files(__package__).joinpath("negations.csv").read_text(encoding="utf-8")
    return frozenset(
        row["code"] for row in csv.DictReader(text.splitlines()) if row["system"] == system
    )
