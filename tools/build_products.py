"""Builds `clinical/data/products.csv` from a list of opioid products derived from dm+d.

For whoever refreshes the product table, or a site with its own dm+d file:

    python tools/build_products.py my-dmd.csv --source "dm+d release 9.2.0" --version 2026-09 \\
        --out src/unhurried/clinical/data/products.csv

The input needs the columns product_name, dmd_level (VMP or AMP), dmd_id, bnf_code and
generic_equivalent. Strengths in the input are not believed: every strength is read again from
the product's own name, or its generic equivalent's, and where the input states another one the
row is printed. A row whose name states no strength is kept without one.
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections.abc import Iterable, Iterator
from fractions import Fraction
from pathlib import Path

from unhurried.clinical.opioids.listed import class_of
from unhurried.clinical.opioids.names import Reading, read_name

NEEDED = ("product_name", "dmd_level", "dmd_id", "bnf_code", "generic_equivalent")
COLUMNS = (
    "name",
    "level",
    "dmd",
    "bnf",
    "ingredient",
    "drug_class",
    "partner",
    "strength",
    "unit",
    "per_ml",
    "paracetamol_mg",
    "form",
    "release",
    "brand",
    "source",
    "version",
)
IN_MG = {"mg": Fraction(1), "microgram": Fraction(1, 1000), "g": Fraction(1000)}


def build(
    rows: Iterable[dict[str, str]], *, source: str, version: str
) -> Iterator[tuple[dict[str, str], str]]:
    """Yield each product row with a remark ("" when the input agrees with the name)."""
    for row in rows:
        reading = _read(row)
        if reading is None:
            yield {}, f"{row['product_name']}: no opioid could be read from the name; left out."
            continue
        built = _row(row, reading) | {"source": source, "version": version}
        yield built, _remark(row, reading)


def _read(row: dict[str, str]) -> Reading | None:
    own = read_name(row["product_name"])
    generic = read_name(row["generic_equivalent"])
    if own is None or (own.not_known and generic is not None and not generic.not_known):
        return generic
    return own


def _row(row: dict[str, str], reading: Reading) -> dict[str, str]:
    own = read_name(row["product_name"])
    clear = reading.not_known is None
    strength = reading.strength if clear else None
    per_ml = reading.per_ml if clear else None
    paracetamol = reading.partner_mg if reading.partner == "paracetamol" and clear else None
    unit = "micrograms_per_hour" if reading.form == "patch" else "mg"
    return {
        "name": row["product_name"],
        "level": row["dmd_level"],
        "dmd": row["dmd_id"],
        "bnf": row["bnf_code"],
        "ingredient": reading.ingredient,
        "drug_class": class_of(
            reading.drug_class,
            ingredient=reading.ingredient,
            form=reading.form,
            partner=reading.partner,
            strength=strength,
            per_ml=per_ml,
        ),
        "partner": reading.partner,
        "strength": _text(strength),
        "unit": unit if strength is not None else "",
        "per_ml": _text(per_ml),
        "paracetamol_mg": _text(paracetamol),
        "form": reading.form,
        "release": reading.release,
        "brand": (own.brand or "") if own else "",
    }


def _text(value: Fraction | None) -> str:
    if value is None:
        return ""
    return f"{float(value):.10g}" if Fraction(f"{float(value):.10g}") == value else str(value)


def _remark(row: dict[str, str], reading: Reading) -> str:
    stated = row.get("strength", "")
    if not stated or row.get("strength_unit", "") not in IN_MG:
        return ""
    per = row.get("per", "").removesuffix("dose").removesuffix("ml") or "1"
    theirs = Fraction(stated) * IN_MG[row["strength_unit"]] / Fraction(per)
    if reading.strength is None:
        return f"{row['product_name']}: listed as {stated}, but {reading.not_known}"
    ours = reading.strength / (reading.per_ml or 1)
    if ours == theirs:
        return ""
    return f"{row['product_name']}: listed as {stated} {row['strength_unit']}, read as {ours} mg."


def main(arguments: list[str] | None = None) -> int:
    """Build the table; 0 when done, 2 when the input lacks a column."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("list", type=Path)
    parser.add_argument("--source", required=True)
    parser.add_argument("--version", required=True)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args(arguments)
    with options.list.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        missing = [column for column in NEEDED if column not in (reader.fieldnames or ())]
        if missing:
            print(f"The list has no column {', '.join(missing)}: add it.", file=sys.stderr)
            return 2
        built = list(build(reader, source=options.source, version=options.version))
    rows = [row for row, _ in built if row]
    rows.sort(key=lambda row: (row["ingredient"], row["bnf"], row["level"] != "VMP", row["dmd"]))
    with options.out.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    remarks = [remark for _, remark in built if remark]
    for remark in remarks:
        print(remark)
    print(f"{len(rows)} products written, {len(remarks)} to look at.")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
