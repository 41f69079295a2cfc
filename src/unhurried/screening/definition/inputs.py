"""The tables the definition starts from, with the type of every column.

`issues`, `people` and `diagnoses` are the canonical tables. `looked_for` and `pairs` hold what the
clinical rules made of the distinct medicines and the distinct (medicine, directions) pairs.
`codes` are the coded problems that matter, `rules` the reasons and their tier in the practice's
order, `thresholds` the doses that are named when passed.
"""

from __future__ import annotations

# The four types of columns, as DuckDB names them.
TYPES = {
    "int32": "INTEGER",
    "int64": "BIGINT",
    "boolean": "BOOLEAN",
    "string": "VARCHAR",
}

PERSON = {"person": "int64"}

INPUTS: dict[str, dict[str, str]] = {
    "issues": PERSON
    | {
        "day": "int32",
        "medicine": "int32",
        "directions": "string",
        "quantity_thousandths": "int64",
        "days_supply": "int32",
    },
    "people": PERSON
    | {
        "person_id": "string",
        "born": "int32",
        "stated_age": "int32",
        "sex": "string",
        "practice": "string",
        "died": "int32",
        "registered_from": "int32",
        "registered_to": "int32",
    },
    "diagnoses": PERSON | {"code": "string", "day": "int32"},
    "looked_for": {"medicine": "int32", "whole_history": "boolean"},
    "pairs": {
        "pair": "int32",
        "medicine": "int32",
        "directions": "string",
        "kind": "int32",
        "ingredient": "int32",
        "line": "int32",
        "request_line": "int32",
        "units_per_day_thousandths": "int64",
        "as_required": "boolean",
        "dose": "int32",
        "ome_min": "int64",
        "ome_max": "int64",
        "paracetamol_mg": "int64",
    },
    "codes": {"code": "string", "listed": "int32"},
    "rules": {"code": "string", "tier": "string", "position": "int32"},
    "thresholds": {"ome": "int64"},
}
