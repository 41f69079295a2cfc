"""Dates: what is written, what it means, and what is refused rather than guessed."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unhurried.records.canonical import UnusableInput
from unhurried.records.dates import DateReading, Kind, Order, from_epoch_day, read_dates

TODAY = date(2026, 11, 22)
with (Path(__file__).parent / "dates.csv").open(encoding="utf-8", newline="") as lines:
    TABLE = [(row["text"], row["expected"]) for row in csv.DictReader(lines)]


def read(*texts: str, kind: Kind = "issue", order: Order | None = None) -> DateReading:
    return read_dates(texts, heading="Issue Date", today=TODAY, kind=kind, order=order)


def meaning(reading: DateReading, text: str) -> str:
    if text in reading.problems:
        return "refused"
    day = reading.days[text]
    return "not known" if day is None else from_epoch_day(day).isoformat()


@pytest.mark.parametrize(("text", "expected"), TABLE)
def test_table_of_dates(text: str, expected: str) -> None:
    assert meaning(read(text), text) == expected


def test_every_refusal_is_a_sentence() -> None:
    refused = read(*(text for text, expected in TABLE if expected == "refused")).problems
    assert all(words.startswith("“") and words.endswith(".") for words in refused.values())


def test_a_spreadsheet_number_gets_advice() -> None:
    assert "dd/mm/yyyy" in read("45123").problems["45123"]


def test_a_column_that_can_only_be_month_first_is_refused_whole() -> None:
    with pytest.raises(UnusableInput, match="“Issue Date” look month first"):
        read("03/11/2026", "05/13/2026")


def test_a_map_settles_the_order() -> None:
    reading = read("03/11/2026", "05/13/2026", order="month-first")
    assert meaning(reading, "03/11/2026") == "2026-03-11"
    assert meaning(reading, "05/13/2026") == "2026-05-13"
    assert meaning(read("05/13/2026", order="day-first"), "05/13/2026") == "refused"


def test_where_both_occur_only_the_impossible_are_refused() -> None:
    reading = read("13/05/2026", "05/13/2026", "03/04/2026")
    assert [meaning(reading, text) for text in ("13/05/2026", "05/13/2026", "03/04/2026")] == [
        "2026-05-13",
        "refused",
        "2026-04-03",
    ]


def test_a_date_that_exists_in_neither_order_decides_nothing() -> None:
    assert meaning(read("31/02/2026", "03/04/2026"), "03/04/2026") == "2026-04-03"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("01/02/26", "2026-02-01"),
        ("05/12/26", "1926-12-05"),
        ("29/02/00", "2000-02-29"),
        ("01/06/58", "1958-06-01"),
        ("01/01/1900", "not known"),
        ("01/01/1890", "refused"),
        ("05/12/2026", "refused"),
    ],
)
def test_births_are_never_in_the_future(text: str, expected: str) -> None:
    assert meaning(read(text, kind="birth"), text) == expected


def test_a_two_digit_year_ahead_is_in_the_future_not_a_century_ago() -> None:
    assert "future" in read("01/02/27").problems["01/02/27"]


def test_the_time_of_day_is_kept_apart() -> None:
    assert read("03/11/2026 09:15", "03/11/2026").seconds == {"03/11/2026 09:15": 33300}


FORMATS = ("%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%Y-%m-%d", "%Y%m%d", "%d-%b-%Y", "%d %B %Y")


@given(st.dates(TODAY - timedelta(days=20_000), TODAY), st.sampled_from(FORMATS))
def test_any_date_in_any_usual_format_comes_back(day: date, written: str) -> None:
    text = day.strftime(written)
    kind: Kind = "other"
    order: Order = "day-first"
    assert meaning(read(text, kind=kind, order=order), text) == day.isoformat()


@given(st.text(max_size=30))
def test_any_text_is_read_known_unknown_or_refused(text: str) -> None:
    reading = read(text, order="day-first")
    assert (text in reading.days) != (text in reading.problems)
