"""Read and check a criteria file, so that a slip of the pen is a sentence and not a wrong list."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from itertools import pairwise
from pathlib import Path

from unhurried.screening.criteria.model import TIERS, Criteria, CriteriaError


@dataclass(frozen=True, slots=True)
class Setting:
    """Where a field stands in the file and which whole numbers it may take."""

    section: str
    key: str
    low: int = 0
    high: int = 0

    @property
    def named(self) -> str:
        """The setting as a person would look for it in the file."""
        return f"{self.key} in [{self.section}]"


NUMBERS = {
    "adult_age": Setting("people", "adult_age", 0, 120),
    "longer_than_days": Setting("exposure", "longer_than_days", 0, 3650),
    "issues_at_least": Setting("exposure", "issues_at_least", 1, 1000),
    "gap_days": Setting("episode", "gap_days", 0, 3650),
    "assumed_supply_days": Setting("episode", "assumed_supply_days", 1, 366),
    "longest_supply_days": Setting("episode", "longest_supply_days", 1, 3650),
    "current_within_days": Setting("now", "current_within_days", 0, 3650),
    "cancer_recent_years": Setting("cancer", "recent_years", 0, 120),
    "newest_round_days": Setting("dose", "newest_round_days", 0, 366),
    "higher_from_mg": Setting("dose", "higher_from_mg", 1, 100_000),
    "trend_window_days": Setting("trend", "window_days", 7, 366),
    "trend_change_percent": Setting("trend", "change_percent", 0, 1000),
    "trend_covered_percent": Setting("trend", "covered_percent", 1, 100),
    "trend_shortest_episode_days": Setting("trend", "shortest_episode_days", 0, 3650),
    "early_more_than_days": Setting("early", "more_than_days", 0, 366),
    "early_within_days": Setting("early", "within_days", 1, 3650),
    "early_at_least": Setting("early", "at_least", 1, 1000),
    "paracetamol_more_than_mg": Setting("paracetamol", "more_than_mg", 1, 100_000),
    "approaching_from_days": Setting("approaching", "from_days", 0, 3650),
    "approaching_issues_at_least": Setting("approaching", "issues_at_least", 1, 1000),
    "minutes_per_record": Setting("workload", "minutes_per_record", 1, 1000),
    "per_week": Setting("workload", "per_week", 1, 10_000),
}
OTHERS = {
    "end_of_life_leave_out": Setting("end_of_life", "leave_out"),
    "end_of_life_since": Setting("end_of_life", "since"),
    "thresholds_mg": Setting("dose", "thresholds_mg"),
    "tiers": Setting("tiers", "order"),
}
SETTINGS = NUMBERS | OTHERS
NAMED = ("name", "version")


@cache
def default_criteria() -> Criteria:
    """The criteria of the service's paper, for people on opioids now."""
    return _build(_default_document(), "the default criteria")


