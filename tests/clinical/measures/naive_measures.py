"""Questionnaire scores once more, by plain rules, so that the product's tables have a rival.

Written before the product's code, from the reference text alone: `measures.csv` (its scoring, score
range and bands columns) and section 5 of `clinical.md`. Numbers are typed in here a second time.
Answers are whole points; an unanswered question is None and never counts as 0.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

Answers = Mapping[str, int | None]

SUMMED = {"PHQ9": 9, "GAD7": 7, "PHQ4": 4, "PHQ2": 2, "UCLA3": 3, "SDS": 5, "SHOWS": 10}
LEAST_AND_MOST_ANSWER = {
    "PHQ9": (0, 3),
    "GAD7": (0, 3),
    "PHQ4": (0, 3),
    "PHQ2": (0, 3),
    "UCLA3": (1, 3),
    "SDS": (0, 3),
    "SHOWS": (0, 3),
    "PEG": (0, 10),
    "ONS4": (0, 10),
    "PGIC": (1, 7),
    "LONELY1": (1, 5),
    "NRS": (0, 10),
    "GOALS": (0, 10),
    "BPIS": (0, 10),
    "BPII": (0, 10),
}
ITEMS = {
    **{code: [str(n + 1) for n in range(many)] for code, many in SUMMED.items()},
    "PEG": ["P", "E", "G"],
    "ONS4": ["sat", "worth", "happy", "anx"],
    "PGIC": ["1"],
    "LONELY1": ["1"],
    "NRS": ["now", "average", "worst"],
    "GOALS": ["1", "2"],
    "BPIS": ["1", "2", "3", "4"],
    "BPII": ["1", "2", "3", "4", "5", "6", "7"],
}
REPORTED_SEPARATELY = {"ONS4", "NRS", "GOALS"}


def naive_total(code: str, answers: Answers) -> Fraction | None:
    """Work out the total of a measure, or None when it is not known or there is none."""
    given = [answers.get(item) for item in ITEMS[code]]
    numbers = [number for number in given if number is not None]
    if code in REPORTED_SEPARATELY:
        return None
    if code == "BPII":  # mean of 7, at least 4 answered
        return Fraction(sum(numbers), len(numbers)) if len(numbers) >= 4 else None
    if None in given:
        return None
    if code == "PEG":  # mean, all three required
        return Fraction(sum(numbers), 3)
    if code == "BPIS":  # mean of 4
        return Fraction(sum(numbers), 4)
    return Fraction(sum(numbers))


def naive_part(code: str, part: str, answers: Answers) -> Fraction | None:
    """Work out one part of a measure that has parts."""
    if code == "PHQ4":
        pair = ("1", "2") if part == "anxiety" else ("3", "4")
        first, second = answers.get(pair[0]), answers.get(pair[1])
        return None if first is None or second is None else Fraction(first + second)
    number = answers.get(part)
    return None if number is None else Fraction(number)


def naive_band(code: str, part: str, total: Fraction | None) -> str | None:  # noqa: PLR0911
    """Name the reference's band of a total, by plain comparisons."""
    if total is None:
        return None
    score = Decimal(total.numerator) / Decimal(total.denominator)
    if code in {"PEG", "PHQ9", "GAD7", "NRS"} or (code == "PHQ4" and not part):
        return _severity(code, score)
    if code in {"PHQ4", "PHQ2", "SDS"}:
        return "at or above the line" if score >= (5 if code == "SDS" else 3) else "below the line"
    if code == "ONS4":
        return _wellbeing(part, score)
    if code == "UCLA3":
        return "lonely" if score >= 6 else "not lonely"
    if code == "LONELY1" and score == 1:
        return "lonely"
    return "much better" if code == "PGIC" and score <= 2 else None


def _severity(code: str, score: Decimal) -> str | None:  # noqa: PLR0911
    if code == "PEG":
        return "mild" if score < 4 else "moderate" if score < 7 else "severe"
    if code == "NRS":
        if score < 1:
            return None
        return "mild" if score <= 3 else "moderate" if score <= 6 else "severe"
    if code == "PHQ4":
        if score <= 2:
            return "normal"
        return "mild" if score <= 5 else "moderate" if score <= 8 else "severe"
    if score <= 4:
        return "minimal"
    if score <= 9:
        return "mild"
    if score <= 14:
        return "moderate"
    return "moderately severe" if code == "PHQ9" and score <= 19 else "severe"


def _wellbeing(part: str, score: Decimal) -> str:
    if part == "anx":
        if score <= 1:
            return "very low"
        return "low" if score <= 3 else "medium" if score <= 5 else "high"
    if score <= 4:
        return "low"
    return "medium" if score <= 6 else "high" if score <= 8 else "very high"


# Change: points of a difference that surely matters, and below which it surely does not; between
# the two the sources disagree. Lower is better unless the code is listed in HIGHER.
MATTERS = {
    "PEG": (Fraction(7, 4), Fraction(1)),
    "PHQ9": (Fraction(5), Fraction(5)),
    "GAD7": (Fraction(4), Fraction(3)),
    "UCLA3": (Fraction(1), Fraction(1)),
    "SDS": (Fraction(2), Fraction(2)),
    "SHOWS": (Fraction(4), Fraction(2)),
}
HIGHER = {("ONS4", "sat"), ("ONS4", "worth"), ("ONS4", "happy"), ("GOALS", "1"), ("LONELY1", "")}


def naive_meaningful(code: str, earlier: Fraction, later: Fraction) -> str:
    """Say yes, no or not known of the difference between two totals."""
    if code not in MATTERS:
        return "not known"
    surely, surely_not = MATTERS[code]
    apart = abs(later - earlier)
    if apart >= surely:
        return "yes"
    return "no" if apart < surely_not else "not known"
