"""How the service goes, in numbers: planned against held, asked against answered (MDT-1 to MDT-3,
SUP-1, FUN-1, TRN-1, COM-4). Numbers of people's work, never of a patient."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from unhurried.service.shared_care.queries.access_problems import counts_of_a_year, kind_names
from unhurried.service.shared_care.queries.advice_figures import advice_times
from unhurried.service.shared_care.queries.meeting_figures import meeting_figures
from unhurried.service.team.queries.learning import learning_figures
from unhurried.service.team.queries.ledger import TimeTotals, time_totals
from unhurried.service.team.queries.supervision import supervision_figures

Part = tuple[int, str]  # a number, and how its part of the bar looks
PERIODS = {"quarter": ("the last three months", 91), "year": ("the last year", 365)}


@dataclass(frozen=True, slots=True)
class Bar:
    """One line of a chart."""

    name: str
    parts: tuple[Part, ...]
    words: str

    @property
    def line(self) -> tuple[str, tuple[Part, ...], str]:
        """As the drawing takes it."""
        return self.name, self.parts, self.words


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart: its title, a sentence above it, its lines, and what it says while it has none."""

    title: str
    said: str
    bars: tuple[Bar, ...]
    empty: str


def charts(provider_id: int, since: date) -> list[Chart]:
    """Every chart of a service since a day; a bounded number of queries."""
    totals = time_totals(provider_id, since)
    return [
        _advice(provider_id, since),
        *_meetings(provider_id, since),
        _supervision(provider_id),
        _time(totals),
        _learning(provider_id, since),
        _problems(provider_id),
    ]


def _advice(provider_id: int, since: date) -> Chart:
    together, *roles = advice_times(provider_id, since)
    bars = tuple(
        Bar(
            each.name, ((each.answered, "plain"), (each.asked - each.answered, "late")),
            f"{each.answered} of {each.asked} answered" + _days(each.middle_days)
            + (f", {each.late} later than agreed" if each.late else ""),
        )
        for each in roles if each.asked
    )  # fmt: skip
    part = f"A specialist wrote something on {together.took_part} of {together.asked} questions."
    return Chart("Advice of specialists", part if together.asked else "", bars,
                 "Nobody has asked a specialist in this time.")  # fmt: skip


def _days(middle: float | None) -> str:
    if middle is None:
        return ""
    return f", half of them within {middle:g} working {'day' if middle == 1 else 'days'}"


def _meetings(provider_id: int, since: date) -> list[Chart]:
    found = meeting_figures(provider_id, since)
    said = f"Held {found.held} of {found.usual} that the usual interval makes"
    said += f", {found.in_writing} of them in writing." if found.in_writing else "."
    if found.people:
        said += f" {found.told} of {found.people} people know what was decided about them."
    lines = [
        Bar("Held", ((found.held, "plain"),), str(found.held)),
        Bar("Not held", ((found.not_held, "soft"),), str(found.not_held)),
        *(Bar(f"  {name}", ((n, "soft"),), str(n)) for name, n in found.reasons),
    ]
    none = not (found.held or found.not_held)
    there = tuple(
        Bar(each.name, ((each.took_part, "plain"), (each.invited - each.took_part, "soft")),
            f"{each.took_part} of {each.invited} times")
        for each in found.participation
    )  # fmt: skip
    return [
        Chart("Review meetings", said, () if none else tuple(lines), "No meeting in this time."),
        Chart("Who took part in them", "", there, "No meeting was held in this time."),
    ]


def _supervision(provider_id: int) -> Chart:
    bars = tuple(
        Bar(each.worker, ((each.held, "plain"), (each.planned - each.held, "soft")),
            f"{each.held} of {each.planned} held" + (", later than agreed" if each.late else ""))
        for each in supervision_figures(provider_id)
    )  # fmt: skip
    return Chart("Supervision, within a year", "", bars, "There is no project worker yet.")


def _time(totals: TimeTotals) -> Chart:
    bars = tuple(
        Bar(each.name, ((each.minutes, "plain"),), each.length) for each in totals.by_activity
    )
    said = f"{totals.length} in all." if totals.minutes else ""
    if totals.minutes and totals.cost is None:
        said += (
            f" The cost is not known: no rate for {', '.join(totals.without_rate) or 'anybody'}."
        )
    elif totals.cost is not None and totals.minutes:
        each = totals.per_person
        said += f" £{totals.cost:,}" + (f", £{each:,} for each person." if each else ".")
    return Chart("Time of GPs, specialists and staff", said, bars, "No time is written down yet.")


def _learning(provider_id: int, since: date) -> Chart:
    bars = tuple(
        Bar(each.practice, ((each.done, "plain"), (each.planned - each.done, "soft")),
            f"{each.done} of {each.planned} planned done, {each.times} in all")
        for each in learning_figures(provider_id, since) if each.planned or each.times
    )  # fmt: skip
    return Chart("Learning at the practices", "", bars, "Nothing is planned or done in this time.")


def _problems(provider_id: int) -> Chart:
    kinds = kind_names()
    bars = tuple(
        Bar(
            each.practice, ((each.total, "plain"),),
            "; ".join(f"{n}: {kind}" for n, kind in zip(each.counts, kinds, strict=True) if n),
        )
        for each in counts_of_a_year(provider_id)
    )  # fmt: skip
    return Chart("Could not get to their GP, within a year", "", bars, "Nobody has said so.")
