"""`unhurried screen`: from a practice's records to a short list with reasons (ID-1 to ID-8)."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from unhurried.cli.dates import day_from
from unhurried.cli.exits import CommandError, Exit
from unhurried.cli.screen_checks import Wanted, check_save_map, check_wanted
from unhurried.cli.screen_view import show_columns, show_screening
from unhurried.cli.terminal import progress, say, say_json

if TYPE_CHECKING:
    from unhurried.records.canonical import Records
    from unhurried.records.column_map import ColumnMap
    from unhurried.screening import Screening


def command(
    source: Annotated[Path, typer.Argument(help="An extract: a file or a folder of files.")],
    format: Annotated[  # noqa: A002, the option's name in the contract
        str | None, typer.Option("--format", help="csv, fhir or omop; found out when left away.")
    ] = None,
    map: Annotated[  # noqa: A002, the option's name in the contract
        Path | None, typer.Option("--map", help="A saved column map (TOML).")
    ] = None,
    as_of: Annotated[
        str | None, typer.Option("--as-of", help="YYYY-MM-DD; else the last day with an issue.")
    ] = None,
    criteria: Annotated[
        Path | None, typer.Option("--criteria", help="Your own criteria (TOML).")
    ] = None,
    engine: Annotated[str, typer.Option("--engine", help="duckdb, or spark.")] = "duckdb",
    factors: Annotated[str, typer.Option("--factors", help="The conversion factors.")] = "fpm-2020",
    out: Annotated[Path | None, typer.Option("--out", help="Write files to this folder.")] = None,
    first: Annotated[
        int | None, typer.Option("--first", min=1, help="Only the first N, for a few each week.")
    ] = None,
    keep: Annotated[
        Path | None, typer.Option("--keep", help="Keep the relevant issues, to screen again.")
    ] = None,
    preview: Annotated[
        bool, typer.Option("--preview", help="Only show how the columns were recognised.")
    ] = False,
    save_map: Annotated[
        Path | None, typer.Option("--save-map", help="Save the column map used (TOML).")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="The summary as JSON.")] = False,
) -> None:
    """Find people on long-term opioids, ranked, with every reason in words."""
    wanted = Wanted(
        source=source,
        format=format,
        map=map,
        as_of=day_from(as_of, "--as-of") if as_of else None,
        criteria=criteria,
        engine=engine,
        factors=factors,
        out=out,
        first=first,
        keep=keep,
        as_json=as_json,
    )
    if preview or save_map is not None:
        _preview(wanted, save_map)
    if not preview:
        run_screen(wanted)


def run_screen(wanted: Wanted) -> None:
    """Read, screen, show and, where asked, write.

    Raises CommandError with a sentence and the exit code for whatever the person can mend.
    """
    from unhurried.clinical.opioids import UnknownFactorSet
    from unhurried.records.canonical import UnusableInput
    from unhurried.screening import CriteriaError, EngineMissing
    from unhurried.screening.store import StoreError

    check_wanted(wanted)
    try:
        with progress(f"Reading {wanted.source.name}") as tell, _uncollected():
            screening = _screening(wanted, tell)
            if wanted.out is not None:
                tell(f"Writing to {wanted.out}")
                screening.write(wanted.out, wanted.first)
    except (UnusableInput, StoreError) as error:
        raise CommandError(str(error), Exit.INPUT_UNUSABLE) from error
    except (CriteriaError, UnknownFactorSet) as error:
        raise CommandError(str(error), Exit.WRONG_USAGE) from error
    except EngineMissing as error:
        raise CommandError(str(error), Exit.BROKEN) from error
    if wanted.as_json:
        say_json(screening.summary(), indent=True)
    else:
        show_screening(screening, first=wanted.first or wanted.show, out=wanted.out)


@contextmanager
def _uncollected() -> Iterator[None]:
    """Without looking for cycles: a screening makes many rows and next to no cycles."""
    before = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if before:
            gc.enable()


def _screening(wanted: Wanted, tell: Callable[[str], None]) -> Screening:
    from unhurried.screening import default_criteria, load_criteria, screen
    from unhurried.screening.store import Store, is_store

    criteria = load_criteria(wanted.criteria) if wanted.criteria else default_criteria()
    if is_store(wanted.source):
        store = Store.open(wanted.source)
        return store.screen(
            criteria, as_of=wanted.as_of or store.last_issue_day(), factors=wanted.factors
        )
    records = _read(wanted, tell)
    tell("Finding people")
    as_of = wanted.as_of or _last_issue_day(records)
    if wanted.keep is not None:
        Store.save(records, wanted.keep)
    return screen(records, criteria, as_of=as_of, factors=wanted.factors, engine=wanted.engine)


def _read(wanted: Wanted, tell: Callable[[str], None]) -> Records:
    from unhurried.records.read import read_records

    return read_records(
        wanted.source,
        format=wanted.format,
        column_map=_map_of(wanted),
        today=wanted.today or _today(),
        progress=tell,
    )


def _map_of(wanted: Wanted) -> ColumnMap | None:
    from unhurried.records.csv.columns import read_map

    return read_map(wanted.map) if wanted.map else None


def _last_issue_day(records: Records) -> date:
    """The day the extract seems to end: screening looks from there unless told otherwise."""
    from unhurried.screening.as_of import end_of

    end = end_of(records.connection)
    if end is None:
        return _today()
    if end.note:
        records.notes = (*records.notes, end.note)
    return end.day


def _today() -> date:
    return date.today()  # noqa: DTZ011, the practice's own day; only the command line asks


def _preview(wanted: Wanted, save_map: Path | None) -> None:
    if wanted.as_json:
        raise CommandError("--preview is for looking at and has no --json.", Exit.WRONG_USAGE)
    from unhurried.records.canonical import UnusableInput
    from unhurried.records.preview import preview

    try:
        seen = preview(wanted.source, column_map=_map_of(wanted))
    except UnusableInput as error:
        raise CommandError(str(error), Exit.INPUT_UNUSABLE) from error
    show_columns(seen)
    if save_map is not None:
        check_save_map(save_map)
        seen.column_map.save(save_map)
        say(f"Saved the column map to {save_map}.")
