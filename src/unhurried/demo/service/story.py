"""The story of the demo: two practices and one provider, from the first extract until today."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

from django.conf import settings

from unhurried.demo.extract import write_extract
from unhurried.demo.service import (
    finding,
    joining,
    meetings,
    own_accounts,
    planning,
    sessions,
    shared_care,
    team,
    worksheets,
)
from unhurried.demo.service.cast import PRACTICES, Cast, gather
from unhurried.demo.service.exports import export_as_on
from unhurried.service.audit import clock

LONDON = ZoneInfo("Europe/London")
WEEKS = 12
EXTRACTS = (0, 5, 10)  # the weeks in which the practices hand in records
PEOPLE = 3000
SEED = 11
JOINED = 34  # as in the paper


def tell(
    folder: Path,
    *,
    today: date,
    people: int = PEOPLE,
    progress: Callable[[str], None] = lambda _words: None,
) -> None:
    """Live through twelve weeks up to yesterday; `folder` is where the records are written.

    The database must be empty. Takes some seconds.
    """
    progress("Writing the fictional records")
    records = folder / "records"
    write_extract(
        records, people=people, seed=SEED, as_of=today - timedelta(days=20), formats=("csv",)
    )
    last_friday = today - timedelta(days=(today.weekday() - 4) % 7 or 7)
    first = last_friday - timedelta(days=4, weeks=WEEKS - 1)
    with clock.at(_at(first - timedelta(days=7), 9)):
        cast = gather(first - timedelta(days=400))
        joining.agree_wording(cast)
    draw = Random(SEED)  # noqa: S311 - fiction, not secrecy
    end = _at(last_friday, 18)
    for week in range(WEEKS):
        progress(f"Week {week + 1} of {WEEKS}")
        monday = first + timedelta(weeks=week)
        things = _things(cast, records, monday, week, draw)
        things.sort(key=lambda thing: thing.at)
        for day in (monday + timedelta(days=number) for number in range(7)):
            if day <= last_friday:
                _day(cast, day, end, [each for each in things if each.at.date() == day])


@dataclass(frozen=True, slots=True)
class Thing:
    """Something the story does at a moment."""

    at: datetime
    do: Callable[[], None]


def _day(cast: Cast, day: date, end: datetime, things: list[Thing]) -> None:
    """One day: what the story does, people meeting before and after, a worksheet at night."""
    for thing in things:
        sessions.until(cast, thing.at, end)
        with clock.at(thing.at):
            thing.do()
    sessions.until(cast, _at(day, 17), end)
    sessions.book(cast, _at(day, 17), end)
    planning.day(day)
    worksheets.day(day)


def _things(cast: Cast, records: Path, monday: date, week: int, draw: Random) -> list[Thing]:
    """One week, in its order: records now and then, a GP's look at the list, letters, meetings.

    The last week's list and letters wait for whoever opens the demo.
    """
    last = week == WEEKS - 1
    tuesday, wednesday, thursday, friday = (monday + timedelta(days=each) for each in (1, 2, 3, 4))

    def each_practice(do: Callable[[str], object]) -> Callable[[], None]:
        def both() -> None:
            for practice in PRACTICES:
                do(practice)

        return both

    def answers() -> None:
        joining.answers(cast, draw, waited=timedelta(days=5))
        if not last:
            joining.take_referrals(cast, waited=timedelta(hours=12))

    def meet() -> None:
        joining.meet(cast, draw, most=4, until=JOINED)
        joining.send()

    things = []
    if week in EXTRACTS:
        asked = monday - timedelta(days=3)
        things.append(
            Thing(_at(monday, 9), each_practice(lambda p: _hand_in(cast, p, records, asked)))
        )
    if not last:
        things += [
            Thing(_at(tuesday, 13), each_practice(lambda p: finding.look_at_some(cast, p, draw))),
            Thing(_at(wednesday, 10), each_practice(lambda p: joining.invite(cast, p))),
        ]
    if week == WEEKS // 2:
        things.append(Thing(_at(friday, 16), lambda: own_accounts.open_some(cast)))
    things += [
        Thing(_at(monday + timedelta(days=number), hour), do)
        for part in (shared_care, meetings, team)
        for number, hour, do in part.things(cast, week, last=WEEKS - 1)
    ]
    return [
        *things,
        Thing(_at(wednesday, 15), each_practice(lambda p: joining.refer_one(cast, p, draw))),
        Thing(_at(thursday, 11), answers),
        Thing(_at(friday, 14), meet),
    ]


def _hand_in(cast: Cast, practice: str, records: Path, day: date) -> None:
    """The practice's records as they stood on `day`, put on the server and handed in."""
    code = cast.organisations[practice].ods_code
    ready = Path(settings.EXTRACTS_FOLDER) / code / f"{day:%Y-%m-%d}"
    export_as_on(day, records / "csv", code, ready)
    finding.hand_in(cast, practice, ready)


def _at(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), tzinfo=LONDON)
