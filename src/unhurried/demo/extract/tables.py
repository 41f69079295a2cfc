"""Reads the generator's own tables (`data/*.csv`) and draws from weighted rows."""

from __future__ import annotations

import csv
from bisect import bisect
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from itertools import accumulate
from random import Random
from typing import Generic, TypeVar

T = TypeVar("T")


@cache
def rows(name: str) -> tuple[dict[str, str], ...]:
    """Rows of `data/<name>.csv`; each says where it came from (`source`) and its `version`."""
    text = files(__package__).joinpath(f"data/{name}.csv").read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines()))


class Weighted(Generic[T]):
    """Values with weights; `pick` draws one in proportion."""

    __slots__ = ("_running", "values")

    def __init__(self, values: Sequence[T], weights: Sequence[float]) -> None:
        self.values = tuple(values)
        self._running = tuple(accumulate(weights))

    def at(self, share: float) -> T:
        """The value that stands at this share (0 up to 1) of the total weight."""
        last = len(self.values) - 1
        return self.values[min(bisect(self._running, share * self._running[-1]), last)]

    def pick(self, rng: Random) -> T:
        """One value, drawn with the given stream of random numbers."""
        return self.at(rng.random())
