"""SNOMED CT code lists the screening needs: palliative care (and its end) and cancer (ID-3).

The lists are NHS England Primary Care Domain clusters; each row carries its source and version.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass

from unhurried.clinical.tables import read_table


@dataclass(frozen=True, slots=True)
class Codelist:
    """A set of SNOMED CT codes with the words for each, and where it comes from."""

    name: str
    codes: frozenset[str]
    terms: dict[str, str]
    source: str
    version: str


def palliative() -> Codelist:
    """Return the codes that put a person on the palliative care register (PALCARE_COD)."""
    return _cluster("codelist-palliative", ("PALCARE_COD",))


def palliative_ended() -> Codelist:
    """Return the codes that say palliative care is no longer indicated (PALCARENI_COD)."""
    return _cluster("codelist-palliative", ("PALCARENI_COD",))


def cancer() -> Codelist:
    """Return the codes for cancer, solid (C19CAN_COD) and of the blood (C19HAEMCAN_COD)."""
    return _cluster("codelist-cancer", ("C19CAN_COD", "C19HAEMCAN_COD"))


@functools.cache
def _cluster(table: str, clusters: tuple[str, ...]) -> Codelist:
    rows = [row for row in read_table(table) if row["cluster"] in clusters]
    return Codelist(
        name=" and ".join(clusters),
        codes=frozenset(row["code"] for row in rows),
        terms={row["code"]: row["term"] for row in rows},
        source="; ".join(sorted({row["source"] for row in rows})),
        version="; ".join(sorted({row["version"] for row in rows})),
    )
