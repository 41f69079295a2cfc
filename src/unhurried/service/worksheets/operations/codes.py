"""The personal code: make it, stop it, and add a line with it, without signing in."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.db.models import QuerySet

from unhurried.service.audit import clock
from unhurried.service.audit.actor import Actor, system_actor
from unhurried.service.audit.operations import write
from unhurried.service.audit.refused import Refused
from unhurried.service.worksheets import rules
from unhurried.service.worksheets.codes import WORKSHEET
from unhurried.service.worksheets.models import Code, CodeAttempt, Line, Worksheet
from unhurried.service.worksheets.operations.lines import new_line
from unhurried.service.worksheets.operations.sheets import locked
from unhurried.service.worksheets.rules import Given

WITH_THE_CODE = "worksheet code"
NO_SUCH_CODE = (
    "That code does not work, or no longer. Please check it, or ask the person who gave it to you."
)
NOT_THAT_DAY = "That day is not one to write about here: choose another one."
TOO_MANY = "Please wait an hour before trying again, or ask the person who gave you the code."


def make_code(*, by: Actor, worksheet: Worksheet, key: str = "") -> Code:
    """A new code for the worksheet; an earlier one stops at once."""
    with write("worksheets.code_made", by=by, key=key, body=worksheet.pk) as doing:
        if doing.replay_of:
            return Code.objects.get(pk=doing.replay_of)
        current = locked(worksheet.pk)
        rules.check_may_write(current)
        if clock.today() > current.last_day + rules.CODE_WORKS_AFTER:
            raise Refused("The days of this worksheet are over: a code would not work any more.")
        _stop(by, current)
        code = Code(worksheet=current, made_at=clock.now(), made_by_id=by.user_id)
        code.hash = WORKSHEET.hash_of(WORKSHEET.code_for(code.uuid))
        code.save()
        doing.about(code, patient_id=current.patient_id)
    return code


def stop_code(*, by: Actor, worksheet: Worksheet, key: str = "") -> Worksheet:
    """The worksheet without a code: whoever has the old one can write nothing more."""
    with write("worksheets.code_stopped", by=by, key=key, body=worksheet.pk) as doing:
        current = locked(worksheet.pk)
        if doing.replay_of:
            return current
        _stop(by, current)
        doing.about(current, patient_id=current.patient_id)
    return current


def _stop(by: Actor, worksheet: Worksheet) -> None:
    worksheet.codes.filter(stopped_at=None).update(stopped_at=clock.now(), stopped_by_id=by.user_id)


def add_by_code(*, code: str, given: Given, sender: str, key: str = "") -> Line:
    """One more line, by whoever has the code. Nothing of the worksheet is told.

    Raises Refused, in the same words for a code that never was, was stopped or is over, and when
    too many codes that do not work came from one place.
    """
    found = _working(code, sender)
    by = system_actor(WITH_THE_CODE)
    body = (found.pk, given.plain)
    with write("worksheets.line_added", by=by, key=key, body=body) as doing:
        if doing.replay_of:
            return Line.objects.get(pk=doing.replay_of)
        sheet = locked(found.worksheet_id)
        # Stopping a code waits for the same lock: nothing is written after it was stopped.
        if not rules.code_works(_rows().get(pk=found.pk), clock.now(), clock.today()):
            raise Refused(NO_SUCH_CODE)
        if not sheet.starts <= given.day <= sheet.last_day:
            raise Refused(NOT_THAT_DAY)  # the days themselves are nobody's to learn
        rules.check_line(sheet, given, clock.today())
        rules.check_room(sheet)
        line = new_line(by, sheet, given, Line.How.CODE)
        doing.about(line, patient_id=sheet.patient_id, note=Line.How.CODE)
    return line


def _rows() -> QuerySet[Code]:
    return Code.objects.select_related("worksheet__patient", "worksheet__episode")


def _working(code: str, sender: str) -> Code:
    """The code's row. A code that does not work is counted and raises Refused.

    Too many from one place, and that place waits. Too many from everywhere, and no more are
    counted; whoever has a code that works still writes: there are too many codes to guess one.
    """
    now, hashed = clock.now(), WORKSHEET.hash_of_sender(sender)
    recent = CodeAttempt.objects.filter(at__gte=now - rules.ATTEMPT_WINDOW)
    if recent.filter(sender=hashed).count() >= rules.ATTEMPTS_PER_SENDER:
        raise Refused(TOO_MANY)
    found = _rows().filter(hash=WORKSHEET.hash_of(code)).first()
    if found is not None and rules.code_works(found, now, clock.today()):
        return found
    if recent.count() >= rules.ATTEMPTS_IN_ALL:
        raise Refused(TOO_MANY)
    with transaction.atomic():
        CodeAttempt.objects.filter(at__lt=now - timedelta(days=2)).delete()
        CodeAttempt.objects.create(sender=hashed, at=now)
    raise Refused(NO_SUCH_CODE)
