"""Every benchmark in turn, for `make bench`: prints Markdown tables of ratios."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
RUNS = (
    ("Directions", ["bench_directions.py"]),
    ("A practice's CSV", ["bench_csv.py"]),
    ("A region's Parquet", ["bench_screening_parquet.py", "--people", "100000"]),
)


def main() -> int:
    """Run them one after another; the exit code is that of the first that did not end well."""
    for title, command in RUNS:
        print(f"\n## {title}\n", flush=True)
        done = subprocess.run([sys.executable, str(HERE / command[0]), *command[1:]], check=False)
        if done.returncode:
            return done.returncode
    return 0


if __name__ == "__main__":
    sys.exit(main())
