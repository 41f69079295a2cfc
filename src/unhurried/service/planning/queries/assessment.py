"""The conversation as each reader may see it: worker, person, GP practice (ASM-1 to 3, CON-6)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from unhurried.service.audit import clock
from unhurried.service.patients.models import Episode, Patient
from unhurried.service.patients.rules import age_on, keeps_notes_from_gp
from unhurried.service.planning.models import (
    Assessment,
    Baseline,
    BenefitCheck,
    PartSaid,
    Summary,
)
from unhurried.service.planning.tables import Part, baseline_choices, parts, words_of


@dataclass(frozen=True, slots=True)
class PartNow:
    """One part with what was said last; `said` is None when nothing was said on it."""

    part: Part
    said: PartSaid | None
    earlier: tuple[PartSaid, ...] = ()

    @property
    def number(self) -> int:
        """The version a form is filled in from."""
        return self.said.number if self.said else 0

    @property
    def why_left_out(self) -> str:
        """The reason it was left out, in words."""
        if self.said is None or not self.said.left_out:
            return ""
        return self.said.left_out_words or words_of("skip_reasons").get(self.said.left_out, "")


@dataclass(frozen=True, slots=True)
class Conversation:
    """The assessment of an episode for one reader. `days` are those on which something was said."""

    assessment: Assessment | None
    parts: tuple[PartNow, ...]
    benefit: BenefitCheck | None
    baseline: Baseline | None
    days: tuple[date, ...]
    newer: bool  # something was written since the person was last shown it

    @property
    def talked(self) -> int:
        """How many parts have words."""
        return sum(1 for each in self.parts if each.said and each.said.words)


@dataclass(frozen=True, slots=True)
class Table1:
    """One person's row of the paper's Table 1. Empty is not known, codes as in the tables."""

    sex: str
    age: int
    practice: str
    employment: str
    living: str
    mental_health: str
    mental_health_kinds: tuple[str, ...]
    pain_clinic: str
    pain: tuple[str, ...]
    opioids: tuple[str, ...]
    other_medicines: tuple[str, ...]


def episode_to_show(patient: Patient) -> Episode | None:
    """The open episode, else the one that ended last."""
    rows = Episode.objects.filter(patient=patient)
    open_one = rows.exclude(state=Episode.State.ENDED).first()
    return open_one or rows.order_by("-ended_at", "-pk").first()


def assessment_of(patient: Patient) -> Assessment | None:
    """The assessment of the episode to show."""
    episode = episode_to_show(patient)
    return Assessment.objects.filter(episode=episode).first() if episode else None


def conversation(patient: Patient) -> Conversation:
    """Everything said so far: for those who may write it (the project worker)."""
    return _conversation(assessment_of(patient), until=None)


def shared_conversation(patient: Patient) -> Conversation | None:
    """What the person reads on their own page: as it was when it was last shared; None before."""
    found = assessment_of(patient)
    if found is None or found.shared_at is None:
        return None
    return _conversation(found, until=found.shared_at)


def summary_now(patient: Patient) -> Summary | None:
    """The summary the GP practice sees now, if any."""
    found = assessment_of(patient)
    newest = found.summaries.order_by("-number").first() if found else None
    if newest is None or newest.stopped_at or keeps_notes_from_gp(patient, clock.now()):
        return None
    return newest


def summary_number(patient: Patient) -> int:
    """The mark of the summary a new one is written after."""
    found = assessment_of(patient)
    newest = found.summaries.order_by("-number").first() if found else None
    return newest.mark if newest else 0


def part_now(patient: Patient, code: str) -> PartNow:
    """One part with its earlier versions, newest first; KeyError when there is no such part."""
    found = assessment_of(patient)
    rows = list(found.said.filter(code=code).select_related("by__user")) if found else []
    rows.sort(key=lambda each: -each.number)
    return PartNow(parts()[code], rows[0] if rows else None, tuple(rows[1:]))


def baseline_words(baseline: Baseline | None) -> list[tuple[str, str]]:
    """Each field of the baseline in words, for a list on the page."""
    found = []
    for field, label in BASELINE_LABELS.items():
        names = {each.code: each.words for each in baseline_choices()[field]}
        kept = getattr(baseline, field) if baseline else ""
        codes = [kept] if isinstance(kept, str) else kept
        found.append((label, ", ".join(names[code] for code in codes if code in names)))
    return found


BASELINE_LABELS = {
    "employment": "Work",
    "living": "Living with anyone",
    "mental_health": "Mental health issues, diagnosed or not",
    "mental_health_kinds": "Which",
    "pain_clinic": "Been to a pain clinic before",
    "pain": "The pain",
    "opioids": "Opioids at the start",
    "other_medicines": "Other medicines at the start",
}


def table_1(episode: Episode) -> Table1:
    """This person's row of Table 1; age is that on the day they joined."""
    patient = episode.patient
    found = Assessment.objects.filter(episode=episode).first()
    last = found.baselines.order_by("-number").first() if found else None
    kept = last or Baseline()
    joined = (episode.enrolled_at or episode.opened_at).date()
    return Table1(
        sex=patient.sex, age=age_on(patient.date_of_birth, joined),
        practice=episode.practice.name, employment=kept.employment, living=kept.living,
        mental_health=kept.mental_health, mental_health_kinds=tuple(kept.mental_health_kinds),
        pain_clinic=kept.pain_clinic, pain=tuple(kept.pain), opioids=tuple(kept.opioids),
        other_medicines=tuple(kept.other_medicines),
    )  # fmt: skip


def _conversation(found: Assessment | None, until: datetime | None) -> Conversation:
    if found is None:
        empty = tuple(PartNow(each, None) for each in parts().values())
        return Conversation(None, empty, None, None, (), newer=False)
    everything = list(found.said.select_related("by__user").order_by("number"))
    rows = [each for each in everything if until is None or each.at <= until]
    newest = {each.code: each for each in rows}
    benefits = [each for each in found.benefits.order_by("number") if _by(each.at, until)]
    baselines = [each for each in found.baselines.order_by("number") if _by(each.at, until)]
    moments = [each.at for each in (*rows, *benefits)]
    shared = found.shared_at
    return Conversation(
        assessment=found,
        parts=tuple(PartNow(part, newest.get(code)) for code, part in parts().items()),
        benefit=benefits[-1] if benefits else None,
        baseline=baselines[-1] if baselines else None,
        days=tuple(sorted({_day(each) for each in moments})),
        newer=any(shared is None or each > shared for each in moments),
    )


def _by(at: datetime, until: datetime | None) -> bool:
    return until is None or at <= until


def _day(at: datetime) -> date:
    return timezone.localdate(at)
