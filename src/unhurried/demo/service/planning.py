"""People and their workers talk, measure and plan at their sessions, each in their own words.

`day` is one day's part of the story, once that day's sessions are over: the first session begins
the conversation, the second goes on with it and makes the plan, the third agrees to it, and a
later one looks again. Some parts are left out, some things are "not yet". The first to join speak
with a voice of `data/planning_people.csv`, the others with fewer words of `planning_pool.csv`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from unhurried.demo.service import sessions
from unhurried.demo.service.tables import rows
from unhurried.service.audit import clock
from unhurried.service.audit.actor import Actor
from unhurried.service.joining.models import Enrolment
from unhurried.service.patients.models import Episode, Patient
from unhurried.service.patients.queries import current_medicines
from unhurried.service.patients.rules import age_on
from unhurried.service.planning import operations, queries
from unhurried.service.planning.rules import ItemGiven, PlanWords
from unhurried.service.planning.tables import strategies
from unhurried.service.sessions.models import Session

LONDON = ZoneInfo("Europe/London")
AFTER_THE_SESSIONS = time(17, 15)
LOOK_AGAIN = 4  # the session at which measures are asked again
Row = dict[str, str]


@dataclass(frozen=True, slots=True)
class Planner:
    """Somebody who plans with their worker: with a voice of their own, or with "" for few words."""

    number: int
    patient: Patient
    worker: Actor
    voice: str

    @property
    def fate(self) -> Random:
        """Chance that is the same whenever the story is told."""
        return Random(f"plan {self.patient.nhs_number}")  # noqa: S311 - fiction

    def rows(self, name: str) -> list[Row]:
        """The rows of one table that are this voice's."""
        return [row for row in rows(f"planning_{name}") if row["voice"] == self.voice]


def planners() -> list[Planner]:
    """Everyone who joined, in that order; each voice goes to the first it is old enough for."""
    voices = {row["voice"]: int(row["youngest"]) for row in rows("planning_people")}
    joined = dict(Enrolment.objects.values_list("patient_id", "at"))
    found = []
    for person in sessions.people():
        # As old as on joining: a birthday later in the story gives nobody another's voice.
        age = age_on(person.patient.date_of_birth, joined[person.patient.pk].date())
        voice = next((name for name, youngest in voices.items() if youngest <= age), "")
        voices.pop(voice, None)
        found.append(Planner(person.number, person.patient, person.worker, voice))
    return found


def days(first: date, last: date) -> None:
    """Every day of the story, one after the other; for a story told without the others."""
    for number in range((last - first).days + 1):
        day(first + timedelta(days=number))


def day(on: date) -> None:
    """What is written down after the sessions of one day; time goes on to a quarter past five."""
    met = set(Session.objects.filter(at__date=on).values_list("patient_id", flat=True))
    if not met:
        return
    with clock.at(datetime.combine(on, AFTER_THE_SESSIONS, tzinfo=LONDON)):
        for planner in planners():
            if planner.patient.pk in met and _is_with_us(planner.patient):
                times = Session.objects.filter(patient=planner.patient, at__date__lte=on).count()
                STEPS.get(times, _nothing)(planner)


def _is_with_us(patient: Patient) -> bool:
    return Episode.objects.filter(patient=patient, state=Episode.State.ENROLLED).exists()


def _nothing(_planner: Planner) -> None:
    """Not every session writes something here."""


def _begin(planner: Planner) -> None:
    """The first session: a few parts of the conversation, a few facts, a few questions."""
    _talk(planner, "1")
    _facts(planner)
    _measure(planner, "1")


def _go_on(planner: Planner) -> None:
    """The second: other parts, days with and without, a summary if the person likes, a plan."""
    _talk(planner, "2")
    _benefit(planner)
    _measure(planner, "2")
    found = queries.assessment_of(planner.patient)
    if found is not None:
        operations.share_with_person(by=planner.worker, assessment=found)
    _plan(planner)


def _agree(planner: Planner) -> None:
    """The third: the person says that this is their plan."""
    voice = next(iter(planner.rows("people")), None)
    operations.agree(
        by=planner.worker, patient=planner.patient, seen=queries.plan_mark(planner.patient),
        how="signed" if planner.number % 4 == 0 else "said",
        gp_may_see=voice is None or voice["gp_may_see"] == "yes",
    )  # fmt: skip


def _look_again(planner: Planner) -> None:
    """A later one: the questions again, and how each thing of the plan is going."""
    _measure(planner, "3")
    later = {row["words"]: row["later"] for row in planner.rows("items") if row["later"]}
    plan = queries.plan_of(planner.patient)
    for item in plan.items.order_by("pk") if plan else ():
        if item.words in later:
            operations.say_how_it_goes(
                by=planner.worker, item=item, version=item.version, status=later[item.words]
            )


STEPS: dict[int, Callable[[Planner], None]] = {
    1: _begin, 2: _go_on, 3: _agree, LOOK_AGAIN: _look_again,
}  # fmt: skip


