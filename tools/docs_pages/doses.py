"""The page on doses: factor sets side by side, patches, limits, worked examples."""

from __future__ import annotations

from pathlib import Path

from docs_pages.common import MADE, rows, table

Rows = list[dict[str, str]]


def page(root: Path) -> str:
    """The reference page on doses and oral morphine equivalents."""
    data = root / "src/unhurried/clinical/data"
    factors = rows(data / "factors.csv")
    parts = [
        MADE,
        "# Doses and oral morphine equivalents",
        "OME is for comparing doses, **never for switching medicines**. It is always a range, with its factor set"
        " and date, and the parts it could not convert. Methadone and substitution treatment are never"
        " converted. None of these rows has been clinically signed off yet.",
        "## Factor sets side by side\n\nThe default is `fpm-2020`. The same person can pass a line under one set"
        " and not under another, so the set is always named.\n",
        _factors(factors),
        "## Patches\n\nThe dose of a patch is its release rate, whatever the day it is changed on. Changed much"
        " later than worn, the least is 0; a new one long before the last is due off is not known.\n",
        _patches(rows(data / "patches.csv")),
        "## Lines and limits\n",
        _limits(rows(data / "limits.csv")),
        "## Sources of the factors\n",
        table(
            ("set", "source"),
            dict.fromkeys((f["set"], f["source"]) for f in factors if f["source"]),
        ),
    ]
    return "\n\n".join(part.strip("\n") for part in parts) + "\n"


def _factors(factors: Rows) -> str:
    sets = list(dict.fromkeys(row["set"] for row in factors))
    by_drug: dict[tuple[str, str, str], dict[str, str]] = {}
    for row in factors:
        shown = row["factor"] if row["status"] == "converted" else "not converted"
        if row["lookup_strength"]:
            shown += f" ({row['lookup_strength']}: {row['lookup_ome']} mg)"
        by_drug.setdefault((row["ingredient"], row["route"], row["unit"]), {})[row["set"]] = shown
    return table(
        ("ingredient", "route", "unit", *sets),
        [(*drug, *(found.get(name, "") for name in sets)) for drug, found in by_drug.items()],
    )


def _patches(patches: Rows) -> str:
    return table(
        ("ingredient", "brand", "micrograms an hour", "worn for hours", "source"),
        [
            (
                row["ingredient"],
                row["brand"],
                row["micrograms_per_hour"],
                " to ".join(dict.fromkeys((row["wear_hours_min"], row["wear_hours_max"]))),
                row["source"],
            )
            for row in patches
        ],
    )


def _limits(limits: Rows) -> str:
    return table(
        ("limit", "ingredient", "value", "meaning", "source", "version"),
        [
            (
                row["limit"].replace("_", " "),
                row["ingredient"],
                f"{row['value']} {row['unit']}",
                row["meaning"],
                row["source"],
                row["version"],
            )
            for row in limits
        ],
    )
