"""A second, slow, independent screening, written from the requirement text alone (ID-1 to ID-8).

It exists so that the product can be compared with something that shares no code with it. Read it as
a specification: one small function per rule, lists and dates, no SQL, no integers for days, no
cleverness. It works in a number of steps that grows with the square of a person's issues.

`screen_naively(history, criteria, as_of)` answers one `NaiveResult` per person, in order of
person_id; the shapes are documented in `naive_shapes`.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from tests.oracle.naive_people import flags_from_codes, reasons_about_the_person
from tests.oracle.naive_shapes import Criteria, History, Issue, NaiveResult, Person
from tests.oracle.naive_supply import converted, in_hand, last_run_out, line, reaches, run_out
from tests.oracle.naive_trend import trend

SEDATIVE_CLASSES = ("benzodiazepine", "gabapentinoid", "z_drug")


@dataclass(frozen=True, slots=True, kw_only=True)
class Episode:
    issues: list[Issue]
    start: date
    end: date  # the greatest run-out day


@dataclass(frozen=True, slots=True, kw_only=True)
class Dose:
    ome_min_ug: int | None
    ome_max_ug: int | None
    status: str
    as_at: date
    certain: list[Issue]  # counted in the least and the most
    possible: list[Issue]  # replaced by a newer product of the line, but may be taken as well

    @property
    def counted(self) -> list[Issue]:
        return self.certain + self.possible


# ------------------------------------------------------------------------- episodes


def episodes(opioids: list[Issue], criteria: Criteria) -> list[Episode]:
    """Issues in order of day; a gap longer than `gap_days` after everything earlier has run out
    (the greatest run-out day so far, not the previous issue's) begins a new episode."""
    found: list[list[Issue]] = []
    for issue in sorted(opioids, key=lambda i: (i.day, i.issue)):
        gap = timedelta(days=criteria["gap_days"])
        if not found or issue.day > last_run_out(found[-1], criteria) + gap:
            found.append([])
        found[-1].append(issue)
    return [
        Episode(issues=group, start=group[0].day, end=last_run_out(group, criteria))
        for group in found
    ]


def days_exposed(episode: Episode, as_of: date) -> int:
    return (min(episode.end, as_of) - episode.start).days


def is_current(episode: Episode, criteria: Criteria, as_of: date) -> bool:
    return episode.end + timedelta(days=criteria["current_within_days"]) >= as_of


def reasons_about_exposure(episode: Episode, criteria: Criteria, as_of: date) -> set[str]:
    """Longer than 90 days, at least 3 issues in that time, and on opioids now."""
    reasons = set()
    if not is_current(episode, criteria, as_of):
        reasons.add("not_current")
    if days_exposed(episode, as_of) <= criteria["longer_than_days"]:
        reasons.add("not_long_enough")
    if len(episode.issues) < criteria["at_least_issues"]:
        reasons.add("too_few_issues")
    return reasons


def is_approaching(episode: Episode, criteria: Criteria, as_of: date) -> bool:
    """ID-8, asked of someone who is out for exposure only: close to three months and on now."""
    days = days_exposed(episode, as_of)
    first = criteria["approaching_from_days"]
    near = first <= days <= criteria["longer_than_days"]
    repeated = len(episode.issues) >= criteria["approaching_issues"] and days > first
    return is_current(episode, criteria, as_of) and (near or repeated)


# ------------------------------------------------------------------------- the dose now


def latest_of_each(issues: list[Issue], criteria: Criteria) -> list[Issue]:
    """For each product the issues of its latest day: one for each different directions, and of two
    with the same directions the one that lasts longer (it is one regimen, supplied in two)."""
    latest: dict[tuple[str, str], Issue] = {}
    for issue in sorted(issues, key=lambda i: run_out(i, criteria)):
        newest = max(i.day for i in issues if i.part.product == issue.part.product)
        if issue.day == newest:
            latest[issue.part.product, issue.part.directions] = issue
    return list(latest.values())


def taken_now(
    issues: list[Issue], criteria: Criteria, as_of: date
) -> tuple[list[Issue], list[Issue]]:
    """The latest issues surely taken (the newest round of each line), and those that may be taken
    as well (in hand, though a newer product of the line was issued since)."""
    certain, possible = [], []
    for issue in latest_of_each(issues, criteria):
        newest = max(i.day for i in issues if line(i.part) == line(issue.part))
        in_newest_round = issue.day >= newest - timedelta(days=criteria["newest_round_days"])
        if in_newest_round and reaches(issue, criteria, as_of):
            certain.append(issue)
        elif not in_newest_round and in_hand(issue, criteria, as_of):
            possible.append(issue)
    return certain, possible


def dose_now(episode: Episode, criteria: Criteria, as_of: date) -> Dose:
    """OME as at a date, from the latest issue of each product in the current episode."""
    certain, possible = taken_now(episode.issues, criteria, as_of)
    counted = certain + possible
    # A minimum counts what is surely taken; a maximum what may be taken as well.
    least = [0 if i.part.as_required else i.part.ome_min_ug for i in certain if converted(i)]
    most = [i.part.ome_max_ug for i in counted if converted(i)]
    return Dose(
        **_total(least, most, [i.part.ome_status for i in counted]),
        as_at=_as_at(counted, episode, criteria, as_of),
        certain=certain,
        possible=possible,
    )


def _total(least: list[int | None], most: list[int | None], states: list[str]) -> dict[str, Any]:
    low, high = sum(v or 0 for v in least), sum(v or 0 for v in most)
    # With nothing counted at all (the latest issue of every product has run out, an earlier longer
    # supply keeps the episode current) the dose is unknown, never nought.
    if not states:
        return {"ome_min_ug": None, "ome_max_ug": None, "status": "not_known"}
    # One unknown part makes the total unknown: what is known is then only a minimum.
    if "not_known" in states:
        known = low if least else None
        return {"ome_min_ug": known, "ome_max_ug": None, "status": "not_known"}
    if "not_converted" in states:
        if not most:
            return {"ome_min_ug": None, "ome_max_ug": None, "status": "not_converted"}
        return {"ome_min_ug": low, "ome_max_ug": high, "status": "not_converted"}
    return {"ome_min_ug": low, "ome_max_ug": high, "status": "converted"}


def _as_at(counted: list[Issue], episode: Episode, criteria: Criteria, as_of: date) -> date:
    """As-of while any counted part is in hand, else the last run-out day (never a later day)."""
    if any(in_hand(issue, criteria, as_of) for issue in counted):
        return as_of
    return min(as_of, episode.end)


# ------------------------------------------------------------------------- others, early


def co_prescribed(issues: list[Issue], criteria: Criteria, as_of: date) -> tuple[str, ...]:
    return tuple(
        drug_class
        for drug_class in SEDATIVE_CLASSES
        if any(i.part.drug_class == drug_class and reaches(i, criteria, as_of) for i in issues)
    )


def early_requests(opioids: list[Issue], criteria: Criteria, as_of: date) -> int:
    """Days on which something was issued more than 7 days before everything issued on earlier days
    of the same ingredient and release would run out. Two strengths issued on one day are one
    request, and not early for each other."""
    early = set()
    for issue in opioids:
        request = (issue.part.ingredient, issue.part.release)
        earlier = [
            i
            for i in opioids
            if i.day < issue.day and (i.part.ingredient, i.part.release) == request
        ]
        if not earlier or (as_of - issue.day).days > criteria["early_within_days"]:
            continue
        left = (last_run_out(earlier, criteria) - issue.day).days
        if left > criteria["early_by_more_than_days"]:
            early.add((request, issue.day))
    return len(early)


def paracetamol(dose: Dose, issues: list[Issue], criteria: Criteria, as_of: date) -> Fraction:
    """At most a day, from what is surely taken now, compound or plain (not from what a newer
    product of its line replaced)."""
    plain = [i for i in issues if i.part.drug_class == "paracetamol"]
    taken = dose.certain + taken_now(plain, criteria, as_of)[0]
    return sum((i.part.paracetamol_mg or Fraction(0) for i in taken), Fraction(0))


# ------------------------------------------------------------------------- one person


def screen_one(person: Person, history: History, criteria: Criteria, as_of: date) -> NaiveResult:
    # Issues after as-of are not counted.
    issues = [i for i in history.issues if i.person_id == person.person_id and i.day <= as_of]
    diagnoses = [d for d in history.diagnoses if d.person_id == person.person_id]
    opioids = [i for i in issues if i.part.drug_class == "opioid"]
    substitution = [i for i in issues if i.part.drug_class == "opioid_substitution"]
    if not opioids and not substitution:
        return NaiveResult(person_id=person.person_id, considered=False)
    personal = reasons_about_the_person(person, diagnoses, criteria, as_of)
    # Substitution treatment alone is never exposure.
    if not opioids:
        reasons = frozenset(personal | {"substitution_only"})
        return NaiveResult(person_id=person.person_id, considered=True, reasons=reasons)
    episode = episodes(opioids, criteria)[-1]
    exposure = reasons_about_exposure(episode, criteria, as_of)
    # How long and how often is asked only of those on opioids now whom nothing personal leaves out.
    if personal or "not_current" in exposure:
        exposure &= {"not_current"}
    result = NaiveResult(
        person_id=person.person_id,
        considered=True,
        reasons=frozenset(personal | exposure),
        episode_start=episode.start,
        episode_end=episode.end,
        days_exposed=days_exposed(episode, as_of),
        issues=len(episode.issues),
    )
    if personal or exposure:
        approaching = not personal and is_approaching(episode, criteria, as_of)
        return replace(result, approaching=approaching)
    flags = flags_from_codes(diagnoses, criteria, as_of)
    flags |= {"age_not_known"} if person.born is None else set()
    flags |= {"substitution_too"} if substitution else set()
    return _listed(result, flags, episode, issues, criteria, as_of)


def _listed(
    result: NaiveResult,
    flags: set[str],
    episode: Episode,
    issues: list[Issue],
    criteria: Criteria,
    as_of: date,
) -> NaiveResult:
    opioids = [i for i in issues if i.part.drug_class == "opioid"]
    dose = dose_now(episode, criteria, as_of)
    result = replace(
        result,
        listed=True,
        ome_min_ug=dose.ome_min_ug,
        ome_max_ug=dose.ome_max_ug,
        ome_status=dose.status,
        ome_as_at=dose.as_at,
        trend=trend(opioids, days_exposed(episode, as_of), criteria, as_of),
        co_prescribed=co_prescribed(issues, criteria, as_of),
        early_requests=early_requests(opioids, criteria, as_of),
        paracetamol_mg=paracetamol(dose, issues, criteria, as_of),
    )
    reasons = flags | risk_reasons(result, criteria) | dose_reasons(dose)
    if result.paracetamol_mg is not None and result.paracetamol_mg > criteria["paracetamol_mg"]:
        reasons.add("paracetamol")
    return replace(
        result, reasons=frozenset(reasons or {"no_further_reason"}), tier=tier(reasons, criteria)
    )


def risk_reasons(result: NaiveResult, criteria: Criteria) -> set[str]:
    reasons = set(result.co_prescribed)
    dose = dose_for_ranking(result)
    # The highest line reached; when the least dose does not reach it, it is reached only if needed.
    lines = [mg * 1000 for mg in (*criteria["thresholds_mg"], criteria["higher_dose_mg"])]
    reached = max((each for each in lines if each <= dose), default=0)
    sure = "" if (result.ome_min_ug or 0) >= reached else "_if_needed"
    if dose >= criteria["higher_dose_mg"] * 1000:
        reasons.add("higher_dose" + sure)
    elif dose >= criteria["noted_dose_mg"] * 1000:
        reasons.add("dose_noted" + sure)
    if result.trend in ("rising", "falling"):
        reasons.add(result.trend)
    if (result.early_requests or 0) >= criteria["early_requests"]:
        reasons.add("early_requests")
    return reasons


def dose_reasons(dose: Dose) -> set[str]:
    """What cannot be said of the dose, part by part."""
    states = {issue.part.ome_status for issue in dose.counted}
    reasons = {"dose_" + state for state in states if state != "converted"}
    if not dose.counted:
        reasons.add("no_current_product")
    if dose.possible:
        reasons.add("older_product_in_hand")
    return reasons


def tier(reasons: set[str], criteria: Criteria) -> str:
    """The first tier, in the order of the criteria, for which there is a reason."""
    belongs = {
        "higher_dose": {"higher_dose", "higher_dose_if_needed"},
        "with_sedatives": set(SEDATIVE_CLASSES),
        "changing": {"rising", "early_requests"},
        "dose_not_known": {"dose_not_known", "dose_not_converted", "no_current_product"},
    }
    for name in criteria["tiers"]:
        if name == "long_term" or reasons & belongs[name]:
            return str(name)
    return "long_term"


def dose_for_ranking(result: NaiveResult) -> int:
    """The greatest OME, or the least one where the greatest is not known; nothing known comes
    after a known 0."""
    return next((v for v in (result.ome_max_ug, result.ome_min_ug) if v is not None), -1)


def screen_naively(history: History, criteria: Criteria, as_of: date) -> list[NaiveResult]:
    """Screen everyone; ranks are given at the end, to listed people only."""
    people = sorted(history.people, key=lambda p: p.person_id)
    results = {p.person_id: screen_one(p, history, criteria, as_of) for p in people}

    def place(result: NaiveResult) -> tuple[int, int, int, str]:
        tier_place = list(criteria["tiers"]).index(result.tier)
        dose, days = dose_for_ranking(result), result.days_exposed or 0
        return (tier_place, -dose, -days, result.person_id)

    for rank, result in enumerate(
        sorted((r for r in results.values() if r.listed), key=place), start=1
    ):
        results[result.person_id] = replace(result, rank=rank)
    return [results[p.person_id] for p in people]
