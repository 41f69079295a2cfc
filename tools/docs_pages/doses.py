"""The page on doses: factor sets side by side, patches, limits, worked examples."""

from __future__ import annotations

from pathlib import Path

from docs_pages.common import MADE, rows, table


def page(root: Path) -> str:
    """The reference page on doses and oral morphine equivalents."""
    data = root / "src/unhurried/clinical/data"
    factors = rows(data / "factors.csv")
    sets = list(dict.fromkeys(row["set"] for row in factors))
    by_drug: dict[tuple[str, str, str], dict[str, str]] = {}
    for row in factors:
        shown = row["factor"] if row["status"] == "converted" else "not converted"
        if row["lookup_strength"]:
            shown += f" ({row['lookup_strength']}: {row['lookup_ome']} mg)"
        by_drug.setdefault((row["ingredient"], row["route"], row["unit"]), {})[row["set"]] = shown
    patches = rows(data / "patches.csv")
    limits = rows(data / "limits.csv")
    sources = dict.fromkeys((row["set"], row["source"]) for row in factors if row["source"])
    parts = [
        MADE,
        "# Doses and oral morphine equivalents",
        "OME is for comparing doses, **never for switching medicines**. It is always a range, with its factor set"
        " and date, and the parts it could not convert. Methadone and substitution treatment are never"
        " converted. None of these rows has been clinically signed off yet.",
        "## Factor sets side by side\n\nThe default is `fpm-2020`. The same person can pass a line under one set"
        " and not under another, so the set is always named.\n",
        table(
            ("ingredient", "route", "unit", *sets),
            [(*drug, *(found.get(name, "") for name in sets)) for drug, found in by_drug.items()],
        ),
        "## Patches\n\nThe dose of a patch is its release rate, whatever the day it is changed on.\n",
        table(
            ("ingredient", "brand", "micrograms an hour", "worn for hours", "source"),
            [
                (
                    r["ingredient"],
                    r["brand"],
                    r["micrograms_per_hour"],
                    r["wear_hours_min"]
                    if r["wear_hours_min"] == r["wear_hours_max"]
                    else f"{r['wear_hours_min']} to {r['wear_hours_max']}",
                    r["source"],
                )
                for r in patches
            ],
        ),
        "## Lines and limits\n",
        table(
            ("limit", "ingredient", "value", "meaning", "source", "version"),
            [
                (
                    r["limit"].replace("_", " "),
                    r["ingredient"],
                    f"{r['value']} {r['unit']}",
                    r["meaning"],
                    r["source"],
                    r["version"],
                )
                for r in limits
            ],
        ),
        "## Sources of the factors\n",
        table(("set", "source"), list(sources)),
    ]
    return "\n\n".join(part.strip("\n") for part in parts) + "\n"
