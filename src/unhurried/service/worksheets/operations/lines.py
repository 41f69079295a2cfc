"""Writing lines: add one, correct one, take one out, type in a week from paper (SAW-1)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from unhurried.service.audit import clock
from unhurried.service.audit.actor import Actor
from unhurried.service.audit.operations import write
from unhurried.service.audit.refused import Refused
from unhurried.service.patients.conflict import ChangedMeanwhile
from unhurried.service.worksheets import rules
from unhurried.service.worksheets.models import Line, Worksheet
from unhurried.service.worksheets.operations.sheets import check_version, locked
from unhurried.service.worksheets.rules import Given


def add_line(
    *, by: Actor, worksheet: Worksheet, given: Given, how: str = Line.How.TELEPHONE, key: str = ""
) -> Line:
    """One more line, for today or an earlier day of the worksheet."""
    body = (worksheet.pk, given.plain, how)
    with write("worksheets.line_added", by=by, key=key, body=body) as doing:
        if doing.replay_of:
            return Line.objects.get(pk=doing.replay_of)
        current = locked(worksheet.pk)
        rules.check_may_write(current)
        rules.check_line(current, given, clock.today())
        rules.check_room(current)
        line = new_line(by, current, given, how)
        doing.about(line, patient_id=current.patient_id, note=how)
    return line


def new_line(
    by: Actor, worksheet: Worksheet, given: Given, how: str, corrects: Line | None = None
) -> Line:
    """A checked line, saved; within a write."""
    return Line.objects.create(
        worksheet=worksheet, day=given.day, time=given.time, taken=given.taken,
        product=given.product, amount=given.amount, reasons=list(given.reasons), pain=given.pain,
        stress=given.stress, sleep=given.sleep, happening=given.happening, how=how,
        written_at=clock.now(), written_by_id=by.user_id, corrects=corrects,
    )  # fmt: skip


def correct_line(*, by: Actor, line: Line, given: Given, key: str = "") -> Line:
    """The line that stands instead; the old one is kept.

    Raises ChangedMeanwhile when it was corrected or taken out since.
    """
    with write("worksheets.line_corrected", by=by, key=key, body=(line.pk, given.plain)) as doing:
        if doing.replay_of:
            return Line.objects.get(pk=doing.replay_of)
        sheet = locked(line.worksheet_id)
        old = _standing(line)
        rules.check_may_write(sheet)
        rules.check_line(sheet, given, clock.today())
        if rules.given_of(old) == given:
            raise Refused("Nothing is changed yet.")
        new = new_line(by, sheet, given, old.how, corrects=old)
        _grid_changed(sheet, old)
        doing.about(new, patient_id=sheet.patient_id)
    return new


def _standing(line: Line) -> Line:
    """The line as saved, locked. Raises ChangedMeanwhile when it stands no longer."""
    old = Line.objects.select_for_update(of=("self",)).get(pk=line.pk)
    newer = Line.objects.filter(corrects=old).first()
    while newer is not None:
        old, newer = newer, Line.objects.filter(corrects=newer).first()
    if old.pk != line.pk or old.taken_out_at is not None:
        raise ChangedMeanwhile(old)
    return old


def _grid_changed(sheet: Worksheet, line: Line) -> None:
    """A grid opened before this says something else: saving it must not undo what was done."""
    if line.how == Line.How.PAPER:
        sheet.version += 1
        sheet.save(update_fields=["version"])


def take_out_line(*, by: Actor, line: Line, key: str = "") -> Line:
    """The line, no longer counted or shown; the row is kept."""
    with write("worksheets.line_taken_out", by=by, key=key, body=line.pk) as doing:
        if doing.replay_of:
            return Line.objects.get(pk=doing.replay_of)
        sheet = locked(line.worksheet_id)
        old = _standing(line)
        rules.check_may_write(sheet)
        old.taken_out_at, old.taken_out_by_id = clock.now(), by.user_id
        old.save(update_fields=["taken_out_at", "taken_out_by"])
        _grid_changed(sheet, old)
        doing.about(old, patient_id=sheet.patient_id)
    return old


def transcribe(
    *, by: Actor, worksheet: Worksheet, week: Sequence[Given], version: int, key: str = ""
) -> Worksheet:
    """The worksheet with a week as it stands on paper: each (day, time) of `week` says this now.

    A place that said something else before is corrected, an emptied one taken out, one that is
    empty and was so stays so. Lines not from paper are left alone.
    """
    body = (worksheet.pk, [given.plain for given in week], version)
    with write("worksheets.week_transcribed", by=by, key=key, body=body) as doing:
        current = locked(worksheet.pk)
        if doing.replay_of:
            return current
        check_version(current, version)
        rules.check_may_write(current)
        written = [given for given in week if not given.empty]
        for given in written:
            rules.check_line(current, given, clock.today())
        rules.check_room(current, len(written))
        _put_in_place(by, current, week)
        current.version += 1
        current.save()
        doing.about(current, patient_id=current.patient_id, note=f"{len(written)} lines")
    return current


def _put_in_place(by: Actor, worksheet: Worksheet, week: Iterable[Given]) -> None:
    there = {(line.day, line.time): line for line in from_paper(worksheet)}
    for given in week:
        old = there.get((given.day, given.time))
        if old is None:
            if not given.empty:
                new_line(by, worksheet, given, Line.How.PAPER)
        elif given.empty:
            old.taken_out_at, old.taken_out_by_id = clock.now(), by.user_id
            old.save(update_fields=["taken_out_at", "taken_out_by"])
        elif rules.given_of(old) != given:
            new_line(by, worksheet, given, Line.How.PAPER, corrects=old)


def from_paper(worksheet: Worksheet) -> list[Line]:
    """The standing lines that came from paper, in the order they were written."""
    return list(worksheet.lines.standing().filter(how=Line.How.PAPER).order_by("pk"))
