"""The order of work, the same for every engine: read once, interpret pairs, then the steps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Protocol

import duckdb

from unhurried.clinical.opioids.factors import FactorSet
from unhurried.screening.codelists import listed_codes
from unhurried.screening.criteria import Criteria
from unhurried.screening.definition.inputs import INPUTS
from unhurried.screening.interpret import Medicines, Pair, PairReader, read_medicines
from unhurried.screening.kinds import Kind
from unhurried.screening.parameters import MICROGRAMS
from unhurried.screening.rules import ranked_rules

SELECTION = ("found", "relevant")
WORK = (
    "supply", "later", "pair_use", "considered", "conditions", "eligible", "starts", "episodes",
    "exposed", "shown", "shown_episodes", "latest", "parts", "doses", "regimens", "trends",
    "alongside", "early", "facts", "listed_people", "reasons_in", "reasons", "candidates",
    "approaching",
)  # fmt: skip
RESULTS = (
    "candidates", "approaching", "reasons", "shown_episodes", "parts", "pair_use", "later",
)  # fmt: skip
pair_row = attrgetter(*INPUTS["pairs"])


class Filled(Protocol):
    """Somewhere input tables can be made."""

    def fill(self, name: str, rows: Sequence[Sequence[object]]) -> None:
        """Make an input table."""


class Engine(Filled, Protocol):
    """What the order of work needs from an engine."""

    name: str

    def rows(self, query: str) -> list[tuple[object, ...]]:
        """Ask a query."""

    def step(self, name: str) -> None:
        """Make one table of the definition."""

    def forget(self, *names: str) -> None:
        """Let go of tables no longer needed."""

    def results(self) -> duckdb.DuckDBPyConnection:
        """The finished tables, in DuckDB."""


@dataclass(frozen=True, slots=True)
class Readings:
    """What the clinical rules made of medicines and pairs."""

    medicines: Medicines
    pairs: Mapping[int, Pair]


def read_and_screen(engine: Engine, criteria: Criteria, factors: FactorSet) -> Readings:
    """Screen everyone from the canonical tables."""
    rows = engine.rows("SELECT medicine, product, code FROM medicines")
    medicines = read_medicines([(int(str(m)), str(p), str(c)) for m, p, c in rows])
    engine.fill(
        "looked_for",
        [(each.medicine, each.kind <= Kind.SUBSTITUTION) for each in medicines.by_number.values()],
    )
    engine.step("found")
    pairs = read_pairs(engine, medicines, factors)
    put_pairs(engine, pairs)
    engine.step("relevant")
    put_rules(engine, criteria)
    put_codes(engine)
    work(engine)
    return Readings(medicines, {pair.pair: pair for pair in pairs})


def read_pairs(engine: Engine, medicines: Medicines, factors: FactorSet) -> list[Pair]:
    """Read each distinct pair of the issues found, numbered in the order of medicine and words."""
    rows = engine.rows("SELECT DISTINCT medicine, directions FROM found")
    distinct = sorted((int(str(medicine)), str(directions)) for medicine, directions in rows)
    numbered = [(number, *each) for number, each in enumerate(distinct)]
    return PairReader(medicines, factors).read(numbered)


def put_pairs(engine: Engine, pairs: Sequence[Pair]) -> None:
    """Hand the pairs to the engine."""
    engine.fill("pairs", [pair_row(pair) for pair in pairs])


def put_rules(engine: Engine, criteria: Criteria) -> None:
    """Hand over what the criteria say about tiers and thresholds."""
    engine.fill("rules", ranked_rules(criteria))
    engine.fill("thresholds", [(each * MICROGRAMS,) for each in criteria.thresholds_mg])


def put_codes(engine: Filled) -> None:
    """Hand over the coded problems that matter."""
    engine.fill("codes", listed_codes())


def work(engine: Engine) -> None:
    """Every step after the issues that matter are there."""
    for name in WORK:
        engine.step(name)
        if name == "later":
            engine.forget("relevant", "found")
