"""Names and addresses from an extract, of the people asked for and of nobody else (ID-4).

Screening never carries names. Once it has listed someone, their practice needs to know who that is
and where a letter would go; only those few people are read here (data minimisation). Where two rows
of one person disagree about a field it is left empty: a letter never goes to a guessed address.
"""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from unhurried.records.canonical import UnusableInput
from unhurried.records.column_map import ColumnMap
from unhurried.records.csv.careful import FIELD_MARK, careful_rows
from unhurried.records.csv.columns import fold, kind_of, numbered, settle
from unhurried.records.csv.read import find_files
from unhurried.records.csv.sniff import Sniffed, sniff
from unhurried.records.nhs_number import read_nhs_number
from unhurried.records.read import detect_format

LINES = ("address", "line_1", "line_2", "line_3", "line_4", "line_5")
LONGEST = 500  # characters; more is no name and no line of an address


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactDetails:
    """What an extract says of a person's name and of how to reach them; '' is not known."""

    title: str = ""
    given_name: str = ""
    family_name: str = ""
    address: str = ""  # one line of it a line
    postcode: str = ""
    phone: str = ""
    email: str = ""


def read_contact_details(
    source: Path,
    column_map: ColumnMap | None,
    person_ids: Collection[str],
    *,
    format: str | None = None,  # noqa: A002 - the word of `read_records`
) -> dict[str, ContactDetails]:
    """Read name and address of these people, by the id (or NHS number) they were asked for with.

    People of whom the source says nothing are left out of the answer; OMOP has no names at all.
    Raises UnusableInput when the source cannot be read.
    """
    wanted = frozenset(person_ids)
    if not wanted:
        return {}
    chosen = format or detect_format(source)
    if chosen == "fhir":
        found = _of_fhir(source, wanted)
    elif chosen == "csv":
        found = _of_csv(source, column_map, wanted)
    else:
        return {}
    return _agreed(found)


def _agreed(found: Iterator[tuple[str, ContactDetails]]) -> dict[str, ContactDetails]:
    """One answer a person; a field about which their rows disagree is empty."""
    answers: dict[str, ContactDetails] = {}
    doubted: set[tuple[str, str]] = set()
    for person, details in found:
        known = answers.setdefault(person, details)
        changes: dict[str, str] = {}
        for field in fields(ContactDetails):
            had, has = getattr(known, field.name), getattr(details, field.name)
            if had and has and had.casefold() != has.casefold():
                doubted.add((person, field.name))
            elif has and not had:
                changes[field.name] = has
        answers[person] = replace(known, **changes)
    for person, name in doubted:
        answers[person] = replace(answers[person], **{name: ""})
    return {person: each for person, each in answers.items() if each != ContactDetails()}


@cache
def _headings() -> Mapping[str, tuple[str, ...]]:
    """Role -> the headings that mean it, folded, the surest first."""
    file = resources.files("unhurried.records").joinpath("contact-headings.csv")
    table: dict[str, list[str]] = {}
    for row in csv.DictReader(file.read_text(encoding="utf-8").splitlines()):
        table.setdefault(row["role"], []).append(fold(row["heading"]))
    return {role: tuple(names) for role, names in table.items()}


def _of_csv(
    source: Path, column_map: ColumnMap | None, wanted: frozenset[str]
) -> Iterator[tuple[str, ContactDetails]]:
    for path in find_files(source):
        try:
            sniffed = sniff(path, path.name, column_map)
        except UnusableInput:
            continue  # a file that screening could not use either, and said so
        kind = kind_of(sniffed.headings, column_map)
        if kind is None:
            continue
        columns = settle(path.name, sniffed.headings, kind, column_map).columns
        places = {name: place for place, name in enumerate(numbered(sniffed.headings))}
        who = [places[columns[role]] for role in ("patient_id", "nhs_number") if role in columns]
        details = _places(sniffed)
        if who and ("family_name" in details or "given_name" in details):
            yield from _rows(sniffed, who, details, wanted)


def _places(sniffed: Sniffed) -> dict[str, int]:
    """Role -> column, for the roles this file has."""
    folded = [fold(heading) for heading in sniffed.headings]
    return {
        role: next(folded.index(name) for name in names if name in folded)
        for role, names in _headings().items()
        if any(name in folded for name in names)
    }


