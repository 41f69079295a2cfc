"""The one way the service and its pages read their small tables (CSV) of words and settings."""

from __future__ import annotations

import csv
from functools import cache
from importlib import resources


@cache
def rows(package: str, file: str) -> tuple[dict[str, str], ...]:
    """The rows of a CSV file inside a package (`data/places.csv`), by heading, in their order."""
    text = resources.files(package).joinpath(file).read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines()))
