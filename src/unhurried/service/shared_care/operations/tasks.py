"""Writing tasks: ask, take, give back, answer, plan anew, pass on (COM-1, COM-2)."""

from __future__ import annotations

from datetime import date
from typing import Any

from unhurried.service.accounts.models import Membership
from unhurried.service.audit import clock
from unhurried.service.audit.actor import Actor
from unhurried.service.audit.operations import write
from unhurried.service.patients.conflict import ChangedMeanwhile
from unhurried.service.patients.models import Patient
from unhurried.service.shared_care.models.tasks import Task, TaskStep
from unhurried.service.shared_care.operations.answers import answer_of_task
from unhurried.service.shared_care.operations.keeping import check_keeps
from unhurried.service.shared_care.rules import tasks as rules
from unhurried.service.shared_care.task_kinds import task_kinds, usual_due
from unhurried.service.shared_care.times import (
    at_hour,
    passed_on_after,
)

State, What = Task.State, TaskStep.What


def ask(  # noqa: PLR0913 - what is asked, of whom, by when
    *, by: Actor, patient: Patient, to: str, kind: str, sentence: str, person_knows: str,
    words: str = "", due: date | None = None, meant_for: Membership | None = None, key: str = "",
) -> Task:  # fmt: skip
    """The task, in the inbox of the team asked: `to` is "practice" or "provider".

    `kind` is a code of task_kinds.csv, which says the usual time when `due` is left out;
    `person_knows` is one of Task.Knows: agrees, knows, rather_not, not_yet. `by` may be of
    neither team (a specialist at a review meeting).
    """
    body = (patient.pk, to, kind, sentence, person_knows, words, due, meant_for and meant_for.pk)
    with write("shared_care.task_asked", by=by, key=key, body=body) as doing:
        if doing.replay_of:
            return Task.objects.get(pk=doing.replay_of)
        now = clock.now()
        rules.check_ask(
            by, patient, to=to, kind=kind, sentence=sentence, words=words,
            person_knows=person_knows, now=now,
        )  # fmt: skip
        check_keeps(by, patient, {"What is asked": sentence, "More words": words})
        episode = rules.episode_of(patient)
        day = due or usual_due(kind, now)
        rules.check_due(day, kind, now)
        rules.check_member(meant_for, to, patient, clock.today())
        task = Task(
            patient=patient, practice_id=patient.practice_id, provider_id=episode.provider_id,
            asked_by_id=by.membership_id or 0, to=to, meant_for=meant_for, kind=kind,
            sentence=sentence.strip(), words=words.strip(), person_knows=person_knows,
            opened_at=now,
        )  # fmt: skip
        _due_on(task, day)
        task.save()
        _step(by, task, What.ASKED, member=meant_for)
        doing.about(task, patient_id=patient.pk, note=f"of {to}")
    return task


def take(*, by: Actor, task: Task, version: int, key: str = "") -> Task:
    """The task, now with `by`; whoever of the team had it sees that it was taken over."""
    body = (task.pk, version)
    with write("shared_care.task_taken", by=by, key=key, body=body) as doing:
        current = _locked(task)
        if doing.replay_of:
            return current
        _check_version(current, version)
        rules.check_may_take(by, current)
        before, current.taken_by_id = current.taken_by, by.membership_id
        current.state = State.TAKEN
        _save(current)
        _step(by, current, What.TAKEN, member=before)
        note = "taken over" if before else ""
        doing.about(current, patient_id=current.patient_id, note=note)
    return current


def put_back(*, by: Actor, task: Task, version: int, key: str = "") -> Task:
    """The task, given back to the team by whoever had it."""
    with write("shared_care.task_put_back", by=by, key=key, body=(task.pk, version)) as doing:
        current = _locked(task)
        if doing.replay_of:
            return current
        _check_version(current, version)
        rules.check_may_put_back(by, current)
        current.taken_by, current.state = None, State.OPEN
        _save(current)
        _step(by, current, What.PUT_BACK)
        doing.about(current, patient_id=current.patient_id)
    return current


def finish(*, by: Actor, task: Task, version: int, outcome: str = "", key: str = "") -> Task:
    """The task, done, with a line on what was done where there is one to say."""
    return _end(by, task, State.DONE, version, outcome, key)


