"""Says which medicine a prescription is for, by code or by name (OPI-1).

A code and a name that disagree, or a name that does not state its strength and form plainly,
give a product whose class is kept and whose strength is "not known", with a sentence saying why.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

from unhurried.clinical.opioids import listed
from unhurried.clinical.opioids.believing import BRAND_STRENGTH, doubt, is_listed
from unhurried.clinical.opioids.doubts import NO_LONGER, TWO_PRODUCTS
from unhurried.clinical.opioids.listed import Chemical
from unhurried.clinical.opioids.names import NO_FORM, Reading, read_name
from unhurried.clinical.opioids.vocabulary import forms, patch_of
from unhurried.clinical.tables import exact_or_none

CODE_ONLY = "The code says {ingredient}, and the name does not state a strength we can read."
CODE_OTHER = "The code is for {code} and the name is for {name}: check the record."
CODE_STRENGTH = "The code says {code} and the name says {name}: check the record."
CODE_FORM = "The code says {code} and the name says {name}: check the record."
CODE_NAME = "The code is for {code} and the name does not say so: check the record."
CODES_DIFFER = "The dm+d code and the BNF code are for different products: check the record."
CODE_SECTION = "The BNF code is for another kind of medicine than {name}: check the record."
_OPIOIDS = frozenset({"opioid", "opioid_substitution"})


@dataclass(frozen=True, slots=True)
class Product:
    """One medicine we look for. Strength is in mg (or micrograms an hour for patches) in `per_ml`
    ml where it is a liquid; `not_known` is a sentence when no dose can be built on it."""

    name: str
    ingredient: str
    drug_class: str
    strength: Fraction | None
    unit: str | None
    per_ml: Fraction | None
    form: str
    release: str
    route: str
    matched_by: str
    paracetamol_mg: Fraction | None
    wear_hours: tuple[int, int] | None
    brand: str | None
    not_known: str | None
    partner: str | None = None


def find_product(name: str, *, dmd: str = "", bnf: str = "") -> Product | None:
    """Return the medicine a prescription is for, None when it is not one we look for.

    `dmd` is a dm+d VMP or AMP code; `bnf` a 15-character BNF code (its generic equivalent is
    used where the product itself is not listed) or a 9-character chemical, which gives the
    class only.
    """
    reading = read_name(name)
    dmd, bnf = dmd.strip(), bnf.strip().upper()
    by_dmd = listed.by_dmd().get(dmd) if dmd else None
    by_bnf = listed.by_bnf(bnf) if bnf else None
    row = by_dmd or by_bnf
    if row is None:
        return _by_name(name, reading, bnf)
    product = _from_row(name, row, "dmd" if by_dmd else "bnf")
    if by_dmd and by_bnf and not _same(by_dmd, by_bnf):
        return _doubtful(product, CODES_DIFFER)
    return product if _plain(name) == _plain(row["name"]) else _checked(product, name, reading)


def _by_name(name: str, reading: Reading | None, bnf: str) -> Product | None:
    """The name decides, held against the class its BNF chemical gives."""
    chemical = _chemical(bnf, reading) if bnf else None
    if reading is None:
        return _class_only(name, chemical) if chemical else None
    product = _from_reading(name, reading)
    if chemical is not None:
        return _with_chemical(product, chemical)
    foreign = len(bnf) >= 9 and bnf[:4].isdigit() and bnf[:4] not in listed.sections()
    if foreign and product.drug_class in _OPIOIDS:
        return _doubtful(product, CODE_SECTION.format(name=product.ingredient))
    return product


def _plain(name: str) -> str:
    return "".join(name.split()).lower()


def _doubtful(product: Product, sentence: str) -> Product:
    return replace(
        product,
        strength=None,
        per_ml=None,
        unit=None,
        paracetamol_mg=None,
        wear_hours=None,
        not_known=sentence,
    )


def _unit(form: str) -> str:
    return "micrograms_per_hour" if form == "patch" else "mg"


def _route(form: str) -> str:
    return forms()[form].route if form in forms() else ""


def _wear(
    ingredient: str, form: str, strength: Fraction | None, brand: str | None
) -> tuple[int, int] | None:
    patch = patch_of(ingredient, strength, brand or "") if form == "patch" else None
    return patch.wear_hours if patch else None


def _from_row(name: str, row: dict[str, str], matched_by: str) -> Product:
    strength = exact_or_none(row["strength"])
    brand = row["brand"] or None
    return Product(
        name=name or row["name"],
        ingredient=row["ingredient"],
        drug_class=row["drug_class"],
        strength=strength,
        unit=row["unit"] or None,
        per_ml=exact_or_none(row["per_ml"]),
        form=row["form"],
        release=row["release"],
        route=_route(row["form"]),
        matched_by=matched_by,
        paracetamol_mg=exact_or_none(row["paracetamol_mg"]),
        wear_hours=_wear(row["ingredient"], row["form"], strength, brand),
        brand=brand,
        not_known=None if strength is not None else CODE_ONLY.format(ingredient=row["ingredient"]),
        partner=row["partner"] or None,
    )


def _from_reading(name: str, reading: Reading) -> Product:
    paracetamol = reading.partner_mg if reading.partner == "paracetamol" else None
    if reading.drug_class == "paracetamol":
        paracetamol = reading.strength
    kept = reading.not_known in {None, NO_FORM}
    strength = reading.strength if kept else None
    product = Product(
        name=name,
        ingredient=reading.ingredient,
        drug_class=_class(reading, strength),
        strength=strength,
        unit=_unit(reading.form) if strength is not None else None,
        per_ml=reading.per_ml if kept else None,
        form=reading.form,
        release=reading.release,
        route=_route(reading.form),
        matched_by="name" if reading.brand and not reading.named else "stated",
        paracetamol_mg=paracetamol if kept else None,
        wear_hours=_wear(reading.ingredient, reading.form, strength, reading.brand),
        brand=reading.brand,
        not_known=reading.not_known,
        partner=reading.partner or None,
    )
    return _believed(product, reading) if product.drug_class in _OPIOIDS else product


def _class(reading: Reading, strength: Fraction | None) -> str:
    return listed.class_of(
        reading.drug_class,
        ingredient=reading.ingredient,
        form=reading.form,
        partner=reading.partner,
        strength=strength,
        per_ml=reading.per_ml,
    )


def _believed(product: Product, reading: Reading) -> Product:
    """Match a name's strength with the list: known, stated plainly, or not to be believed."""
    if product.not_known or product.strength is None:
        return product
    substitution = product.drug_class == "opioid_substitution"
    problem = doubt(reading, product.strength, substitution=substitution)
    if problem:
        return _doubtful(replace(product, drug_class=_class(reading, None)), problem)
    if substitution:
        return product
    if is_listed(reading, product.strength):
        return replace(product, matched_by="name")
    if not reading.named and not (reading.partner and reading.partner_mg):
        return _doubtful(product, BRAND_STRENGTH.format(brand=(product.brand or "").title()))
    return replace(product, matched_by="stated")


