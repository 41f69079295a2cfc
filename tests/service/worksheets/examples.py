"""An example of every thing that stands in an address of `worksheets` (see access/examples.py)."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone
from tests.service.access.story import Example, Factory, Story, of_patient
from tests.service.conftest import actor_for

from unhurried.service.worksheets import operations
from unhurried.service.worksheets.models import Line, Worksheet
from unhurried.service.worksheets.rules import Given


def sheet_of(story: Story) -> Worksheet:
    """The patient's worksheet, begun three days ago."""
    found = Worksheet.objects.filter(patient=story.patient).first()
    return found or operations.start_worksheet(
        by=actor_for(story.worker), patient=story.patient,
        starts=timezone.localdate() - timedelta(days=3),
    )  # fmt: skip


def line_of(story: Story) -> Line:
    """A line on it."""
    sheet = sheet_of(story)
    found = sheet.lines.standing().first()
    return found or operations.add_line(
        by=actor_for(story.worker), worksheet=sheet,
        given=Given(sheet.starts, time="evening", taken="extra", stress=8, pain=5),
    )  # fmt: skip


def _of_sheet(story: Story) -> Example:
    kwargs = {"uuid": story.patient.uuid, "sheet": sheet_of(story).uuid}
    return Example(kwargs, story.worker, patient=story.patient)


def _of_line(story: Story) -> Example:
    line = line_of(story)
    kwargs = {"uuid": story.patient.uuid, "sheet": line.worksheet.uuid, "line": line.uuid}
    return Example(kwargs, story.worker, patient=story.patient)


EXAMPLES: dict[str, Factory] = {
    "worksheets:of_person": of_patient("worker"),
    "worksheets:start": of_patient("worker"),
    "worksheets:shared": of_patient("gp", shared=True),
    "worksheets:correct": _of_line,
    **{
        f"worksheets:{name}": _of_sheet
        for name in (
            "one", "add", "days", "week", "pattern", "pattern_pdf", "share", "sheet_pdf", "code",
        )
    },
}  # fmt: skip
