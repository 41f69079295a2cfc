"""The tables of measures hold together, ship only what they may, and use words that do no harm."""

from __future__ import annotations

import csv
from fractions import Fraction
from unittest import mock

import pytest
from docs_pages import measures as page
from tests.clinical.measures.reading import SPEC

from unhurried.clinical.measures import MeasureError, definitions, measure, measures
from unhurried.clinical.measures.definitions import words
from unhurried.clinical.tables import TableError, read_table
from unhurried.clinical.wording import check

TABLES = ("items", "answers", "scales", "bands", "changes", "safety", "words")
ROOT = SPEC.parents[2]
FREE = [
    *("PEG", "PHQ4", "PHQ2", "PHQ9", "GAD7", "ONS4", "UCLA3", "LONELY1"),
    *("SDS", "SHOWS", "PGIC", "NRS", "GOALS", "SAFE"),
]
LICENSED = [
    *("BPIS", "BPII", "WEMWBS", "SWEMWBS", "EQ5D5L", "EQVAS", "ICECAPA"),
    *("PSEQ", "PSEQ2", "MYCAW", "ISI", "COMM", "PAM13"),
]
CHECKED = {
    "found in the source",
    "from knowledge: check against the source",
    "own caution",
}


def test_questions_are_shipped_only_where_the_licence_lets_us() -> None:
    assert [code for code, each in measures().items() if each.questions_shipped] == FREE
    assert [code for code, each in measures().items() if not each.questions_shipped] == LICENSED
    for code in LICENSED:
        assert all(not item.text and not item.choices for item in measure(code).items)
        assert measure(code).why_not_shipped
        assert not measure(code).asks


def test_every_row_says_whether_it_was_checked_and_signed_off() -> None:
    for name in ("measures", *(f"measure-{each}" for each in TABLES if each != "words")):
        for row in read_table(name):
            assert row["checked"] in CHECKED, row
            assert row.get("sign_off", "not yet clinically signed off") == (
                "not yet clinically signed off"
            )


def test_a_sum_can_reach_both_ends_of_its_range_and_no_further() -> None:
    for each in measures().values():
        by_id = {item.id: item for item in each.items}
        for scale in each.scales:
            if scale.rule == "as given":
                continue
            least = Fraction(sum(by_id[name].least for name in scale.items))
            most = Fraction(sum(by_id[name].most for name in scale.items))
            many = len(scale.items) if scale.rule == "mean" else 1
            assert (scale.least, scale.most) == (least / many, most / many), each.code
            assert scale.whole == (scale.rule != "mean")
            assert 1 <= scale.needs <= len(scale.items)


def test_bands_are_in_order_apart_and_inside_the_range() -> None:
    for each in measures().values():
        for scale in each.scales:
            edges = [edge for band in scale.bands for edge in (band.least, band.most)]
            assert edges == sorted(edges)
            assert all(scale.least <= edge <= scale.most for edge in edges)
            starts = [band.least for band in scale.bands]
            assert len(set(starts)) == len(starts)


def test_at_most_one_threshold_of_a_scale_is_the_default() -> None:
    for each in measures().values():
        for scale in each.scales:
            assert sum(threshold.default for threshold in scale.thresholds) == bool(
                scale.thresholds
            )
            assert all(0 < t.below <= t.at_least for t in scale.thresholds)


def test_every_choice_is_within_its_answers() -> None:
    for each in measures().values():
        for item in each.items:
            assert all(item.least <= number <= item.most for number in item.choices)


def test_the_words_do_no_harm() -> None:
    said = list(words().values())
    for each in measures().values():
        said += [each.shown_as, each.about, each.no_total, each.compares, each.why_not_shipped]
        said += [band.words for scale in each.scales for band in scale.bands]
        said += [choice for item in each.items for choice in item.choices.values()]
        said += [scale.words for scale in each.scales]
    for row in read_table("measure-safety"):
        said += [row["words"], row["said_to_the_person"]]
    assert [found for text in said for found in check(text, kind="template")] == []


def test_a_question_names_the_medicine() -> None:
    first = measure("SDS").items[0]
    assert first.asked() == "Do you think your use of your medicine was out of control?"
    assert "codeine" in first.asked("codeine")


def test_the_baseline_set_has_as_many_questions_as_the_burden_rule_says() -> None:
    baseline = ("PEG", "PHQ4", "ONS4", "UCLA3", "LONELY1", "GOALS", "SDS")
    assert sum(len(measure(code).items) for code in baseline) == 22


def test_the_tables_agree_with_the_items_of_the_short_forms() -> None:
    def texts(code: str) -> list[str]:
        return [item.text for item in measure(code).items]

    assert texts("PHQ2") == texts("PHQ9")[:2]
    assert texts("PHQ4") == texts("GAD7")[:2] + texts("PHQ9")[:2]


def test_measures_cannot_be_altered_and_an_unknown_one_is_named() -> None:
    with pytest.raises(TypeError):
        measures()["PHQ9"] = measure("GAD7")  # type: ignore[index]
    with pytest.raises(MeasureError, match="no measure called 'phq'"):
        measure("phq")
    with pytest.raises(MeasureError, match="ONS4 has no total"):
        measure("ONS4").scale()


@pytest.mark.parametrize(
    ("table", "column", "value"),
    [
        ("measures", "entry", "guess"),
        ("measures", "questions_shipped", "no"),
        ("measure-scales", "rule", "guess"),
        ("measure-scales", "better", "sideways"),
        ("measure-scales", "items", "P E X"),
        ("measure-items", "answers", "none such"),
        ("measure-bands", "measure", "NOSUCH"),
    ],
)
def test_a_table_that_does_not_hold_together_is_refused(
    table: str, column: str, value: str
) -> None:
    real = read_table

    def altered(name: str) -> tuple[dict[str, str], ...]:
        rows = real(name)
        return ({**rows[0], column: value}, *rows[1:]) if name == table else rows

    with mock.patch.object(definitions, "read_table", altered), pytest.raises(TableError):
        definitions.measures.__wrapped__()


def test_the_reference_page_is_up_to_date() -> None:
    path = ROOT / "docs" / "reference" / "measures.md"
    assert path.read_text(encoding="utf-8") == page.page(ROOT)


def test_labelled_tables_are_large_enough() -> None:
    for name, many in (("scores", 80), ("changes", 35), ("safety", 12), ("refused", 20)):
        with (SPEC / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
            assert len(list(csv.DictReader(lines))) >= many
