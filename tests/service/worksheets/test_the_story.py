"""The demo's worksheets: kept day by day through operations, in as many ways as people have."""

from __future__ import annotations

from datetime import date, timedelta

from tests.service.conftest import World
from tests.service.worksheets.conftest import moment

from unhurried.clinical.worksheets import summary
from unhurried.demo.service import worksheets
from unhurried.service.audit.models import Entry
from unhurried.service.audit.verifying import verify
from unhurried.service.patients.models import Episode
from unhurried.service.worksheets.models import Line, Worksheet

FIRST = date(2026, 9, 7)


def test_twenty_four_of_thirty_four_keep_one() -> None:
    assert sum(worksheets.keeps_one(number) for number in range(34)) == 24


def test_each_keeps_theirs_in_their_own_way(world: World) -> None:
    worker = world.member("project_worker")
    worker.starts = FIRST - timedelta(days=100)
    worker.save()
    for number in range(13):  # nine of whom keep one
        patient = world.enrolled(worker)
        Episode.objects.filter(patient=patient).update(enrolled_at=moment(FIRST, 9 + number % 3))
    worksheets.days(FIRST, FIRST + timedelta(days=24))
    sheets = list(Worksheet.objects.order_by("pk"))
    assert len(sheets) == sum(worksheets.keeps_one(number) for number in range(13))
    assert {each.kept for each in sheets} == {"telephone", "paper"}
    assert {each.days for each in sheets} == {7, 14}
    written = [_days(each) for each in sheets]
    assert sorted(written)[:2] == [4, 7]  # one with gaps
    enough = [summary(line.as_entry() for line in _lines(each)).enough for each in sheets]
    assert enough.count(True) >= len(sheets) // 2
    assert not all(enough)
    assert [each for each in sheets if each.what_i_make]
    assert [each for each in sheets if each.shared_at]
    lines = Line.objects.count()
    assert Entry.objects.filter(action="worksheets.line_added").count() < lines  # some from paper
    assert verify().problems == ()


def _lines(sheet: Worksheet) -> list[Line]:
    return list(sheet.lines.standing())


def _days(sheet: Worksheet) -> int:
    return len({line.day for line in _lines(sheet)})
