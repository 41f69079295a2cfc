"""How a screening looks on a terminal: what was read, who is listed and why, what it would take."""

from __future__ import annotations

import shlex
import textwrap
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from unhurried.cli.screen_checks import WRITTEN
from unhurried.cli.terminal import printable, say, terminal_width

if TYPE_CHECKING:
    from unhurried.records.preview import Preview
    from unhurried.screening import Screening
    from unhurried.screening.listing import Candidate

TIERS = {
    "higher_dose": "Higher dose",
    "with_sedatives": "With sedating medicines",
    "changing": "Rising dose or early requests",
    "dose_not_known": "Dose not known",
    "long_term": "Long-term, nothing further",
}
EXAMPLE_WIDTH = 40
REASONS_SHOWN = 3
WIDEST = 110  # longer lines are hard to read
OUT = {
    "substitution_only": "only substitution treatment",
    "not_adult": "under age",
    "died": "died",
    "not_registered": "not registered",
    "end_of_life": "palliative or end-of-life care",
    "not_now": "not on opioids now",
    "episode_short": "not yet long enough",
    "few_issues": "too few issues",
}


def show_screening(screening: Screening, *, first: int, out: Path | None) -> None:
    """The readable summary, then the first people of the list with their reasons."""
    summary = screening.summary()
    say()
    _read_and_found(screening, summary)
    _tiers(summary)
    _left_out(summary)
    _workload(summary)
    people = screening.candidates(first)
    if people:
        say()
        _list(people, screening.listed)
    _next(screening, out)


def _read_and_found(screening: Screening, summary: Mapping[str, Any]) -> None:
    counts = summary["accounting"]
    if counts:
        say(
            f"Rows read {counts['rows_in']:,} = used {counts['rows_used']:,}"
            f" + rejected {counts['rows_rejected']:,}"
            + ("" if counts["balanced"] else "  NOT BALANCED: please report this")
        )
        if counts["rows_rejected"]:
            _rejected(screening)
    for note in summary["notes"]:
        _paragraph(f"note: {printable(note)}")
    people, criteria = summary["people"], summary["criteria"]
    say(
        f"People {people['in_records']:,}; considered {people['considered']:,} (any opioid issue);"
        f" listed {people['listed']:,}; nearing three months {people['approaching']:,}"
    )
    later = summary["issues_after_as_of"]
    say(
        f"As of {summary['as_of']}, criteria: {criteria['name']} {criteria['version']},"
        f" factors: {summary['factors']['name']}"
        + (f"; {_counted(later, 'later issue')} not counted" if later else "")
    )
    read = summary["directions"]
    total = read["issues_understood"] + read["issues_not_understood"]
    if total:
        say(f"Directions understood for {read['issues_understood']:,} of {total:,} opioid issues")


def _rejected(screening: Screening) -> None:
    """The commonest reasons for rejecting rows; each row is listed in rejects.csv."""
    common = screening.source.connection.execute(
        "SELECT COUNT(*) AS rows, MIN(reason) FROM rejects GROUP BY code"
        f" ORDER BY rows DESC, MIN(reason) LIMIT {REASONS_SHOWN}"
    ).fetchall()
    for rows, reason in common:
        _paragraph(f"  {rows:,} rejected, such as: {printable(reason)}")


def _tiers(summary: Mapping[str, Any]) -> None:
    say()
    say("Listed, in the order of the list:")
    for tier, count in summary["listed_by_tier"].items():
        say(f"  {count:>7,}  {TIERS[tier]}")
    say()


def _left_out(summary: Mapping[str, Any]) -> None:
    out = {OUT[code]: count for code, count in summary["out_by_reason"].items() if count}
    if out:
        words = "; ".join(f"{count:,} {what}" for what, count in out.items())
        _paragraph(f"Considered and not listed: {words}.")


def _workload(summary: Mapping[str, Any]) -> None:
    work = summary["workload"]
    if work["records"]:
        hours = _counted(work["hours"], "hour") if work["hours"] else "less than an hour"
        _paragraph(
            f"Looking at {_counted(work['records'], 'record')} takes about {hours}"
            f" ({work['minutes_per_record']} minutes each); at {work['per_week']} a week,"
            f" {_counted(work['weeks'], 'week')}."
        )


def _counted(number: int, thing: str) -> str:
    return f"{number:,} {thing}" + ("" if number == 1 else "s")


def _list(people: list[Candidate], listed: int) -> None:
    """One short block a person: who, how much, of what, and why."""
    from unhurried.screening.words import long_date

    say(f"The first {len(people):,} of {listed:,}:")
    for each in people:
        person = each.person
        age = f"{person.age}" if person.age is not None else "age not known"
        dose = _ome(person.ome_min, person.ome_max, person.ome_status)
        say()
        say(f"{each.rank:>4}  {printable(person.person_id)}, {age}, {person.sex}")
        say(f"      OME {dose}, as at {long_date(person.ome_as_at)}")
        for product in person.products:
            directions = product.directions or "no directions"
            _indented("takes", f"{product.name}: {directions}")
        for place, words in enumerate(each.reasons):
            _indented("why" if place == 0 else "", words)


def _paragraph(text: str) -> None:
    say(textwrap.fill(text, min(terminal_width(), WIDEST), subsequent_indent="  "))


def _indented(head: str, text: str) -> None:
    first = f"      {head:<6}"
    wide = min(terminal_width(), WIDEST)
    say(textwrap.fill(printable(text), wide, initial_indent=first, subsequent_indent=" " * 12))


def _ome(least: int | None, most: int | None, status: str) -> str:
    from unhurried.screening.words import milligrams

    if status == "not_known":
        return f"not known, at least {milligrams(least)} mg a day" if least else "not known"
    if status == "not_converted":
        known = milligrams(most)
        return f"{known} mg a day + a part not converted" if known else "not converted"
    low, high = milligrams(least), milligrams(most)
    return f"{low} mg a day" if low == high else f"{low} to {high} mg a day"


def _next(screening: Screening, out: Path | None) -> None:
    if not screening.listed:
        say("Nobody is listed. If that surprises you, look at --as-of and at reasons.csv.")
    say()
    if out is None:
        say("Nothing was written: add --out FOLDER for the list, every reason and the rejects.")
        return
    say(f"Written to {shlex.quote(str(out))}: {' '.join(WRITTEN)}")
    say("The list is for a GP to look at. OME is for comparing doses, never for switching.")


def show_columns(seen: Preview) -> None:
    """Which column of which file was taken for what, with the first value of each."""
    for file in seen.files:
        say(f"{printable(file.name)}: {file.kind or 'not recognised'}")
        if file.problem:
            say(f"  {printable(file.problem)}")
        first = file.rows[0] if file.rows else {}
        for role, heading in file.columns.items():
            value = printable(first.get(role, ""))[:EXAMPLE_WIDTH]
            say(f"  {role.replace('_', ' '):<24} {printable(heading):<28} {value}".rstrip())
        if file.not_used:
            say(f"  not used: {printable(', '.join(file.not_used))}")
