"""Opening the running service's database for a command; Django is loaded here and not before."""

from __future__ import annotations

import os
from pathlib import Path

from unhurried.cli.exits import CommandError, Exit


def open_service(data: Path | None, *, needs: str) -> None:
    """Make the service in `data` usable by this command, which needs the table `needs`.

    Raises CommandError when there is no service there, or it has not been prepared.
    """
    if data is not None:
        os.environ["UNHURRIED_DATA"] = str(data)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "unhurried.web.settings")
    folder = Path(os.environ.get("UNHURRIED_DATA", "service-data"))
    if "DATABASE_URL" not in os.environ and not (folder / "unhurried.sqlite3").exists():
        raise CommandError(
            f"There is no service in {folder}: name its folder with --data, or set DATABASE_URL.",
            Exit.INPUT_UNUSABLE,
        )
    import django

    django.setup()
    from django.db import DatabaseError, connection

    try:
        tables = connection.introspection.table_names()
    except DatabaseError as error:
        raise CommandError(
            "The database could not be opened: check that it is running and DATABASE_URL is right.",
            Exit.BROKEN,
        ) from error
    if needs not in tables:
        raise CommandError(
            "The service's database has not been prepared: start `unhurried serve` once first.",
            Exit.INPUT_UNUSABLE,
        )
