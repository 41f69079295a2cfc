"""Read FHIR R4 (Bundles, bulk NDJSON, plain or gzipped) into the canonical tables (ID-1).

Used: Patient, MedicationRequest, Medication, Condition, Organization, EpisodeOfCare, and the coded
entries (Observation, Procedure) that hold a code screening looks for. Entries that hold none were
read and told us nothing: they count as used. An issue is a prescription written
(MedicationRequest); statements, dispensings and administrations are not issues. Everything of
another kind is counted by kind and left alone.
"""

from __future__ import annotations

import gc
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path

import duckdb

from unhurried.records.canonical import (
    RAW_CHARACTERS,
    Accounting,
    Records,
    UnusableInput,
    add_file,
    add_rows,
    open_tables,
)
from unhurried.records.fhir.entries import CODED
from unhurried.records.fhir.passed import Passed, resource_hash
from unhurried.records.fhir.rows import Rows, sources
from unhurried.records.fhir.settle import settle
from unhurried.records.fhir.staging import Staging
from unhurried.records.finish import finish

NOT_ISSUES = ("MedicationStatement", "MedicationDispense", "MedicationAdministration")
VERSIONS = {"fhir_stu3": "STU3", "fhir_r5": "R5"}
MOST_SHOWN = 10_000  # rejects whose text is looked up again in the files

# What is counted while reading, and the sentence that says it ({n} is the number).
NOTES = {
    "quantity_not_known": "{n} quantities supplied are not counted in units (packs, bottles, or"
    " “less than”): not known.",
    "repeats_allowed": "{n} prescriptions allow repeat supplies; each counts as the one issue it is"
    " written as.",
    "unsayable": "{n} prescriptions have structured directions that cannot be put into words"
    " without a guess: their dose is not known.",
    "on_hold": "{n} prescriptions are on hold; they count as issued.",
    "partial_birth": "{n} dates of birth are partial: the age shown is the lowest it can be.",
    "unsure_adult": "{n} dates of birth are partial and leave open whether the person is an adult:"
    " not known.",
}


def read(source: Path, *, today: date, progress: Callable[[str], None] | None = None) -> Records:
    """Read a FHIR file or folder; `today` is the last day an event can have.

    Raises UnusableInput, with one sentence that says what to do, when the source as a whole is not
    FHIR R4 or holds no prescriptions.
    """
    found = sources(source)
    if not found:
        message = f"{source} has no FHIR files (.json or .ndjson, plain or .gz): check the folder."
        raise UnusableInput(message)
    connection = open_tables()
    try:
        return _read(connection, source, found, today, progress)
    except BaseException:
        connection.close()
        raise


def _read(
    connection: duckdb.DuckDBPyConnection,
    source: Path,
    found: tuple[Path, ...],
    today: date,
    progress: Callable[[str], None] | None,
) -> Records:
    staging = Staging(connection, today)
    other_kinds: dict[str, Counter[str]] = {}
    rows_in: dict[int, int] = {}
    passed: dict[int, tuple[Path, Passed]] = {}
    for path in found:
        name = path.name if source.is_file() else path.relative_to(source).as_posix()
        if progress:
            progress(f"Reading {name}")
        number = add_file(connection, name, rows_in=0)
        rows = Rows(path, name)
        count = 0
        with _without_cycle_search():
            for row in rows:
                staging.take(number, row)
                count += 1
        rows_in[number], other_kinds[name] = count + rows.passed.count, rows.other_kinds
        passed[number] = path, rows.passed
    staging.write()
    told_nothing = _look_again(staging, passed)
    _refuse_other_versions(connection, source, sum(other_kinds.values(), Counter()))
    if progress:
        progress("Settling versions and references")
    used_otherwise = settle(connection, today)
    for number, count in rows_in.items():
        connection.execute(
            "UPDATE files SET rows_in = ?, rows_used_otherwise = ? WHERE file = ?",
            [count, used_otherwise.get(number, 0) + told_nothing[number], number],
        )
    people = _notes_of_people(connection)
    accounting, notes = finish(connection)
    _show_rejected(connection, source, found)
    return Records(
        connection=connection,
        accounting=_with_other_kinds(accounting, other_kinds),
        notes=(*notes, *_notes(staging.notes, other_kinds, sum(told_nothing.values())), *people),
        format="fhir",
    )


