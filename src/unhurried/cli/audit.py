"""`unhurried audit`: is the trail of who saw and did what as it was written?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from unhurried.cli.exits import CommandError, Exit
from unhurried.cli.terminal import progress, read_text, say, warn

if TYPE_CHECKING:
    from unhurried.service.audit.checkpoints import Checkpoint
    from unhurried.service.audit.verifying import Report

app = typer.Typer(
    help="Verify the audit trail, and write checkpoints of it.", no_args_is_help=True,
    rich_markup_mode=None,
)  # fmt: skip
Data = Annotated[
    Path | None, typer.Option("--data", help="The service's folder (else UNHURRIED_DATA).")
]


@app.command("verify")
def verify(
    data: Data = None,
    since: Annotated[
        str | None,
        typer.Option("--since", help="Read only what came after this checkpoint (line or file)."),
    ] = None,
    checkpoints: Annotated[
        Path | None,
        typer.Option("--checkpoints", help="A file of checkpoints kept elsewhere, to compare."),
    ] = None,
) -> None:
    """Read the whole trail; exit code 0 only when every row is as it was written."""
    from unhurried.cli.service import open_service

    open_service(data, needs="audit_entry")
    from unhurried.service.audit import verifying

    kept = _read_checkpoints(read_text(checkpoints)) if checkpoints else []
    start = _checkpoint_named(since) if since else None
    with progress("Reading the audit trail") as tell:
        report = verifying.verify(
            since=start, checkpoints=kept, tell=lambda rows: tell(f"{rows:,} rows")
        )
    _say_report(report, compared=len(kept))
    if report.problems:
        raise typer.Exit(Exit.BROKEN)


@app.command("checkpoint")
def checkpoint(
    data: Data = None,
    to: Annotated[
        Path | None, typer.Option("--to", help="Add it to this file (kept on another machine).")
    ] = None,
) -> None:
    """Write one line that says where the trail ends now. Keep it elsewhere."""
    from unhurried.cli.service import open_service

    open_service(data, needs="audit_entry")
    from unhurried.service.audit.checkpoints import checkpoint_now, following

    earlier = _read_checkpoints(read_text(to)) if to and to.exists() else []
    made = following(checkpoint_now(), earlier)
    if to is None:
        say(made.line())
        return
    with to.open("a", encoding="utf-8") as file:
        file.write(made.line() + "\n")
    say(f"Row {made.seq:,} ({made.count:,} rows) noted in {to}. Keep that file elsewhere.")


def _read_checkpoints(text: str) -> list[Checkpoint]:
    from unhurried.service.audit.checkpoints import UnusableCheckpoint, read_lines

    try:
        return read_lines(text)
    except UnusableCheckpoint as error:
        raise CommandError(str(error), Exit.INPUT_UNUSABLE) from error


def _checkpoint_named(text: str) -> Checkpoint:
    """The checkpoint of a line, or the last one of a file."""
    from unhurried.service.audit.checkpoints import UnusableCheckpoint, read_line

    if text.lstrip().startswith("{"):
        try:
            return read_line(text)
        except UnusableCheckpoint as error:
            raise CommandError(str(error), Exit.INPUT_UNUSABLE) from error
    found = _read_checkpoints(read_text(Path(text)))
    if not found:
        raise CommandError(f"There is no checkpoint in {text}.", Exit.INPUT_UNUSABLE)
    return found[-1]


def _say_report(report: Report, *, compared: int) -> None:
    if report.problems:
        for problem in report.problems:
            warn(f"unhurried: {problem.sentence}")
        warn(
            f"unhurried: {report.rows:,} rows were as they were written, up to row "
            f"{report.last_seq:,}. Keep the database as it is and tell the privacy officer."
        )
        return
    say(f"All {report.rows:,} rows are as they were written; the last is row {report.last_seq:,}.")
    if compared:
        say(f"{report.checkpoints_met} of {compared} checkpoints lay in what was read; all agree.")
    else:
        say(
            "Without checkpoints kept elsewhere, an end cut off or written anew cannot be seen: "
            "see `unhurried audit checkpoint`."
        )
