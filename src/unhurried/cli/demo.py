"""`unhurried demo`: a fictional service to look at; with --extract, only its records."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from unhurried.cli.exits import CommandError, Exit
from unhurried.cli.terminal import progress, say

MARK = ".unhurried-demo"  # says that a folder was made by this command and may be replaced by it


def command(
    extract: Annotated[
        Path | None, typer.Option("--extract", help="Only write fictional records to this folder.")
    ] = None,
    people: Annotated[int, typer.Option(min=1, max=2_000_000, help="How many people.")] = 4000,
    seed: Annotated[int, typer.Option(help="The same seed gives the same people.")] = 1,
    data: Annotated[Path, typer.Option("--data", help="Where the demo keeps its files.")] = Path(
        "demo-data"
    ),
    reset: Annotated[bool, typer.Option("--reset", help="Make the demo's files anew.")] = False,
    damage: Annotated[
        float, typer.Option(min=0.0, max=0.5, help="Share of rows to damage, as real ones are.")
    ] = 0.01,
    as_of: Annotated[
        str | None, typer.Option("--as-of", help="The day the records end (YYYY-MM-DD).")
    ] = None,
) -> None:
    """Make a fictional practice's records and screen them: a first look in a minute."""
    from unhurried.cli.dates import day_from

    last_day = day_from(as_of, "--as-of") if as_of else date(2026, 10, 30)
    if extract is not None:
        _make(extract, people=people, seed=seed, as_of=last_day, damage=damage, reset=reset)
        say(f"Written to {extract}: csv/, fhir/, omop/ and truth/ (what they were made from).")
        say(f"Next: unhurried screen {extract / 'csv'} --out {extract / 'screened'}")
        return
    records = data / "records"
    if reset or not (records / MARK).exists():
        _make(records, people=people, seed=seed, as_of=last_day, damage=damage, reset=True)
    from unhurried.cli import screen
    from unhurried.cli.screen_checks import Wanted

    say(f"Screening the fictional practice in {records / 'csv'} as of {last_day:%-d %B %Y}.")
    screen.run_screen(
        Wanted(
            source=records / "csv", as_of=last_day, out=data / "screened", show=5, today=last_day
        )
    )
    say()
    say("Everyone here is fictional. Look at one reading step by step:")
    say('  unhurried directions "1-2 qds prn max 6 in 24 hours"')
    say('  unhurried dose "Zomorph 30mg capsules" "one twice a day"')


def _make(folder: Path, *, people: int, seed: int, as_of: date, damage: float, reset: bool) -> None:
    """Write the fictional extract, never over files this command did not make."""
    from unhurried.demo.extract import write_extract

    if folder.exists() and any(folder.iterdir()):
        if not (folder / MARK).exists():
            raise CommandError(
                f"{folder} already holds files that are not a demo extract; name another folder.",
                Exit.REFUSED,
            )
        if reset:
            shutil.rmtree(folder)
        else:
            raise CommandError(
                f"{folder} already holds an extract; add --reset to make it anew.", Exit.REFUSED
            )
    folder.mkdir(parents=True, exist_ok=True)
    (folder / MARK).write_text("Made by `unhurried demo`; safe to delete.\n", encoding="utf-8")
    with progress(f"Making {people:,} fictional people") as tell:
        write_extract(folder, people=people, seed=seed, as_of=as_of, damage=damage, progress=tell)
    say(f"Made the records of {people:,} fictional people.")