@contextmanager
def _without_cycle_search() -> Iterator[None]:
    """Rows make no reference cycles, and looking for them costs a third of the reading time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _look_again(staging: Staging, passed: dict[int, tuple[Path, Passed]]) -> dict[int, int]:
    """Stage the rows that told us nothing but are versions of one that did; count the others."""
    kept = staging.connection.execute(
        "SELECT DISTINCT kind, key FROM fhir_seen WHERE list_contains(?, kind)", [sorted(CODED)]
    ).fetchall()
    resources = {resource_hash(str(kind), str(key)) for kind, key in kept}
    told_nothing = {}
    for number, (path, rows) in passed.items():
        again = rows.of(resources) if resources else set()
        told_nothing[number] = rows.count - len(again)
        if again:
            for row in Rows(path, path.name, only=again):
                if row.record in again:
                    staging.take(number, row)
    staging.write()
    return told_nothing


def _refuse_other_versions(
    connection: duckdb.DuckDBPyConnection, source: Path, others: Counter[str]
) -> None:
    """Refuse the whole source when its prescriptions are of another FHIR version, or none."""
    rows = connection.execute(
        "SELECT (SELECT COUNT(*) FROM fhir_issues), COUNT(*) FILTER (code = 'fhir_stu3'),"
        " COUNT(*) FILTER (code = 'fhir_r5') FROM fhir_refused"
    ).fetchall()
    issues, *versions = (int(each) for each in rows[0])
    for count, version in zip(versions, VERSIONS.values(), strict=True):
        if count and not issues:
            message = f"{source.name} is FHIR {version}: export it as FHIR R4 (4.0.1)."
            raise UnusableInput(message)
    requests = connection.execute(
        "SELECT COUNT(*) FROM fhir_seen WHERE kind = 'MedicationRequest'"
    ).fetchall()
    if issues or int(requests[0][0]):
        return
    if others["MedicationOrder"]:
        message = f"{source.name} is FHIR DSTU2: export it as FHIR R4 (4.0.1)."
        raise UnusableInput(message)
    why = _first_refusal(connection)
    message = (
        f"{source.name} holds no prescriptions (MedicationRequest){why}: export Patient,"
        " MedicationRequest and Condition together as FHIR R4."
    )
    raise UnusableInput(message)


def _first_refusal(connection: duckdb.DuckDBPyConnection) -> str:
    rows = connection.execute(
        "SELECT name, record, reason FROM fhir_refused JOIN files USING (file)"
        " ORDER BY file, record LIMIT 1"
    ).fetchall()
    if not rows:
        return ""
    name, record, reason = rows[0]
    return f" that can be read ({name}, row {record}: {str(reason).rstrip('.')})"


def _with_other_kinds(accounting: Accounting, others: dict[str, Counter[str]]) -> Accounting:
    return Accounting(
        tuple(
            replace(each, rows_of_other_kinds=others[each.file].total())
            for each in accounting.files
        )
    )


def _notes_of_people(connection: duckdb.DuckDBPyConnection) -> tuple[str, ...]:
    rows = connection.execute(
        "SELECT (SELECT COUNT(*) FROM fhir_people WHERE undated_death),"
        " COUNT(DISTINCT subject), COUNT(*) FROM fhir_strangers WHERE NOT rejected"
    ).fetchall()
    undated, strangers, theirs = (int(each) for each in rows[0])
    notes = []
    if undated:
        notes.append(
            f"{undated:,} people are recorded as having died, without a date: the day of their last"
            " issue stands for it."
        )
    if strangers:
        notes.append(
            f"{strangers:,} patients are named by other rows but are not in the data; their"
            f" {theirs:,} rows were rejected. Part of the export may be missing: check it, and"
            " export it again with every Patient."
        )
    return tuple(notes)


def _notes(counted: Counter[str], others: dict[str, Counter[str]], nothing: int) -> tuple[str, ...]:
    notes = [words.format(n=f"{counted[code]:,}") for code, words in NOTES.items() if counted[code]]
    if nothing:
        notes.append(
            f"{nothing:,} coded entries (Observation, Procedure) hold none of the codes screening"
            " looks for: read, and used no further."
        )
    kinds = sum(others.values(), Counter())
    if kinds:
        each = ", ".join(f"{kind} {count:,}" for kind, count in sorted(kinds.items()))
        notes.append(f"{kinds.total():,} rows of kinds screening does not use: {each}.")
    if any(kinds[kind] for kind in NOT_ISSUES):
        notes.append(
            "Statements, dispensings and administrations of medicines were not counted as issues."
        )
    return tuple(notes)


def _show_rejected(
    connection: duckdb.DuckDBPyConnection, source: Path, found: tuple[Path, ...]
) -> None:
    """Look up the text of rows that were rejected after reading, for the person who mends them."""
    wanted: dict[str, set[int]] = {}
    for name, record in connection.execute(
        "SELECT file, record FROM rejects WHERE raw = '' AND code <> 'repeat'"
        f" ORDER BY file, record LIMIT {MOST_SHOWN}"
    ).fetchall():
        wanted.setdefault(str(name), set()).add(int(record))
    shown = []
    for path in found:
        name = path.name if source.is_file() else path.relative_to(source).as_posix()
        records = wanted.get(name)
        if records:
            shown += [
                (name, row.record, row.body[:2000].decode("utf-8", "replace")[:RAW_CHARACTERS])
                for row in Rows(path, name, only=records)
                if row.record in records
            ]
    connection.execute("CREATE TEMP TABLE fhir_shown (file VARCHAR, record INTEGER, raw VARCHAR)")
    add_rows(connection, "fhir_shown", shown)
    connection.execute(
        "UPDATE rejects SET raw = s.raw FROM fhir_shown s"
        " WHERE rejects.file = s.file AND rejects.record = s.record AND rejects.raw = ''"
    )
