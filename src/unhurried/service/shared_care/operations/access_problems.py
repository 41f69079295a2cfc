"""Writing access problems: reported, looked at, put right, opened again (COM-4)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from unhurried.service.audit import clock
from unhurried.service.audit.actor import Actor
from unhurried.service.audit.operations import write
from unhurried.service.patients.conflict import ChangedMeanwhile
from unhurried.service.patients.models import Patient
from unhurried.service.shared_care.models import AccessProblem, AccessProblemStep
from unhurried.service.shared_care.rules import access_problems as rules
from unhurried.service.shared_care.times import (
    start,
)

CLOCK = "access_problem"
State, What = AccessProblem.State, AccessProblemStep.What


def report_problem(
    *, by: Actor, patient: Patient, report: rules.Report, key: str = ""
) -> AccessProblem:
    """The problem, as the person or somebody for them tells it; the practice answers for it."""
    body = (patient.pk, report)
    with write("shared_care.access_problem_reported", by=by, key=key, body=body) as doing:
        if doing.replay_of:
            return AccessProblem.objects.get(pk=doing.replay_of)
        rules.check_report(by, patient, report, clock.today())
        made = AccessProblem(
            patient=patient, practice_id=patient.practice_id,
            provider_id=rules.episode_of(patient).provider_id, kind=report.kind, on=report.on,
            words=report.words.strip(), reported_by_id=by.user_id or 0,
            reported_at=clock.now(), own_report=by.user_id == patient.user_id,
        )  # fmt: skip
        start(made, CLOCK, clock.now())
        made.save()
        doing.about(made, patient_id=patient.pk, note=report.kind)
    return made


@contextmanager
def _change(
    action: str, by: Actor, problem: AccessProblem, body: tuple[object, ...], version: int, key: str
) -> Iterator[tuple[AccessProblem, bool]]:
    """The problem as saved, locked, and whether this was done before; saved at the end."""
    with write(action, by=by, key=key, body=(problem.pk, *body)) as doing:
        rows = AccessProblem.objects.select_related("patient", "looking__user")
        current = rows.select_for_update(of=("self",)).get(pk=problem.pk)
        if doing.replay_of:
            yield current, True
            return
        if current.version != version:
            raise ChangedMeanwhile(current)
        yield current, False
        current.version += 1
        current.save()
        doing.about(current, patient_id=current.patient_id, note=current.state)


def _step(by: Actor, problem: AccessProblem, what: str, text: str = "", told_how: str = "") -> None:
    AccessProblemStep.objects.create(
        problem=problem, what=what, by_id=by.user_id or 0, at=clock.now(), text=text.strip(),
        told_how=told_how.strip(),
    )  # fmt: skip


def look_at(*, by: Actor, problem: AccessProblem, version: int, key: str = "") -> AccessProblem:
    """The problem, looked at by `by`; a colleague may take it over."""
    action = "shared_care.access_problem_looked_at"
    with _change(action, by, problem, (version,), version, key) as (current, done_before):
        if not done_before:
            rules.check_may_look(by, current)
            current.state, current.looking_id = State.LOOKED_AT, by.membership_id
            _step(by, current, What.LOOKED_AT)
    return current


def put_right(
    *, by: Actor, problem: AccessProblem, done: str, told_how: str, version: int, key: str = ""
) -> AccessProblem:
    """The problem, put right: what was done, and how the person was told."""
    action, body = "shared_care.access_problem_put_right", (done, told_how, version)
    with _change(action, by, problem, body, version, key) as (current, done_before):
        if not done_before:
            rules.check_put_right(by, current, done, told_how)
            current.state, current.closed_at = State.PUT_RIGHT, clock.now()
            current.looking_id = current.looking_id or by.membership_id
            _step(by, current, What.PUT_RIGHT, done, told_how)
    return current


def reopen(
    *, by: Actor, problem: AccessProblem, version: int, text: str = "", key: str = ""
) -> AccessProblem:
    """The problem, open again since the person says that it was not put right; a new clock."""
    action, body = "shared_care.access_problem_reopened", (text, version)
    with _change(action, by, problem, body, version, key) as (current, done_before):
        if not done_before:
            rules.check_may_reopen(current, text)
            current.state, current.looking_id, current.closed_at = State.OPEN, None, None
            current.reminded = ""
            start(current, CLOCK, clock.now())
            _step(by, current, What.REOPENED, text)
    return current
