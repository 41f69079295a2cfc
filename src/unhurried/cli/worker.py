"""`unhurried worker`: does the work in the background and sends what is due."""

from __future__ import annotations

import signal
import threading
from pathlib import Path
from typing import Annotated

import typer

from unhurried.cli.terminal import say


def command(
    data: Annotated[
        Path | None, typer.Option("--data", help="The service's folder (else UNHURRIED_DATA).")
    ] = None,
    once: Annotated[bool, typer.Option("--once", help="Do what is due now, then stop.")] = False,
) -> None:
    """Do the service's work in the background: screening, letters, e-mail and text messages."""
    from unhurried.cli.service import open_service

    open_service(data, needs="jobs_job")
    from unhurried.service.jobs.worker import Worker

    worker = Worker()
    if once:
        done = worker.run_once()
        say(f"{done} job{'' if done == 1 else 's'} done; what was due to be sent was dealt with.")
        return
    stop = threading.Event()
    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, lambda *_: _ask_to_stop(stop))
    say("Working. Press Control-C to stop after the job in hand, twice to stop at once.")
    worker.run_forever(stop)


def _ask_to_stop(stop: threading.Event) -> None:
    """The first time stop after the job in hand; the second time now (nothing is lost by it)."""
    if stop.is_set():
        raise KeyboardInterrupt
    stop.set()
