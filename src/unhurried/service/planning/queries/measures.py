"""Results of measures: number, range, words, and what a change means; a gap is never a 0."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from uuid import UUID

from django.utils import timezone

from unhurried.clinical import measures as clinical
from unhurried.service.audit.actor import Actor
from unhurried.service.patients.models import Patient
from unhurried.service.planning.models import NotAsked, Result
from unhurried.service.planning.queries.assessment import episode_to_show
from unhurried.service.planning.queries.seeing import may_see
from unhurried.service.planning.tables import Offered, offered, setting, words_of


@dataclass(frozen=True, slots=True)
class Compared:
    """A change in words: which way, and whether a difference of this size matters."""

    since: datetime
    direction: str
    meaning: str
    basis: str  # the threshold and its source, for the clinician
    went: str  # better, worse, same, not known


@dataclass(frozen=True, slots=True)
class Line:
    """One number of a result. `number` is "" when it is not known and `why_not` says why."""

    part: str
    label: str
    number: str
    least: str
    most: str
    better: str
    band: str  # for the person
    clinician: str
    why_not: str
    first: Compared | None
    previous: Compared | None


@dataclass(frozen=True, slots=True)
class Shown:
    """A result as a page shows it: its lines, what was left out, what has to be talked about."""

    result: Result
    measure: clinical.Measure
    lines: tuple[Line, ...]
    left_out: tuple[str, ...]
    ask_about: tuple[clinical.Concern, ...]  # a question of safety nobody answered
    today: tuple[clinical.Concern, ...]


@dataclass(frozen=True, slots=True)
class Card:
    """One measure that may be asked: what it is for, the last result or why it was not asked."""

    measure: clinical.Measure
    offered: Offered | None
    latest: Shown | None
    not_asked: NotAsked | None

    @property
    def why_not(self) -> str:
        """Why it was not asked last time, when that was after the last result."""
        found = self.not_asked
        if found is None or (self.latest and self.latest.result.at > found.at):
            return ""
        return found.words or words_of("not_asked_reasons").get(found.reason, "")


@dataclass(frozen=True, slots=True)
class Series:
    """One scale of a measure over time: (day, score, result), oldest first; gaps are not there."""

    measure: str
    part: str
    label: str
    least: Fraction
    most: Fraction
    better: str
    points: tuple[tuple[date, Fraction, UUID], ...]


def answers_of(result: Result) -> dict[str, int | Decimal | None]:
    """The answers as the scoring takes them."""
    return {k: Decimal(v) if isinstance(v, str) else v for k, v in result.answers.items()}


def results_of(patient: Patient) -> list[Result]:
    """Every result that counts of the episode to show, oldest first."""
    episode = episode_to_show(patient)
    rows = Result.objects.filter(episode=episode, put_aside_at=None) if episode else []
    return sorted(rows, key=lambda each: (each.at, each.pk))


def result_of(patient: Patient, uuid: UUID) -> Result | None:
    """One result of this person."""
    return Result.objects.filter(patient=patient, uuid=uuid).select_related("by__user").first()


def shown(result: Result, earlier: Iterable[Result] = ()) -> Shown:
    """The result in words. `earlier` are the same measure's results before it, oldest first."""
    measure = clinical.measure(result.measure)
    answers = answers_of(result)
    now = clinical.score(measure.code, answers)
    before = [(each, clinical.score(measure.code, answers_of(each))) for each in earlier]
    scales = [scale for scale in measure.scales if _counts(result, scale)]
    risk = clinical.safety(measure.code, answers)
    return Shown(
        result=result, measure=measure,
        lines=tuple(_line(result, scale, now, before) for scale in scales),
        left_out=tuple(
            item.asked(result.named.get("medicine") or "your medicine") or f"Question {item.id}"
            for item in measure.items if answers.get(item.id) is None
        ),
        ask_about=risk.not_answered, today=risk.same_day,
    )  # fmt: skip


def _counts(result: Result, scale: clinical.Scale) -> bool:
    """Is there a line for this scale? Not of what is no score, nor of a goal nobody named."""
    if result.measure == "GOALS":
        return scale.part in result.named or result.answers.get(scale.part) is not None
    return result.measure != "SAFE"


def _line(
    result: Result, scale: clinical.Scale, whole: clinical.Score,
    before: list[tuple[Result, clinical.Score]],
) -> Line:  # fmt: skip
    code, now = result.measure, _of_part(whole, scale.part)
    known = [(each.at, one) for each, score in before
             if (one := _of_part(score, scale.part)).total is not None
             and _is_about(each, scale) == _is_about(result, scale)]  # fmt: skip
    first = _compared(code, scale, known[0], now) if known else None
    previous = _compared(code, scale, known[-1], now) if len(known) > 1 else None
    why = ""
    if now.total is None:
        gaps = f"{len(now.missing)} of {len(scale.items)} questions left out. {scale.missing_rule}"
        why = gaps if scale.items and now.answered else now.why_not or ""
    return Line(
        part=scale.part, label=result.named.get(scale.part) or scale.words,
        number=clinical.shown(now.total) if now.total is not None else "",
        least=clinical.shown(scale.least), most=clinical.shown(scale.most), better=scale.better,
        band=now.band_words or "", clinician=now.clinician_words or "", why_not=why,
        first=first if now.total is not None else None,
        previous=previous if now.total is not None else None,
    )  # fmt: skip


