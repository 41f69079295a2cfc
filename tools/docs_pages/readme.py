"""The parts of the README that show what the product answers: run, never typed."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

SHOWN = {
    "find": [
        ["unhurried", "demo", "--extract", "records"],
        ["unhurried", "screen", "records/csv", "--as-of", "2026-10-30", "--out", "results", "--first",
         "3"],
    ],
    "directions": [
        ["unhurried", "directions", "1-2 qds prn max 6 in 24 hours", "TAKE AS DIRECTED",
         "apply one patch every 72 hours"],
    ],
    "dose": [
        ["unhurried", "dose", "Zomorph 30mg m/r caps", "one twice a day"],
        ["unhurried", "dose", "Oramorph 10mg/5ml oral soln", "2.5-5ml 4 hourly prn max 4 doses in 24h"],
    ],
}  # fmt: skip
# The command, on a day that stays: what is "in the future" in the records changes with the day.
ON_A_DAY = """
from datetime import date
from unhurried.cli import main, screen
screen._today = lambda: date(2026, 11, 23)
main.run()
"""
BLOCK = re.compile(r"(<!-- shown: (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)


def page(root: Path) -> str:
    """The README with every shown block made anew."""
    text = (root / "README.md").read_text(encoding="utf-8")
    return BLOCK.sub(lambda found: found[1] + _block(found[2]) + found[3], text)


def _block(name: str) -> str:
    """What the commands of one block print, one after another in a folder of their own."""
    with tempfile.TemporaryDirectory() as scratch:
        shown = "\n".join(_run(command, scratch) for command in SHOWN[name])
    return f"```\n{shown}```\n"


def _run(command: list[str], scratch: str) -> str:
    """What a command prints, as on a terminal 110 characters wide."""
    done = subprocess.run(
        [sys.executable, "-c", ON_A_DAY, *command[1:]],
        cwd=scratch,
        env={**os.environ, "COLUMNS": "110"},
        capture_output=True,
        text=True,
        check=True,
    )
    typed = " ".join(f'"{word}"' if " " in word else word for word in command)
    lines = [line.rstrip() for line in done.stdout.splitlines()]
    return "\n".join([f"$ {typed}", *lines]) + "\n"
