"""The timeline in words: what a reader needs in ten seconds, and the tables that say it all."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from statistics import median

from unhurried.service.patients.happenings import Happening, Point
from unhurried.service.patients.queries import DoseLine
from unhurried.service.patients.words import day
from unhurried.web.case.drawing import Content
from unhurried.web.case.drawing.draw import LOUD_KINDS
from unhurried.web.case.gathering import Gathered, Numbered, left_out, short_day

LOUD = LOUD_KINDS | {"alert"}
ON_PAPER = 20  # lines of events on one printed page, in two columns
ROOM = 13  # rows of a page for the list and a table together, and at least so many of a table:
FEWEST = 3


@dataclass(frozen=True, slots=True)
class DoseRow:
    """Lists that say the same, one after the other, as one line of the table."""

    first: date
    last: date
    lists: int
    said: str
    left_out: str
    on_paper: bool


@dataclass(frozen=True, slots=True)
class WeekRow:
    """Pain and stress of one week, each its middle, lowest and highest."""

    monday: date
    pain: str
    stress: str
    on_paper: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the printed list: an event, or a run of sessions."""

    numbers: str
    on: str
    text: str


def in_short(gathered: Gathered) -> list[tuple[str, str]]:
    """The few facts above the picture, each with its day."""
    found: list[tuple[str, str]] = []
    doses = gathered.doses
    joined = next((e.told.on for e in gathered.events if e.told.kind == "joined"), None)
    if gathered.sees_dose:
        now = doses[-1].sentence if doses else "No medicines list yet"
        found.append(("OME now", now))
        before = _as_of(doses, joined) if joined else (doses[0] if doses else None)
        if before is not None and before is not doses[-1]:
            found.append(("When they joined" if joined else "First list", before.sentence))
    met = [each.told for each in gathered.events if each.told.kind == "session"]
    if met:
        found.append(("Sessions", f"{len(met)}, the last on {day(met[-1].on)}"))
    found += _latest_week(gathered.points)
    paused = [each for each in gathered.content.spans if each.end == gathered.content.today]
    if paused and gathered.content.spans[-1].end == gathered.content.today:
        found.append(("Now", f"Paused since {day(paused[-1].start)}"))
    return found


def _as_of(doses: Sequence[DoseLine], on: date) -> DoseLine | None:
    """The list that held on this day; the first one when none was there yet."""
    held = [each for each in doses if each.as_at <= on]
    return held[-1] if held else (doses[0] if doses else None)


def _latest_week(points: Sequence[Point]) -> list[tuple[str, str]]:
    if not points:
        return []
    last = points[-1].on
    week = [each for each in points if each.on > last - timedelta(days=7)]
    said = [
        f"{of} {middle:g}"
        for of in ("pain", "stress")
        for values in ([each.value for each in week if each.of == of],)
        if values
        for middle in (round(median(values), 1),)
    ]
    words = ", ".join(said)
    return [(f"Week to {day(last)}", f"{words[:1].upper()}{words[1:]} (the middle, 0 to 10)")]


def title(content: Content) -> str:
    """What the picture is, naming only what this reader may know of."""
    parts = ["the dose"] if content.shows_dose else []
    parts += ["pain and stress"] if content.shows_scores else []
    return f"Timeline: {', '.join([*parts, 'what happened'])}"


def described(content: Content, facts: Iterable[tuple[str, str]], events: int) -> str:
    """The picture in words, for who does not see it."""
    said = [f"From {day(content.first)} to {day(content.last)}."]
    said += [f"{name}: {text}." for name, text in facts]
    said.append(f"{events} numbered events. The list and the tables below say all of it.")
    return " ".join(said)


def dose_rows(gathered: Gathered, on_paper: int) -> list[DoseRow]:
    """The doses, newest first; lists that say the same in one row; `on_paper` are printed."""
    found: list[DoseRow] = []
    for line in gathered.doses:
        said = line.figure or ("No current opioid products" if not line.medicines else "Not known")
        if line.status == "not_converted" and not line.figure:
            said = "None counted"
        row = DoseRow(line.as_at, line.as_at, 1, said, left_out(line), on_paper=True)
        before = found[-1] if found else None
        if before and (before.said, before.left_out) == (row.said, row.left_out):
            found[-1] = replace(before, last=row.last, lists=before.lists + 1)
        else:
            found.append(row)
    found.reverse()
    return [replace(row, on_paper=number < on_paper) for number, row in enumerate(found)]


def week_rows(points: Iterable[Point], on_paper: int) -> list[WeekRow]:
    """Pain and stress by week, newest first; `on_paper` so many are printed."""
    weeks: dict[date, dict[str, list[float]]] = {}
    for each in points:
        monday = each.on - timedelta(days=each.on.weekday())
        weeks.setdefault(monday, {}).setdefault(each.of, []).append(each.value)
    return [
        WeekRow(monday, _spread(given.get("pain")), _spread(given.get("stress")),
                number < on_paper)
        for number, (monday, given) in enumerate(sorted(weeks.items(), reverse=True))
    ]  # fmt: skip


def rows_on_paper(lines: int) -> int:
    """How many rows of each table a page has room for under so many lines of events."""
    return max(FEWEST, ROOM - (lines + 1) // 2 - (4 if lines else 0))


def _spread(values: list[float] | None) -> str:
    if not values:
        return "Not noted"
    least, most = min(values), max(values)
    middle = f"{round(median(values), 1):g}"
    return middle if least == most else f"{middle} ({least:g} to {most:g})"


def printed(events: Sequence[Numbered]) -> tuple[list[Line], int]:
    """The list as one page has room for: runs of sessions in one line, and how many are left out.

    What is left out is the earliest; it is on the screen.
    """
    lines = [_line([each]) for each in events]
    if len(lines) > ON_PAPER:
        runs: list[list[Numbered]] = []
        for each in events:
            quiet = each.told.kind not in LOUD
            if runs and quiet and runs[-1][-1].told.kind not in LOUD:
                runs[-1].append(each)
            else:
                runs.append([each])
        lines = [_line(run) for run in runs]
    left_out = max(len(lines) - ON_PAPER, 0)
    return lines[left_out:], left_out


def _line(run: Sequence[Numbered]) -> Line:
    first, last = run[0], run[-1]
    if first is last:
        return Line(str(first.number), short_day(first.told.on), first.told.text)
    return Line(
        f"{first.number}–{last.number}",
        f"{short_day(first.told.on)} to {short_day(last.told.on)}",
        _together([each.told for each in run]),
    )


def _together(told: Sequence[Happening]) -> str:
    sessions = sum(each.kind == "session" for each in told)
    others = len(told) - sessions
    said = [f"{sessions} sessions" if sessions != 1 else "1 session"] if sessions else []
    said += [f"{others} other" if sessions else f"{others} events"] if others else []
    return " and ".join(said)