def _is_about(result: Result, scale: clinical.Scale) -> str:
    """The goal or the medicine the answers are about: only answers about the same are compared."""
    named = result.named.get(scale.part) or result.named.get("medicine") or ""
    return " ".join(named.split()).casefold()


def _of_part(score: clinical.Score, part: str) -> clinical.Score:
    return next(each for each in (score, *score.parts) if each.part == part)


def _compared(
    code: str, scale: clinical.Scale, then: tuple[datetime, clinical.Score], now: clinical.Score
) -> Compared:
    found = clinical.change(code, then[1].total, now.total, part=scale.part)
    meaning = {
        "yes": "A difference of this size matters.",
        "no": "A difference of this size is too small to say much.",
    }.get(found.meaningful, found.why_not or "")
    if found.went == "same" or meaning == found.direction:
        meaning = ""
    basis = f"{found.threshold} ({found.source})" if found.threshold else ""
    return Compared(then[0], found.direction, meaning, basis, found.went)


def history(patient: Patient, result: Result) -> list[Result]:
    """The same measure's results before this one, oldest first."""
    return [
        each for each in results_of(patient)
        if each.measure == result.measure and (each.at, each.pk) < (result.at, result.pk)
    ]  # fmt: skip


def cards(patient: Patient, *, own: bool) -> list[Card]:
    """Every measure that may be asked: those suggested at the start first.

    `own` leaves out those the person cannot fill in themselves.
    """
    rows = results_of(patient)
    episode = episode_to_show(patient)
    skipped = {
        each.measure: each for each in NotAsked.objects.filter(episode=episode).order_by("at", "pk")
    }
    found = []
    for code, measure in clinical.measures().items():
        mine = [each for each in rows if each.measure == code]
        if own and not (measure.questions_shipped and code in offered()) and not mine:
            continue
        latest = shown(mine[-1], mine[:-1]) if mine else None
        found.append(Card(measure, offered().get(code), latest, skipped.get(code)))
    place = list(offered())
    last = len(place)
    return sorted(
        found, key=lambda c: place.index(c.measure.code) if c.measure.code in place else last
    )


def minutes_for(codes: Iterable[str]) -> int:
    """How many minutes these measures take, by the setting's seconds for a question."""
    questions = sum(len(clinical.measure(code).items) for code in codes)
    return max(1, round(questions * setting("seconds_a_question") / 60)) if questions else 0


def minutes_at_start() -> int:
    """How long the whole suggested set takes."""
    return minutes_for(code for code, each in offered().items() if each.at_start)


def measure_series(actor: Actor, patient: Patient) -> tuple[Series, ...]:
    """Every score over time that `actor` may see: for the case page and the evaluation.

    Of goals, and of questions about one medicine, those about what was answered on last.
    """
    if not may_see(actor, patient, "measure"):
        return ()
    by_code: dict[str, list[Result]] = {}
    for row in results_of(patient):
        by_code.setdefault(row.measure, []).append(row)
    found = []
    for code, rows in by_code.items():
        measure = clinical.measure(code)
        scales = measure.scales if code != "SAFE" else ()
        found += [_series(measure, scale, rows) for scale in scales]
    return tuple(each for each in found if each.points)


def _series(measure: clinical.Measure, scale: clinical.Scale, rows: list[Result]) -> Series:
    points = []
    for row in rows:
        if _is_about(row, scale) != _is_about(rows[-1], scale):
            continue
        total = _of_part(clinical.score(measure.code, answers_of(row)), scale.part).total
        if total is not None:
            points.append((timezone.localdate(row.at), total, row.uuid))
    return Series(
        measure.code, scale.part, scale.words, scale.least, scale.most, scale.better, tuple(points)
    )


def answers_in_words(result: Result) -> list[tuple[str, str]]:
    """Each question with its answer in words; "Left out" where there is none."""
    measure = clinical.measure(result.measure)
    answers = answers_of(result)
    medicine = result.named.get("medicine") or "your medicine"
    if measure.entry == "total":
        return [("The total", str(result.answers.get("total") or "Left out"))]
    found = []
    for item in measure.items:
        given = answers.get(item.id)
        words = item.choices.get(int(given), "") if given is not None else ""
        said = "Left out" if given is None else f"{given}" + (f" ({words})" if words else "")
        found.append((item.asked(medicine) or f"Number {item.id}", said))
    return found
