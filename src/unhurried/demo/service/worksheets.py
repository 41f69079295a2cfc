"""People keep worksheets for a week or two, each in their own way, written day by day.

`day` is one day's part of the story: a worker's doings in the afternoon (starting a worksheet,
typing one in from paper, the person's reading of it), then what people write in the evening. Call
it once for every day, after that day's other events, so that time only goes forward.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from django.utils import timezone

from unhurried.demo.service.tables import rows
from unhurried.service.accounts.queries import actor_of_membership
from unhurried.service.audit import clock
from unhurried.service.audit.actor import Actor
from unhurried.service.patients.models import Episode, Patient
from unhurried.service.patients.queries import current_medicines
from unhurried.service.worksheets import operations, queries
from unhurried.service.worksheets.models import Worksheet
from unhurried.service.worksheets.rules import Given

LONDON = ZoneInfo("Europe/London")
AFTERNOON, EVENING = time(17, 30), time(21, 15)
WITHOUT = frozenset({3, 6, 10, 13, 16})  # of every seventeen: 24 of 34 keep one
# What drives the person's extra doses, if anything does, and how they write.
STORIES = ("stress", "steady", "stress", "pain", "gaps", "two weeks", "paper", "pain", "stress")
# It comes up at one of the first meetings; the last to join still keep theirs when the story ends.
COMES_UP = (timedelta(0), timedelta(days=7), timedelta(days=14))
SHARES = 3  # every third person shows their GP the sentences


@dataclass(frozen=True, slots=True)
class Keeper:
    """Somebody who keeps a worksheet, with the story theirs tells."""

    number: int
    episode: Episode
    story: str

    @property
    def patient(self) -> Patient:
        """The person."""
        return self.episode.patient

    @property
    def worker(self) -> Actor:
        """Their project worker, acting."""
        assert self.episode.project_worker is not None  # noqa: S101 - they are enrolled
        return actor_of_membership(self.episode.project_worker)

    @property
    def joined(self) -> date:
        """The day they joined."""
        return timezone.localdate(self.episode.enrolled_at)

    def draw(self, day: date, what: str = "") -> Random:
        """The same chance for the same person and day, whatever else the story holds."""
        return Random(f"worksheet {self.patient.nhs_number} {day} {what}")  # noqa: S311 - fiction


def keeps_one(number: int) -> bool:
    """Does the person who was the `number`th to join, from 0, keep a worksheet? 24 of 34 do."""
    return number % 17 not in WITHOUT


def day(today: date) -> None:
    """What happens with worksheets on one day of the story."""
    with clock.at(datetime.combine(today, AFTERNOON, tzinfo=LONDON)):
        for keeper in _keepers():
            _in_the_afternoon(keeper, today)
    with clock.at(datetime.combine(today, EVENING, tzinfo=LONDON)):
        for keeper in _keepers():
            sheet = queries.now_kept(keeper.patient)
            if sheet is not None and today <= sheet.last_day and keeper.story != "paper":
                _in_the_evening(keeper, sheet, today)


def days(first: date, last: date) -> None:
    """Every day from `first` to `last`."""
    for number in range((last - first).days + 1):
        day(first + timedelta(days=number))


def _keepers() -> Iterator[Keeper]:
    """Who keeps a worksheet, in the order they joined."""
    joined = Episode.objects.filter(enrolled_at__isnull=False).order_by("enrolled_at", "pk")
    joined = joined.select_related("patient", "project_worker__user")
    place = 0
    for number, episode in enumerate(joined):
        if not keeps_one(number):
            continue
        if episode.state == Episode.State.ENROLLED:
            yield Keeper(place, episode, STORIES[place % len(STORIES)])
        place += 1


def _in_the_afternoon(keeper: Keeper, today: date) -> None:
    sheet = keeper.patient.worksheets.order_by("-starts").first()
    if sheet is None:
        if today < keeper.joined + COMES_UP[keeper.number % len(COMES_UP)]:
            return
        kept = "paper" if keeper.story == "paper" else "telephone"
        made = operations.start_worksheet(
            by=keeper.worker, patient=keeper.patient, starts=today, kept=kept,
            days=14 if keeper.story == "two weeks" else 7,
        )  # fmt: skip
        if kept != "paper":
            operations.make_code(by=keeper.worker, worksheet=made)
    elif today == sheet.last_day + timedelta(days=1):
        if keeper.story == "paper":
            _type_in(keeper, sheet)
        _look_back(keeper, sheet, today)


def _in_the_evening(keeper: Keeper, sheet: Worksheet, today: date) -> None:
    """The day's entries, with the code the person was given."""
    if keeper.story == "gaps" and (today - sheet.starts).days in {1, 2, 4}:
        return
    code = queries.live_code(sheet)
    if not code:
        return
    for given in _a_day(keeper, today):
        operations.add_by_code(code=code, given=given, sender=f"telephone {keeper.number}")


