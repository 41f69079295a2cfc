"""The parts of the README that show what the product answers: run, never typed."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

SHOWN = {
    "demo": [["unhurried", "demo"]],
    "directions": [
        ["unhurried", "directions", "1-2 qds prn max 6 in 24 hours", "TAKE AS DIRECTED",
         "apply one patch every 72 hours"],
    ],
    "dose": [
        ["unhurried", "dose", "Zomorph 30mg m/r caps", "one twice a day"],
        ["unhurried", "dose", "Oramorph 10mg/5ml oral soln", "2.5-5ml 4 hourly prn max 4 doses in 24h"],
    ],
}  # fmt: skip
BLOCK = re.compile(r"(<!-- shown: (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)


def page(root: Path) -> str:
    """The README with every shown block made anew."""
    text = (root / "README.md").read_text(encoding="utf-8")
    return BLOCK.sub(lambda found: found[1] + _block(found[2]) + found[3], text)


def _block(name: str) -> str:
    shown = "\n".join(_run(command) for command in SHOWN[name])
    return f"```\n{shown}```\n"


def _run(command: list[str]) -> str:
    """What a command prints, in a folder of its own, as on a terminal 110 characters wide."""
    program = Path(sys.executable).with_name(command[0])
    with tempfile.TemporaryDirectory() as scratch:
        done = subprocess.run(
            [str(program), *command[1:]],
            cwd=scratch,
            env={**os.environ, "COLUMNS": "110"},
            capture_output=True,
            text=True,
            check=True,
        )
    typed = " ".join(f'"{word}"' if " " in word else word for word in command)
    lines = [line.rstrip() for line in done.stdout.splitlines()]
    return "\n".join([f"$ {typed}", *lines]) + "\n"
