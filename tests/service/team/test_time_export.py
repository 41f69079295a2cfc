"""Time as a table: every line of it, however many there are, and read while it is written."""

from __future__ import annotations

import csv
from collections.abc import Callable

from django.test import Client
from tests.service.access.story import Story
from tests.service.conftest import World
from tests.service.team.examples_ledger import entry

from unhurried.service.accounts.models import Membership
from unhurried.service.audit.models import Entry
from unhurried.service.team.models import TimeEntry

SignIn = Callable[[Membership], Client]
MANY = 20_003
WHERE = "/time/lines.csv"


def _many(story: Story) -> None:
    first = entry(story)
    fields = ("who_id", "organisation_id", "provider_id", "role", "activity", "day", "logged_at")
    same = {name: getattr(first, name) for name in fields}
    TimeEntry.objects.bulk_create(
        (TimeEntry(**same, minutes=number % 60 + 1) for number in range(MANY - 1)),
        batch_size=2_000,
    )


def test_no_line_is_left_out(world: World, signed_in: SignIn) -> None:
    story = Story(world)
    _many(story)
    answer = signed_in(story.manager).get(WHERE)
    rows = list(csv.reader(answer.getvalue().decode().splitlines()))
    assert len(rows) == MANY + 1
    assert rows[0][0] == "day"
    assert sum(int(each[5]) for each in rows[1:]) == sum(
        TimeEntry.objects.values_list("minutes", flat=True)
    )


def test_lines_are_read_as_they_are_written(world: World, signed_in: SignIn) -> None:
    story = Story(world)
    entry(story)
    answer = signed_in(story.gp).get(WHERE)
    assert answer.streaming
    assert "no-store" in answer["Cache-Control"]
    assert Entry.objects.filter(action="read.time_entry", note="table").count() == 1
    assert b"attachment" in answer["Content-Disposition"].encode()


def test_a_cell_is_never_worked_out(world: World, signed_in: SignIn) -> None:
    story = Story(world)
    entry(story, note="=1+1")
    text = signed_in(story.gp).get(WHERE).getvalue().decode()
    assert ",=1+1" not in text
    assert "=1+1" in text