def _same(one: dict[str, str], other: dict[str, str]) -> bool:
    facts = ("ingredient", "partner", "strength", "per_ml", "paracetamol_mg")
    return all(one[fact] == other[fact] for fact in facts)


def _checked(product: Product, name: str, reading: Reading | None) -> Product:
    """Hold a product found by its code against what the name says."""
    if not name.strip():
        return product
    if reading is None:
        return _unrecognised(product, name)
    if reading.not_known in {NO_LONGER, TWO_PRODUCTS}:
        return _doubtful(product, reading.not_known)
    if reading.ingredient != product.ingredient:
        sentence = CODE_OTHER.format(code=product.ingredient, name=reading.ingredient)
        return _doubtful(product, sentence)
    if reading.drug_class == "opioid_substitution":
        product = replace(product, drug_class="opioid_substitution")
    if product.strength is None:  # a listed product whose own name states no strength
        stated = _from_reading(name, reading)
        return product if stated.not_known else replace(stated, matched_by=product.matched_by)
    clash = _clash(product, reading)
    return _doubtful(product, clash) if clash else product


def _clash(product: Product, reading: Reading) -> str | None:
    """A sentence where the code's strength or form is not the name's; a silent name is fine."""
    if not _strengths_agree(product, reading):
        return _strength_sentence(product, reading)
    if reading.form and product.form and not _forms_agree(product.form, reading.form):
        return CODE_FORM.format(code=product.form, name=reading.form)
    return None


