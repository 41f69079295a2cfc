"""What was sent, as text that is the same each time the same is sent."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence, Set
from datetime import date, time
from decimal import Decimal
from enum import Enum
from uuid import UUID

from django.db import models

Atom = str | bytes | int | float | bool | None | date | time | Decimal | UUID


def plain(value: object) -> str:  # noqa: PLR0911 - one return a kind
    """A text that two equal values share and two different ones do not.

    Raises TypeError for what has no such text (a file, a form, a queryset): send its hash or id.
    """
    if isinstance(value, Enum):
        return plain(value.value)
    if isinstance(value, Atom):
        return f"{type(value).__name__}:{value!r}"
    if isinstance(value, models.Model):
        return f"{value._meta.label}:{value.pk}"
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        pairs = ((each.name, getattr(value, each.name)) for each in dataclasses.fields(value))
        return plain(list(pairs))
    if isinstance(value, Mapping):
        return "{" + ",".join(sorted(f"{plain(k)}={plain(v)}" for k, v in value.items())) + "}"
    if isinstance(value, Set):
        return "<" + ",".join(sorted(plain(each) for each in value)) + ">"
    if isinstance(value, Sequence):
        return "[" + ",".join(plain(each) for each in value) + "]"
    raise TypeError(f"a body holds plain values, not {type(value).__name__}")
