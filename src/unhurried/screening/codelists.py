"""The coded problems that matter to screening: palliative care and cancer (ID-2, ID-3)."""

from __future__ import annotations

from functools import cache

from unhurried.clinical.tables import read_table
from unhurried.screening.kinds import Listed

TABLES = ("codelist-palliative", "codelist-cancer")
MEANINGS = {
    "PALCARE_COD": Listed.PALLIATIVE,
    "PALCARENI_COD": Listed.PALLIATIVE_ENDED,
    "C19CAN_COD": Listed.CANCER,
    "C19HAEMCAN_COD": Listed.CANCER,
}
PREFIXES = ("", "snomed:")  # readers may say which system a code is from


@cache
def listed_codes() -> tuple[tuple[str, int], ...]:
    """Each code, as readers may write it, with what it means."""
    return tuple(
        (prefix + row["code"], int(MEANINGS[row["cluster"]]))
        for name in TABLES
        for row in read_table(name)
        for prefix in PREFIXES
    )