def _a_day(keeper: Keeper, today: date) -> list[Given]:
    """A morning, an evening and sometimes a night, as the person's story has it."""
    draw = keeper.draw(today)
    stress, pain = draw.choice((2, 3, 3, 4)), draw.choice((4, 5, 5, 6))
    tense, sore = draw.random() < 0.42, draw.random() < 0.35
    stress += draw.choice((4, 5)) if tense else 0
    pain += draw.choice((2, 3)) if sore else 0
    extra = {"pain": sore, "steady": False}.get(keeper.story, tense)
    kind = "stress" if tense else "pain" if sore else "calm"
    morning = Given(
        today, "morning", "usual", pain=max(0, pain - 1), stress=max(0, stress - 2),
        sleep=draw.choice((2, 3, 3, 4)) if tense else draw.choice((4, 5, 6, 7)),
    )  # fmt: skip
    taken = "extra" if extra else "less" if draw.random() < 0.12 else "usual"
    evening = Given(
        today, "evening", taken, product=_product(keeper) if extra else "",
        amount="1 more than usual" if extra else "", reasons=_why(draw, keeper, extra=extra),
        pain=pain, stress=stress, happening=_words(draw, kind) if draw.random() < 0.6 else "",
    )  # fmt: skip
    night = Given(today, "night", "none", pain=max(0, pain - 2))
    return [morning, evening, night] if draw.random() < 0.2 else [morning, evening]


def _why(draw: Random, keeper: Keeper, *, extra: bool) -> tuple[str, ...]:
    if not extra:
        return ("habit",) if draw.random() < 0.3 else ("pain",)
    first = "pain" if keeper.story == "pain" else "stress"
    return (first, "sleep") if draw.random() < 0.3 else (first,)


def _product(keeper: Keeper) -> str:
    listed = current_medicines(keeper.patient)
    return listed[0].product if listed else ""


def _words(draw: Random, kind: str) -> str:
    return draw.choice([row["words"] for row in rows("worksheets") if row["kind"] == kind])


def _type_in(keeper: Keeper, sheet: Worksheet) -> None:
    """The worker types in the sheet the person brought."""
    dates = [sheet.starts + timedelta(days=number) for number in range(sheet.days)]
    # On paper what was taken and how much share one column.
    week = [replace(given, product="") for each in dates for given in _a_day(keeper, each)]
    operations.transcribe(by=keeper.worker, worksheet=sheet, week=week, version=sheet.version)


def _look_back(keeper: Keeper, sheet: Worksheet, today: date) -> None:
    """They look at it together: the person's words are written down, and perhaps shared."""
    kind = {"pain": "make_pain", "steady": "make_steady"}.get(keeper.story, "make_stress")
    if queries.shown(sheet).pattern.enough:
        current = queries.sheet_of(keeper.patient, sheet.uuid)
        words = _words(keeper.draw(today, "words"), kind)
        operations.say_what_i_make(
            by=keeper.worker, worksheet=sheet, words=words,
            version=current.version if current else sheet.version,
        )  # fmt: skip
    if keeper.number % SHARES == 0:
        operations.share_pattern(by=keeper.worker, worksheet=sheet, shared=True)