def load_criteria(path: Path) -> Criteria:
    """Read a practice's criteria file over the defaults.

    Raises CriteriaError with one sentence when the file cannot be read or a value cannot stand.
    """
    try:
        document = tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except OSError as error:
        raise CriteriaError(
            f"The criteria file {path.name} could not be opened ({error.strerror}): "
            "check its name and place."
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CriteriaError(
            f"The criteria file {path.name} is not readable as TOML ({error}): "
            "mend it, or start again from the default file."
        ) from error
    return criteria_from(document, path.name)


def criteria_from(document: Mapping[str, object], source: str = "the criteria") -> Criteria:
    """Criteria from an already parsed document, with defaults for what it leaves out.

    Raises CriteriaError with one sentence when a value is unknown or cannot stand.
    """
    for key in NAMED:
        if not isinstance(document.get(key), str) or not str(document[key]).strip():
            raise CriteriaError(
                f'{source} needs a {key} of its own ({key} = "..."), so that a list can be traced '
                "to the criteria it was made with."
            )
    _refuse_unknown(document, source)
    merged = dict(_default_document())
    for key, value in document.items():
        base = merged.get(key)
        merged[key] = base | value if isinstance(base, dict) and isinstance(value, dict) else value
    return _build(merged, source)


@cache
def _default_document() -> Mapping[str, object]:
    text = resources.files("unhurried.screening.criteria").joinpath("default.toml").read_text()
    return tomllib.loads(text)


def _refuse_unknown(document: Mapping[str, object], source: str) -> None:
    sections: dict[str, list[str]] = {}
    for setting in SETTINGS.values():
        sections.setdefault(setting.section, []).append(setting.key)
    for key, value in document.items():
        if key in NAMED:
            continue
        if key not in sections:
            raise CriteriaError(_unknown(source, f"[{key}]", key, list(sections), "section"))
        if not isinstance(value, dict):
            raise CriteriaError(f"{source}: {key} must be a section, written [{key}].")
        for inner in value:
            if inner not in sections[key]:
                named = f"{inner} in [{key}]"
                raise CriteriaError(_unknown(source, named, inner, sections[key], "setting"))


def _unknown(source: str, named: str, key: str, known: list[str], what: str) -> str:
    close = difflib.get_close_matches(key, known, n=1)
    hint = f"did you mean {close[0]}?" if close else f"known {what}s are {', '.join(known)}."
    return f"{source} has {named}, which is not a {what} of the criteria: {hint}"


def _value(document: Mapping[str, object], setting: Setting) -> object:
    section = document[setting.section]
    return section[setting.key] if isinstance(section, dict) else None


def _number(document: Mapping[str, object], setting: Setting, source: str) -> int:
    value = _value(document, setting)
    if isinstance(value, bool) or not isinstance(value, int):
        raise CriteriaError(f"{source}: {setting.named} must be a whole number, not {value!r}.")
    if not setting.low <= value <= setting.high:
        raise CriteriaError(
            f"{source}: {setting.named} is {value}; it must be between {setting.low} and "
            f"{setting.high}."
        )
    return value


def _thresholds(document: Mapping[str, object], source: str) -> tuple[int, ...]:
    setting = OTHERS["thresholds_mg"]
    value = _value(document, setting)
    numbers = value if isinstance(value, list) else []
    whole = [each for each in numbers if isinstance(each, int) and not isinstance(each, bool)]
    good = whole and len(whole) == len(numbers) and whole[0] > 0
    if not good or any(a >= b for a, b in pairwise(whole)):
        raise CriteriaError(
            f"{source}: {setting.named} must be a rising list of whole numbers, such as "
            "[50, 90, 120, 300]."
        )
    return tuple(whole)


def _tiers(document: Mapping[str, object], source: str) -> tuple[str, ...]:
    setting = OTHERS["tiers"]
    value = _value(document, setting)
    names = [str(each) for each in value] if isinstance(value, list) else []
    if sorted(names) != sorted(TIERS):
        raise CriteriaError(
            f"{source}: {setting.named} must name each tier once, in the order wanted: "
            f"{', '.join(TIERS)}."
        )
    return tuple(names)


def _build(document: Mapping[str, object], source: str) -> Criteria:
    numbers = {field: _number(document, setting, source) for field, setting in NUMBERS.items()}
    leave_out = _value(document, OTHERS["end_of_life_leave_out"])
    if not isinstance(leave_out, bool):
        raise CriteriaError(f"{source}: leave_out in [end_of_life] must be true or false.")
    since = _value(document, OTHERS["end_of_life_since"])
    if type(since) is not date:
        raise CriteriaError(f"{source}: since in [end_of_life] must be a date such as 2008-04-01.")
    _check_together(numbers, source)
    return Criteria(
        name=str(document["name"]),
        version=str(document["version"]),
        end_of_life_leave_out=leave_out,
        end_of_life_since=since,
        thresholds_mg=_thresholds(document, source),
        tiers=_tiers(document, source),
        **numbers,
    )


def _check_together(numbers: Mapping[str, int], source: str) -> None:
    if numbers["assumed_supply_days"] > numbers["longest_supply_days"]:
        raise CriteriaError(
            f"{source}: assumed_supply_days is longer than longest_supply_days; "
            "make it the shorter of the two."
        )
    if numbers["approaching_from_days"] > numbers["longer_than_days"]:
        raise CriteriaError(
            f"{source}: from_days in [approaching] must not be longer than longer_than_days in "
            "[exposure]."
        )
