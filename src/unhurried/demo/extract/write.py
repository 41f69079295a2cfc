"""Writes the whole extract, one person after another, in as many formats as asked for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Protocol

from unhurried.demo.extract.catalogue import Catalogue
from unhurried.demo.extract.csv_files import CsvFiles
from unhurried.demo.extract.damage import Damage
from unhurried.demo.extract.fhir_files import FhirFiles
from unhurried.demo.extract.history import Histories
from unhurried.demo.extract.model import Practice, Record
from unhurried.demo.extract.omop_files import OmopFiles
from unhurried.demo.extract.people import Population, make_practices
from unhurried.demo.extract.truth import TruthFiles

FORMATS = ("csv", "fhir", "omop")
PROGRESS_EVERY = 250


class _Sink(Protocol):
    def write(self, record: Record) -> None: ...

    def close(self) -> dict[str, int]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtractSummary:
    """What was written: counts, and rows (without headings) of every file."""

    folder: Path
    formats: tuple[str, ...]
    people: int
    issues: int
    problems: int
    damaged: int
    stories: dict[str, int]
    rows: dict[str, int]


def write_extract(
    folder: Path,
    *,
    people: int,
    seed: int,
    as_of: date,
    damage: float = 0.01,
    practices: int = 2,
    formats: Sequence[str] = FORMATS,
    progress: Callable[[str], None] | None = None,
) -> ExtractSummary:
    """Write fictional records of `people` to `folder`/csv, /fhir and /omop, the truth to /truth.

    The same seed and day give the same bytes; a smaller extract without damage holds the first
    people of a larger one. `damage` is the share of rows spoiled in place (a repeat is added after
    its row) in each file of patients, issues and problems. `progress` is told in
    words how far it is. Raises ValueError, in one sentence, for arguments that make no sense.
    """
    _check(people, damage, formats)
    day, houses = as_of.toordinal(), make_practices(practices)
    catalogue = Catalogue()
    population = Population(seed=seed, as_of=day, practices=houses)
    histories = Histories(seed=seed, as_of=day, catalogue=catalogue, population=population)
    spoiled = Damage(rate=damage, seed=seed, as_of=day)
    sinks = _sinks(folder, formats, houses, spoiled, catalogue)
    told: Counter[str] = Counter()
    stories: Counter[str] = Counter()
    for index in range(people):
        record = histories.record(index)
        for sink in sinks:
            sink.write(record)
        stories[record.story] += 1
        told.update(issues=len(record.issues), problems=len(record.problems))
        if progress and (index + 1) % PROGRESS_EVERY == 0:
            progress(f"Making fictional people: {index + 1:,} of {people:,}")
    rows = {name: count for sink in sinks for name, count in sink.close().items()}
    return ExtractSummary(
        folder=folder,
        formats=tuple(formats),
        people=people,
        issues=told["issues"],
        problems=told["problems"],
        damaged=len(spoiled.done),
        stories=dict(stories),
        rows=rows,
    )


def _check(people: int, damage: float, formats: Sequence[str]) -> None:
    if people < 1:
        raise ValueError(f"Ask for at least 1 person, not {people}.")
    if not 0 <= damage <= 1:
        raise ValueError(f"The share of damaged rows must be from 0 to 1, not {damage}.")
    unknown = set(formats) - set(FORMATS)
    if unknown or not formats:
        known = ", ".join(FORMATS)
        raise ValueError(
            f"Choose formats from {known}, not {', '.join(sorted(unknown)) or 'none'}."
        )


def _sinks(
    folder: Path,
    formats: Sequence[str],
    practices: tuple[Practice, ...],
    damage: Damage,
    catalogue: Catalogue,
) -> list[_Sink]:
    sinks: list[_Sink] = []
    if "csv" in formats:
        sinks.append(CsvFiles(folder / "csv", practices, damage))
    if "fhir" in formats:
        sinks.append(FhirFiles(folder / "fhir", practices, damage, as_of=damage.as_of))
    if "omop" in formats:
        where = folder / "omop"
        sinks.append(OmopFiles(where, practices, damage, catalogue=catalogue, as_of=damage.as_of))
    sinks.append(TruthFiles(folder / "truth", damage))  # last: it lists what the others damaged
    return sinks
