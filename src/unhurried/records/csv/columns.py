"""Which column holds what: usual headings need no map, and a map for the rest is saved as TOML.

The usual headings are data (`headings.csv`): for each role the headings that mean it, the surest
first. Names, addresses and every other column that is not asked for are never carried on (ID-1).
"""

from __future__ import annotations

import csv
import re
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources
from pathlib import Path
from typing import cast

from unhurried.records.canonical import UnusableInput
from unhurried.records.column_map import KINDS, ColumnMap, FileKind, KindMap

PERSON = ("patient_id", "nhs_number")
MEDICINE = ("product", "product_with_directions", "dmd", "bnf")
CODED = ("snomed", "read", "term")
ABOUT_A_PERSON = ("date_of_birth", "age", "sex", "date_of_death", "registered", "deregistered")
IN_WORDS = {
    "patient_id": "a patient ID or NHS number",
    "issue_date": "the date of issue",
    "product": "the medicine",
    "problem_date": "the date of the problem",
}


def in_words(role: str) -> str:
    """What a role holds, for a sentence."""
    return IN_WORDS.get(role, role.replace("_", " "))


def read_map(path: Path) -> ColumnMap:
    """Read a saved map. Raises UnusableInput, saying what to change, when it cannot be one."""
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise UnusableInput(f"The column map {path.name} cannot be opened.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UnusableInput(f"The column map {path.name} is not valid TOML: {error}.") from error
    kinds: dict[FileKind, KindMap] = {}
    for name, part in content.items():
        if name not in KINDS or not isinstance(part, dict):
            raise UnusableInput(
                f"The column map {path.name} has a part “{name}”: use [issues], [patients] and"
                " [problems]."
            )
        kinds[name] = _kind_map(path.name, part, name)
    return ColumnMap(kinds)


def _kind_map(file: str, part: dict[str, object], kind: FileKind) -> KindMap:
    columns = part.get("columns", {})
    known = roles(kind)
    for role, heading in columns.items() if isinstance(columns, dict) else [("columns", None)]:
        if role not in known or not isinstance(heading, str):
            raise UnusableInput(
                f"The column map {file} has “{role}” under [{kind}.columns]: the names to use are"
                f" {', '.join(known)}, each with a heading in quotation marks."
            )
    order = part.get("date_order")
    if order not in (None, "day-first", "month-first") or set(part) - {"columns", "date_order"}:
        raise UnusableInput(
            f"In the column map {file}, [{kind}] may hold date_order (“day-first” or"
            " “month-first”) and columns."
        )
    return KindMap(cast("dict[str, str]", columns), order)


@cache
def _table() -> tuple[dict[str, str], ...]:
    with resources.files(__package__).joinpath("headings.csv").open(encoding="utf-8") as lines:
        return tuple(csv.DictReader(lines))


@cache
def roles(kind: FileKind) -> tuple[str, ...]:
    """The roles a column can have in a kind of file."""
    return tuple(dict.fromkeys(row["role"] for row in _table() if row["kinds"] in (kind, "any")))


@cache
def _usual(kind: FileKind) -> dict[str, list[tuple[str, int]]]:
    usual: dict[str, list[tuple[str, int]]] = {}
    for preference, row in enumerate(_table()):
        if row["kinds"] in (kind, "any"):
            usual.setdefault(fold(row["heading"]), []).append((row["role"], preference))
    return usual


def fold(heading: str) -> str:
    """A heading without case, spacing and punctuation."""
    return re.sub(r"[\W_]+", "", heading.casefold())


def numbered(headings: Sequence[str]) -> tuple[str, ...]:
    """Headings made unique, so that a map can point at each: a second “Date” is “Date [2]”."""
    seen: dict[str, int] = {}
    unique = []
    for heading in headings:
        trimmed = heading.strip()
        seen[trimmed] = seen.get(trimmed, 0) + 1
        unique.append(trimmed if seen[trimmed] == 1 else f"{trimmed} [{seen[trimmed]}]")
    return tuple(unique)


def known_headings(headings: Sequence[str]) -> int:
    """How many of these are headings we know: tells the heading row from lines above it."""
    return len({fold(heading) for heading in headings} & _every())


@cache
def _every() -> frozenset[str]:
    return frozenset(name for kind in KINDS for name in _usual(kind))


def _found(headings: Sequence[str], kind: FileKind) -> dict[str, list[tuple[int, str]]]:
    """Role -> every heading that could be it, the surest first, each with its preference."""
    found: dict[str, list[tuple[int, str]]] = {}
    for heading in numbered(headings):
        plain = re.sub(r" \[\d+\]$", "", heading)
        for role, preference in _usual(kind).get(fold(plain), []):
            found.setdefault(role, []).append((preference, heading))
    return {role: sorted(found[role]) for role in roles(kind) if role in found}


def candidates(headings: Sequence[str], kind: FileKind) -> dict[str, list[str]]:
    """Role -> every heading that could be it, the surest first."""
    return {
        role: [heading for _, heading in found] for role, found in _found(headings, kind).items()
    }


def guess(headings: Sequence[str], kind: FileKind) -> tuple[dict[str, str], dict[str, list[str]]]:
    """Guess role -> heading for a kind of file; also the roles with two equally good headings."""
    columns, doubtful = {}, {}
    for role, found in _found(headings, kind).items():
        best = [heading for preference, heading in found if preference == found[0][0]]
        if len(best) > 1:
            doubtful[role] = best
        columns[role] = best[0]
    return columns, doubtful


def kind_of(headings: Sequence[str], column_map: ColumnMap | None = None) -> FileKind | None:
    """The kind of file these headings belong to, or None when nothing fits."""
    if column_map:
        for kind in ("issues", "problems", "patients"):
            told = column_map.kinds[kind].columns if mapped(column_map, kind) else {}
            if told and set(told.values()) <= set(numbered(headings)):
                return kind
    issues = guess(headings, "issues")[0]
    if "product" in issues or "product_with_directions" in issues:
        return "issues"
    if not any(role in issues for role in PERSON):
        return None
    if any(role in issues for role in ("quantity", "directions")):
        return "issues"
    problems = guess(headings, "problems")[0]
    if any(role in problems for role in CODED):
        return "problems"
    patients = guess(headings, "patients")[0]
    return "patients" if any(role in patients for role in ABOUT_A_PERSON) else None


def mapped(column_map: ColumnMap | None, kind: FileKind) -> bool:
    """True when the map names the columns of this kind of file."""
    return bool(column_map and kind in column_map.kinds and column_map.kinds[kind].columns)


def settle(
    file: str, headings: Sequence[str], kind: FileKind, column_map: ColumnMap | None
) -> KindMap:
    """Role -> heading for one file, from the map where it has this kind, else from the headings.

    Raises UnusableInput, naming the columns seen, when a needed column is missing or could be two.
    """
    told = column_map.kinds.get(kind) if column_map else None
    if told and told.columns:
        missing = [name for name in told.columns.values() if name not in numbered(headings)]
        if missing:
            raise UnusableInput(
                f"{file} has no column {_listed(missing)} as the column map says;"
                f" its columns are {_listed(numbered(headings))}."
            )
        settled = told
        doubtful: dict[str, list[str]] = {}
    else:
        columns, doubtful = guess(headings, kind)
        settled = KindMap(columns, told.date_order if told else None)
    _check(file, headings, kind, settled.columns, doubtful)
    return settled


def _check(
    file: str,
    headings: Sequence[str],
    kind: FileKind,
    columns: Mapping[str, str],
    doubtful: Mapping[str, list[str]],
) -> None:
    for name in missing_roles(kind, columns):
        raise UnusableInput(
            f"{file} has no column known to hold {IN_WORDS[name]}; its columns are"
            f" {_listed(numbered(headings))}: save a column map that names the right one."
        )
    if doubtful:
        role, names = next(iter(doubtful.items()))
        raise UnusableInput(
            f"{file} has more than one column that could be {in_words(role)}:"
            f" {_listed(names)}; save a column map that names the right one."
        )


def missing_roles(kind: FileKind, columns: Mapping[str, str]) -> tuple[str, ...]:
    """The needed roles for which no column was found, by the first name each can have."""
    needed = [PERSON, ("issue_date",), MEDICINE] if kind == "issues" else [PERSON]
    return tuple(choices[0] for choices in needed if not any(each in columns for each in choices))


def _listed(names: Sequence[str]) -> str:
    shown = [f"“{name[:40]}”" for name in names[:40]]
    return ", ".join(shown) + (" and more" if len(names) > 40 else "")
