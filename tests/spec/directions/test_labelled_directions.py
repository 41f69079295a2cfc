"""Directions labelled by a hand that never saw the grammar: none is answered wrongly (OPI-1)."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from directions_score import Verdict, verdicts

HERE = Path(__file__).parent
# Of the rows with an answer that no careful reader would decline, how many we may.
MOST_DECLINED = {"development.csv": 0.0, "held-out.csv": 0.07}


@pytest.fixture(params=sorted(MOST_DECLINED))
def labelled(request: pytest.FixtureRequest) -> tuple[str, list[Verdict]]:
    name = str(request.param)
    return name, list(verdicts(HERE / name))


def test_no_labelled_direction_is_answered_wrongly(labelled: tuple[str, list[Verdict]]) -> None:
    _, every = labelled
    assert [(each.row["text"], each.why) for each in every if each.outcome == "wrong"] == []


def test_what_is_plain_is_understood(labelled: tuple[str, list[Verdict]]) -> None:
    name, every = labelled
    plain = [each for each in every if each.row["status"] == "understood" and each.plain]
    declined = [each.row["text"] for each in plain if each.outcome == "abstained"]
    assert len(declined) <= MOST_DECLINED[name] * len(plain), declined


def test_there_are_enough_of_every_kind() -> None:
    every = [each for name in MOST_DECLINED for each in verdicts(HERE / name)]
    kinds = Counter(each.row["id"].rsplit("-", 1)[0] for each in every)
    assert len(every) >= 700
    assert min(kinds[k] for k in ("tablet", "liquid", "patch", "other", "steps", "abstain")) >= 30
    assert len({(each.row["text"], each.row["form"]) for each in every}) == len(every)
