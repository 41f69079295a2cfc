"""The trend worked out by hand, so that the oracle itself is held to something."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from tests.oracle.test_oracle import MST_20, issued, screened


@pytest.mark.parametrize("days_ago", [(140, 112, 84, 56, 28), (158, 130, 102, 74, 46, 18)])
def test_collected_late_by_less_than_the_allowance_is_the_same_dose(
    days_ago: Sequence[int],
) -> None:
    """Monthly until day -196, then some days late once; the last issue may have run out as well."""
    assert screened(issued(MST_20, *range(196, 365, 28), *days_ago)).trend == "steady"
    assert screened(issued(MST_20, *range(196, 365, 28), *days_ago[:-1])).trend == "steady"


@pytest.mark.parametrize(("resumed", "word"), [(141, "steady"), (140, "not_known")])
def test_more_than_thirteen_of_ninety_days_without_a_dose_say_nothing(
    resumed: int, word: str
) -> None:
    """Day -182's supply runs out on day -154; codeine follows 13 or 14 days later."""
    codeine = replace(MST_20, product="other", directions="other", ingredient="codeine")
    before, after = issued(MST_20, *range(182, 365, 28)), issued(codeine, resumed, days=180)
    assert screened(before, after).trend == word
