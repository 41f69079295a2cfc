"""`unhurried serve`: the service on this machine, from one command to the first page."""

from __future__ import annotations

import hashlib
import os
import socket
import sqlite3
from collections.abc import Callable
from contextlib import closing
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import typer

from unhurried.cli.children import Children, until_asked_to_stop
from unhurried.cli.exits import CommandError, Exit
from unhurried.cli.terminal import say

ADDRESS_KEPT = "address"  # for commands that print links into the running service
FIRST = (
    'Nobody can sign in yet. In another terminal: unhurried admin create EMAIL "FULL NAME"{data}'
)


def command(
    port: Annotated[int, typer.Option(min=1, max=65535, help="Where it answers.")] = 8000,
    data: Annotated[
        Path | None, typer.Option("--data", help="The service's folder, made when it is not there.")
    ] = None,
    host: Annotated[
        str, typer.Option("--host", help="The address it listens at; 0.0.0.0 for other machines.")
    ] = "127.0.0.1",
) -> None:
    """Run the service: the pages, and the work in the background. Control-C stops both."""
    if os.environ.get("UNHURRIED_DEMO") == "1":
        raise CommandError(
            "UNHURRIED_DEMO is set, which lets anyone be anyone. Unset it to run the service, or "
            "use `unhurried demo` for the fictional one.",
            Exit.REFUSED,
        )
    folder = data or Path(os.environ.get("UNHURRIED_DATA", "service-data"))
    run_service(folder, port=port, host=host, after=_say_how_to_begin)


def run_service(
    data: Path, *, port: int, host: str = "127.0.0.1", demo: bool = False,
    before: Callable[[Path], None] | None = None, after: Callable[[Path], None] | None = None,
) -> None:  # fmt: skip
    """Prepare the folder and the database, then serve until stopped.

    `before(data)` is called with Django loaded when the database is ready and nothing is served
    yet, `after(data)` when the first page can be opened. Raises CommandError with a sentence when
    the port is taken or the server does not start.
    """
    check_port(host, port)
    prepare(data, address=f"http://{_said(host)}:{port}", demo=demo)
    if before is not None:
        _load_django()
        before(data)
        _let_go_of_the_database()
    with Children() as children:
        children.start("pages", [
            "granian", "--interface", "wsgi", "--workers", "2", "--blocking-threads", "1",
            "--host", host, "--port", str(port), "--no-ws", "--log-level", "warning",
            "--respawn-failed-workers", "unhurried.web.wsgi:application",
        ])  # fmt: skip
        if not children.answers(_said(host), port):
            raise CommandError("The pages did not start: what went wrong is above.", Exit.BROKEN)
        say(f"Open http://{_said(host)}:{port} in a browser. Control-C stops the service.")
        children.start("background work", ["unhurried.cli", "worker"])
        if after is not None:
            after(data)
        until_asked_to_stop(children)
    say("Stopped. Everything saved is kept in " + str(data) + ".")


def prepare(data: Path, *, address: str = "", demo: bool = False) -> None:
    """Make the data folder and bring its database up to date; quick when nothing has changed."""
    from unhurried.web.assets import missing

    if sentence := missing():
        say(f"Note: {sentence}")
    data.mkdir(parents=True, exist_ok=True, mode=0o700)
    os.environ["UNHURRIED_DATA"] = str(data.resolve())
    os.environ["DJANGO_SETTINGS_MODULE"] = "unhurried.web.settings"
    if address:
        os.environ.setdefault("UNHURRIED_ADDRESS", address)
        (data / ADDRESS_KEPT).write_text(os.environ["UNHURRIED_ADDRESS"] + "\n", encoding="utf-8")
    if demo:
        os.environ["UNHURRIED_DEMO"] = "1"
    if _is_up_to_date(data):
        return
    _load_django()
    _migrate()
    _let_go_of_the_database()
    _note_up_to_date(data)


def _load_django() -> None:
    import django

    django.setup()


def _shape() -> int:
    """A number for all migrations of this installation; SQLite's user_version keeps it.

    It lets a restart begin without loading Django, and travels with copies of the database.
    """
    digest = hashlib.sha256()
    root = Path(__file__).resolve().parents[1]
    for file in sorted(root.glob("service/*/migrations/*.py")):
        digest.update(file.name.encode() + file.read_bytes())
    for package in ("django", "django-allauth"):
        digest.update(version(package).encode())
    return int.from_bytes(digest.digest()[:4]) % (2**31 - 1) + 1


def _is_up_to_date(data: Path) -> bool:
    file = data / "unhurried.sqlite3"
    if os.environ.get("DATABASE_URL") or not file.is_file():
        return False
    try:
        with closing(sqlite3.connect(file)) as database:
            (kept,) = database.execute("PRAGMA user_version").fetchone()
    except sqlite3.DatabaseError:
        return False
    return bool(kept == _shape())


def _note_up_to_date(data: Path) -> None:
    file = data / "unhurried.sqlite3"
    if not os.environ.get("DATABASE_URL") and file.is_file():
        with closing(sqlite3.connect(file)) as database:
            database.execute(f"PRAGMA user_version = {_shape()}")


def _migrate() -> None:
    from django.core.management import call_command
    from django.db import DatabaseError, connection
    from django.db.migrations.executor import MigrationExecutor

    try:
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
        if waiting:
            say("Preparing the database.")
            call_command("migrate", interactive=False, verbosity=0)
    except DatabaseError as error:
        raise CommandError(
            f"The database could not be prepared ({error}). Check that it is running, that "
            "DATABASE_URL is right and that the folder can be written.",
            Exit.BROKEN,
        ) from error


def _let_go_of_the_database() -> None:
    from django.db import connections

    connections.close_all()


def check_port(host: str, port: int) -> None:
    """Raise CommandError when something answers there already."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as trying:
        trying.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trying.bind((host, port))
        except OSError as error:
            raise CommandError(
                f"Port {port} is in use or not allowed here. Choose another: --port {port + 1}",
                Exit.BROKEN,
            ) from error


def _said(host: str) -> str:
    return {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, host)  # noqa: S104 - a name to say


def _say_how_to_begin(data: Path) -> None:
    _load_django()
    from unhurried.service.accounts.queries import everyone_here_now

    nobody = not everyone_here_now().exists()
    _let_go_of_the_database()
    if nobody:
        named = "" if str(data) == "service-data" else f" --data {data}"
        say(FIRST.format(data=named))