def _talk(planner: Planner, meeting: str) -> None:
    said = [row for row in planner.rows("parts") if row["meeting"] == meeting]
    if not planner.voice:
        parts = ("matters", "pain") if meeting == "1" else ("sleep",)
        said = [{"part": part, "words": _of_pool(planner, part), "left_out": "", "wants_help": ""}
                for part in parts]  # fmt: skip
    for row in said:
        own, code = row["left_out"] == "other", row["part"]
        before = queries.part_now(planner.patient, code).number  # some come back to what they left
        operations.write_part(
            by=planner.worker, patient=planner.patient, code=code, after=before,
            words="" if row["left_out"] else row["words"], left_out=row["left_out"],
            left_out_words=row["words"] if own else "", wants_help=row["wants_help"] == "yes",
        )  # fmt: skip


def _of_pool(planner: Planner, kind: str) -> str:
    """Words of the pool, another one for each who asks."""
    words = [row["words"] for row in rows("planning_pool") if row["kind"] == kind]
    return words[planner.number % len(words)]


def _facts(planner: Planner) -> None:
    """The fields of the paper's Table 1; the opioids are those the practice's records name."""
    table = rows("planning_people")
    row = next(iter(planner.rows("people")), table[planner.number % len(table)])
    classes = {each["word"]: each["class"] for each in rows("planning_opioids")}
    listed = " ".join(each.product for each in current_medicines(planner.patient)).lower()
    opioids = {kind for word, kind in classes.items() if word in listed}
    operations.record_baseline(
        by=planner.worker, patient=planner.patient, after=0,
        given={
            "employment": row["employment"], "living": row["living"],
            "mental_health": row["mental_health"],
            "mental_health_kinds": row["mental_health_kinds"].split(),
            "pain_clinic": row["pain_clinic"], "pain": row["pain"].split(),
            "opioids": sorted(opioids), "other_medicines": row["other_medicines"].split(),
        },
    )  # fmt: skip


def _benefit(planner: Planner) -> None:
    for row in planner.rows("people"):
        if row["works"]:
            operations.record_benefit(
                by=planner.worker, patient=planner.patient, after=0, wants=row["wants"],
                helps=row["works"],
                numbers={
                    name: int(row[name]) if row[name] else None
                    for name in ("pain_with", "pain_without", "doing_with", "doing_without")
                },
            )  # fmt: skip
        if row["summary"]:
            operations.share_summary(
                by=planner.worker, patient=planner.patient, after=0, text=row["summary"],
                agreed=True,
            )  # fmt: skip


def _measure(planner: Planner, visit: str) -> None:
    asked = [row for row in planner.rows("measures") if row["visit"] == visit]
    if not planner.voice and visit in {"1", "3"}:
        first = planner.fate.choices(range(4, 10), k=3)
        now = [max(0, each - (planner.number % 3)) for each in first] if visit == "3" else first
        answers = " ".join(f"{item}={n}" for item, n in zip("PEG", now, strict=True))
        asked = [{"measure": "PEG", "answers": answers, "named": ""}]
    for row in asked:
        operations.save_answers(
            by=planner.worker, patient=planner.patient, code=row["measure"],
            answers=dict(_answer(each) for each in row["answers"].split()),
            named=dict(zip("12", row["named"].split("|"), strict=False)) if row["named"] else {},
        )  # fmt: skip
    if not asked and visit == "2":
        operations.note_not_asked(
            by=planner.worker, patient=planner.patient, code="PHQ4",
            reason=("not_today", "rather_not", "too_tired")[planner.number % 3],
        )  # fmt: skip


def _answer(text: str) -> tuple[str, int | None]:
    item, _, given = text.partition("=")
    return item, int(given) if given else None


def _plan(planner: Planner) -> None:
    """What matters, a pace, a wish, and a few things to try, some of them not yet."""
    today = clock.today()
    items = planner.rows("items")
    for row in planner.rows("people"):
        mine = [each["words"] for each in planner.rows("parts") if each["part"] == "matters"]
        words = PlanWords(
            matters=mine[0], helps=row["helps"], pace=row["pace"], pace_words=row["pace_words"],
            review_on=today + timedelta(weeks=8),
        )  # fmt: skip
        operations.change_plan_words(
            by=planner.worker, patient=planner.patient, version=0, given=words
        )
        operations.want_topic(
            by=planner.worker, patient=planner.patient, code=row["topic"], when=row["topic_when"]
        )
    for row in items or _few(planner):
        given = ItemGiven(
            strategy=row["strategy"], words=row["words"], where=row["where"],
            where_words=row["place"], who=row["who"], who_words=row["who_words"],
            readiness=int(row["readiness"]) if row["readiness"] else None,
        )  # fmt: skip
        operations.add_item(
            by=planner.worker, patient=planner.patient, given=given, status=row["status"]
        )


def _few(planner: Planner) -> Iterable[Row]:
    """Two or three things of the pool, of different kinds."""
    fate = planner.fate
    pool = [row for row in rows("planning_pool") if row["kind"] == "item"]
    chosen: dict[str, Row] = {}
    for row in fate.sample(pool, len(pool)):
        chosen.setdefault(row["strategy"], row)
    for row in list(chosen.values())[: 2 + planner.number % 2]:
        where = strategies()[row["strategy"]].usual_where
        yield {
            **row, "where": where, "place": "", "who": "both" if where == "session" else "me",
            "who_words": "",
            "readiness": str(fate.randrange(1, 7)) if row["strategy"] == "goals" else "",
        }  # fmt: skip
