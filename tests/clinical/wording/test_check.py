"""Words that stigmatise, press or threaten are found, and what only looks like them is not."""

from __future__ import annotations

import csv
import re
import string
from pathlib import Path

import check_wording
import pytest
from hypothesis import given
from hypothesis import strategies as st

from unhurried.clinical.tables import TableError, read_table
from unhurried.clinical.wording import Findings, check
from unhurried.clinical.wording.patterns import compiled
from unhurried.clinical.wording.rules import rules, sought

SPEC = Path(__file__).resolve().parents[2] / "spec" / "wording"


def spec(name: str) -> list[dict[str, str]]:
    """The labelled sentences of one table."""
    with (SPEC / f"{name}.csv").open(encoding="utf-8", newline="") as rows:
        return list(csv.DictReader(rows))


LABELLED = [
    *spec("written-before-the-code"),
    *spec("written-after"),
    *spec("scored-unseen"),
]
PRESSES = [row["text"] for row in LABELLED if "pressure." in row["rules"]]
TEXTS = st.one_of(
    st.text(max_size=80),
    st.lists(st.sampled_from([row["text"] for row in LABELLED]), max_size=4).map(" ".join),
    st.lists(
        st.sampled_from(
            re.findall(
                r"\S+",
                "we you will not never stop your medicines , . if agree to must reduce "
                "addict clean dna come off don’t é 👩🏽‍⚕️ {{dose}} <b> &nbsp;",
            )
        ),
        max_size=25,
    ).map(" ".join),
)


@pytest.mark.parametrize("row", LABELLED, ids=lambda row: row["text"][:50])
def test_a_labelled_sentence_gives_the_rules_it_is_labelled_with(row: dict[str, str]) -> None:
    assert check(row["text"], kind="template").rules == set(row["rules"].split())


def test_the_table_is_large_and_half_of_it_came_before_the_code() -> None:
    assert len(LABELLED) >= 120
    assert len(spec("written-before-the-code")) >= 60
    assert len({row["text"] for row in LABELLED}) == len(LABELLED)
    used = {rule for row in LABELLED for rule in row["rules"].split()}
    assert used <= set(rules())


@given(TEXTS)
def test_findings_lie_in_the_text_in_order_and_apart(text: str) -> None:
    end = 0
    for each in check(text, kind="template"):
        assert end <= each.start < each.end <= len(text)
        assert text[each.start : each.end] == each.words
        end = each.end


@given(st.text(string.ascii_letters + " .,'-", max_size=60) | st.sampled_from(PRESSES))
def test_capitals_change_nothing(text: str) -> None:
    if text.upper().lower() == text.lower() and len(text.upper()) == len(text):
        places = [(each.start, each.end, each.rule) for each in check(text, kind="template")]
        for other in (text.upper(), text.lower()):
            assert places == [(f.start, f.end, f.rule) for f in check(other, kind="template")]


@given(st.text(st.characters(categories=["So", "Sm", "Zs", "Mn"]), max_size=20), TEXTS)
def test_signs_before_a_text_only_move_the_findings(signs: str, text: str) -> None:
    before = f"{signs}\n\n"
    moved = check(before + text, kind="free_text")
    assert [(f.start - len(before), f.rule) for f in moved] == [
        (f.start, f.rule) for f in check(text, kind="free_text")
    ]


@given(TEXTS)
def test_free_text_only_warns_and_never_finds_more_than_a_template(text: str) -> None:
    noted, template = check(text, kind="free_text"), check(text, kind="template")
    assert not noted.blocks
    assert len(noted) <= len(template)


@pytest.mark.parametrize("verb", ["stop", "reduce", "lower", "take away", "cut down", "taper"])
@pytest.mark.parametrize("what", ["your painkillers", "your opioids", "your {{ medicine }}"])
@pytest.mark.parametrize(
    "negation",
    [
        "We will not",
        "We won’t",
        "We will never",
        "Nobody will",
        "No one is going to",
        "You do not have to",
        "There is no need to",
        "We will never ask you to",
    ],
)
def test_a_negation_lifts_what_would_press(negation: str, verb: str, what: str) -> None:
    assert check(f"We will {verb} {what}.", kind="template").blocks
    assert not check(f"{negation} {verb} {what}.", kind="template")
    assert check(f"{negation} wait. We will {verb} {what}.", kind="template").blocks
    assert check(f"If you do not reply, we will {verb} {what}.", kind="template").blocks


