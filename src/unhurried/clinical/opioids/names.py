"""Reads a medicine's name as GP systems, dm+d and RxNorm print it (OPI-1).

A name is read, never guessed: what it does not state plainly comes back as a sentence.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from fractions import Fraction

from unhurried.clinical.opioids import listed
from unhurried.clinical.opioids.doubts import (
    NO_LONGER,
    TWO_PRODUCTS,
    no_longer,
    not_a_product,
    two_products,
)
from unhurried.clinical.opioids.lexer import Item, lex
from unhurried.clinical.opioids.strengths import (
    BRAND_DISAGREES,
    NO_STRENGTH,
    UNREADABLE,
    Part,
    Strength,
    compound,
    masses,
    patch_rate,
    single,
)
from unhurried.clinical.opioids.vocabulary import Medicine, Vocabulary, forms, vocabulary

NO_FORM = "The name does not state a form such as tablet, capsule, liquid or patch."
NO_VOLUME = "The name does not state how many ml of the liquid hold the strength."
FORM_DISAGREES = "The name gives a strength in ml for a form that is not a liquid."
TWO_MEDICINES = "The name states two different opioids."
_LETTERS = re.compile(r"[a-z]+")
_SPECIAL = {  # base word: what it means alone, and the words that make it special, first wins
    "tablet": (
        "tablet",
        (
            "sublingual",
            "buccal",
            "orodispersible",
            "effervescent",
            "soluble",
            "dispersible",
            "chewable",
        ),
    ),
    "film": ("buccal film", ("sublingual",)),
    "spray": ("spray", ("nasal", "sublingual")),
    "liquid": ("oral liquid", ()),
    "drops": ("oral drops", ()),
    "lyophilisate": ("oral lyophilisate", ()),
}


@dataclass(frozen=True, slots=True)
class Reading:
    """What a name states. `strength` is in mg (patches: micrograms an hour); `not_known` is a
    sentence when strength or form is not plain; `masses` are all amounts stated, in mg."""

    ingredient: str
    drug_class: str
    brand: str | None
    partner: str
    strength: Fraction | None
    per_ml: Fraction | None
    partner_mg: Fraction | None
    form: str
    release: str
    not_known: str | None
    masses: frozenset[Fraction]
    listed: frozenset[Fraction]  # strengths the brand comes in, where its row lists them
    named: bool  # an ingredient or compound is named, not only a brand
    compound: bool  # it goes by a compound's name, such as co-codamol
    said_release: str  # the release its words state, whatever the brand's is


@dataclass(slots=True)
class _Words:
    """The words of a name sorted by what they say."""

    forms: list[tuple[int, str]]
    qualifiers: set[str]
    release: str = ""


def read_name(name: str) -> Reading | None:
    """Return what a medicine's name states, None when it is not a medicine we look for."""
    known = vocabulary()
    if known.triggers.isdisjoint(_LETTERS.findall(name.lower())):
        return None
    items = lex(name, known)
    medicines = _medicines(items)
    if not medicines or not_a_product(items, known):
        return None
    words = _Words([], set())
    parts, clear = _parts(items, known, words)
    main = _main(medicines)
    others = {m.ingredient for m in medicines if m.drug_class == "opioid"} - {main.ingredient}
    reading = _read(main, medicines, parts, words)
    if no_longer(items, known):
        return replace(reading, strength=None, per_ml=None, not_known=NO_LONGER)
    if others and main.drug_class in {"opioid", "opioid_substitution"}:
        return replace(reading, strength=None, per_ml=None, not_known=TWO_MEDICINES)
    if two_products(items, parts, main, reading.partner, known):
        return replace(reading, strength=None, per_ml=None, not_known=TWO_PRODUCTS)
    return reading if clear else replace(reading, strength=None, not_known=UNREADABLE)


