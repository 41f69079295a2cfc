"""How often the grammar is right, abstains, or is wrong on labelled directions.

Right: the same daily amounts, unit and mark (as required, maximum, steps) as the label; or not
understood where the label says that nothing can be known. Abstained: not understood although the
label has an answer. Wrong: anything else, above all a number where none can be known.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from unhurried.clinical.opioids.directions import NotUnderstood, Understood, interpret

SAME_UNIT = {"caplet": "tablet"}


@dataclass(frozen=True, slots=True)
class Verdict:
    """One labelled direction and what became of it: right, abstained or wrong, and why."""

    row: Mapping[str, str]
    outcome: str
    why: str = ""

    @property
    def plain(self) -> bool:
        """No careful reader would decline it; otherwise declining is as right as the answer."""
        return self.row["also_ok_to_abstain"] != "yes"


def verdicts(path: Path) -> Iterator[Verdict]:
    """A verdict for every row of a table of labelled directions."""
    with path.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            answer = interpret(row["text"], form=row["form"] or None)
            yield _verdict(row, answer)


def _verdict(row: Mapping[str, str], answer: Understood | NotUnderstood) -> Verdict:
    known = row["status"] == "understood"
    if isinstance(answer, NotUnderstood):
        return Verdict(row, "abstained" if known else "right", answer.reason)
    if not known:
        return Verdict(row, "wrong", f"an answer where none can be known: {_shown(answer)}")
    difference = _difference(row, answer)
    return Verdict(row, "wrong" if difference else "right", difference)


def _difference(row: Mapping[str, str], answer: Understood) -> str:
    """What differs between a label and an answer; '' when nothing does."""
    if row["steps"]:
        shown = _steps(answer)
        return "" if shown == row["steps"] else f"steps {shown}"
    labelled = (_number(row["units_per_day_min"]), _number(row["units_per_day_max"]))
    found = (answer.units_per_day_min, answer.units_per_day_max)
    if labelled != found:
        return f"a day {found[0]} to {found[1]}"
    unit = SAME_UNIT.get(row["unit"], row["unit"])
    if unit and SAME_UNIT.get(answer.unit or "", answer.unit or "") != unit:
        return f"unit {answer.unit}"
    if row["as_required"] and (row["as_required"] == "yes") != answer.as_required:
        return f"as required {answer.as_required}"
    most = _number(row["max_units_per_day"])
    return "" if most is None or most == answer.max_units_per_day else "maximum"


def _steps(answer: Understood) -> str:
    return ";".join(
        f"{step.units_per_day_max}x" + (f"{step.duration_days}d" if step.duration_days else "")
        for step in answer.steps
    )


def _shown(answer: Understood) -> str:
    return f"{answer.units_per_day_min} to {answer.units_per_day_max} {answer.unit or ''}".strip()


def _number(text: str) -> Fraction | None:
    return Fraction(text) if text else None
