"""What is handed over when a provider leaves: for each person each kind of record, how many, and
their fingerprint, so that both sides can see later that it was whole (reliability 1.8).

The list holds no name and no word of any record.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from typing import Any

from django.apps import apps
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import F, ForeignKey, Model, OneToOneField

from unhurried.service.patients.models import Note, Patient
from unhurried.service.team.models import HandedPerson, Handover

LONGEST_WAY = 3  # tables between a record and its person
OURS = "unhurried.service."


def manifest(handover: Handover, rows: list[HandedPerson]) -> str:
    """The list, as JSON text: the same records give the same text."""
    pks = [each.patient_id for each in rows]
    back = {each.patient_id for each in rows if each.keeps_back is not False}
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for model, way in tables():
        for person, records in _records(model, way, pks, back).items():
            found[person].append(
                {"table": model._meta.label, "rows": len(records), "sha256": _hash(records)}
            )
    people = [
        {
            "person": str(each.patient.uuid), "records": found[each.patient_id],
            "restricted_notes": "stay behind" if each.patient_id in back else "go along",
        }
        for each in sorted(rows, key=lambda each: str(each.patient.uuid))
    ]  # fmt: skip
    whole = {
        "from": handover.provider.name, "to": str(handover.to_provider),
        "first_day": handover.end_day, "people": people,
    }  # fmt: skip
    return json.dumps(whole, cls=DjangoJSONEncoder, sort_keys=True, indent=1, ensure_ascii=False)


def fingerprint(text: str) -> str:
    """The SHA-256 of a list."""
    return hashlib.sha256(text.encode()).hexdigest()


def _hash(records: list[str]) -> str:
    return hashlib.sha256("\n".join(records).encode()).hexdigest()


def _records(model: type[Model], way: str, pks: list[int], back: set[int]) -> dict[int, list[str]]:
    rows = model._default_manager.filter(**{f"{way}__in": pks}).order_by("pk")
    found: dict[int, list[str]] = defaultdict(list)
    for row in rows.annotate(_whose=F(way)).values():
        person = row.pop("_whose")
        kept = row.get("visibility") == Note.Visibility.RESTRICTED and person in back
        if not (model is Note and kept):
            found[person].append(json.dumps(row, cls=DjangoJSONEncoder, sort_keys=True))
    return found


@cache
def tables() -> tuple[tuple[type[Model], str], ...]:
    """Every table that holds something of a person, with the way from it to them."""
    known: dict[type[Model], str] = {Patient: "pk"}
    for _ in range(LONGEST_WAY):
        for model, way in list(_reached(known)):
            known.setdefault(model, way)
    known.pop(HandedPerson, None)
    return tuple(sorted(known.items(), key=lambda each: each[0]._meta.label))


def _reached(known: dict[type[Model], str]) -> Iterator[tuple[type[Model], str]]:
    for model in apps.get_models():
        if not model.__module__.startswith(OURS) or model in known:
            continue
        for field in model._meta.get_fields():
            if not isinstance(field, (ForeignKey, OneToOneField)) or field.null:
                continue
            further = known.get(field.related_model)
            if further is not None:
                yield model, field.name if further == "pk" else f"{field.name}__{further}"
                break
