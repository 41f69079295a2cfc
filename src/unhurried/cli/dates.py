"""Days given as options."""

from __future__ import annotations

from datetime import date

from unhurried.cli.exits import CommandError, Exit


def day_from(text: str, option: str) -> date:
    """An ISO date from an option; a usage error that shows the shape otherwise."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError as error:
        raise CommandError(
            f"{option} must be a date such as 2026-10-30, not '{text}'.", Exit.WRONG_USAGE
        ) from error
