"""The questionnaires as the tables define them: questions, scales, bands and thresholds.

A measure has scales: one without a name (its total), named parts, or both. Question text is there
only where its licence lets us ship it. Every row says whether it was found in its source.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType
from typing import Literal

from unhurried.clinical.tables import TableError, exact, read_table

ENTRIES = ("answers", "total")
RULES = ("sum", "mean", "single", "as given")
BETTER = ("lower", "higher")


class MeasureError(ValueError):
    """An answer or a measure that cannot be used, in a sentence that says what to give."""


@dataclass(frozen=True, slots=True)
class Item:
    """One question. `text` is empty where we may not ship it; answers are whole numbers from
    `least` to `most`, and `choices` words some of them."""

    id: str
    text: str
    least: int
    most: int
    choices: Mapping[int, str]
    checked: str
    source: str

    def asked(self, medicine: str = "your medicine") -> str:
        """Return the question with the name of a medicine put in where it needs one."""
        return self.text.replace("[medicine]", medicine)


@dataclass(frozen=True, slots=True)
class Band:
    """A named part of a scale's range: `words` for the person, `clinician_words` for no one else.

    Both ends belong to it; a total is looked up as it is shown, to one decimal."""

    least: Fraction
    most: Fraction
    name: str
    words: str
    clinician_words: str
    official: bool
    checked: str
    source: str


@dataclass(frozen=True, slots=True)
class Threshold:
    """How large a difference matters: `at_least` and above it does, under `below` it does not, and
    between the two the source leaves it open. In points, or in percent of the earlier score."""

    name: str
    unit: str
    at_least: Fraction
    below: Fraction
    only_better: bool
    band_too: bool
    default: bool
    checked: str
    source: str


@dataclass(frozen=True, slots=True)
class Scale:
    """A number made from some questions. `needs` is the fewest that have to be answered."""

    part: str
    words: str
    items: tuple[str, ...]
    rule: str
    least: Fraction
    most: Fraction
    whole: bool
    better: Literal["lower", "higher"]
    needs: int
    missing_rule: str
    bands: tuple[Band, ...]
    thresholds: tuple[Threshold, ...]
    checked: str
    source: str


@dataclass(frozen=True, slots=True)
class Measure:
    """A questionnaire. `shown_as` is its name on screen; `compares` is empty when two scores of it
    can be compared, and else says why not; `no_total` says why there is no total."""

    code: str
    name: str
    shown_as: str
    about: str
    asks: str
    entry: Literal["answers", "total"]
    items: tuple[Item, ...]
    scales: tuple[Scale, ...]
    no_total: str
    compares: str
    licence: str
    questions_shipped: bool
    why_not_shipped: str
    checked: str
    sign_off: str
    source: str
    version: str

    @property
    def total(self) -> Scale | None:
        """The scale of the whole measure, None when only its parts are reported."""
        return next((scale for scale in self.scales if not scale.part), None)

    @property
    def parts(self) -> tuple[Scale, ...]:
        """The scales of its parts, in the order of the table."""
        return tuple(scale for scale in self.scales if scale.part)

    def scale(self, part: str = "") -> Scale:
        """Return one scale; MeasureError when the measure has no such part."""
        for scale in self.scales:
            if scale.part == part:
                return scale
        if not part:
            raise MeasureError(f"{self.name} has no total. {self.no_total}")
        raise MeasureError(f"{self.name} has no part called {part!r}.")


@functools.cache
def measures() -> Mapping[str, Measure]:
    """Return every measure by its code, in the order of the table. Read-only."""
    found = {row["measure"]: _measure(row) for row in read_table("measures")}
    for name in ("items", "scales", "bands", "changes", "safety"):
        for row in read_table(f"measure-{name}"):
            if row["measure"] not in found:
                raise TableError(f"measure-{name} has no such measure: {row['measure']!r}.")
    return MappingProxyType(found)


def measure(code: str) -> Measure:
    """Return one measure; MeasureError when there is none of that code."""
    try:
        return measures()[code]
    except KeyError:
        raise MeasureError(
            f"There is no measure called {code!r}: use one of {', '.join(measures())}."
        ) from None


@functools.cache
def words() -> Mapping[str, str]:
    """Return the sentences said about scores and changes, by code."""
    return {row["code"]: row["words"] for row in read_table("measure-words")}


def _measure(row: Mapping[str, str]) -> Measure:
    code = row["measure"]
    items = tuple(_item(each) for each in read_table("measure-items") if each["measure"] == code)
    scales = tuple(_scale(each) for each in read_table("measure-scales") if each["measure"] == code)
    shipped = row["questions_shipped"] == "yes"
    if row["entry"] not in ENTRIES or any(bool(item.text) != shipped for item in items):
        raise TableError(f"The measure {code!r} ships questions it may not, or none it may.")
    if {name for scale in scales for name in scale.items} - {item.id for item in items}:
        raise TableError(f"A scale of {code!r} uses a question it does not have.")
    return Measure(
        code=code,
        name=row["name"],
        shown_as=row["shown_as"],
        about=row["about"],
        asks=row["asks"],
        entry="total" if row["entry"] == "total" else "answers",
        items=items,
        scales=scales,
        no_total=row["no_total"],
        compares="" if row["compares"] == "yes" else row["compares"],
        licence=row["licence"],
        questions_shipped=shipped,
        why_not_shipped=row["why_not_shipped"],
        checked=row["checked"],
        sign_off=row["sign_off"],
        source=row["source"],
        version=row["version"],
    )


def _item(row: Mapping[str, str]) -> Item:
    for kind in read_table("measure-answers"):
        if kind["answers"] == row["answers"]:
            pairs = (pair.split("=", 1) for pair in kind["words"].split("|") if pair)
            return Item(
                id=row["item"],
                text=row["text"],
                least=int(kind["least"]),
                most=int(kind["most"]),
                choices=MappingProxyType({int(number): said for number, said in pairs}),
                checked=row["checked"],
                source=row["source"],
            )
    raise TableError(f"measure-answers has no {row['answers']!r}.")


def _scale(row: Mapping[str, str]) -> Scale:
    here = (row["measure"], row["part"])
    if row["rule"] not in RULES or row["better"] not in BETTER:
        raise TableError(f"The scale {here!r} has an unknown rule or direction.")
    return Scale(
        part=row["part"],
        words=row["words"],
        items=tuple(row["items"].split()),
        rule=row["rule"],
        least=exact(row["least"]),
        most=exact(row["most"]),
        whole=row["whole"] == "yes",
        better="lower" if row["better"] == "lower" else "higher",
        needs=int(row["needs"]),
        missing_rule=row["missing_rule"],
        bands=tuple(
            _band(band)
            for band in read_table("measure-bands")
            if (band["measure"], band["part"]) == here
        ),
        thresholds=tuple(
            _threshold(each)
            for each in read_table("measure-changes")
            if (each["measure"], each["part"]) == here
        ),
        checked=row["checked"],
        source=row["source"],
    )


def _band(row: Mapping[str, str]) -> Band:
    return Band(
        least=exact(row["from"]),
        most=exact(row["to"]),
        name=row["band"],
        words=row["words"],
        clinician_words=row["clinician_words"],
        official=row["official"] == "yes",
        checked=row["checked"],
        source=row["source"],
    )


def _threshold(row: Mapping[str, str]) -> Threshold:
    return Threshold(
        name=row["name"],
        unit=row["unit"],
        at_least=exact(row["at_least"]),
        below=exact(row["below"]),
        only_better=row["only"] == "better",
        band_too=row["band_too"] == "yes",
        default=row["standing"] == "default",
        checked=row["checked"],
        source=row["source"],
    )
