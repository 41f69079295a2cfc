"""NHS numbers: ours against python-stdnum, the SQL shortcut against ours, and the odd ones."""

from __future__ import annotations

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.gb import nhs

from unhurried.records.nhs_number import read_nhs_number, sql_valid_digits

DIGITS = st.text("0123456789", min_size=8, max_size=12)


@st.composite
def near_valid(draw: st.DrawFn) -> str:
    """Ten digits whose last is the right check digit, when there is one."""
    nine = draw(st.text("0123456789", min_size=9, max_size=9))
    return nine + next((digit for digit in "0123456789" if nhs.is_valid(nine + digit)), "0")


@given(st.one_of(DIGITS, near_valid()))
def test_agrees_with_python_stdnum(text: str) -> None:
    expected = nhs.is_valid(text) and len(set(text)) > 1
    assert (read_nhs_number(text).digits == text) == expected


@given(st.lists(st.one_of(DIGITS, near_valid(), st.text(max_size=12)), min_size=1, max_size=40))
def test_the_sql_shortcut_never_says_more_than_the_rule(texts: list[str]) -> None:
    plain = [text for text in texts if "\0" not in text and text.isprintable()]
    found = duckdb.execute(
        f"SELECT text, {sql_valid_digits('text')} FROM (SELECT unnest($1::VARCHAR[]) AS text)",
        [plain],
    ).fetchall()
    for text, digits in found:
        assert digits is None or digits == read_nhs_number(text).digits
        if text.isascii() and text.isdigit():
            assert digits == read_nhs_number(text).digits


@pytest.mark.parametrize(
    "text", ["999 000 0018", "999-000-0018", "  9990000018 ", "'9990000018", '="9990000018"']
)
def test_spaces_hyphens_and_text_marks_are_allowed(text: str) -> None:
    assert read_nhs_number(text).digits == "9990000018"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("9990000019", "check digit"),
        ("0000000000", "ten times"),
        ("1111111111", "ten times"),
        ("999000001", "9 digits"),
        ("99900000188", "11 digits"),
        ("9.99E+09", "spreadsheet"),
        ("1.0E+09", "spreadsheet"),
        ("9990000018.0", "spreadsheet"),
        ("٩٩٩٠٠٠٠٠١٨", "other than the digits"),
        ("９９９００００００１８", "other than the digits"),
        ("999000001²", "other than the digits"),
        ("99900000l8", "other than the digits"),
    ],
)
def test_anything_else_is_refused_with_its_reason(text: str, words: str) -> None:
    number = read_nhs_number(text)
    assert number.digits is None
    assert words in number.reason


def test_blank_is_not_known_and_not_wrong() -> None:
    assert (read_nhs_number("  ").digits, read_nhs_number("").reason) == (None, "")
