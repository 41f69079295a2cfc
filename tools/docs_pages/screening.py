"""The page on who is listed: the criteria and the reasons, from their own files."""

from __future__ import annotations

from pathlib import Path

from docs_pages.common import MADE, rows, table
from unhurried.screening import default_criteria


def page(root: Path) -> str:
    """The reference page on screening."""
    room = root / "src/unhurried/screening"
    criteria = default_criteria()
    definitions = [
        (row["name"].replace("_", " "), row["words"]) for row in rows(room / "definitions.csv")
    ]
    reasons = rows(room / "reasons.csv")
    parts = [
        MADE,
        "# Who is listed, and why",
        f"Criteria shipped: **{criteria.name}**, version {criteria.version}"
        " ([the file](../../src/unhurried/screening/criteria/default.toml)). A practice can use its own"
        " (`--criteria`); every result names the one it was made with.",
        "## What each part means\n\nPlaces in braces are values of the criteria file.\n",
        table(("part", "meaning"), definitions),
        "## Reasons\n\nOne table gives each reason's words, its group and its place, so they cannot drift"
        " apart. Everyone with an opioid or substitution issue has at least one reason.\n",
        table(
            ("reason", "in or out", "group", "words", "requirement"),
            [
                (
                    r["code"],
                    r["in_or_out"],
                    r["tier"].replace("_", " "),
                    r["words"],
                    r["requirement"],
                )
                for r in reasons
            ],
        ),
        "## The default criteria\n\n```toml\n"
        + (room / "criteria/default.toml").read_text(encoding="utf-8")
        + "```\n",
    ]
    return "\n\n".join(part.strip("\n") for part in parts) + "\n"
