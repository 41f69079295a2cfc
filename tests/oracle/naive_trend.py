"""Whether the prescribed dose rose or fell (ID-5), told day by day and without any supply in it."""

from datetime import date, timedelta
from fractions import Fraction

from tests.oracle.naive_shapes import Criteria, Issue
from tests.oracle.naive_supply import converted, line, reaches, run_out


def lasts_until(issue: Issue, opioids: list[Issue], criteria: Criteria, as_of: date) -> date:
    """The day a prescribed dose stops being the dose, whenever what was prescribed was collected.

    The next issue of the same product, if that is early or no more than a week late. Otherwise
    whatever comes next in the line more than a week after this issue, or as-of when nothing does,
    if that is within the allowance for being on it now. Otherwise the day it ran out.
    """
    week, empty = timedelta(days=criteria["newest_round_days"]), run_out(issue, criteria)
    repeats = [i.day for i in opioids if i.part.product == issue.part.product and i.day > issue.day]
    if repeats and min(repeats) - empty <= week:
        return min(repeats)
    successors = [
        i.day for i in opioids if line(i.part) == line(issue.part) and i.day - issue.day > week
    ]
    successor = min(successors, default=as_of)
    return successor if (successor - empty).days <= criteria["current_within_days"] else empty


def regimens(opioids: list[Issue], criteria: Criteria) -> list[Issue]:
    """One issue for each product, directions and day: of two, the one that lasts longer."""
    longest: dict[tuple[str, str, date], Issue] = {}
    for issue in sorted(opioids, key=lambda i: run_out(i, criteria)):
        longest[issue.part.product, issue.part.directions, issue.day] = issue
    return list(longest.values())


def trend(opioids: list[Issue], days: int, criteria: Criteria, as_of: date) -> str:
    """The average dose of the last window against the window before it, day by day, over the days
    on which something was prescribed. Not said in an episode shorter than the two windows (the
    earlier would be partly empty), of a dose not known, or when too many days have no dose."""
    if days < criteria["trend_shortest_episode_days"]:
        return "not_known"
    first = as_of - timedelta(days=2 * criteria["window_days"])
    # What had run out, allowance and all, when the earlier window began says nothing any more.
    opioids = [i for i in opioids if reaches(i, criteria, first + timedelta(days=1))]
    taken = [(i, lasts_until(i, opioids, criteria, as_of)) for i in regimens(opioids, criteria)]
    averages = []
    for windows_back in (1, 2):
        doses = []
        for days_back in range(1, criteria["window_days"] + 1):
            day = as_of - timedelta(days=criteria["window_days"] * (windows_back - 1) + days_back)
            today = [i for i, until in taken if i.day <= day < until]
            if not all(converted(i) for i in today):
                return "not_known"
            if today:
                doses.append(sum(i.part.ome_max_ug or 0 for i in today))
        if Fraction(len(doses), criteria["window_days"]) < Fraction(
            criteria["covered_percent"], 100
        ):
            return "not_known"
        averages.append(Fraction(sum(doses), len(doses)))
    last, before = averages
    if (last - before) * 100 > before * criteria["change_percent"]:
        return "rising"
    if (before - last) * 100 > before * criteria["change_percent"]:
        return "falling"
    return "steady"
