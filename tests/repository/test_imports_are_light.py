"""What one command needs is all that it loads: a notebook or a terminal must not wait."""

from __future__ import annotations

import subprocess
import sys


def modules_after(statement: str) -> set[str]:
    """Names of the modules a fresh interpreter has loaded after one statement."""
    code = f"{statement}; import sys; print(' '.join(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    return set(done.stdout.split())


def test_the_command_line_loads_no_engine_until_it_needs_one() -> None:
    loaded = modules_after("import unhurried.cli.main")
    assert loaded.isdisjoint({"duckdb", "ibis", "pyspark", "pandas", "rich", "pydantic", "numpy"})


def test_screening_loads_no_web_stack_and_no_spark() -> None:
    loaded = modules_after("import unhurried.screening")
    assert loaded.isdisjoint({"django", "ibis", "pyspark", "pandas", "typer"})


def test_directions_load_nothing_heavy() -> None:
    loaded = modules_after("import unhurried.clinical.opioids.directions")
    assert loaded.isdisjoint({"duckdb", "ibis", "pandas", "numpy", "typer", "pydantic"})
