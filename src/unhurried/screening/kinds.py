"""The whole numbers the screening uses for words, so that every engine adds and compares the same.

`Kind` follows the drug classes of `unhurried.clinical.opioids.products`, `Dose` the oral morphine
equivalent statuses of `...ome`.
"""

from __future__ import annotations

from enum import IntEnum


class Kind(IntEnum):
    """What sort of medicine an issue is for."""

    OPIOID = 1
    SUBSTITUTION = 2
    BENZODIAZEPINE = 3
    Z_DRUG = 4
    GABAPENTINOID = 5
    PARACETAMOL = 6


KIND_OF_CLASS = {
    "opioid": Kind.OPIOID,
    "opioid_substitution": Kind.SUBSTITUTION,
    "benzodiazepine": Kind.BENZODIAZEPINE,
    "z_drug": Kind.Z_DRUG,
    "gabapentinoid": Kind.GABAPENTINOID,
    "paracetamol": Kind.PARACETAMOL,
}


class Dose(IntEnum):
    """Whether a dose could be turned into oral morphine equivalents."""

    CONVERTED = 0
    NOT_CONVERTED = 1
    NOT_KNOWN = 2


DOSE_WORDS = {
    Dose.CONVERTED: "converted",
    Dose.NOT_CONVERTED: "not_converted",
    Dose.NOT_KNOWN: "not_known",
}


class Trend(IntEnum):
    """How the last window compares with the one before."""

    NOT_KNOWN = 0
    STEADY = 1
    RISING = 2
    FALLING = 3


TREND_WORDS = {
    Trend.NOT_KNOWN: "not known",
    Trend.STEADY: "steady",
    Trend.RISING: "rising",
    Trend.FALLING: "falling",
}


class Listed(IntEnum):
    """What a coded problem means for screening."""

    PALLIATIVE = 1
    PALLIATIVE_ENDED = 2
    CANCER = 3


# Two numbers travel as one where the later and, on the same day, one of the rest is wanted.
INGREDIENT = 10_000  # day x 10,000 + ingredient
SUPPLY = 10_000  # day x 10,000 + days of supply
