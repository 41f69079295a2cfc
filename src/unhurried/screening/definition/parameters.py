"""The numbers that criteria and the as-of date put into the definition, by name.

The definition is written with `Parameters`, whose attributes are whole-number expressions. To
compile it with readable placeholders ($gap_days) each parameter first stands as a number that
occurs nowhere else and is then replaced in the text; to run it on another engine the same
placeholders take their values. Both happen in `steps.py`.
"""

from __future__ import annotations

from ibis.expr.types import IntegerScalar, Table

NAMES = (
    "as_of",
    "adult_age",
    "adult_born_by",
    "longer_than_days",
    "issues_at_least",
    "gap_days",
    "assumed_supply_days",
    "longest_supply_days",
    "current_within_days",
    "recent_from",
    "end_of_life_leave_out",
    "end_of_life_since",
    "cancer_recent_from",
    "newest_round_days",
    "higher_from",
    "lowest_threshold",
    "trend_window_days",
    "trend_change_percent",
    "trend_covered_percent",
    "trend_shortest_episode_days",
    "early_more_than_days",
    "early_from",
    "early_look_back_from",
    "early_at_least",
    "paracetamol_more_than_mg",
    "approaching_from_days",
    "approaching_issues_at_least",
)

_FIRST_MARK = 2_000_000_001  # fits 32 bits, and is no day, dose or count of a person's life

MARKS = {name: _FIRST_MARK + place for place, name in enumerate(NAMES)}


class Parameters:
    """Each parameter as an expression: `p.gap_days`."""

    __slots__ = ("_values",)

    def __init__(self, values: dict[str, IntegerScalar]) -> None:
        """Take an expression for each name in NAMES."""
        self._values = values

    def __getattr__(self, name: str) -> IntegerScalar:
        """The expression that stands for a parameter."""
        try:
            return self._values[name]
        except KeyError:
            raise AttributeError(name) from None


class Tables(dict[str, Table]):
    """The tables made so far, by name, and the parameters as `p`."""

    def __init__(self, tables: dict[str, Table], p: Parameters) -> None:
        """Start from the input tables."""
        super().__init__(tables)
        self.p = p
