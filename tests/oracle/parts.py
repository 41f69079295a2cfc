"""What a small set of (product, directions) pairs means, worked out by hand.

The names are as GP systems print them, so the pairs can go through the product's own reading of
products and directions as well as be injected. OME by the FPM 2020 factors: morphine 1, codeine
and tramadol 0.1, oxycodone 1.5, fentanyl patch 12 -> 30 and 25 -> 60 mg a day, buprenorphine patch
2.4 mg for each microgram an hour.
"""

from fractions import Fraction

from tests.oracle.naive_shapes import Part

MORPHINE_MR_10 = "Morphine sulfate 10mg modified-release tablets"
MORPHINE_MR_30 = "Morphine sulfate 30mg modified-release tablets"
MORPHINE_MR_60 = "Morphine sulfate 60mg modified-release tablets"
ORAL_MORPHINE = "Morphine sulfate 10mg/5ml oral solution"
CODEINE_30 = "Codeine 30mg tablets"
CO_CODAMOL_30 = "Co-codamol 30mg/500mg tablets"
CO_CODAMOL_8 = "Co-codamol 8mg/500mg tablets"
TRAMADOL_50 = "Tramadol 50mg capsules"
OXYCODONE_MR_5 = "Oxycodone 5mg modified-release tablets"
FENTANYL_25 = "Fentanyl 25micrograms/hour transdermal patches"
FENTANYL_12 = "Fentanyl 12micrograms/hour transdermal patches"
BUPRENORPHINE_10 = "Buprenorphine 10micrograms/hour transdermal patches"
METHADONE_5 = "Methadone 5mg tablets"


def _opioid(
    product: str,
    directions: str,
    line: tuple[str, str, str],
    mg: tuple[str, str] | None,
    *,
    units: str | None,
    as_required: bool = False,
    status: str = "converted",
    paracetamol: int | None = None,
) -> Part:
    low, high = (int(Fraction(v) * 1000) for v in mg) if mg else (None, None)
    return Part(
        product=product,
        directions=directions,
        drug_class="opioid",
        ingredient=line[0],
        release=line[1],
        route=line[2],
        ome_min_ug=low,
        ome_max_ug=high,
        ome_status=status,
        units_per_day_max=None if units is None else Fraction(units),
        as_required=as_required,
        paracetamol_mg=None if paracetamol is None else Fraction(paracetamol),
    )


_MORPHINE_MR = ("morphine", "modified", "oral")
_MORPHINE = ("morphine", "immediate", "oral")
_CODEINE = ("codeine", "immediate", "oral")
_TRAMADOL = ("tramadol", "immediate", "oral")
_FENTANYL = ("fentanyl", "patch", "transdermal")
_BUPRENORPHINE = ("buprenorphine", "patch", "transdermal")
_OXYCODONE_MR = ("oxycodone", "modified", "oral")
_METHADONE = ("methadone", "immediate", "oral")

