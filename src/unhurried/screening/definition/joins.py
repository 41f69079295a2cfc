"""The one join the steps repeat: what is known about the same person, or nothing."""

from __future__ import annotations

from ibis.expr.types import Table


def beside(left: Table, right: Table) -> Table:
    """Every row of `left` with the columns `right` has for that person, NULL where it has none.

    `right` holds each person once, so no row of `left` is ever counted twice.
    """
    added = [name for name in right.columns if name != "person"]
    return left.left_join(right, "person").select(*left.columns, *added)
