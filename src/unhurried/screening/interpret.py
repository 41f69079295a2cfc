"""What the clinical rules say of the distinct medicines and directions, once each (OPI-1).

A practice repeats the same few thousand pairs of medicine and directions a million times. Each
medicine is looked up once, each text read once for each form, each dose worked out once; the
numbers are then joined to the issues.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from unhurried.clinical.opioids.directions import NotUnderstood, Understood, interpret
from unhurried.clinical.opioids.dose import daily_dose
from unhurried.clinical.opioids.factors import FactorSet
from unhurried.clinical.opioids.ome import oral_morphine_equivalent
from unhurried.clinical.opioids.products import Product, find_product
from unhurried.clinical.opioids.vocabulary import forms
from unhurried.screening.kinds import DOSE_WORDS, KIND_OF_CLASS, Dose, Kind

CODE_SYSTEMS = ("dmd", "bnf")
# Status, least and most OME in micrograms a day, paracetamol in mg a day.
DoseNumbers = tuple[int, int | None, int | None, int | None]
Numbers = tuple[DoseNumbers, int | None]  # and thousandths of units a day
NO_DOSE: DoseNumbers = (Dose.NOT_KNOWN, None, None, None)
DOSE_OF_WORD = {word: dose for dose, word in DOSE_WORDS.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Medicine:
    """A medicine the screening looks for, with the numbers that stand for its words."""

    medicine: int
    written: str
    kind: Kind
    ingredient: int
    line: int
    request_line: int


@dataclass(frozen=True, slots=True)
class Medicines:
    """All medicines looked for, the ingredients by number, and the products read (if read here)."""

    by_number: dict[int, Medicine]
    ingredients: tuple[str, ...]
    products: dict[int, Product]


class Pair(NamedTuple):
    """One (medicine, directions) pair as the relational definition sees it."""

    pair: int
    medicine: int
    directions: str
    kind: int
    ingredient: int
    line: int
    request_line: int
    units_per_day_thousandths: int | None
    as_required: bool
    dose: int
    ome_min: int | None
    ome_max: int | None
    paracetamol_mg: int | None
    understood: bool


def whole(number: Fraction | None, times: int = 1) -> int | None:
    """A number times a scale, rounded half up to a whole one."""
    if number is None:
        return None
    return (2 * number.numerator * times + number.denominator) // (2 * number.denominator)


def read_medicines(rows: Iterable[tuple[int, str, str]]) -> Medicines:
    """Look up (medicine, product, code) rows; those that are not looked for are left out.

    Numbers follow the order of the words, so the same medicines always give the same numbers.
    """
    found = []
    for number, written, code in rows:
        system, _, identifier = (code or "").partition(":")
        codes = {system: identifier} if system in CODE_SYSTEMS else {}
        product = find_product(written or "", **codes)
        if product is not None and product.drug_class in KIND_OF_CLASS:
            found.append((number, written or "", product))
    ingredients = sorted({product.ingredient for _, _, product in found})
    lines = sorted({_line(product) for _, _, product in found})
    request_lines = sorted({(product.ingredient, product.release) for _, _, product in found})
    ingredient_number = {name: place for place, name in enumerate(ingredients)}
    line_number = {line: place for place, line in enumerate(lines)}
    request_number = {line: place for place, line in enumerate(request_lines)}
    return Medicines(
        {
            number: Medicine(
                medicine=number,
                written=written,
                kind=KIND_OF_CLASS[product.drug_class],
                ingredient=ingredient_number[product.ingredient],
                line=line_number[_line(product)],
                request_line=request_number[product.ingredient, product.release],
            )
            for number, written, product in found
        },
        tuple(ingredients),
        {number: product for number, _, product in found},
    )


def _line(product: Product) -> tuple[str, str, str, str]:
    return (product.drug_class, product.ingredient, product.release, product.route)


class PairReader:
    """Reads pairs, each text and each dose only once."""

    def __init__(self, medicines: Medicines, factors: FactorSet) -> None:
        """Read with these medicines and this conversion factor set."""
        self._medicines = medicines.by_number
        self._products = medicines.products
        self._factors = factors
        self._texts: dict[tuple[str, bool], tuple[Understood | NotUnderstood, int]] = {}
        self._regimens: dict[tuple[object, ...], int] = {}
        self._numbers: dict[tuple[int, int], Numbers] = {}

    def read(self, pairs: Sequence[tuple[int, int, str]]) -> list[Pair]:
        """Read (pair, medicine, directions) rows."""
        return [self._pair(*each) for each in pairs]

    def _pair(self, number: int, medicine: int, text: str) -> Pair:
        known = self._medicines[medicine]
        product = self._products[medicine]
        reading, regimen = self._read_text(text, product.form)
        understood = isinstance(reading, Understood)
        (dose, least, most, paracetamol), units = self._said(known, reading, regimen)
        return Pair(
            pair=number,
            medicine=medicine,
            directions=text,
            kind=int(known.kind),
            ingredient=known.ingredient,
            line=known.line,
            request_line=known.request_line,
            units_per_day_thousandths=units,
            as_required=isinstance(reading, Understood) and reading.as_required,
            dose=int(dose),
            ome_min=least,
            ome_max=most,
            paracetamol_mg=paracetamol,
            understood=understood,
        )

    def _read_text(self, text: str, form: str) -> tuple[Understood | NotUnderstood, int]:
        """What a text says, and the number of its regimen: many texts say the same."""
        key = (text, form == "patch")  # directions mean something else only for patches
        known = self._texts.get(key)
        if known is None:
            reading = interpret(text, form=form)
            known = (reading, self._regimens.setdefault(_says(reading), len(self._regimens)))
            self._texts[key] = known
        return known

    def _said(self, known: Medicine, reading: Understood | NotUnderstood, regimen: int) -> Numbers:
        key = (known.medicine, regimen)
        result = self._numbers.get(key)
        if result is None:
            counted = known.kind in (Kind.OPIOID, Kind.PARACETAMOL)
            dose = self._work_out(known, reading) if counted else NO_DOSE
            result = (dose, units_per_day(self._products[known.medicine], reading))
            self._numbers[key] = result
        return result

    def _work_out(self, known: Medicine, reading: Understood | NotUnderstood) -> DoseNumbers:
        product = self._products[known.medicine]
        daily = daily_dose(product, reading)
        paracetamol = whole(daily.paracetamol_mg_per_day_max)
        if known.kind is not Kind.OPIOID:
            return (Dose.NOT_KNOWN, None, None, paracetamol)
        equivalent = oral_morphine_equivalent(product, daily, self._factors)
        dose = DOSE_OF_WORD[equivalent.status]
        least, most = whole(equivalent.min, 1000), whole(equivalent.max, 1000)
        if dose is not Dose.CONVERTED or least is None or most is None:
            dose = Dose.NOT_KNOWN if dose is Dose.CONVERTED else dose
            return (dose, None, None, paracetamol)
        return (dose, least, most, paracetamol)


def _says(reading: Understood | NotUnderstood) -> tuple[object, ...]:
    """What directions say, whatever their words: the same regimen needs one calculation."""
    if isinstance(reading, NotUnderstood):
        return (reading.code,)
    return (
        _ratio(reading.dose_min),
        _ratio(reading.dose_max),
        reading.unit,
        _ratio(reading.times_per_day_min),
        _ratio(reading.times_per_day_max),
        reading.as_required,
        _ratio(reading.max_units_per_day),
        _ratio(reading.units_per_day_min),
        _ratio(reading.units_per_day_max),
        reading.steps,
        _ratio(reading.also_mg),
    )


def _ratio(number: Fraction | None) -> tuple[int, int] | None:
    """The same number where it is only compared: a Fraction takes long to hash."""
    return None if number is None else number.as_integer_ratio()


COUNTED = ("solid", "patch")
MEASURED = ("liquid", "drops", "injection")
MG_IN = {"mg": Fraction(1), "microgram": Fraction(1, 1000), "g": Fraction(1000)}


def units_per_day(product: Product, reading: Understood | NotUnderstood) -> int | None:
    """Thousandths of the units a quantity is counted in, taken a day at most; None if not sure.

    A quantity counts tablets, patches or ml. Directions that speak in mg are turned into these by
    the strength; the quantity of a spray may count bottles or doses, so it says nothing.
    """
    if isinstance(reading, NotUnderstood) or not reading.units_per_day_max:
        return None
    shape = forms().get(product.form)
    if shape is None:
        return None
    amount = reading.units_per_day_max
    if reading.unit in MG_IN:
        if product.partner or not product.strength or product.unit != "mg":
            return None
        each = product.strength / (product.per_ml or 1)
        return whole(amount * MG_IN[reading.unit] / each, 1000) or None
    fits = (shape.family in COUNTED and (reading.unit is None or reading.unit in shape.units)) or (
        shape.family in MEASURED and reading.unit == "ml"
    )
    return (whole(amount, 1000) or None) if fits else None
