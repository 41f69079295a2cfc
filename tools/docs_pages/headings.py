"""The page on column headings that need no map."""

from __future__ import annotations

from pathlib import Path

from docs_pages.common import MADE, rows, table


def page(root: Path) -> str:
    """The reference page on headings."""
    known: dict[tuple[str, str], list[str]] = {}
    for row in rows(root / "src/unhurried/records/csv/headings.csv"):
        known.setdefault((row["kinds"], row["role"]), []).append(row["heading"])
    body = [
        (kind if kind != "any" else "any file", role.replace("_", " "), ", ".join(headings))
        for (kind, role), headings in known.items()
    ]
    return (
        f"{MADE}\n# Headings that need no map\n\nCapitals, spaces and punctuation do not matter. When two"
        " columns could hold the same thing, we ask for a [map](../how-to/screen-your-own-records.md)"
        " instead of choosing.\n\n" + table(("in a file of", "for", "headings"), body)
    )