def _strengths_agree(product: Product, reading: Reading) -> bool:
    if product.strength is None:
        return False
    ratio = product.strength / (product.per_ml or 1)
    if reading.strength is None:
        return not reading.masses or ratio in reading.masses
    if reading.not_known == NO_FORM and reading.per_ml is None:
        return reading.strength in {ratio, product.strength}
    stated = reading.partner_mg if reading.partner == "paracetamol" else None
    if stated is not None and reading.per_ml:
        stated = stated * (product.per_ml or 1) / reading.per_ml
    return ratio == reading.strength / (reading.per_ml or 1) and stated == product.paracetamol_mg


def _forms_agree(one: str, other: str) -> bool:
    """Same way of counting and same route; "tablets" alone may be any kind of tablet."""
    first, second = forms()[one], forms()[other]
    if first.family != second.family:
        return False
    return "tablet" in {one, other} or first.route == second.route


def _strength_sentence(product: Product, reading: Reading) -> str:
    code = _amount(product.strength, product.per_ml, product.paracetamol_mg, product.form)
    partner_mg = reading.partner_mg if reading.partner == "paracetamol" else None
    said = _amount(reading.strength, reading.per_ml, partner_mg, reading.form)
    return CODE_STRENGTH.format(code=code, name=said)


def _amount(
    strength: Fraction | None, per_ml: Fraction | None, paracetamol: Fraction | None, form: str
) -> str:
    if strength is None:
        return "another strength"
    unit = "micrograms an hour" if form == "patch" else "mg"
    text = f"{float(strength):g} {unit}"
    text += f" with {float(paracetamol):g} mg paracetamol" if paracetamol else ""
    return text + (f" in {float(per_ml):g} ml" if per_ml else "")


def _unrecognised(product: Product, name: str) -> Product:
    """A name with no medicine we know: the code stands only if the name's strength bears it out."""
    said = read_name(f"{product.ingredient} {name}")
    if said is not None and product.strength is not None:
        ratio = product.strength / (product.per_ml or 1)
        if ratio in said.masses and said.drug_class == product.drug_class:
            return product
    return _doubtful(product, CODE_NAME.format(code=product.ingredient))


def _chemical(bnf: str, reading: Reading | None) -> Chemical | None:
    found = listed.chemicals().get(bnf[:9])
    if found is not None:
        return found if found.certain or reading is not None else None
    if bnf.startswith("0410") and reading and reading.ingredient in {"methadone", "buprenorphine"}:
        return Chemical(reading.ingredient, "opioid_substitution", True, "")
    return None


def _with_chemical(product: Product, chemical: Chemical) -> Product:
    if product.ingredient != chemical.ingredient:
        if not chemical.certain:
            return product
        sentence = CODE_OTHER.format(code=chemical.ingredient, name=product.ingredient)
        changed = replace(product, ingredient=chemical.ingredient, drug_class=chemical.drug_class)
        return _doubtful(replace(changed, matched_by="bnf"), sentence)
    if chemical.drug_class == "opioid_substitution":
        return replace(product, drug_class="opioid_substitution")
    return product


def _class_only(name: str, chemical: Chemical) -> Product:
    return Product(
        name=name,
        ingredient=chemical.ingredient,
        drug_class=chemical.drug_class,
        strength=None,
        unit=None,
        per_ml=None,
        form="",
        release="",
        route="",
        matched_by="bnf",
        paracetamol_mg=None,
        wear_hours=None,
        brand=None,
        not_known=CODE_ONLY.format(ingredient=chemical.ingredient),
        partner=chemical.partner or None,
    )