def _medicines(items: list[Item]) -> list[Medicine]:
    """Medicines named, without RxNorm's [Brand] where nothing else says what it is."""
    named = [item for item in items if item.kind == "medicine" and item.medicine]
    outside = {i.medicine.ingredient for i in named if i.medicine and not i.square}
    found = [
        item.medicine
        for item in named
        if item.medicine and (not item.square or item.medicine.ingredient in outside)
    ]
    return found if any(m.kind != "partner" for m in found) else []


def _main(medicines: list[Medicine]) -> Medicine:
    order = (
        "opioid_substitution",
        "opioid",
        "benzodiazepine",
        "z_drug",
        "gabapentinoid",
        "paracetamol",
    )
    candidates = [m for m in medicines if m.drug_class]
    first = min(candidates, key=lambda m: order.index(m.drug_class))
    same = [m for m in candidates if m.ingredient == first.ingredient]
    brands = [m for m in same if m.kind == "brand"]
    return brands[0] if brands else first


def _parts(items: list[Item], known: Vocabulary, words: _Words) -> tuple[list[Part], bool]:
    """Cut the name at its joiners; say whether every number could be read."""
    parts = [Part()]
    clear, formed = True, False
    for at, item in enumerate(items):
        part = parts[-1]
        if item.kind == "medicine" and item.medicine:
            if not (item.medicine.kind == "brand" and any(p.medicines for p in parts)):
                part.medicines.append(item.medicine)
        elif item.kind == "joiner":
            parts.append(Part())
        elif item.kind == "measure":
            part.measures.append(item)
        elif item.kind == "duration":
            part.release = part.release or "modified-release"
        elif item.kind == "bare" and not _count(items, at, known, formed=formed):
            part.bare.append(item)
        elif item.kind == "unclear":
            clear = False
        elif item.kind == "word":
            formed = _note(item.text, known, words, part) or formed
    words.release = _release(parts)
    return [part for part in parts if part.medicines or part.measures or part.bare], clear


def _count(items: list[Item], at: int, known: Vocabulary, *, formed: bool) -> bool:
    """A pack count ("56 x ...", "tablets 56") or a licence number ("NDA020800"), no strength."""
    if formed and len(items[at].values) == 1:
        return True
    before = items[at - 1].text if at else ""
    after = items[at + 1].text if at + 1 < len(items) else ""
    serial = known.words.get(before, ("", ""))[0] == "serial"
    return serial or before == "x" or (at == 0 and after == "x")


def _note(text: str, known: Vocabulary, words: _Words, part: Part) -> bool:
    """File one word under what it says; True when it is a form."""
    kind, value = known.words.get(text, ("", ""))
    if kind == "form":
        rank, _, form = value.partition(" ")
        words.forms.append((int(rank), form))
        return True
    if kind == "qualifier":
        words.qualifiers.add(value)
    elif kind == "release":
        part.release = value
    return False


def _release(parts: list[Part]) -> str:
    """The release of the opioid: a partner's own ("ibuprofen 300mg m/r / codeine") is not it."""
    last = len(parts) - 1
    for at, part in enumerate(parts):
        partner_only = part.medicines and all(m.kind == "partner" for m in part.medicines)
        if part.release and (at == last or not partner_only):
            return part.release
    return ""


def _read(main: Medicine, medicines: list[Medicine], parts: list[Part], words: _Words) -> Reading:
    partner = main.partner or _partner(main, medicines)
    form = _brand_form(main, _form(words))
    per_ml_stated = any(i.per and i.per[0] == "ml" for p in parts for i in p.measures)
    if not form and any(i.per and i.per[0] == "hour" for p in parts for i in p.measures):
        form = "patch"  # nothing else is named by what it releases in an hour
    if not form:
        form = _implied_form(main, medicines, stated_in_ml=per_ml_stated)
    strength = _strength(main, partner, form, parts)
    if not form and strength.amount is not None and strength.per_ml is not None:
        form = listed.liquid_form(main.ingredient, partner, strength.amount, strength.per_ml)
    reading = Reading(
        ingredient=main.ingredient,
        drug_class=main.drug_class,
        brand=main.words if main.kind == "brand" else None,
        partner=partner,
        strength=strength.amount,
        per_ml=strength.per_ml,
        partner_mg=strength.partner_mg,
        form=form,
        release=_whole_release(main, form, words),
        not_known=strength.not_known,
        masses=masses(parts),
        listed=main.listed,
        named=any(m.kind in {"name", "compound_name"} for m in medicines),
        compound=any(m.kind == "compound_name" for m in medicines),
        said_release=words.release,
    )
    problem = strength.not_known or _form_problem(reading)
    return replace(reading, not_known=problem)


