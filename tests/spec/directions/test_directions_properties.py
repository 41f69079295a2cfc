"""What holds for every text, found by trying many: nothing raises, totals are sane."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unhurried.clinical.opioids.directions import NotUnderstood, Understood, as_json, interpret
from unhurried.clinical.opioids.directions.vocabulary import words

_LISTED = sorted(word for word, node in words().items() if node.token is not None)
_FIGURES = [
    "1", "2", "4", "6", "8", "24", "72", "1.5", ".5", "1-2", "1/2", "½", "10mg", "5ml",
    "0800", "8am", "20:00", "3/7", "(", ")",
]  # fmt: skip
_PHRASES = [
    "four times a day", "every 4-6 hours", "at night", "as required", "max 8 in 24 hours", "tablet",
    "in the morning", "up to", "then", "for 7 days", "bd", "take", "one", "and", "or", "twice",
]  # fmt: skip
pieces = st.one_of(st.sampled_from(_PHRASES), st.sampled_from(_FIGURES), st.sampled_from(_LISTED))
likely = st.lists(pieces, max_size=9).map(" ".join)
regimens = st.builds(
    " ".join,
    st.tuples(
        st.sampled_from(["1", "one or two", "1-2 tablets", "5ml", "2.5-5ml", "10mg", "½", "two"]),
        st.sampled_from(["bd", "tds", "four times a day", "every 4-6 hours", "6 hourly", "nocte"]),
        st.sampled_from(["", "prn", "when required", "for pain", "with food", "as directed"]),
        st.sampled_from(["", "max 40 in 24 hours", "no more than 4 doses a day", "for 7 days"]),
    ),
)


_TABLE = Path(__file__).with_name("directions.csv")
_WRITTEN = [row["text"] for row in csv.DictReader(_TABLE.read_text("utf-8").splitlines())]
shuffled = st.lists(st.sampled_from(_WRITTEN), min_size=2, max_size=3).flatmap(
    lambda texts: st.permutations(" ".join(texts).split()[:14]).map(" ".join)
)


def answer(text: str) -> dict[str, object]:
    return {key: value for key, value in as_json(interpret(text)).items() if key != "text"}


@given(st.text(max_size=200))
def test_no_text_raises(text: str) -> None:
    assert interpret(text).text == text


@given(st.binary(max_size=80))
def test_undecodable_bytes_kept_as_surrogates_do_not_raise(raw: bytes) -> None:
    text = raw.decode("utf-8", errors="surrogateescape")
    assert interpret(text).text == text


@given(st.one_of(likely, shuffled))
def test_totals_of_likely_words_are_sane(text: str) -> None:
    result = interpret(text)
    if isinstance(result, NotUnderstood):
        assert result.reason.endswith(".")
        return
    for part in result.steps or (result,):
        low, high = part.units_per_day_min, part.units_per_day_max
        assert low is not None
        assert high is not None
        assert 0 <= low <= high
        assert high > 0
        if part.as_required:
            assert low == 0
        if part.max_units_per_day is not None:
            assert high <= part.max_units_per_day
        if part.dose_min is not None:
            assert part.dose_max is not None
            assert part.dose_min <= part.dose_max


@given(regimens)
def test_case_and_spacing_do_not_matter(text: str) -> None:
    expected = answer(text)
    assert expected["status"] == "understood" or "max 40" in text
    for way in (text.upper(), text.title(), f"  {text}. ", text.replace(" ", "   \t"), f"{text}\n"):
        assert answer(way) == expected


@given(likely)
def test_upper_case_never_changes_the_answer(text: str) -> None:
    first, second = interpret(text.lower()), interpret(text.upper())
    assert type(first) is type(second)
    if isinstance(first, Understood):
        assert answer(text.lower()) == answer(text.upper())


@given(regimens)
def test_as_required_only_ever_lowers_the_least(text: str) -> None:
    plain, required = interpret(text), interpret(f"{text} as required")
    if isinstance(plain, Understood) and isinstance(required, Understood):
        assert required.units_per_day_min == 0
        assert required.units_per_day_max == plain.units_per_day_max


@given(regimens, st.sampled_from(["xyzzy", "?", "%", "fortnite", "…", "\x00", "\x1b[31m"]))
def test_an_unknown_word_is_a_reason_to_decline(text: str, word: str) -> None:
    assert isinstance(interpret(f"{text} {word}"), NotUnderstood)
    assert isinstance(interpret(f"{word} {text}"), NotUnderstood)


@pytest.mark.parametrize(
    "text", ["1" * 1_000_000, "a" * 1_000_000, "1 bd " * 200_000, "(" * 1_000_000, "½" * 1_000_000]
)
def test_a_megabyte_is_declined_at_once(text: str) -> None:
    result = interpret(text)
    assert isinstance(result, NotUnderstood)
    assert result.code == "too_long"
    assert result.text == text


@pytest.mark.parametrize("text", ["", " ", "\t\n", "\u00a0"])
def test_blank_directions_are_declined_as_blank(text: str) -> None:
    result = interpret(text)
    assert isinstance(result, NotUnderstood)
    assert result.code == "blank"


@pytest.mark.parametrize("letter", ["\x00", "\x1b[2J", "\x07", "\u202e", "\u200b", "\ud800"])
def test_a_reason_shows_no_control_character_and_the_text_stays_as_given(letter: str) -> None:
    text = f"1 bd {letter}"
    result = interpret(text)
    assert isinstance(result, NotUnderstood)
    assert result.text == text
    assert result.reason.isprintable()
    result.reason.encode("utf-8")
