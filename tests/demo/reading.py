"""Plain reading of the files an extract holds, with nothing of the product's readers."""

from __future__ import annotations

import csv
import json
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
ENCODINGS = {"y99901": "utf-8-sig", "y99902": "utf-8", "y99903": "cp1252", "y99904": "utf-8"}


@cache
def table(path: Path) -> list[dict[str, str]]:
    """Rows of a comma-separated file with headings."""
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


@cache
def raw_rows(path: Path) -> list[list[str]]:
    """Rows of a practice's file as they stand, without the headings."""
    code = path.name[:6]
    with path.open(encoding=ENCODINGS.get(code, "utf-8"), newline="") as lines:
        return list(csv.reader(lines, delimiter="\t" if code == "y99904" else ","))[1:]


@cache
def resources(path: Path) -> list[dict[str, Any]]:
    """Lines of an NDJSON file."""
    return [json.loads(line) for line in path.read_bytes().splitlines()]


def day(text: str) -> date:
    """A date in one of the four ways the practices write it."""
    if "/" in text:
        d, m, y = text.split("/")
        return date(int(y), int(m), int(d))
    if text[:4].isdigit():
        return date.fromisoformat(text)
    d, word, y = text.replace("-", " ").split()
    return date(int(y), MONTHS.index(word) + 1, int(d))
