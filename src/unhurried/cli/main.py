"""The `unhurried` command: its sub-commands, and one place that turns errors into exit codes."""

from __future__ import annotations

import os
import sys
from typing import Annotated

import typer

from unhurried import __version__
from unhurried.cli import admin, audit, demo, directions, dose, screen, serve, worker
from unhurried.cli.exits import CommandError, Exit
from unhurried.cli.terminal import warn

app = typer.Typer(
    name="unhurried",
    help="Run and evaluate a primary-care pain and opioid review service.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"unhurried {__version__}")
        raise typer.Exit


@app.callback()
def _main(
    _version_wanted: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Say the version.")
    ] = False,
) -> None:
    """Run and evaluate a primary-care pain and opioid review service."""


app.command("directions")(directions.command)
app.command("dose")(dose.command)
app.command("screen")(screen.command)
app.command("demo")(demo.command)
app.command("serve")(serve.command)
app.add_typer(admin.app, name="admin")
app.command("worker")(worker.command)
app.add_typer(audit.app, name="audit")


def run() -> None:
    """Entry point of the `unhurried` command."""
    try:
        app()
    except CommandError as error:
        warn(f"unhurried: {error.sentence}")
        sys.exit(error.code)
    except (KeyboardInterrupt, RuntimeError) as error:
        if isinstance(error, RuntimeError) and "interrupt" not in str(error).lower():
            raise
        warn("unhurried: stopped; nothing was left half-written.")
        sys.exit(Exit.STOPPED)
    except BrokenPipeError:
        # The reader (head, less) has gone; nothing more can be said to it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(Exit.BROKEN)
    except OSError as error:
        where = f" ({error.filename})" if error.filename else ""
        warn(f"unhurried: the computer said: {error.strerror or error}{where}.")
        sys.exit(Exit.BROKEN)
