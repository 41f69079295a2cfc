"""What waits for someone today, drawn from the queries of every step they work in.

`today.csv` says for each line its figure, its words, its page and whose it is. The number of
queries does not grow with the people.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from django.utils import timezone

from unhurried.service.accounts.policy import grant_for
from unhurried.service.audit import clock
from unhurried.service.audit.actor import Actor
from unhurried.service.audit.operations import saw_many
from unhurried.service.identification import queries as identification
from unhurried.service.jobs.queries import staleness
from unhurried.service.joining import queries as joining
from unhurried.service.outbox import queries as outbox
from unhurried.service.patients import queries as patients
from unhurried.service.sessions import queries as sessions
from unhurried.service.shared_care import queries as shared_care
from unhurried.service.shared_care.queries import advice, answers, meetings, summaries, talks
from unhurried.service.tables import rows
from unhurried.service.team.queries import handover
from unhurried.service.team.queries import today as team
from unhurried.web.around import address, places
from unhurried.web.waits.gathering import everything

KEEPS_IT_RUNNING = frozenset({"service_manager", "system_administrator"})


@dataclass(frozen=True, slots=True)
class Alerts:
    """Counts of alerts about somebody's safety."""

    open: int
    unanswered: int


@dataclass(frozen=True, slots=True)
class Late:
    """Of everything that waits in the service, how much is late."""

    late: int


# What each step counts for an actor: asked once, when one of their lines needs it.
COUNTS: dict[str, Callable[[Actor], object]] = {
    "alerts": lambda actor: Alerts(
        patients.waiting(actor).count(), patients.unanswered_alerts(actor).count()
    ),
    "waits": lambda actor: Late(sum(bool(each.stage) for each in everything(actor))),
    "needs": patients.counts_of_needs,
    "joining": joining.to_do,
    "shared": shared_care.to_do,
    "sessions": sessions.to_do,
    "summaries": summaries.to_do,
    "talks": talks.to_do,
    "advice": advice.to_do,
    "team": team.to_do,
    "handover": handover.to_do,
    "finding": lambda actor: identification.waiting_for_gp(identification.practice_of(actor)),
    "meetings": meetings.to_do,
}


@dataclass(frozen=True, slots=True)
class Waiting:
    """One line: how many, of what, and where to deal with them."""

    count: int
    one: str
    many: str
    href: str
    attention: bool = False

    @property
    def what(self) -> str:
        """What is counted, in the right number."""
        return self.one if self.count == 1 else self.many


@dataclass(frozen=True, slots=True)
class Next:
    """Something to begin."""

    text: str
    href: str


@dataclass(frozen=True, slots=True)
class Today:
    """The first page of someone in one role."""

    greeting: str
    day: sessions.Day | None
    answered: answers.Answered
    waiting: tuple[Waiting, ...]
    notices: tuple[str, ...]
    begin: tuple[Next, ...]
    no_pages: bool  # the role has no page but this one


BEGIN: tuple[tuple[frozenset[str], str, str], ...] = (
    (frozenset({"gp"}), "Refer someone", "joining:refer"),
    (frozenset({"gp", "practice_staff"}), "Hand in an extract", "identification:extracts"),
    (frozenset({"project_worker", "service_manager"}), "See who has room", "joining:workers"),
    (frozenset({"gp", "service_manager"}), "Who was found, asked and joined",
     "identification:yield"),
    (frozenset({"service_manager"}), "Look at the letters' wording", "joining:wordings"),
    (frozenset({"system_administrator"}), "Add people and roles", "accounts:members"),
)  # fmt: skip


def today_of(actor: Actor, now: datetime) -> Today:
    """Everything the first page shows to `actor`."""
    lines = list(_lines(actor))
    begin = [Next(text, address(page)) for served, text, page in BEGIN if actor.role in served]
    return Today(
        greeting=greeting(actor.name, now),
        day=_day(actor),
        answered=_answered(actor),
        waiting=tuple(line for line in lines if line.count and line.href),
        notices=tuple(_notices(actor, now)),
        begin=tuple(each for each in begin if each.href),
        no_pages=len(places(actor.role, "/") + places(actor.role, "/", where="more")) == 1,
    )


def _day(actor: Actor) -> sessions.Day | None:
    """Whom a project worker meets today; nothing when it is nobody."""
    if actor.role != "project_worker":
        return None
    workers = [each for each in sessions.workers_seen(actor) if each.pk == actor.membership_id]
    days, people = sessions.diary(actor, workers, clock.today(), 1)
    if not days[0].lines:
        return None
    saw_many("diary", by=actor, patient_ids=people, note="today")
    return days[0]


def _answered(actor: Actor) -> answers.Answered:
    """What came back to them and nobody has said that they have seen."""
    found = answers.answered(actor)
    if found.lines:
        people = [each.person_id for each in found.lines]
        saw_many("answer", by=actor, patient_ids=people, note="today")
    return found


def greeting(name: str, now: datetime) -> str:
    """By the hour, with the first of their names."""
    hour = timezone.localtime(now).hour
    part = "morning" if hour < 12 else "afternoon" if hour < 18 else "evening"
    first = name.split(maxsplit=1)[0] if name.strip() else ""
    titled = first.rstrip(".").lower() in {"dr", "mr", "mrs", "ms", "miss", "prof"}
    return f"Good {part}, {name if titled else first}"


@dataclass(frozen=True, slots=True)
class _Line:
    """A row of today.csv."""

    figure: str  # the step, a dot, and the name of the count
    one: str
    many: str
    page: str
    query: str
    roles: frozenset[str]
    attention: bool


@cache
def _rows() -> tuple[_Line, ...]:
    return tuple(
        _Line(
            row["figure"], row["one"], row["many"], row["page"], row["query"],
            frozenset(row["roles"].split()), row["attention"] == "yes",
        )
        for row in rows("unhurried.web", "today.csv")
    )  # fmt: skip


def _lines(actor: Actor) -> Iterator[Waiting]:
    """Every line of the actor's role, in the order of the table; each step is asked once."""
    mine = [row for row in _rows() if actor.role in row.roles]
    steps = dict.fromkeys(row.figure.partition(".")[0] for row in mine)
    counted = {step: COUNTS[step](actor) for step in steps}
    for row in mine:
        step, _, name = row.figure.partition(".")
        count: int = getattr(counted[step], name)
        href = address(row.page)
        yield Waiting(count, row.one, row.many, href and href + row.query, row.attention)


def _notices(actor: Actor, now: datetime) -> Iterator[str]:
    if grant_for(actor.role, "outbox", "r") is not None:
        sentence = outbox.alarm(now, outbox.visible_to(actor))
        if sentence:
            yield sentence
    if actor.role in KEEPS_IT_RUNNING:
        sentence = staleness(now)
        if sentence:
            yield sentence
