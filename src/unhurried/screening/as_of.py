"""The day an extract seems to end, for when nobody says from which day to look (ID-1).

One slip of the pen in the date of any issue must not move that day for everyone: the last few
rows count only where they follow on from the rest without a gap.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import duckdb

from unhurried.records.dates import calendar_day
from unhurried.screening.words import long_date

STRAY_SHARE = 1000  # one row in so many may be stray
LONGEST_GAP = 7  # days without a single issue, before what follows counts as stray


@dataclass(frozen=True, slots=True)
class End:
    """The last day of issues that follow on from the rest, and how many are dated after it."""

    day: date
    later: int

    @property
    def note(self) -> str | None:
        """A sentence about the issues left after the end."""
        if not self.later:
            return None
        those = "1 issue is" if self.later == 1 else f"{self.later:,} issues are"
        return (
            f"{those} dated after {long_date(self.day)}, far from the rest: looking from that day"
            " (another can be given)."
        )


def end_of(connection: duckdb.DuckDBPyConnection) -> End | None:
    """Where the issues of an extract end; None when there is no issue at all."""
    days = connection.execute(
        "SELECT day, COUNT(*) FROM issues GROUP BY day ORDER BY day DESC"
    ).fetchall()
    if not days:
        return None
    stray = sum(count for _, count in days) // STRAY_SHARE
    seen = 0
    sure = 0
    for place, (_, count) in enumerate(days):
        seen += count
        if seen > stray:
            sure = place
            break
    while sure > 0 and days[sure - 1][0] - days[sure][0] <= LONGEST_GAP:
        sure -= 1
    return End(calendar_day(days[sure][0]), sum(count for _, count in days[:sure]))
