"""The plan on paper: all of it, tagged, in plain and large print, easy to read."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from tests.service.conftest import actor_for

from unhurried.clinical.wording import check, reading_age
from unhurried.service.accounts.models import Membership
from unhurried.service.patients.models import Patient
from unhurried.service.planning import operations, queries, tables
from unhurried.service.planning.rules import ItemGiven, PlanWords

SignIn = Callable[[Membership], Client]


@pytest.fixture
def planned(worker: Membership, person: Patient) -> Patient:
    """Somebody with a plan."""
    by = actor_for(worker)
    operations.change_plan_words(
        by=by,
        patient=person,
        version=0,
        given=PlanWords(matters="Ada\nand #set text(red) *bold* $x$", helps="Music", pace="slow"),
    )
    for strategy, words, status, ready in (
        ("pacing", "Peel potatoes sitting down", "doing_well", None),
        ("goals", "Sing again", "not_yet", 2),
    ):
        given = ItemGiven(strategy, words, "community", readiness=ready)
        operations.add_item(by=by, patient=person, given=given, status=status)
    operations.want_topic(by=by, patient=person, code="hobbies", when="soon")
    return person


def printed(client: Client, person: Patient, folder: Path, size: str = "") -> str:
    """The text of the PDF; it has to be tagged."""
    answer = client.get(reverse("planning:print_plan", args=[person.uuid]), {"size": size})
    assert answer.headers["Content-Type"] == "application/pdf"
    file = folder / f"plan{size}.pdf"
    file.write_bytes(answer.content)
    facts = subprocess.run(["pdfinfo", file], capture_output=True, text=True, check=True).stdout
    assert "Tagged:          yes" in facts
    assert "My pain management plan" in facts
    said = subprocess.run(
        ["pdftotext", "-layout", file, "-"], capture_output=True, text=True, check=True
    )
    return said.stdout


@pytest.mark.parametrize("size", ["", "large"])
def test_everything_in_the_plan_is_on_the_paper_as_it_was_typed(
    planned: Patient, worker: Membership, signed_in: SignIn, tmp_path: Path, size: str
) -> None:
    text = printed(signed_in(worker), planned, tmp_path, size)
    for words in (
        "Ada", "and #set text(red) *bold* $x$", "Music", "Peel potatoes sitting down", "Sing again",
        "Not yet, and that is fine", "My hobbies and what I enjoy (soon)", "116 123", "2 out of 10",
        "This is my plan. My name, and the day:",
    ):  # fmt: skip
        assert words in " ".join(text.split()), words


def test_the_paper_says_that_it_was_agreed_only_as_it_was_agreed(
    planned: Patient, worker: Membership, signed_in: SignIn, tmp_path: Path
) -> None:
    operations.agree(
        by=actor_for(worker), patient=planned, seen=queries.plan_mark(planned), how="said",
        gp_may_see=False,
    )  # fmt: skip
    client = signed_in(worker)
    assert "I said that this is my plan on" in printed(client, planned, tmp_path)
    given = ItemGiven("sleep", "Tea at four", "community")
    operations.add_item(by=actor_for(worker), patient=planned, given=given)
    assert "I said that this is my plan on" not in printed(client, planned, tmp_path)


def test_the_words_of_the_paper_are_kind_and_easy_to_read() -> None:
    said = tables.words_of("paper")
    statuses = [each.for_me for each in tables.statuses().values()]
    strategies = [f"{each.for_me}." for each in tables.strategies().values()]
    text = " ".join(
        [said["lead"], said["hard_day_words"], *strategies, *(f"{s}." for s in statuses)]
    )
    age = reading_age(text)
    assert age.age_high is not None
    assert age.age_low is not None
    middle = (age.age_low + age.age_high) / 2
    assert middle <= 11, age.measures
    everything = " ".join([*said.values(), text])
    assert not list(check(everything, kind="template"))


def test_every_row_says_where_it_comes_from() -> None:
    import csv

    folder = Path(tables.__file__).parent / "data"
    files = sorted(folder.glob("*.csv"))
    assert len(files) > 10
    for file in files:
        for row in csv.DictReader(file.read_text(encoding="utf-8").splitlines()):
            assert row["source"], (file.name, row)
            assert row["version"], (file.name, row)
            assert None not in row, (file.name, row)
