"""What a provider reads of a practice's figures: nothing hidden comes back by subtraction."""

from __future__ import annotations

from itertools import product

import pytest

from unhurried.service.identification.disclosure import exact, guarded_figure, share
from unhurried.service.identification.queries.yields import Yield, YieldRow, shown
from unhurried.service.identification.tables import disclosure_rows

MOST = 40


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (0, "0"), (1, "fewer than 8"), (7, "fewer than 8"), (8, "about 10"), (9, "about 10"),
        (12, "about 10"), (13, "about 15"), (17, "about 15"), (18, "about 20"), (103, "about 105"),
    ],
)  # fmt: skip
def test_a_figure_as_the_published_rule_shows_it(count: int, words: str) -> None:
    assert guarded_figure(count).words == words
    assert exact(count).words == str(count)


def test_no_number_falls_between_two_rows() -> None:
    for count in range(1000):
        assert guarded_figure(count).words
    assert all(each.source and each.version and each.sign_off for each in disclosure_rows())


def test_a_share_comes_from_what_is_shown() -> None:
    assert share(guarded_figure(34), guarded_figure(34)) == "100%"
    assert share(guarded_figure(25), guarded_figure(34)) == "71%"
    for part, whole in ((3, 20), (8, 3), (0, 0)):
        assert share(guarded_figure(part), guarded_figure(whole)) == "-"


def test_the_rest_is_never_known_from_a_total_and_a_part() -> None:
    found: dict[tuple[str, str, str], set[int]] = {}
    for whole, part in product(range(1, MOST), repeat=2):
        if part <= whole:
            one, other = guarded_figure(part), guarded_figure(whole)
            seen = (one.words, other.words, share(one, other))
            found.setdefault(seen, set()).add(whole - part)
    assert all(len(rests) > 1 for rests in found.values())


def test_one_practice_is_never_known_from_all_and_another() -> None:
    found: dict[tuple[str, str], set[int]] = {}
    small = set()
    for one, other in product(range(2 * MOST), repeat=2):
        seen = (guarded_figure(one).words, guarded_figure(one + other).words)
        found.setdefault(seen, set()).add(other)
        if one < MOST and other < MOST:
            small.add(seen)  # far enough from the end of what is tried here
    known = {seen for seen in small if len(found[seen]) == 1}
    assert known == {("0", "0")}  # nobody anywhere is nobody


def test_the_practice_reads_exact_figures_and_a_provider_none_of_them() -> None:
    reasons = (YieldRow(label="Three months", listed=31, decided=22, agreed=3),)
    made = Yield(listed=31, decided=22, agreed=18, invited=17, enrolled=4, reasons=reasons)
    own, guarded = shown(made, own=True), shown(made, own=False)
    assert [figure.number for _name, figure, _share in own.steps] == [31, 22, 18, 17, 4]
    assert [share for _name, _figure, share in own.steps] == ["-", "71%", "82%", "94%", "24%"]
    words = [figure.words for _name, figure, _share in guarded.steps]
    assert words == ["about 30", "about 20", "about 20", "about 15", "fewer than 8"]
    assert [share for _name, _figure, share in guarded.steps] == ["-", "67%", "100%", "75%", "-"]
    assert (guarded.reasons[0].agreed.words, guarded.reasons[0].percent) == ("fewer than 8", "-")