OPIOIDS: tuple[Part, ...] = (
    _opioid(MORPHINE_MR_10, "ONE TWICE A DAY", _MORPHINE_MR, ("20", "20"), units="2"),
    _opioid(MORPHINE_MR_10, "TWO TWICE A DAY", _MORPHINE_MR, ("40", "40"), units="4"),
    _opioid(MORPHINE_MR_10, "1 mane 2 nocte", _MORPHINE_MR, ("30", "30"), units="3"),
    _opioid(MORPHINE_MR_10, "As directed", _MORPHINE_MR, None, units=None, status="not_known"),
    _opioid(MORPHINE_MR_30, "ONE TWICE A DAY", _MORPHINE_MR, ("60", "60"), units="2"),
    _opioid(MORPHINE_MR_60, "TWO TWICE A DAY", _MORPHINE_MR, ("240", "240"), units="4"),
    _opioid(
        ORAL_MORPHINE,
        "5ML FOUR TIMES A DAY WHEN REQUIRED",
        _MORPHINE,
        ("0", "40"),
        units="20",
        as_required=True,
    ),
    _opioid(CODEINE_30, "ONE OR TWO FOUR TIMES A DAY", _CODEINE, ("12", "24"), units="8"),
    _opioid(CODEINE_30, "HALF A TABLET TWICE A DAY", _CODEINE, ("3", "3"), units="1"),
    _opioid(
        CO_CODAMOL_30,
        "TWO FOUR TIMES A DAY",
        _CODEINE,
        ("24", "24"),
        units="8",
        paracetamol=4000,
    ),
    _opioid(
        CO_CODAMOL_8,
        "1-2 QDS PRN",
        _CODEINE,
        ("0", "6.4"),
        units="8",
        as_required=True,
        paracetamol=4000,
    ),
    _opioid(TRAMADOL_50, "TWO FOUR TIMES A DAY", _TRAMADOL, ("40", "40"), units="8"),
    _opioid(TRAMADOL_50, "AS DIRECTED", _TRAMADOL, None, units=None, status="not_known"),
    _opioid(OXYCODONE_MR_5, "ONE TWICE A DAY", _OXYCODONE_MR, ("15", "15"), units="2"),
    _opioid(FENTANYL_25, "APPLY ONE PATCH EVERY 72 HOURS", _FENTANYL, ("60", "60"), units="1/3"),
    _opioid(FENTANYL_12, "APPLY ONE PATCH EVERY 72 HOURS", _FENTANYL, ("30", "30"), units="1/3"),
    _opioid(
        BUPRENORPHINE_10,
        "APPLY ONE PATCH EVERY 7 DAYS",
        _BUPRENORPHINE,
        ("24", "24"),
        units="1/7",
    ),
    _opioid(METHADONE_5, "ONE TWICE A DAY", _METHADONE, None, units="2", status="not_converted"),
)


def opioid(product: str, directions: str) -> Part:
    return next(p for p in OPIOIDS if (p.product, p.directions) == (product, directions))


def _other(product: str, directions: str, drug_class: str, units: str | None) -> Part:
    return Part(
        product=product,
        directions=directions,
        drug_class=drug_class,
        units_per_day_max=None if units is None else Fraction(units),
    )


SUBSTITUTION: tuple[Part, ...] = (
    _other("Methadone 1mg/ml oral solution", "30ML DAILY", "opioid_substitution", "30"),
    _other("Buprenorphine 8mg sublingual tablets", "ONE DAILY", "opioid_substitution", "1"),
)

SEDATIVES: tuple[Part, ...] = (
    _other("Diazepam 5mg tablets", "ONE AT NIGHT", "benzodiazepine", "1"),
    _other("Zopiclone 7.5mg tablets", "ONE AT NIGHT", "z_drug", "1"),
    _other("Pregabalin 75mg capsules", "ONE TWICE A DAY", "gabapentinoid", "2"),
    _other("Gabapentin 300mg capsules", "AS DIRECTED", "gabapentinoid", None),
)


def _paracetamol(product: str, directions: str, units: int, *, as_required: bool = False) -> Part:
    return Part(
        product=product,
        directions=directions,
        drug_class="paracetamol",
        ingredient="paracetamol",
        release="immediate",
        route="oral",
        units_per_day_max=Fraction(units),
        as_required=as_required,
        paracetamol_mg=Fraction(500 * units),
    )


PARACETAMOL: tuple[Part, ...] = (
    _paracetamol("Paracetamol 500mg tablets", "TWO FOUR TIMES A DAY", 8),
    _paracetamol("Paracetamol 500mg tablets", "ONE TWICE A DAY", 2),
    _paracetamol("Paracetamol 500mg capsules", "TWO FOUR TIMES A DAY PRN", 8, as_required=True),
)

OTHER: tuple[Part, ...] = (_other("Amlodipine 5mg tablets", "ONE DAILY", "other", "1"),)
