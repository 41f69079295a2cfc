"""A system check: the triggers that keep the trail append-only are there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections

from unhurried.service.audit.triggers import TABLE, missing


@register(Tags.database)
def triggers_are_there(databases: Sequence[str] | None = None, **_: Any) -> list[CheckMessage]:
    """An error for each database whose trail could be changed by the program itself."""
    found: list[CheckMessage] = []
    for alias in databases or ():
        connection = connections[alias]
        if TABLE not in connection.introspection.table_names():
            continue  # not migrated yet; migrating makes them
        gone = missing(connection)
        if gone:
            found.append(
                Error(
                    f"The audit trail can be changed: {', '.join(gone)} missing in {alias}.",
                    hint="Run `unhurried audit verify`, find out who removed them, then migrate.",
                    id="audit.E001",
                )
            )
    return found
