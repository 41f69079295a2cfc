"""A practice's CSV, from file to explained list, beside DuckDB merely reading and counting it.

Whole processes, interleaved: start-up, imports, reading, checks, interpretation, ranking, wording
and writing are all inside our figure.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from measure import PYTHON, Contender, machine, side_by_side, table

COUNT = """
import duckdb, sys, glob
for path in sorted(glob.glob(sys.argv[1] + '/*.csv')):
    table = f"read_csv('{path}', all_varchar=true)"
    duckdb.sql(f"SELECT COUNT(*), COUNT(COLUMNS(*)) FROM {table}").fetchall()
"""

PANDAS = """
import pandas as pd, sys, glob
for path in sorted(glob.glob(sys.argv[1] + '/*.csv')):
    pd.read_csv(path, dtype=str).count()
"""

POLARS = """
import polars as pl, sys, glob
for path in sorted(glob.glob(sys.argv[1] + '/*.csv')):
    pl.scan_csv(path, infer_schema=False).select(pl.all().count()).collect()
"""


def main() -> None:
    """Print the table for an extract made for the purpose (or one given)."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=50_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--extract", type=Path, help="an extract made before; its csv folder")
    wanted = parser.parse_args()
    print(machine())
    with tempfile.TemporaryDirectory() as scratch:
        folder = wanted.extract or _make(Path(scratch) / "extract", wanted.people)
        size = sum(path.stat().st_size for path in folder.glob("*.csv")) / 1e6
        ours = (str(Path(PYTHON).with_name("unhurried")), "screen", str(folder))
        contenders = [
            Contender("DuckDB reads and counts", (PYTHON, "-c", COUNT, str(folder))),
            Contender(
                "unhurried screen, to explained list", (*ours, "--out", str(Path(scratch) / "out"))
            ),
            Contender("Polars reads and counts", (PYTHON, "-c", POLARS, str(folder))),
            Contender("pandas reads and counts", (PYTHON, "-c", PANDAS, str(folder))),
        ]
        results = side_by_side(contenders, wanted.rounds)
    print(f"\n{wanted.people:,} people, {size:.0f} MB of CSV, medians of {wanted.rounds} rounds\n")
    print(table(results, "DuckDB reads and counts"))


def _make(folder: Path, people: int) -> Path:
    from datetime import date

    from unhurried.demo.extract import write_extract

    write_extract(folder, people=people, seed=1, as_of=date(2026, 10, 30), formats=("csv",))
    return folder / "csv"


if __name__ == "__main__":
    main()
