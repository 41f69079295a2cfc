"""Reasons in words, only for the people shown or written: the engines know codes and numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from datetime import date
from functools import cache

from unhurried.records.dates import calendar_day
from unhurried.screening.criteria import Criteria
from unhurried.screening.kinds import INGREDIENT
from unhurried.screening.parameters import MICROGRAMS
from unhurried.screening.rules import Reason, definition_words, reason_table

Template = tuple[str, tuple[tuple[str, str], ...]]
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip


def long_date(day: date) -> str:
    """3 November 2026, whatever the computer's language."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def milligrams(micrograms: int | None) -> str:
    """Micrograms as mg with up to three decimals and no trailing zeros; '' when not known."""
    if micrograms is None:
        return ""
    whole, rest = divmod(micrograms, MICROGRAMS)
    return str(whole) if not rest else f"{whole}.{rest:03d}".rstrip("0")


def _range(least: int | None, most: int | None) -> str:
    if most is None:
        return f"at least {milligrams(least)}"
    if least == most or least is None:
        return milligrams(most)
    return f"{milligrams(least)} to {milligrams(most)}"


@cache
def _day(day: int) -> str:
    return long_date(calendar_day(day))


def _literal(words: str) -> str:
    """Words that stay as they are when a template is filled in again."""
    return words.replace("{", "{{").replace("}", "}}")


class Wording:
    """Turns reason rows into sentences for one screening."""

    def __init__(self, criteria: Criteria, as_of: date, ingredients: Sequence[str]) -> None:
        """Take what the sentences may name: the criteria's values, the date, the ingredients."""
        self._ingredients = ingredients
        self._always: dict[str, str] = {
            field.name: _shown(getattr(criteria, field.name)) for field in fields(criteria)
        }
        self._always["as_of"] = long_date(as_of)
        self._templates = {code: self._template(row) for code, row in reason_table().items()}
        self._kinds: dict[str, Callable[[int], str]] = {
            "count": str,
            "day": _day,
            "mg": milligrams,
            "average": lambda value: str((value + MICROGRAMS // 2) // MICROGRAMS),
            "issues": lambda value: f"{value} issue{'' if value == 1 else 's'}",
            "medicine": self._medicine,
        }

    def _medicine(self, key: int) -> str:
        day, ingredient = divmod(key, INGREDIENT)
        return f"{self._ingredients[ingredient]} (last issued {_day(day)})"

    def _template(self, row: Reason) -> Template:
        """The words of a reason with the criteria's values filled in, its numbers left open."""
        known = {name: _literal(words) for name, words in self._always.items()}
        left_open = {name: f"{{{name}}}" for name, _ in row.numbers}
        return row.words.format_map(known | left_open), row.numbers

    def reason(self, code: str, numbers: Sequence[int | None], products: Sequence[str] = ()) -> str:
        """One reason as a sentence; `products` are the names it speaks of, where it names any."""
        template, asked = self._templates[code]
        values: dict[str, str] = {}
        for place, (name, kind) in enumerate(asked):
            if kind == "range":
                values[name] = _range(numbers[place], numbers[place + 1])
            elif kind == "products":
                values[name] = " and ".join(products) or "a product"
            else:
                number = numbers[place]
                values[name] = "not known" if number is None else self._kinds[kind](number)
        return template.format_map(values)

    def definitions(self) -> Mapping[str, str]:
        """What the list means, in words, with the values of these criteria."""
        return {name: words.format_map(self._always) for name, words in definition_words().items()}


def _shown(value: object) -> str:
    if isinstance(value, date):
        return long_date(value)
    if isinstance(value, tuple):
        return ", ".join(str(each).replace("_", " ") for each in value)
    return str(value)
