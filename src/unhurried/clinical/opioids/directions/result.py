"""What directions turn out to mean: `Understood`, with its steps, or `NotUnderstood` with a reason.

`as_json` gives the fields the command line promises (design.md section 7).
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a regimen that changes with time. `duration_days` is None for the last."""

    order: int
    dose_min: Fraction | None
    dose_max: Fraction | None
    unit: str | None
    times_per_day_min: Fraction | None
    times_per_day_max: Fraction | None
    as_required: bool
    max_units_per_day: Fraction | None
    units_per_day_min: Fraction
    units_per_day_max: Fraction
    duration_days: int | None


@dataclass(frozen=True, slots=True)
class Understood:
    """What to take. Doses are units at one time; a weekly dose has 1/7 times a day.

    `units_per_day_*` and `max_units_per_day` count the `unit` (None when only a number is
    written). They are None when `steps` is not empty. `also_mg` is set when one dose is written
    twice, as in "15mg in 15ml": the milligrams of one dose (of the larger one, for a range).
    """

    text: str
    dose_min: Fraction | None
    dose_max: Fraction | None
    unit: str | None
    times_per_day_min: Fraction | None
    times_per_day_max: Fraction | None
    as_required: bool
    max_units_per_day: Fraction | None
    units_per_day_min: Fraction | None
    units_per_day_max: Fraction | None
    steps: tuple[Step, ...] = ()
    also_mg: Fraction | None = None


@dataclass(frozen=True, slots=True)
class NotUnderstood:
    """Nothing certain can be said. `code` is stable, `reason` is a sentence for people."""

    text: str
    code: str
    reason: str


_NUMBERS = (
    "dose_min",
    "dose_max",
    "unit",
    "times_per_day_min",
    "times_per_day_max",
    "as_required",
    "max_units_per_day",
    "units_per_day_min",
    "units_per_day_max",
)


def as_json(result: Understood | NotUnderstood) -> dict[str, object]:
    """Return the result as plain values with a stable order of keys.

    Whole numbers become int, others float rounded to six places. The keys are the same whether
    or not the directions were understood.
    """
    if isinstance(result, NotUnderstood):
        head = {"text": result.text, "status": "not_understood", "reason": result.reason}
        return {**head, **dict.fromkeys(_NUMBERS), "steps": [], "also_mg": None}
    return {
        "text": result.text,
        "status": "understood",
        "reason": None,
        **{name: _plain(getattr(result, name)) for name in _NUMBERS},
        "steps": [_step(step) for step in result.steps],
        "also_mg": _plain(result.also_mg),
    }


def _step(step: Step) -> dict[str, object]:
    numbers = {name: _plain(getattr(step, name)) for name in _NUMBERS}
    return {"order": step.order, **numbers, "duration_days": step.duration_days}


def _plain(value: Fraction | str | bool | None) -> object:
    if not isinstance(value, Fraction):
        return value
    return value.numerator if value.denominator == 1 else round(float(value), 6)
