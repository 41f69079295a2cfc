"""`unhurried demo`: a fictional service to click through; with --extract, only its records."""

from __future__ import annotations

import os
import shutil
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from unhurried.cli.exits import CommandError, Exit
from unhurried.cli.terminal import progress, say

MARK = ".unhurried-demo"  # says that a folder was made by this command and may be replaced by it
READY = "ready"


def command(
    port: Annotated[int, typer.Option(min=1, max=65535, help="Where it answers.")] = 8000,
    data: Annotated[Path, typer.Option("--data", help="Where the demo keeps its files.")] = Path(
        "demo-data"
    ),
    reset: Annotated[bool, typer.Option("--reset", help="Make the demo's files anew.")] = False,
    extract: Annotated[
        Path | None, typer.Option("--extract", help="Only write fictional records to this folder.")
    ] = None,
    people: Annotated[
        int, typer.Option(min=1, max=2_000_000, help="How many people (with --extract).")
    ] = 4000,
    seed: Annotated[int, typer.Option(help="The same seed gives the same people.")] = 1,
    damage: Annotated[
        float, typer.Option(min=0.0, max=0.5, help="Share of rows to damage, as real ones are.")
    ] = 0.01,
    as_of: Annotated[
        str | None, typer.Option("--as-of", help="The day the records end (YYYY-MM-DD).")
    ] = None,
) -> None:
    """Open a fictional service: two practices, one provider, everybody invented."""
    from unhurried.cli.dates import day_from

    if extract is not None:
        last_day = day_from(as_of, "--as-of") if as_of else date(2026, 10, 30)
        _make(extract, people=people, seed=seed, as_of=last_day, damage=damage, reset=reset)
        say(f"Written to {extract}: csv/, fhir/, omop/ and truth/ (what they were made from).")
        say(f"Next: unhurried screen {extract / 'csv'} --out {extract / 'screened'}")
        return
    _open(data, port=port, reset=reset)


def _open(data: Path, *, port: int, reset: bool) -> None:
    """Serve the fictional service in `data`, telling its story first when it is new."""
    from unhurried.cli.serve import check_port, run_service

    check_port("127.0.0.1", port)
    _claim(data, reset=reset)
    # A real service's database must never be mistaken for the demo's.
    os.environ.pop("DATABASE_URL", None)
    os.environ["UNHURRIED_URL"] = f"http://127.0.0.1:{port}"
    os.environ["UNHURRIED_EXTRACTS"] = str((data / "extracts").resolve())
    told = READY in (data / MARK).read_text(encoding="utf-8")
    run_service(data, port=port, demo=True, before=None if told else _tell, after=_show_the_doors)


def _claim(data: Path, *, reset: bool) -> None:
    """Make sure that the folder is the demo's, and whole; a half-told story begins anew."""
    mark = data / MARK
    if data.exists() and any(data.iterdir()) and not mark.exists():
        raise CommandError(
            f"{data} already holds files that are not a demo's; name another folder with --data.",
            Exit.REFUSED,
        )
    if mark.exists() and (reset or READY not in mark.read_text(encoding="utf-8")):
        shutil.rmtree(data)
    data.mkdir(parents=True, exist_ok=True)
    if not mark.exists():
        mark.write_text("Made by `unhurried demo`; safe to delete.\n", encoding="utf-8")


def _tell(data: Path) -> None:
    """Live through the story; only then is the folder marked as whole."""
    from unhurried.demo.service.story import tell
    from unhurried.service.audit import clock

    with progress("Living through twelve fictional weeks") as told:
        tell(data, today=clock.today(), progress=told)
    with (data / MARK).open("a", encoding="utf-8") as file:
        file.write(f"{READY}\n")


def _show_the_doors(_data: Path) -> None:
    from unhurried.demo.service.cast import PASSWORD
    from unhurried.service.accounts.policy import roles
    from unhurried.service.accounts.queries import everyone_here_now

    say("Everybody there is fictional. Choose who to be on the first page; no password is asked.")
    for each in everyone_here_now():
        role = roles()[each.role].name
        say(f"  {role:24} {each.user.full_name:24} {each.user.email}")
    say(f"(To try the real sign-in by hand, every password is {PASSWORD}.)")


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
    with progress(f"Making {people:,} fictional people") as told:
        write_extract(folder, people=people, seed=seed, as_of=as_of, damage=damage, progress=told)
    say(f"Made the records of {people:,} fictional people.")