def _partner(main: Medicine, medicines: list[Medicine]) -> str:
    for medicine in medicines:
        if medicine.partner:
            return medicine.partner
    others = [m.ingredient for m in medicines if m.ingredient != main.ingredient]
    if "paracetamol" in others:
        return "paracetamol"
    return others[0] if others else ""


def _form(words: _Words) -> str:
    """The form the words add up to: "sublingual" and "tablets" make a sublingual tablet."""
    if not words.forms:
        return ""
    by_mouth = [form for form in words.forms if form[1] != "injection"]
    said_forms = by_mouth if by_mouth and "oral" in words.qualifiers else words.forms
    base = min(said_forms)[1]
    plain, special = _SPECIAL.get(base, (base, ()))
    said = next((word for word in special if word in words.qualifiers), "")
    return f"{said} {base}" if said else plain


def _brand_form(main: Medicine, form: str) -> str:
    """ "Temgesic tablets" are sublingual tablets: the brand has no other kind."""
    kinds = [name for name in main.forms if name.endswith(form)] if form else []
    return kinds[0] if len(kinds) == 1 and main.kind == "brand" else form


def _implied_form(main: Medicine, medicines: list[Medicine], *, stated_in_ml: bool) -> str:
    """The form a brand or compound name implies, where that leaves no choice of unit."""
    implied = main.forms or next((m.forms for m in medicines if m.forms), ())
    possible = [
        name
        for name in implied
        if stated_in_ml == (forms()[name].family in {"liquid", "drops", "injection"})
    ]
    families = {forms()[name].family for name in possible}
    routes = {forms()[name].route for name in possible}
    return possible[0] if len(families) == 1 and len(routes) == 1 else ""


def _whole_release(main: Medicine, form: str, words: _Words) -> str:
    if form == "patch":
        return "transdermal"
    return main.release or words.release or "immediate-release"


def _strength(main: Medicine, partner: str, form: str, parts: list[Part]) -> Strength:
    if form == "patch":
        return patch_rate(parts, main.ingredient, main.words if main.kind == "brand" else "")
    several = bool(partner) or _unnamed_partner(parts)
    found = compound(parts, main.ingredient, partner) if several else single(parts)
    if main.strength is None and main.listed and found.amount is not None:
        return found if found.amount in main.listed else Strength(not_known=BRAND_DISAGREES)
    if main.strength is None:
        return found
    fixed = Strength(main.strength, main.per_ml, main.partner_mg)
    if found.not_known == NO_STRENGTH:
        return fixed
    stated = [item.values[:2] for part in parts for item in part.measures]
    agrees = (found.amount, found.per_ml) == (fixed.amount, fixed.per_ml)
    agrees = agrees or stated == [(fixed.amount, fixed.partner_mg)]
    return fixed if agrees else Strength(not_known=BRAND_DISAGREES)


def _unnamed_partner(parts: list[Part]) -> bool:
    """A part with a strength of its own and no medicine we know: another ingredient."""
    named = [part for part in parts if part.medicines]
    return bool(named) and any(part.measures and not part.medicines for part in parts)


def _form_problem(reading: Reading) -> str | None:
    if not reading.form:
        return NO_FORM
    form = forms()[reading.form]
    if form.family in {"liquid", "drops"} and reading.per_ml is None:
        return NO_VOLUME
    if form.family in {"solid", "patch"} and reading.per_ml is not None:
        return FORM_DISAGREES
    return None
