"""Names and NHS numbers: kept as typed, found however they are typed (hypothesis)."""

from __future__ import annotations

import unicodedata

import pytest
from django.test import override_settings
from hypothesis import given
from hypothesis import strategies as st

from unhurried.service.audit.refused import Refused
from unhurried.service.patients.names import composed, fold, name_words, searched_words
from unhurried.service.patients.rules import checked_nhs_number
from unhurried.service.patients.words import check_text

NAMES = st.text(
    st.characters(categories=("L", "Mn", "Pd", "Zs")) | st.sampled_from("'’-"), max_size=40
)
SAME = [
    ("José", "JOSE"), ("Zoë", "zoe"), ("O’Brien", "O'Brien"), ("O'Brien", "OBrien"),
    ("O'Brien", "o brien"), ("Smith-Jones", "smith jones"), ("Smith-Jones", "smithjones"),
    ("İpek", "ipek"), ("ıpek", "ipek"), ("Ipek", "ıpek"), ("Straße", "strasse"),
    ("Siân", "sian"), ("Tŷ", "ty"), ("Łukasz", "lukasz"), ("Jose\u0301", "josé"),
    ("Ｗｒｅｎ", "wren"), ("D´Arcy", "darcy"), ("محمد", "محمد"), ("می‌خواهم", "میخواهم"),
]  # fmt: skip


def finds(name: str, typed: str) -> bool:
    words = name_words(name)
    return all(any(word.startswith(each) for word in words) for each in searched_words(typed))


@pytest.mark.parametrize(("name", "typed"), SAME)
def test_a_name_is_found_however_it_is_typed(name: str, typed: str) -> None:
    assert searched_words(typed)
    assert finds(name, typed)


@given(NAMES)
def test_every_name_is_found_by_itself(name: str) -> None:
    assert finds(name, name)
    assert finds(name, unicodedata.normalize("NFD", name))
    assert finds(name, name.lower())


@given(NAMES)
def test_composing_and_folding_twice_is_as_once(name: str) -> None:
    assert composed(composed(name)) == composed(name)
    assert fold(fold(name)) == fold(name)
    assert all(len(word) <= 60 for word in name_words(name * 10))


@given(st.from_regex(r"[0-9]{9}", fullmatch=True))
def test_a_number_with_its_check_digit_is_read_and_another_refused(nine: str) -> None:
    total = sum(int(digit) * weight for digit, weight in zip(nine, range(10, 1, -1), strict=True))
    check = (11 - total % 11) % 11
    for last in range(10):
        typed = f"{nine[:3]} {nine[3:6]} {nine[6:]}{last}"
        good = last == check and len(set(nine + str(last))) > 1 and not nine.startswith("999")
        with override_settings(UNHURRIED_TEST_NUMBERS=False):
            if good:
                assert checked_nhs_number(typed) == nine + str(last)
            else:
                with pytest.raises(Refused):
                    checked_nhs_number(typed)


@pytest.mark.parametrize(
    "text", ["٩٤٣٤٧٦٥٩١٩", "９４３４７６５９１９", "943476591", "94347659190", "0" * 10]
)
def test_other_digits_and_lengths_are_refused(text: str) -> None:
    with pytest.raises(Refused):
        checked_nhs_number(text)


def test_test_numbers_only_where_people_are_fictional() -> None:
    assert checked_nhs_number("999 000 0018") == "9990000018"
    with override_settings(UNHURRIED_TEST_NUMBERS=False), pytest.raises(Refused, match="testing"):
        checked_nhs_number("999 000 0018")


@pytest.mark.parametrize("text", ["a\0b", "a\u202eb", "a\ud800b", "a\x1bb", "x" * 300])
def test_broken_or_hidden_characters_are_refused_in_words(text: str) -> None:
    with pytest.raises(Refused):
        check_text("The name", text, 100)


@pytest.mark.parametrize(
    "text", ["नमस्‍ते", "می‌خواهم", "👩‍🦽 Wren", "Robert'); DROP TABLE", "Null", "Ŵyn"]
)
def test_other_text_is_kept(text: str) -> None:
    check_text("The name", text, 100)