def decline(*, by: Actor, task: Task, version: int, outcome: str, key: str = "") -> Task:
    """The task, not possible, with the reason for the team that asked."""
    return _end(by, task, State.DECLINED, version, outcome, key)


def withdraw(*, by: Actor, task: Task, version: int, outcome: str = "", key: str = "") -> Task:
    """The task, no longer needed, as the team that asked says."""
    return _end(by, task, State.WITHDRAWN, version, outcome, key)


def _end(by: Actor, task: Task, state: str, version: int, outcome: str, key: str) -> Task:
    body = (task.pk, version, outcome)
    with write(f"shared_care.task_{state}", by=by, key=key, body=body) as doing:
        current = _locked(task)
        if doing.replay_of:
            return current
        _check_version(current, version)
        rules.check_may_end(by, current, state, outcome, clock.now())
        check_keeps(by, current.patient, {"What you wrote": outcome})
        current.state, current.outcome = state, outcome.strip()
        current.closed_by_id, current.closed_at = by.membership_id, clock.now()
        _save(current)
        _step(by, current, What(state), words=outcome)
        if state != State.WITHDRAWN:
            answer_of_task(current)
        doing.about(current, patient_id=current.patient_id, note=state)
    return current


def plan_task(
    *, by: Actor, task: Task, due: date, version: int, meant_for: Membership | None = None,
    reason: str = "", key: str = "",
) -> Task:  # fmt: skip
    """The task, due another day for a reason, or meant for somebody else of the team asked.

    Its clock begins anew with another day. Raises ChangedMeanwhile.
    """
    body = (task.pk, due, version, meant_for and meant_for.pk, reason)
    with write("shared_care.task_planned", by=by, key=key, body=body) as doing:
        current = _locked(task)
        if doing.replay_of:
            return current
        _check_version(current, version)
        moved = due != current.due
        rules.check_may_plan(by, current, reason, clock.now(), moved=moved)
        check_keeps(by, current.patient, {"Why": reason})
        if moved:
            rules.check_due(due, current.kind, clock.now())
            _step(by, current, What.DUE, words=reason, due_before=current.due)
            _due_on(current, due)
        if meant_for != current.meant_for:
            rules.check_member(meant_for, current.to, current.patient, clock.today())
            _step(by, current, What.MEANT_FOR, words="" if moved else reason, member=meant_for)
            current.meant_for = meant_for
        _save(current)
        doing.about(current, patient_id=current.patient_id, note="another day" if moved else "")
    return current


def pass_on(
    *, by: Actor, task: Task, member: Membership | None, version: int, key: str = ""
) -> Task:
    """The task, meant for a named GP of the practice: what reception can do without its words."""
    body = (task.pk, member and member.pk, version)
    with write("shared_care.task_passed_on", by=by, key=key, body=body) as doing:
        current = _locked(task)
        if doing.replay_of:
            return current
        _check_version(current, version)
        rules.check_may_pass_on(by, current, member)
        rules.check_member(member, current.to, current.patient, clock.today())
        current.meant_for = member
        _save(current)
        _step(by, current, What.MEANT_FOR, member=member)
        doing.about(current, patient_id=current.patient_id)
    return current


def _due_on(task: Task, day: date) -> None:
    """Set the day, and from when the task is late and passed on; an earlier reminder counts no
    more."""
    task.due = day
    task.late_from = at_hour(day, task_kinds()[task.kind].by)
    task.passed_on_from = passed_on_after("task", task.late_from)
    task.reminded = ""


def _step(by: Actor, task: Task, what: TaskStep.What, **more: Any) -> None:
    more["words"] = more.get("words", "").strip()
    TaskStep.objects.create(
        task=task, at=clock.now(), by_id=by.membership_id or 0, what=what, **more
    )


def _save(task: Task) -> None:
    task.version += 1
    task.save()


def _check_version(task: Task, version: int) -> None:
    if task.version != version:
        raise ChangedMeanwhile(task)


def _locked(task: Task) -> Task:
    rows = Task.objects.select_related(
        "patient", "asked_by", "taken_by__user", "meant_for__user"
    ).select_for_update(of=("self",))
    return rows.get(pk=task.pk)
