"""A worksheet is described in the person's own numbers: days compared, gaps out, no verdict."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from math import prod
from statistics import median
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.clinical.worksheets import naive_worksheet as naive
from tests.clinical.worksheets.reading import FIRST, entries, rows

from unhurried.clinical.tables import read_table
from unhurried.clinical.wording import check, reading_age
from unhurried.clinical.worksheets import Entry, Pattern, WorksheetError, summary
from unhurried.clinical.worksheets.entries import REASONS

WEEKS = rows("weeks")
# A sentence about a person's days names no cause, gives no advice and no label.
CAUSE_OR_ADVICE = re.compile(
    r"\b(because|cause[sd]?|due to|leads?|led|makes?|made|so that|therefore|trigger\w*|result\w*|"
    r"explain\w*|reason why|link\w*|should|must|try|need\w*|could|ought|risk\w*|problem\w*|"
    r"pattern of|evidence|significant\w*|proof|probab\w*)\b",
    re.IGNORECASE,
)
DAYS = [date(2026, 10, 19) + timedelta(days=n) for n in range(14)]
NUMBERS: list[int | None] = [None, *range(11)]
CHOICES: list[list[Any]] = [
    DAYS,
    ["morning", "evening", None, time(8), time(1, 30), time(1, 30, fold=1)],
    ["usual", "usual", "extra", "less", "none", None],
    [(), (), *((reason,) for reason in REASONS), ("stress", "pain")],
    NUMBERS,
    NUMBERS,
    NUMBERS,
    ["", "  ", "My sister came"],
]


def chosen(number: int) -> Entry:
    """One of all the entries the choices allow: one draw an entry keeps the search quick."""
    values = []
    for choices in CHOICES:
        number, place = divmod(number, len(choices))
        values.append(choices[place])
    return Entry(*values)


ENTRIES = st.integers(0, prod(len(choices) for choices in CHOICES) - 1).map(chosen)
SHEETS = st.lists(ENTRIES, min_size=16, max_size=30) | st.lists(ENTRIES, max_size=12)


def all_words(pattern: Pattern) -> list[str]:
    """Everything the person could read."""
    return [*pattern.sentences, *pattern.too_little, *pattern.notes, pattern.closing]


@pytest.mark.parametrize("row", WEEKS, ids=lambda row: row["name"])
def test_a_written_week_is_described_as_labelled(row: dict[str, str]) -> None:
    pattern = summary(entries(row["entries"]))
    assert pattern.enough == (row["enough"] == "yes")
    for column, said in (
        ("sentence", pattern.sentences),
        ("too_little", pattern.too_little),
        ("note", pattern.notes),
    ):
        assert not row[column] or row[column] in said


@given(SHEETS)
def test_it_agrees_with_the_naive_description_written_before_it(sheet: list[Entry]) -> None:
    pattern = summary(sheet)
    days = naive.by_day(_distinct(sheet))
    assert {day.day: day.kind for day in pattern.days} == {d: v["kind"] for d, v in days.items()}
    for day in pattern.days:
        assert day.numbers == {thing: days[day.day][thing] for thing in day.numbers}
    found = {
        (each.kind, each.thing): (each.here, each.usual, each.here_of, each.usual_of)
        for each in pattern.comparisons
        if each.of == "days"
    }
    assert found == naive.comparisons(_distinct(sheet))


def _distinct(sheet: list[Entry]) -> list[Entry]:
    """Copies taken out by the text of an entry, in which the two 01:30s of a night differ.

    The naive description takes out equal entries itself and would take one 01:30 for the other, so
    the second is moved by a minute, which changes nothing else."""
    once = {repr(entry): entry for entry in sheet}.values()
    return [
        Entry(
            entry.day,
            time(1, 31) if getattr(entry.time, "fold", 0) else entry.time,
            entry.taken,
            entry.reasons,
            entry.pain,
            entry.stress,
            entry.sleep,
            entry.happening,
        )
        for entry in once
    ]


@given(SHEETS, st.randoms(use_true_random=False))
def test_the_order_of_the_entries_and_copies_of_them_change_nothing(
    sheet: list[Entry], chance: Any
) -> None:
    before = summary(sheet)
    shuffled = [*sheet, *sheet[:3]]
    chance.shuffle(shuffled)
    after = summary(shuffled)
    assert after.sentences == before.sentences
    assert after.too_little == before.too_little
    assert after.comparisons == before.comparisons
    assert after.for_the_evaluator == before.for_the_evaluator


@given(SHEETS)
def test_no_sentence_harms_names_a_cause_or_gives_advice(sheet: list[Entry]) -> None:
    for text in all_words(summary(sheet)):
        assert not check(text, kind="template"), text
        assert not CAUSE_OR_ADVICE.search(text), text


@given(SHEETS)
def test_there_is_always_something_to_read_and_never_a_test_result(sheet: list[Entry]) -> None:
    pattern = summary(sheet)
    assert pattern.sentences or pattern.too_little
    assert pattern.enough == bool(pattern.comparisons)
    assert pattern.enough or pattern.too_little
    assert len(pattern.days) >= 7 or not (pattern.comparisons or pattern.for_the_evaluator)
    of_days = [each for each in pattern.comparisons if each.of == "days"]
    assert len(pattern.for_the_evaluator) == len(of_days)
    for each in pattern.comparisons:
        assert 0 <= each.here <= 10
        assert 0 <= each.usual <= 10
        least = 2 if each.of == "days" else 3
        assert min(each.here_of, each.usual_of) >= least


@given(SHEETS)
def test_an_entry_without_numbers_moves_no_number(sheet: list[Entry]) -> None:
    before = summary(sheet)
    if len(before.days) < 7:
        return
    blank = [Entry(day.day, "afternoon", happening="Quiet") for day in before.days]
    after = summary([*sheet, *blank])
    assert after.comparisons == before.comparisons
    assert [day.numbers for day in after.days] == [day.numbers for day in before.days]


def test_the_whole_page_of_the_example_can_be_read_in_a_minute() -> None:
    example = next(row for row in WEEKS if row["name"] == "the example of the design")
    pattern = summary(entries(example["entries"]))
    text = " ".join(all_words(pattern))
    assert len(text.split()) <= 120
    aim = next(row for row in read_table("reading-aims") if row["kind"] == "worksheet")
    assert median(reading_age(text).measures.values()) <= int(aim["age_at_most"])


def test_every_sentence_of_the_tables_does_no_harm() -> None:
    for row in read_table("worksheet-words"):
        if row["code"] != "test.assumes":
            assert not check(row["words"], kind="template"), row["code"]
            assert not CAUSE_OR_ADVICE.search(row["words"].replace("{reasons}", "")), row["code"]
    for row in read_table("worksheet-differences"):
        assert not CAUSE_OR_ADVICE.search(row["up"] + row["down"])


def test_few_days_of_extra_are_never_asked_for() -> None:
    for row in WEEKS:
        for said in summary(entries(row["entries"])).too_little:
            assert "more" not in said.split()


def test_what_was_happening_is_kept_by_day_and_not_interpreted() -> None:
    sheet = [
        Entry(FIRST, "evening", taken="extra", happening="<b>My sister came</b>"),
        Entry(FIRST, "morning", happening="   "),
    ]
    pattern = summary(sheet)
    assert pattern.days[0].happening == ("<b>My sister came</b>",)
    assert pattern.days[0].entries == 1
    assert not any("sister" in said for said in all_words(pattern))


def test_numbers_missing_at_some_times_are_said() -> None:
    text = "1m U s3; 1e E s9; 2m U s3; 2e E s9; 3m U; 3e E s9; 4m U s3; 4e E"
    text += "; 5m U s3; 6m U s3; 7m U s3"
    notes = summary(entries(text)).notes
    assert (
        "Stress is written at 3 of the 4 times you took extra and at 6 of the 7 usual times."
    ) in notes


@pytest.mark.parametrize("row", rows("refused"), ids=lambda row: f"{row['field']} {row['value']}")
def test_what_an_entry_cannot_hold_is_refused_in_a_sentence(row: dict[str, str]) -> None:
    values: dict[str, Any] = {
        "2026-11-02T10:00": datetime(2026, 11, 2, 10, tzinfo=UTC),
        "aware": time(8, tzinfo=UTC),
        "true": True,
        "2.5": 2.5,
        "boredom": ("boredom",),
        "7": 7,
    }
    value = values.get(row["value"], row["value"])
    if row["field"] in {"pain", "stress", "sleep"} and isinstance(value, str):
        value = int(value)
    with pytest.raises(WorksheetError, match=re.escape(row["says"])):
        Entry(**{"day": FIRST, row["field"]: value})


@pytest.mark.parametrize("value", [["pain"], "pain", ("pain", 3), ([],), None])
def test_reasons_are_a_tuple_of_reasons(value: Any) -> None:
    with pytest.raises(WorksheetError):
        Entry(FIRST, reasons=value)


def test_only_entries_make_a_worksheet() -> None:
    with pytest.raises(WorksheetError):
        summary(["extra"])  # type: ignore[list-item]


def test_nothing_is_rounded_before_it_is_compared() -> None:
    pattern = summary(
        entries("1 08:00 E s8; 1 09:00 E s9; 2m E s8; 3m U s4; 4m U s4; 5m U; 6m U; 7m U")
    )
    assert pattern.comparisons[0].here == Fraction(33, 4)


def test_the_hour_the_clocks_show_twice_is_two_times_and_one_day() -> None:
    night = next(row for row in WEEKS if row["name"] == "the night the clocks go back")
    pattern = summary(entries(night["entries"]))
    assert pattern.days[0].day == date(2026, 10, 25)
    assert pattern.days[0].entries == 2
    assert pattern.notes == ()


def test_times_from_a_single_day_are_not_compared() -> None:
    text = "1 08:00 E s9; 1 09:00 E s9; 1 10:00 E s9"
    text += "; 2m U s3; 3m U s3; 4m U s3; 5m U s3; 6m U s3; 7m U"
    pattern = summary(entries(text))
    assert not any(each.of == "times" for each in pattern.comparisons)
    assert summary(entries(text + " s3; 2e E s9")).comparisons[0].of == "days"
    assert any(each.of == "times" for each in summary(entries(text + " s3; 2e E s9")).comparisons)
