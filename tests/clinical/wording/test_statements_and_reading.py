"""An invitation says what it must; a text's reading age and its hardest sentences are right."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from docs_pages import wording as page
from hypothesis import given
from hypothesis import strategies as st

from unhurried.clinical.tables import read_table
from unhurried.clinical.wording import aims, check, missing_statements, reading_age
from unhurried.clinical.wording.syllables import syllables

ROOT = Path(__file__).resolve().parents[3]
LETTER = """Dear {{ first_name }},

Dr Patel thinks you may like to meet Sam. Sam helps people live well with pain. You can talk about
what matters to you, and there is no rush.

Taking part is your choice. Nothing about your medicines changes unless you agree. Your GP will go
on caring for you as before, whatever you decide.

If you would like to meet Sam, please ring us on 0117 496 0000.
"""
HARD = (
    "Participation in multidisciplinary rehabilitation is recommended for individuals who are "
    "experiencing persistent musculoskeletal pain notwithstanding pharmacological intervention."
)
OFFERS = {
    row["statement"]: row["text"]
    for row in read_table("wording-statements")
    if row["kind"] == "offer"
}


def missing(text: str) -> list[str]:
    """The ids of the statements a text lacks."""
    return [each.id for each in missing_statements(text)]


def test_a_kind_letter_passes_everything() -> None:
    assert not check(LETTER, kind="template")
    assert missing(LETTER) == []
    assert reading_age(LETTER).meets("letter")
    assert reading_age(LETTER).meets("worksheet")
    assert reading_age(LETTER).hardest_sentences == ()


@pytest.mark.parametrize("left_out", list(OFFERS))
def test_each_statement_is_missed_when_it_is_not_there(left_out: str) -> None:
    text = " ".join(words for name, words in OFFERS.items() if name != left_out)
    (found,) = missing_statements(text)
    assert found.id == left_out
    assert found.why.endswith(".")
    assert missing(f"{text} {found.offer}") == []
    assert not check(found.offer, kind="template")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("It’s up to you.", "choice"),
        ("You don't have to take part.", "choice"),
        ("You can say no.", "choice"),
        ("WHETHER YOU TAKE PART IS UP TO YOU", "choice"),
        ("Your medicines will not change unless you agree.", "medicines"),
        ("No changes to your tablets will be made unless you want them to.", "medicines"),
        ("We will never change your pain medicines without your agreement.", "medicines"),
        ("Nothing changes unless you agree.", "medicines"),
        ("Your doctor will still look after you, whatever you decide.", "care"),
        ("Whatever you decide, your GP will carry on looking after you.", "care"),
        ("It will not affect the care you get from your GP.", "care"),
    ],
)
def test_other_ways_of_saying_it_are_accepted(text: str, says: str) -> None:
    assert sorted({"choice", "medicines", "care"} - set(missing(text))) == [says]


@pytest.mark.parametrize(
    "text",
    [
        "It is not your choice.",
        "Your medicines will change unless you ring us.",
        "Nothing changes.",
        "Your GP will stop caring for you.",
        "{# Taking part is your choice. #}",
        "",
    ],
)
def test_its_opposite_or_half_is_not_accepted(text: str) -> None:
    assert missing(text) == ["choice", "medicines", "care"]


@pytest.mark.parametrize(
    ("word", "count"),
    [
        *[("pain", 1), ("tablet", 2), ("medicine", 3), ("medicines", 3), ("opioid", 3)],
        *[("asked", 1), ("wanted", 2), ("little", 2), ("choices", 2), ("changes", 2), ("you", 1)],
        *[("area", 3), ("quality", 3), ("everyone", 3), ("don’t", 1), ("GP", 1), ("patches", 2)],
    ],
)
def test_syllables(word: str, count: int) -> None:
    assert syllables(word) == count


def test_the_measures_are_as_published() -> None:
    # 12 words, 2 sentences, 15 syllables, 1 word of three, 46 letters: worked by hand.
    text = "We can talk about your medicine. Ask us when you feel ready."
    found = reading_age(text)
    assert (found.words, found.sentences, found.long_words) == (12, 2, ("medicine",))
    assert found.measures["Flesch-Kincaid"] == round(0.39 * 6 + 11.8 * 16 / 12 - 15.59 + 5, 1)
    assert found.measures["SMOG"] == round(3.1291 + 1.0430 * (30 / 2) ** 0.5 + 5, 1)
    assert found.age_low == 5
    assert found.too_short


def test_the_sentence_that_pushes_it_up_is_shown() -> None:
    text = f"👍🏽 {LETTER}\n\n{HARD}"
    found = reading_age(text)
    (hard,) = found.hardest_sentences
    assert text[hard.start : hard.end] == hard.words == HARD.rstrip(".")
    assert not reading_age(HARD).meets("letter")
    assert "multidisciplinary" in found.long_words


def test_placeholders_tags_and_numbers_do_not_count() -> None:
    plain = reading_age("Dear ,\n\nPlease ring us on 9.")
    text = "<p>Dear {{ person.first_name }},</p>{% if a %}<p>Please ring us on 0117</p>"
    assert reading_age(text).words == plain.words == 5
    assert reading_age("Don’t worry").words == 2


def test_no_words_have_no_age() -> None:
    found = reading_age(" {{ first_name }} 12 ")
    assert (found.age_low, found.age_high, found.age, found.words) == (None, None, None, 0)
    assert found.meets("worksheet")


@given(st.text(max_size=200))
def test_any_text_has_a_range_that_is_a_range(text: str) -> None:
    found = reading_age(text)
    if found.age_low is not None and found.age_high is not None:
        assert 5 <= found.age_low <= (found.age or 0) <= found.age_high <= 25
        assert found.sentences <= found.words


def test_the_aims_are_the_services_own() -> None:
    assert aims() == {"worksheet": 11, "letter": 12}


def test_importing_reads_no_table_and_nothing_heavy() -> None:
    code = (
        "import sys, unhurried.clinical.wording as w; from unhurried.clinical import tables;"
        "assert tables.read_table.cache_info().currsize == 0;"
        "assert not {'nltk', 'textstat', 'pyphen', 'django', 'duckdb'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


def test_the_reference_page_is_up_to_date() -> None:
    written = (ROOT / "docs/reference/wording.md").read_text(encoding="utf-8")
    assert written == page.page(ROOT)
