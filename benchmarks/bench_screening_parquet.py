"""Screening a region from canonical Parquet: ratios to the least any engine must do, and to peers.

Everything is timed in one warm process, interleaved, CPU seconds beside wall; peak memory in a
process of its own for each. The floors read the same files: a semi-join with the medicines looked
for and an aggregate of all seven columns of the issues table, or of the six that are used.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from functools import cached_property
from pathlib import Path

import duckdb

from measure import machine
from parquet_practice import make
from unhurried.screening import Screening, default_criteria, screen_parquet
from unhurried.screening.interpret import read_medicines
from unhurried.screening.store import Store

AS_OF = date(2026, 11, 3)
USED = (
    "COUNT(*), MAX(person), MAX(day), MAX(medicine), MAX(directions), SUM(quantity_thousandths),"
    " SUM(days_supply)"
)


class Bench:
    """The contenders over one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.connection = duckdb.connect(config={"preserve_insertion_order": False})
        self.connection.execute("SET enable_progress_bar = false")
        rows = self.connection.execute(f"FROM '{folder}/medicines.parquet'").fetchall()
        self.connection.execute(
            "CREATE TABLE looked_for AS SELECT UNNEST($m)::INTEGER AS medicine",
            {"m": list(read_medicines(rows).by_number)},
        )

    @cached_property
    def store(self) -> Store:
        place = self.folder / "store"
        return Store.open(place) if place.exists() else Store.save_parquet(self.folder, place)

    def _floor(self, columns: str) -> str:
        issues = f"'{self.folder}/issues.parquet'"
        query = f"SELECT {columns} FROM {issues} SEMI JOIN looked_for USING (medicine)"
        return str(len(self.connection.execute(query).fetchall()))

    def floor(self) -> str:
        return self._floor(f"{USED}, MAX(issue)")

    def floor_used(self) -> str:
        return self._floor(USED)

    def ours(self) -> Screening:
        return finished(screen_parquet(self.folder, default_criteria(), as_of=AS_OF))

    def from_store(self) -> Screening:
        return finished(self.store.screen(default_criteria(), as_of=AS_OF))

    def from_store_opened(self) -> Screening:
        store = Store.open(self.folder / "store")
        return finished(store.screen(default_criteria(), as_of=AS_OF))

    def one_person(self) -> str:
        one = self.store.screen_person("P00000042", default_criteria(), as_of=AS_OF)
        return str(len(one.candidates()) + len(list(one.reasons())))

    def pandas(self) -> str:
        from screening_peers import with_pandas

        return with_pandas(self.folder)

    def polars(self) -> str:
        from screening_peers import with_polars

        return with_polars(self.folder)


NAMES = {
    "floor": "floor: semi-join and aggregate, all seven columns",
    "floor_used": "floor of the six columns used",
    "ours": "Unhurried: ranked, with doses and every reason",
    "from_store": "Unhurried, everyone again from the store",
    "from_store_opened": "Unhurried, the same from a store just opened",
    "one_person": "Unhurried, one person from the store",
    "polars": "a Polars script: the cohort only",
    "pandas": "a pandas script: the cohort only",
}


def finished(screening: Screening) -> Screening:
    """With the ranked list fetched; the reasons of everyone are there as codes and numbers."""
    screening.rows("SELECT * FROM candidates ORDER BY rank")
    return screening


def answer_of(result: Screening | str) -> str:
    """The digest of the columns that the scripts compute too (not timed)."""
    return result if isinstance(result, str) else cohort_digest(result)


def cohort_digest(screening: Screening) -> str:
    """Of the columns that the scripts compute too."""
    from screening_peers import digest

    beside = ", ".join(
        f"f.{each} IS NOT NULL" for each in ("benzodiazepine", "z_drug", "gabapentinoid")
    )
    rows = screening.rows(
        f'SELECT c.person, c.start, c."end", c.days, c.issues, c.early, {beside}'
        " FROM candidates c JOIN facts f USING (person)"
    )
    return digest(rows)


def timed(run: Callable[[], Screening | str]) -> tuple[float, float, str]:
    """CPU seconds, wall seconds and the answer of one run."""
    cpu, wall = time.process_time(), time.perf_counter()
    result = run()
    spent = (time.process_time() - cpu, time.perf_counter() - wall)
    return *spent, answer_of(result)


def peak_mb(folder: Path, name: str) -> float:
    """Peak memory of one contender in a process of its own."""
    done = subprocess.run(
        [sys.executable, __file__, "--folder", str(folder), "--one", name],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return float(json.loads(done.stdout.splitlines()[-1])["peak_mb"])


def peak_of_this_process() -> float:
    """The most memory this process has held, in MB (what its parent held is not counted)."""
    for line in Path("/proc/self/status").read_text(encoding="utf-8").splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    return 0.0


def report(folder: Path, names: list[str], rounds: int) -> None:
    """Print the table of ratios."""
    bench = Bench(folder)
    runs: dict[str, list[tuple[float, float, str]]] = {name: [] for name in names}
    for number in range(rounds + 1):
        for name in names:
            result = timed(getattr(bench, name))
            if number:
                runs[name].append(result)
    count = bench.connection.execute(f"SELECT COUNT(*) FROM '{folder}/issues.parquet'").fetchall()
    print(f"{machine()} {count[0][0]:,} issues, {rounds} interleaved rounds, medians.\n")
    print("| | CPU s | wall s | peak MB | CPU / floor | CPU / floor of six | same cohort |")
    print("|---|---:|---:|---:|---:|---:|---|")
    median = {
        name: (statistics.median(run[0] for run in each), statistics.median(run[1] for run in each))
        for name, each in runs.items()
    }
    ours = runs["ours"][0][2]
    for name in names:
        cpu, wall = median[name]
        answer = runs[name][0][2]
        same = (
            "" if "floor" in name or name == "one_person" else ("yes" if answer == ours else "NO")
        )
        print(
            f"| {NAMES[name]} | {cpu:.3f} | {wall:.3f} | {peak_mb(folder, name):.0f}"
            f" | {cpu / median['floor'][0]:.2f} | {cpu / median['floor_used'][0]:.2f} | {same} |",
            flush=True,
        )


def main() -> None:
    """Make the data if need be, then compare."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--without", nargs="*", default=[], choices=sorted(NAMES))
    parser.add_argument("--folder", type=Path, help="keep the data here and use it again")
    parser.add_argument("--one", choices=sorted(NAMES), help=argparse.SUPPRESS)
    wanted = parser.parse_args()
    if wanted.one:
        getattr(Bench(wanted.folder), wanted.one)()
        print(json.dumps({"peak_mb": peak_of_this_process()}))
        return
    with tempfile.TemporaryDirectory(prefix="unhurried-bench-") as scratch:
        folder = wanted.folder or Path(scratch)
        if not (folder / "issues.parquet").exists():
            make(folder, wanted.people)
        report(folder, [name for name in NAMES if name not in wanted.without], wanted.rounds)


if __name__ == "__main__":
    main()
