"""Dates: what is written, what it means, and what is refused rather than guessed."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from unhurried.records.canonical import UnusableInput
from unhurried.records.column_map import Order
from unhurried.records.dates import (
    PLACEHOLDERS,
    DateReading,
    Kind,
    calendar_day,
    plain_format,
    read_dates,
    sql_plain_day,
    sql_shows_day_first,
)

TODAY = date(2026, 11, 22)
with (Path(__file__).parent / "dates.csv").open(encoding="utf-8", newline="") as lines:
    TABLE = [(row["text"], row["expected"]) for row in csv.DictReader(lines)]


def read(*texts: str, kind: Kind = "issue", order: Order | None = None) -> DateReading:
    return read_dates(texts, heading="Issue Date", today=TODAY, kind=kind, order=order)


def meaning(reading: DateReading, text: str) -> str:
    if text in reading.problems:
        return "refused"
    day = reading.days[text]
    return "not known" if day is None else calendar_day(day).isoformat()


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


def by_sql(
    texts: list[str], like: str, kind: Kind = "issue", order: Order | None = None
) -> dict[str, int | None]:
    form = plain_format(like, order)
    assert form is not None
    value = sql_plain_day("text", form, today=TODAY, kind=kind)
    query = f"SELECT text, {value} FROM (SELECT unnest($1::VARCHAR[]) AS text)"
    return dict(duckdb.execute(query, [texts]).fetchall())


ODD_NUMBERS = st.integers(0, 40).map(lambda n: f"{n:02d}")
NEAR_DATES = st.one_of(
    st.tuples(
        ODD_NUMBERS,
        st.sampled_from("/-. "),
        st.one_of(ODD_NUMBERS, st.sampled_from(["Nov", "may", "SEP", "Sept", "Nvo"])),
        st.sampled_from("/-. "),
        st.sampled_from(["2026", "1970", "1969", "1896", "1895", "26", "2027", "0026", "02026"]),
        st.sampled_from(["", " ", " 00:00", "T09:15:00", "\n"]),
    ).map("".join),
    st.builds(lambda d, w: d.strftime(w), st.dates(date(1890, 1, 1)), st.sampled_from(FORMATS)),
    st.sampled_from([f"{day.day:02d}/{day.month:02d}/{day.year:04d}" for day in PLACEHOLDERS]),
    st.sampled_from([text for text, _ in TABLE]),
)


PLAIN = ("01/02/2026", "2026-02-01", "01-Feb-2026", "01 Feb 2026")


@given(
    st.lists(NEAR_DATES, min_size=1, max_size=60),
    st.sampled_from(PLAIN),
    st.sampled_from(["issue", "birth", "other"]),
    st.sampled_from(["day-first", "month-first"]),
)
def test_the_sql_shortcut_says_what_the_rule_says_or_nothing(
    texts: list[str], like: str, kind: Kind, order: Order
) -> None:
    rule = read(*texts, kind=kind, order=order)
    for text, day in by_sql(texts, like, kind, order).items():
        assert day is None or (day == rule.days[text] and text not in rule.seconds)


@pytest.mark.parametrize("like", PLAIN)
def test_the_sql_shortcut_reads_every_plain_date(like: str) -> None:
    form = plain_format(like, None) or ""
    days = [date(1970, 1, 2) + timedelta(days=n) for n in range((TODAY - date(1970, 1, 2)).days)]
    texts = [day.strftime(form) for day in days]
    assert by_sql(texts, like) == read(*texts, order="day-first").days


def test_a_date_the_shortcut_has_read_decides_the_order_too() -> None:
    shows = sql_shows_day_first("text", plain_format("12/05/2026", None) or "")
    texts = ["12/05/2026", "13/05/2026"]
    query = f"SELECT text FROM (SELECT unnest($1::VARCHAR[]) AS text) WHERE {shows}"
    assert duckdb.execute(query, [texts]).fetchall() == [("13/05/2026",)]
    reading = read_dates(
        ["05/13/2026"], heading="Issue Date", today=TODAY, day_first_elsewhere=lambda: True
    )
    assert meaning(reading, "05/13/2026") == "refused"
