"""The clinical data tables: every row sourced, every reference between tables kept."""

from __future__ import annotations

from fractions import Fraction
from importlib import resources
from unittest import mock

import pytest

from unhurried.clinical import codelists, tables
from unhurried.clinical.opioids.vocabulary import forms
from unhurried.clinical.tables import TableError, exact, exact_or_none, read_table


def _names() -> list[str]:
    folder = resources.files("unhurried.clinical").joinpath("data")
    return sorted(f.name.removesuffix(".csv") for f in folder.iterdir() if f.name.endswith(".csv"))


def test_every_row_of_every_table_has_a_source_and_a_version() -> None:
    assert len(_names()) >= 14
    for name in _names():
        rows = read_table(name)
        assert rows, name
        assert all(row["source"] and row["version"] for row in rows)


def test_no_table_repeats_a_row() -> None:
    for name in _names():
        rows = [tuple(row.values()) for row in read_table(name)]
        assert len(set(rows)) == len(rows), name


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("a,source,version\n1,,2\n", "Row 2"),
        ("a,source,version\n1,x\n", "Row 2"),
        ("a,source,version\n1,x,y,z\n", "Row 2"),
        ("a,source\n1,x\n", "needs a source and a version column"),
        ("", "needs a source and a version column"),
    ],
)
def test_a_row_without_source_or_version_is_refused(text: str, says: str) -> None:
    with (
        mock.patch.object(tables, "_text", return_value=text),
        pytest.raises(TableError, match=says),
    ):
        read_table.__wrapped__("invented")


def test_a_table_that_is_not_there_is_named() -> None:
    with pytest.raises(TableError, match="no-such-table"):
        read_table("no-such-table")


def test_numbers_are_exact_and_a_word_is_not_a_number() -> None:
    assert exact(" 37.5 ") == Fraction(75, 2)
    assert exact_or_none("  ") is None
    for text in ("ten", "", "1/0"):
        with pytest.raises(TableError):
            exact(text)


def test_every_form_named_in_another_table_is_a_form() -> None:
    known = set(forms())
    assert {row["form"] for row in read_table("products")} <= known
    assert {row["form"] for row in read_table("substitution")} <= known
    implied = {row["implied_form"] for row in read_table("ingredients")} - {""}
    branded = {form for row in read_table("brands") for form in row["forms"].split("|")} - {""}
    assert implied | branded <= known


def test_every_ingredient_with_a_factor_is_an_ingredient_we_look_for() -> None:
    opioids = {
        row["ingredient"] for row in read_table("ingredients") if row["drug_class"] == "opioid"
    }
    assert {row["ingredient"] for row in read_table("factors")} <= opioids
    assert {row["ingredient"] for row in read_table("products")} <= opioids
    assert {row["ingredient"] for row in read_table("compounds")} <= opioids


def test_the_code_lists_have_the_clusters_the_screening_needs() -> None:
    assert len(codelists.palliative().codes) == 72
    assert len(codelists.palliative_ended().codes) == 2
    assert len(codelists.cancer().codes) == 4_327
    assert "103735009" in codelists.palliative().codes
    assert codelists.palliative().codes.isdisjoint(codelists.palliative_ended().codes)
    assert codelists.palliative().terms["103735009"] == "Palliative care"
    for listing in (codelists.palliative(), codelists.palliative_ended(), codelists.cancer()):
        assert listing.source
        assert listing.version
        assert all(code.isascii() and code.isdigit() for code in listing.codes)