def _rows(
    sniffed: Sniffed, who: list[int], places: Mapping[str, int], wanted: frozenset[str]
) -> Iterator[tuple[str, ContactDetails]]:
    width = len(sniffed.headings)
    for _, joined, problem, _ in careful_rows(sniffed):
        row = joined.split(FIELD_MARK)
        if problem is not None or len(row) < width:
            continue
        person = next((p for p in (_asked(row[place], wanted) for place in who) if p), "")
        if person:
            yield person, _details({role: row[place] for role, place in places.items()})


def _asked(text: str, wanted: frozenset[str]) -> str:
    """The id somebody was asked for with that this text is, as written or as an NHS number."""
    if text.strip() in wanted:
        return text.strip()
    digits = read_nhs_number(text).digits
    return digits if digits is not None and digits in wanted else ""


def _details(row: Mapping[str, str]) -> ContactDetails:
    """Tidy the fields of one row; control characters and endless texts are no names."""
    tidy = {role: _tidy(text) for role, text in row.items()}
    parts = [tidy.get(name, "") for name in LINES]
    if parts[0]:
        parts = [part.strip() for part in parts[0].split(",")]
    return ContactDetails(
        title=tidy.get("title", ""),
        given_name=tidy.get("given_name", ""),
        family_name=tidy.get("family_name", ""),
        address="\n".join(part for part in parts if part),
        postcode=tidy.get("postcode", "").upper(),
        phone=tidy.get("phone", ""),
        email=tidy.get("email", ""),
    )


def _tidy(text: object) -> str:
    if not isinstance(text, str) or len(text) > LONGEST:
        return ""
    spaced = " ".join(text.split())
    return spaced if spaced.isprintable() else ""


def _of_fhir(source: Path, wanted: frozenset[str]) -> Iterator[tuple[str, ContactDetails]]:
    # Here, not above: the models of FHIR take longer to load than all the rest.
    from unhurried.records.fhir.references import NHS_NUMBER
    from unhurried.records.fhir.rows import Rows, identity, sources

    for path in sources(source):
        for row in Rows(path, path.name):
            content = row.content
            if row.fault or not content or content.get("resourceType") != "Patient":
                continue
            key = identity(row)[1]
            numbers = [
                each.get("value")
                for each in _list(content.get("identifier"))
                if each.get("system") == NHS_NUMBER and each.get("use") != "old"
            ]
            texts = [text for text in (key, *numbers) if isinstance(text, str)]
            person = next((p for p in (_asked(text, wanted) for text in texts) if p), "")
            if person:
                yield person, _of_patient(content)


def _of_patient(content: Mapping[str, Any]) -> ContactDetails:
    name = _best(content.get("name"), ("official", "usual", None))
    home = _best(content.get("address"), ("home", None))
    lines = [*_texts(home.get("line")), *_texts([home.get("city"), home.get("district")])]
    telecom = _list(content.get("telecom"))

    def reach(system: str) -> object:
        of_kind = [each for each in telecom if each.get("system") == system]
        return _best(of_kind, ("mobile", "home", None)).get("value")

    return ContactDetails(
        title=_tidy(" ".join(_texts(name.get("prefix")))),
        given_name=_tidy(" ".join(_texts(name.get("given")))),
        family_name=_tidy(name.get("family")),
        address="\n".join(line for line in map(_tidy, dict.fromkeys(lines)) if line),
        postcode=_tidy(home.get("postalCode")).upper(),
        phone=_tidy(reach("phone")),
        email=_tidy(reach("email")),
    )


def _best(entries: object, uses: tuple[str | None, ...]) -> Mapping[str, Any]:
    """The entry whose use comes first among `uses`; nothing of an old use, nothing in doubt."""
    for use in uses:
        fitting = [each for each in _list(entries) if each.get("use") == use]
        if fitting:
            return fitting[0] if len(fitting) == 1 else {}
    return {}


def _list(entries: object) -> list[Mapping[str, Any]]:
    return [each for each in entries if isinstance(each, dict)] if isinstance(entries, list) else []


def _texts(entries: object) -> list[str]:
    return [each for each in entries if isinstance(each, str)] if isinstance(entries, list) else []
