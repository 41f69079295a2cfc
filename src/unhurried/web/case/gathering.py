"""What stands on a person's timeline, gathered from every step, as far as the reader may see it.

Each step offers `happenings` and obeys access itself: here is only put together what they gave.
The number of queries is the same however long the story is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from unhurried.service.audit import clock
from unhurried.service.audit.actor import Actor
from unhurried.service.patients import queries as patients
from unhurried.service.patients.access import things_open_to
from unhurried.service.patients.happenings import Happening, Point
from unhurried.service.patients.models import Patient
from unhurried.service.patients.words import amount
from unhurried.service.planning import queries as planning
from unhurried.service.sessions import queries as sessions
from unhurried.service.worksheets import queries as worksheets
from unhurried.web.case.drawing import Content, DoseStep, Event, Score, Span
from unhurried.web.case.drawing.draw import LOUD_KINDS

Offer = Callable[[Actor, Patient], Iterable[Happening]]

# Each step with something to tell, beside the person's place itself. A new one adds itself here,
# and nothing else changes.
HAPPENINGS: tuple[Offer, ...] = (
    planning.happenings,
    sessions.happenings,
    worksheets.happenings,
)
POINTS: tuple[Callable[[Actor, Patient], Iterable[Point]], ...] = (worksheets.points,)

MOST = 400  # numbered events, the newest; more of them nobody can read
# These have their own place in the lower panel, or on their own pages: they get no number.
WITHOUT_NUMBER = frozenset({"worksheet", "measure", "resource"})
IN_THE_PICTURE = {
    "joined": "Joined", "plan": "Plan agreed", "pause": "Paused", "resume": "Going on",
    "worker": "New worker", "alert": "Safety alert", "ended": "Ended",
}  # fmt: skip
# How much of the time to show: the code in the address, its words, its days.
STRETCHES = (
    ("all", "All of it", None),
    ("year", "The last year", 366),
    ("quarter", "The last three months", 92),
)


@dataclass(frozen=True, slots=True)
class Numbered:
    """An event in the list under the picture, by the number it has there."""

    number: int
    told: Happening

    @property
    def day(self) -> str:
        """Its day, for a narrow column."""
        return short_day(self.told.on)

    @property
    def look(self) -> str:
        """What is added to its number's class, so that it looks as in the picture."""
        if self.told.kind == "alert":
            return " u-case__number--alert"
        return " u-case__number--loud" if self.told.kind in LOUD_KINDS else ""


@dataclass(frozen=True, slots=True)
class Gathered:
    """Everything the page is made of. `whole_days` is how long all of it lasts."""

    content: Content
    events: tuple[Numbered, ...]
    doses: tuple[patients.DoseLine, ...]
    points: tuple[Point, ...]
    seen: frozenset[str]
    whole_days: int
    stretch: str

    @property
    def sees_dose(self) -> bool:
        """May this reader know of medicines?"""
        return "medicines" in self.seen

    @property
    def empty(self) -> bool:
        """Is there nothing at all to draw?"""
        return not (self.events or self.doses or self.points)


def short_day(on: date) -> str:
    """3 Nov 2026, for narrow columns."""
    return f"{on.day} {on:%b} {on.year}"


def gather(actor: Actor, patient: Patient, stretch: str = "all") -> Gathered:
    """The person's story for this reader, of the stretch of time they chose."""
    seen = things_open_to(actor, patient)
    today = min(clock.today(), patient.date_of_death or date.max)
    doses = patients.dose_history(patient) if "medicines" in seen else ()
    doses = tuple(each for each in doses if each.as_at <= today)
    told = patients.happenings(actor, patient, seen=seen)
    told += [each for offer in HAPPENINGS for each in offer(actor, patient)]
    told = sorted((each for each in told if each.on <= today), key=lambda each: each.on)
    points = sorted(
        (each for offer in POINTS for each in offer(actor, patient) if each.on <= today),
        key=lambda each: (each.on, each.of),
    )
    days = [*(e.as_at for e in doses), *(e.on for e in told), *(e.on for e in points), today]
    whole = min(days)
    first = _beginning(stretch, whole, today)
    numbered = [each for each in told if each.kind not in WITHOUT_NUMBER][-MOST:]
    events = tuple(Numbered(number, each) for number, each in enumerate(numbered, 1))
    content = Content(
        first=first,
        last=today,
        today=today,
        steps=tuple(_step(each) for each in doses),
        events=tuple(
            Event(each.number, each.told.on, each.told.kind, IN_THE_PICTURE.get(each.told.kind, ""))
            for each in events
        ),
        scores=tuple(Score(each.on, each.of, each.value) for each in points),
        spans=_pauses(told, today),
        planned=(),  # issue 6: the steps a person and their prescriber agreed
        shows_dose="medicines" in seen,
        shows_scores="worksheet" in seen or bool(points),
    )
    return Gathered(
        content, events, doses, tuple(points), seen, (today - whole).days, stretch,
    )  # fmt: skip


def _beginning(stretch: str, whole: date, today: date) -> date:
    days = next((days for code, _, days in STRETCHES if code == stretch), None)
    return whole if days is None else max(whole, today - timedelta(days=days))


def _step(line: patients.DoseLine) -> DoseStep:
    """A day's list as a step: what could not be counted is named, and no figure is no zero."""
    beside = left_out(line)
    if not line.medicines:
        return DoseStep(line.as_at, 0, 0, "none listed")
    if line.least is None:
        words = "not converted" if line.status == "not_converted" else "not known"
        return DoseStep(line.as_at, None, None, words, beside)
    most = None if line.most is None else float(line.most)
    return DoseStep(line.as_at, float(line.least), most, _figure(line.least, line.most), beside)


def left_out(line: patients.DoseLine) -> str:
    """What the figure leaves out, each by its short name and why."""
    said = [f"{_short(name)}: not known" for name in line.not_known]
    said += [f"{_short(name)}: never converted" for name in line.not_converted]
    return "; ".join(dict.fromkeys(said))


def _figure(least: Fraction, most: Fraction | None) -> str:
    """The figure as short as the picture needs it."""
    if most is None:
        return f"at least {amount(least)}"
    if amount(least) == amount(most):
        return amount(least)
    return f"up to {amount(most)}" if least == 0 else f"{amount(least)} to {amount(most)}"


def _short(name: str) -> str:
    """A product's name without its strength and form, for a narrow strip."""
    kept: list[str] = []
    for word in name.split():
        if kept and any(letter.isdigit() for letter in word):
            break
        kept.append(word)
    return " ".join(kept)[:40]


def _pauses(told: Iterable[Happening], today: date) -> tuple[Span, ...]:
    """From each pause until the person went on, or it ended, or today."""
    found: list[Span] = []
    since: date | None = None
    for each in told:
        if each.kind == "pause" and since is None:
            since = each.on
        elif each.kind in {"resume", "ended"} and since is not None:
            found.append(Span(since, each.on, "paused"))
            since = None
    if since is not None:
        found.append(Span(since, today, "paused"))
    return tuple(found)
