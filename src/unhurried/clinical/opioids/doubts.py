"""What in a name says it is not one current product: a remark, a test, two products (OPI-1)."""

from __future__ import annotations

import itertools

from unhurried.clinical.opioids.lexer import Item
from unhurried.clinical.opioids.strengths import Part
from unhurried.clinical.opioids.vocabulary import Medicine, Vocabulary

TWO_PRODUCTS = "The name states more than one product or strength: check which is meant."
NO_LONGER = "The name says it is stopped or not to be used: check the record."


def not_a_product(items: list[Item], known: Vocabulary) -> bool:
    """Say whether it is text about a medicine, a homoeopathic one, or "no codeine"."""
    kinds = [_kind(item, known) for item in items]
    if "not_a_product" in kinds:
        return True
    if "not_a_product_alone" in kinds and "measure" not in kinds:
        return True
    named = False
    for at, (kind, following) in enumerate(itertools.pairwise([*kinds, ""])):
        if kind == "not_a_product_before" and following == "medicine":
            return True
        if kind == "medicine" and following == "not_a_product_after":
            return True
        if kind == "bare" and named and _potency(items, at):
            return True
        named = named or kind == "medicine"
    return False


def no_longer(items: list[Item], known: Vocabulary) -> bool:
    """Say whether the name carries "stopped", "discontinued" or "do not use"."""
    before = ""
    for item in items:
        kind, value = known.words.get(item.text, ("", "")) if item.kind == "word" else ("", "")
        if value == "no longer" or (kind == "not_to" and before in {"not", "don"}):
            return True
        before = item.text if item.text != "t" else before
    return False


def two_products(
    items: list[Item], parts: list[Part], main: Medicine, partner: str, known: Vocabulary
) -> bool:
    """Say whether a second product follows a joiner: "Zomorph 30mg + Zomorph 10mg".

    The opioid is named again, each of two medicines has a form of its own, or a strength stands
    with no medicine where the product has no second ingredient ("MST 10mg and 30mg tablets").
    """
    pieces: list[list[Item]] = [[]]
    for item in items:
        if item.kind == "joiner":
            pieces.append([])
        else:
            pieces[-1].append(item)
    numbers = sum(len(part.measures) + len(part.bare) for part in parts)
    named = sum(any(_names(item, main) for item in piece) for piece in pieces)
    if named > 1 and (numbers > 1 or not partner):
        return True
    if sum(_whole(piece, known) for piece in pieces) > 1:
        return True
    unnamed = any(part.measures and not part.medicines for part in parts)
    return unnamed and not partner and any(part.medicines for part in parts)


def _names(item: Item, main: Medicine) -> bool:
    same = item.medicine is not None and item.medicine.ingredient == main.ingredient
    return same and not item.square


def _whole(piece: list[Item], known: Vocabulary) -> bool:
    """A medicine and its form, which is all a product's name needs."""
    medicine = any(item.medicine is not None and not item.square for item in piece)
    return medicine and any(_kind(item, known) == "form" for item in piece)


def _kind(item: Item, known: Vocabulary) -> str:
    return known.words.get(item.text, ("word", ""))[0] if item.kind == "word" else item.kind


def _potency(items: list[Item], at: int) -> bool:
    """A homoeopathic potency: 30c, 6x; but "2 x 28" and "x 60" are packs."""
    if at + 1 >= len(items):
        return False
    text = items[at + 1].text
    last = at + 2 >= len(items) or items[at + 2].kind not in {"bare", "measure"}
    return text in {"c", "ch", "ck"} or (text == "x" and last)
