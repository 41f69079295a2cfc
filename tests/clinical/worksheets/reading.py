"""Reads the weeks written down in `tests/spec/worksheets`.

One entry: day, time, amount, numbers, reasons: "1m E p6 s8 z3 r=stress+sleep" is the first day (2
November 2026) in the morning, extra, pain 6, stress 8, sleep 3. Times: m a e n, or a clock time
("08:30", with b for the second time the clock shows it). Amounts: U E L N, - for not written.
"""

from __future__ import annotations

import csv
from datetime import date, time, timedelta
from pathlib import Path

from unhurried.clinical.worksheets import Amount, Entry, Reason, TimeOfDay

SPEC = Path(__file__).resolve().parents[2] / "spec" / "worksheets"
FIRST = date(2026, 11, 2)
TIMES: dict[str, TimeOfDay] = {"m": "morning", "a": "afternoon", "e": "evening", "n": "night"}
AMOUNTS: dict[str, Amount] = {"U": "usual", "E": "extra", "L": "less", "N": "none"}
REASONS: dict[str, Reason] = {"stress": "stress", "sleep": "sleep", "pain": "pain"}


def rows(name: str) -> list[dict[str, str]]:
    """The rows of one table."""
    with (SPEC / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def entries(text: str) -> list[Entry]:
    """The entries of a week as written in a table."""
    return [_entry(part.split()) for part in text.split(";") if part.strip()]


def _entry(words: list[str]) -> Entry:
    first = words.pop(0)
    when: TimeOfDay | time
    if first[-1] in TIMES:
        first, when = first[:-1], TIMES[first[-1]]
    else:
        clock = words.pop(0)
        when = time.fromisoformat(clock.removesuffix("b")).replace(fold=int(clock.endswith("b")))
    amount = words.pop(0)
    numbers = {word[0]: int(word[1:]) for word in words if not word.startswith("r=")}
    reasons = [word[2:].split("+") for word in words if word.startswith("r=")]
    return Entry(
        day=FIRST + timedelta(days=int(first) - 1),
        time=when,
        taken=AMOUNTS.get(amount),
        reasons=tuple(REASONS[each] for group in reasons for each in group),
        pain=numbers.get("p"),
        stress=numbers.get("s"),
        sleep=numbers.get("z"),
    )
