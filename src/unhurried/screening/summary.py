"""What a practice should know before it commits to a list: counts, workload, meaning (ID-5)."""

from __future__ import annotations

from unhurried.clinical.opioids.directions import VERSION as DIRECTIONS_VERSION
from unhurried.records.canonical import Accounting
from unhurried.screening.kinds import DOSE_WORDS, Kind
from unhurried.screening.outcome import Outcome
from unhurried.screening.rules import reason_table


def summary(screening: Outcome) -> dict[str, object]:
    """The content of summary.json, in a stable order."""
    criteria = screening.criteria
    return {
        "criteria": {"name": criteria.name, "version": criteria.version},
        "factors": {"name": screening.factors.name, "version": screening.factors.version},
        "directions_grammar": DIRECTIONS_VERSION,
        "as_of": screening.as_of.isoformat(),
        "engine": screening.engine,
        "accounting": _accounting(screening.source.accounting),
        "notes": list(screening.source.notes),
        "people": _people(screening),
        "listed_by_tier": _by_tier(screening),
        "out_by_reason": _out(screening),
        "dose": _dose(screening),
        "directions": _directions(screening),
        "issues_after_as_of": _number(screening, "SELECT SUM(issues) FROM later"),
        "workload": _workload(screening),
        "definitions": dict(screening.wording.definitions()),
    }


def _number(screening: Outcome, query: str) -> int:
    return int(screening.rows(query)[0][0] or 0)


def _accounting(accounting: Accounting | None) -> dict[str, object] | None:
    if accounting is None:
        return None
    return {
        "rows_in": accounting.rows_in,
        "rows_used": accounting.rows_used,
        "rows_rejected": accounting.rows_rejected,
        "rows_repeated": accounting.rows_repeated,
        "balanced": accounting.balanced,
        "files": [
            {
                "file": each.file,
                "rows_in": each.rows_in,
                "rows_used": each.rows_used,
                "rows_rejected": each.rows_rejected,
                "rows_repeated": each.rows_repeated,
            }
            for each in accounting.files
        ],
    }


def _people(screening: Outcome) -> dict[str, int]:
    return {
        "in_records": _number(screening, "SELECT COUNT(*) FROM people"),
        "considered": _number(screening, "SELECT COUNT(DISTINCT person) FROM reasons"),
        "listed": screening.listed,
        "approaching": _number(screening, "SELECT COUNT(*) FROM approaching"),
    }


def _by_tier(screening: Outcome) -> dict[str, int]:
    counts = dict(screening.rows("SELECT tier, COUNT(*) FROM candidates GROUP BY tier"))
    return {tier: counts.get(tier, 0) for tier in screening.criteria.tiers}


def _out(screening: Outcome) -> dict[str, int]:
    """People by reason; someone out for two reasons is counted under both."""
    counts = dict(screening.rows("SELECT code, COUNT(*) FROM reasons GROUP BY code"))
    return {
        code: counts.get(code, 0) for code, row in reason_table().items() if row.in_or_out == "out"
    }


def _dose(screening: Outcome) -> dict[str, int]:
    counts = dict(screening.rows("SELECT dose, COUNT(*) FROM candidates GROUP BY dose"))
    return {words: counts.get(int(dose), 0) for dose, words in DOSE_WORDS.items()}


def _directions(screening: Outcome) -> dict[str, int]:
    """Opioid issues, and distinct directions of opioids, by whether they were understood."""
    issues = {True: 0, False: 0}
    texts: dict[bool, set[str]] = {True: set(), False: set()}
    for number, count in screening.rows("SELECT pair, issues FROM pair_use"):
        pair = screening.readings.pairs[number]
        if pair.kind == Kind.OPIOID:
            issues[pair.understood] += count
            texts[pair.understood].add(pair.directions)
    return {
        "issues_understood": issues[True],
        "issues_not_understood": issues[False],
        "distinct_understood": len(texts[True]),
        "distinct_not_understood": len(texts[False] - texts[True]),
    }


def _workload(screening: Outcome) -> dict[str, object]:
    records, criteria = screening.listed, screening.criteria
    minutes = records * criteria.minutes_per_record
    return {
        "records": records,
        "minutes_per_record": criteria.minutes_per_record,
        "hours": (minutes + 30) // 60,
        "per_week": criteria.per_week,
        "weeks": -(-records // criteria.per_week),
    }
