"""Oral morphine equivalents once more, slowly, so that the product's arithmetic has a rival.

Written from the requirement text (the reference's clinical.md 3.1 to 3.6 and the screening
decisions on totals), never from the product's code: plain `if` and `else` over `Decimal`, numbers
typed in from the reference tables below. It carries no interpretation of names or directions: a
part states what it is. OME is mg of oral morphine a day; it compares, it never picks a dose.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

D = Decimal
NOUGHT = D(0)

# Source of "fpm-2020": reference data ome-factors-uk.csv (suggested UK default, August 2020 table
# with its documented fill-ins). Source of the rest: ome-factors-compare.csv, its columns
# openprescribing_2024_26, cdc_2022 and anzca_ps01_2021. A missing pair has no factor in that set;
# alfentanil, papaveretum, nalbuphine, dextromoramide, hydrocodone, injected fentanyl left out.
# mg of oral morphine per mg; for transdermal, per microgram an hour.
FACTORS: dict[str, dict[tuple[str, str], Decimal]] = {
    "fpm-2020": {
        ("codeine", "oral"): D("0.1"),
        ("codeine", "rectal"): D("0.1"),
        ("dihydrocodeine", "oral"): D("0.1"),
        ("tramadol", "oral"): D("0.1"),
        ("tapentadol", "oral"): D("0.4"),
        ("morphine", "oral"): D("1"),
        ("morphine", "rectal"): D("1"),
        ("morphine", "parenteral"): D("2"),
        ("oxycodone", "oral"): D("1.5"),
        ("oxycodone", "rectal"): D("1.5"),
        ("oxycodone", "parenteral"): D("3"),
        ("hydromorphone", "oral"): D("5"),
        ("fentanyl", "transdermal"): D("2.4"),
        ("fentanyl", "buccal"): D("130"),
        ("fentanyl", "sublingual"): D("130"),
        ("fentanyl", "nasal"): D("160"),
        ("buprenorphine", "transdermal"): D("2.4"),
        ("buprenorphine", "parenteral"): D("100"),
        ("pethidine", "oral"): D("0.1"),
        ("pethidine", "parenteral"): D("0.24"),
        ("meptazinol", "oral"): D("0.03"),
        ("diamorphine", "oral"): D("1"),
        ("diamorphine", "parenteral"): D("3.3"),
        ("dipipanone", "oral"): D("0.5"),
        ("dextropropoxyphene", "oral"): D("0.1"),
        ("pentazocine", "oral"): D("0.37"),
    },
    "openprescribing-2025": {
        ("codeine", "oral"): D("0.1"),
        ("dihydrocodeine", "oral"): D("0.1"),
        ("tramadol", "oral"): D("0.1"),
        ("tapentadol", "oral"): D("0.4"),
        ("morphine", "oral"): D("1"),
        ("morphine", "parenteral"): D("2"),
        ("oxycodone", "oral"): D("1.5"),
        ("oxycodone", "parenteral"): D("3"),
        ("hydromorphone", "oral"): D("5"),
        ("fentanyl", "transdermal"): D("2.4"),
        ("buprenorphine", "transdermal"): D("2.4"),
        ("pethidine", "oral"): D("0.1"),
        ("pethidine", "parenteral"): D("0.24"),
        ("meptazinol", "oral"): D("0.03"),
        ("diamorphine", "parenteral"): D("3.3"),
        ("dipipanone", "oral"): D("0.5"),
        ("dextropropoxyphene", "oral"): D("0.1"),
    },
    "cdc-2022": {
        ("codeine", "oral"): D("0.15"),
        ("tramadol", "oral"): D("0.2"),
        ("tapentadol", "oral"): D("0.4"),
        ("morphine", "oral"): D("1"),
        ("oxycodone", "oral"): D("1.5"),
        ("hydromorphone", "oral"): D("5"),
        ("fentanyl", "transdermal"): D("2.4"),
    },
    "anzca-2021": {
        ("codeine", "oral"): D("0.13"),
        ("tramadol", "oral"): D("0.2"),
        ("tapentadol", "oral"): D("0.3"),
        ("morphine", "oral"): D("1"),
        ("morphine", "parenteral"): D("3"),
        ("oxycodone", "oral"): D("1.5"),
        ("oxycodone", "parenteral"): D("3"),
        ("hydromorphone", "oral"): D("5"),
        ("fentanyl", "transdermal"): D("3"),
        ("buprenorphine", "transdermal"): D("2"),
        ("pethidine", "parenteral"): D("0.4"),
        ("dextropropoxyphene", "oral"): D("0.1"),
    },
}
FENTANYL_12_PATCH_FPM = D("30")  # printed in the FPM table; its true release is 12.5
PARACETAMOL_LIMIT_MG = D("4000")  # adults, a day (BNF)


@dataclass(frozen=True, slots=True, kw_only=True)
class NaivePart:
    """One product as taken. `strength` is mg, or micrograms an hour for a patch.

    `units_per_day_*` count tablets, ml (when `per_ml` is set) or other units; for a patch they are
    the patches worn together, and `hours_between` with `wear_hours` say how often it is changed.
    """

    name: str
    ingredient: str
    route: str = "oral"
    form: str = "tablet"
    release: str = ""  # no factor depends on it; kept so that a part can be said in full
    drug_class: str = "opioid"
    strength: Decimal | None = None
    per_ml: Decimal | None = None
    units_per_day_min: Decimal | None = None
    units_per_day_max: Decimal | None = None
    as_required: bool = False
    paracetamol_mg: Decimal = NOUGHT
    hours_between: Decimal | None = None
    wear_hours: tuple[Decimal, Decimal] | None = None


@dataclass(slots=True)
class NaiveTotal:
    """What a list of parts comes to; None where nothing can honestly be said."""

    ome_min: Decimal | None = None
    ome_max: Decimal | None = None
    status: str = "converted"  # converted | not_converted | not_known
    not_converted: list[str] = field(default_factory=list)
    not_known: list[str] = field(default_factory=list)
    paracetamol_mg_max: Decimal = NOUGHT
    paracetamol_warning: bool = False
    unusual_interval: list[str] = field(default_factory=list)


def naive_amount(part: NaivePart) -> tuple[Decimal, Decimal] | None:
    """Give mg a day (micrograms an hour for patches), least and most; None when not known."""
    low, high = part.units_per_day_min, part.units_per_day_max
    if part.strength is None or low is None or high is None:
        return None
    if part.as_required:
        low = D(0)
    if part.form == "patch" and not naive_patch_can_be_counted(part):
        return None
    if part.per_ml is not None:
        return part.strength * low / part.per_ml, part.strength * high / part.per_ml
    return part.strength * low, part.strength * high


def naive_patch_can_be_counted(part: NaivePart) -> bool:
    """Refuse part patches, and a change so early that two or more would be worn at once."""
    low, high = part.units_per_day_min, part.units_per_day_max
    if low is None or high is None or low % 1 != 0 or high % 1 != 0:
        return False
    if part.hours_between is not None and part.wear_hours is not None:
        return part.hours_between * 2 >= part.wear_hours[0]
    return True


def naive_interval_is_unusual(part: NaivePart) -> bool:
    """Say whether a patch is changed earlier or later than it is made for."""
    if part.form != "patch" or part.hours_between is None or part.wear_hours is None:
        return False
    return not part.wear_hours[0] <= part.hours_between <= part.wear_hours[1]


def naive_factor(part: NaivePart, factor_set: str) -> Decimal | None:
    """Give mg of oral morphine per mg (or per microgram an hour); None when never converted."""
    if part.drug_class == "opioid_substitution" or part.ingredient == "methadone":
        return None
    if part.ingredient == "buprenorphine" and part.route in ("sublingual", "buccal"):
        return None  # sources differ by two times: off until a site chooses
    pair = (part.ingredient, part.route)
    if pair == ("fentanyl", "transdermal") and part.strength == 12 and factor_set == "fpm-2020":
        return FENTANYL_12_PATCH_FPM / 12
    return FACTORS[factor_set].get(pair)


def naive_total(parts: Sequence[NaivePart], factor_set: str = "fpm-2020") -> NaiveTotal:
    """Add up the parts: opioids and substitution for OME, everything for paracetamol."""
    total = NaiveTotal()
    for part in parts:
        if part.units_per_day_max is not None:
            total.paracetamol_mg_max += part.paracetamol_mg * part.units_per_day_max
        if part.drug_class not in ("opioid", "opioid_substitution"):
            continue
        if naive_interval_is_unusual(part):
            total.unusual_interval.append(part.name)
        amount = naive_amount(part)
        factor = naive_factor(part, factor_set)
        if amount is None:
            total.not_known.append(part.name)
        elif factor is None:
            total.not_converted.append(part.name)
        else:
            total.ome_min = (total.ome_min or D(0)) + amount[0] * factor
            total.ome_max = (total.ome_max or D(0)) + amount[1] * factor
    total.paracetamol_warning = total.paracetamol_mg_max > PARACETAMOL_LIMIT_MG
    if total.not_known:
        total.status = "not_known"
        total.ome_max = None
    elif total.not_converted:
        total.status = "not_converted"
    return total


def _part(name: str, ingredient: str, strength: str, units: str, **more: Any) -> NaivePart:
    low, _, high = units.partition("-")
    given: dict[str, Any] = {"units_per_day_min": D(low), "units_per_day_max": D(high or low)}
    return NaivePart(name=name, ingredient=ingredient, strength=D(strength), **(given | more))


PATCH = {"form": "patch", "route": "transdermal"}
LIQUID = {"form": "oral liquid", "per_ml": D(5)}
ZOMORPH = _part("Zomorph 30mg", "morphine", "30", "2")
CO_CODAMOL = _part("Co-codamol 30/500", "codeine", "30", "8", paracetamol_mg=D(500))
TRAMADOL = _part("Tramadol 50mg", "tramadol", "50", "8")
PARACETAMOL = _part(
    "Paracetamol", "paracetamol", "500", "8", drug_class="paracetamol", paracetamol_mg=D(500)
)

# clinical.md 3.2 and 3.3: what, factor set, parts, OME least and most, status, paracetamol mg.
WORKED_EXAMPLES: tuple[tuple[str, str, tuple[NaivePart, ...], str, str, str, str], ...] = (
    ("morphine as prescribed", "fpm-2020",
     (ZOMORPH, _part("Oramorph", "morphine", "10", "0-20", as_required=True, **LIQUID)),
     "60", "100", "converted", "0"),
    ("morphine as reported", "fpm-2020",
     (ZOMORPH, _part("Oramorph", "morphine", "10", "15", **LIQUID)), "90", "90", "converted", "0"),
    ("two weak opioids", "fpm-2020", (CO_CODAMOL, TRAMADOL), "64", "64", "converted", "4000"),
    ("the same, CDC", "cdc-2022", (CO_CODAMOL, TRAMADOL), "116", "116", "converted", "4000"),
    ("Butec 20", "fpm-2020", (_part("Butec", "buprenorphine", "20", "1", **PATCH),),
     "48", "48", "converted", "0"),
    ("Transtec 52.5", "fpm-2020", (_part("Transtec", "buprenorphine", "52.5", "1", **PATCH),),
     "126", "126", "converted", "0"),
    ("fentanyl 12 and 25", "fpm-2020",
     (_part("f12", "fentanyl", "12", "1", **PATCH), _part("f25", "fentanyl", "25", "1", **PATCH)),
     "90", "90", "converted", "0"),
    ("Longtec 30 bd", "fpm-2020", (_part("Longtec", "oxycodone", "30", "2"),),
     "90", "90", "converted", "0"),
    ("MST 60 bd", "fpm-2020", (_part("MST", "morphine", "60", "2"),),
     "120", "120", "converted", "0"),
    ("methadone is shown, not added", "fpm-2020",
     (_part("m", "methadone", "5", "6"), _part("o", "morphine", "10", "2")),
     "20", "20", "not_converted", "0"),
    ("co-codamol with paracetamol", "fpm-2020", (CO_CODAMOL, PARACETAMOL),
     "24", "24", "converted", "8000"),
)  # fmt: skip