@given(st.sampled_from(PRESSES))
def test_reassurance_in_another_sentence_lifts_nothing(text: str) -> None:
    alone = check(text, kind="template").rules
    after = check(f"{text}\n\nNothing changes unless you agree.", kind="template").rules
    assert alone == after


def test_nothing_is_found_in_nothing() -> None:
    assert check("", kind="template") == Findings()
    assert not check(" \n\t{{ first_name }}", kind="template").blocks


def test_a_finding_says_where_why_and_what_instead() -> None:
    text = "👩🏽‍⚕️ é́: she is an áddict."
    (found,) = check(text, kind="template")
    assert text[found.start : found.end] == found.words == "áddict"
    assert found.rule == "stigma.person"
    assert found.why.endswith(".")
    assert found.instead == "a person who depends on opioids"
    assert found.blocks


def test_a_kind_of_text_that_is_not_known_is_refused() -> None:
    with pytest.raises(ValueError, match="free_text"):
        check("", kind="letter")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "unit",
    [
        "stop ",
        "you must ",
        "we will not ",
        "if you miss ",
        "if you agree ",
        "<",
        "{{",
        "{#",
        "{%",
        "\n ",
        "a'",
        "&",
        ", ",
        " -",
        "á",
        "not ",
        "or ",
        "addict ",
        "your dose will be to ",
    ],
)
def test_a_hundred_thousand_hostile_characters_come_to_an_end(unit: str) -> None:
    text = (unit * (100_000 // len(unit) + 1))[:100_000]
    assert len(check(text, kind="template")) <= 50_000


def test_every_row_of_the_tables_is_used() -> None:
    known = set(rules())
    assert {row["rule"] for row in read_table("wording-patterns")} <= known
    assert {row["rule"] for row in read_table("words-to-avoid")} <= known
    assert {each.rule.id for each in sought()[0]} == known
    groups = {rule.group for rule in rules().values()}
    assert {row["group"] for row in read_table("wording-allowed")} <= groups
    assert all(rule.why.endswith(".") and rule.instead for rule in rules().values())


@pytest.mark.parametrize("row", read_table("words-to-avoid"), ids=lambda row: row["word"])
def test_a_word_to_avoid_is_found_in_all_its_forms(row: dict[str, str]) -> None:
    if row["in_letters"] != "alone":
        return
    for form in (row["word"], *filter(None, row["other_forms"].split("/"))):
        for said in (form, form.upper(), f"“{form}”", f"({form})", form.replace("-", "\u2011")):
            assert row["rule"] in check(f"Notes: {said} 3 May", kind="free_text").rules, said


@pytest.mark.parametrize(
    "written", ["", "{a", "<nothing-of-the-kind>", "a {b/c", "<your-medicine>?"]
)
def test_a_pattern_that_is_not_well_written_is_refused(written: str) -> None:
    with pytest.raises(TableError):
        compiled(written)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("She is an Addict.", ["Addict"]),
        ("Current Opioid Misuse Measure; misuse", ["misuse"]),
        ("NSPCC: Reporting child abuse and neglect", []),
        ("a clean sheet, wording: allowed, about a bed", []),
        ("addiction and addicted are for letters, not for code", []),
    ],
)
def test_the_build_reads_the_same_words(tmp_path: Path, line: str, words: list[str]) -> None:
    build = check_wording.words_to_avoid()
    pattern = re.compile(r"\b(" + "|".join(map(re.escape, build)) + r")\b", re.IGNORECASE)
    path = tmp_path / "page.md"
    path.write_text(line, encoding="utf-8")
    assert [word for _, word in check_wording.breaches(path, pattern)] == words
