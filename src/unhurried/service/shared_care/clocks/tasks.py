"""The clocks of tasks and messages: what waits, for whom, and who is written to when it is late."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import cast

from django.db.models import QuerySet
from django.urls import reverse

from unhurried.service.audit.actor import Actor
from unhurried.service.patients.models import Patient
from unhurried.service.patients.queries import open_episode_of, those_with_a_service
from unhurried.service.shared_care import telling
from unhurried.service.shared_care.going_along import tasks_go_along  # noqa: F401 - made known
from unhurried.service.shared_care.models.messages import Side, ThreadMessage
from unhurried.service.shared_care.models.tasks import Task
from unhurried.service.shared_care.models.waiting import Waiting
from unhurried.service.shared_care.queries.holders import away_words
from unhurried.service.shared_care.queries.messages import unread
from unhurried.service.shared_care.queries.tasks import (
    tasks_seen,
    team_of,
    who_has,
    with_side,
)
from unhurried.service.shared_care.task_kinds import other_side, side_of
from unhurried.service.shared_care.times import (
    PASSED_ON,
)
from unhurried.service.shared_care.waits import (
    Keeper,
    Told,
    Waits,
    keeps,
    phone_of,
)

NAMES = {Side.PRACTICE: "the practice", Side.PROVIDER: "the pain service"}


def open_tasks() -> QuerySet[Waiting]:
    """Tasks that are not over."""
    rows = Task.objects.filter(closed_at=None)
    return cast("QuerySet[Waiting]", rows)


def unread_messages() -> QuerySet[Waiting]:
    """Messages nobody of the other side has read."""
    rows = ThreadMessage.objects.filter(closed_at=None)
    return cast("QuerySet[Waiting]", rows)


def _tasks_seen_by(actor: Actor) -> Iterator[Waits]:
    rows, side = tasks_seen(actor).filter(closed_at=None), side_of(actor.role)
    found = list(rows.filter(with_side(side)) if side else rows)
    away, here = away_words(found), those_with_a_service(each.patient_id for each in found)
    for task in found:
        ours = task.patient_id in here and task.to == Side.PROVIDER
        asked = task.provider if ours else task.patient.practice
        owner = asked.name
        if task.taken_by is not None:
            owner += f"; {who_has(task, away).replace('With', 'with', 1)}"
        yield Waits(
            kind="task", uuid=task.uuid, what=f"Task for {NAMES[Side(task.to)]}",
            person=str(task.patient), owner=owner, next_step=_next_step(task, actor),
            since=task.opened_at, late_from=task.late_from, passed_on_from=task.passed_on_from,
            href=_page_of(task, actor), patient_id=task.patient_id, phone=phone_of(actor, asked),
        )  # fmt: skip


def _page_of(task: Task, actor: Actor) -> str:
    if actor.role == "practice_staff":
        return reverse("shared_care:pass_on", args=[task.uuid])
    if not side_of(actor.role):
        return ""
    return reverse("shared_care:task", args=[task.patient.uuid, task.uuid])


def _next_step(task: Task, actor: Actor) -> str:
    if actor.role == "practice_staff":
        return "Pass it to a GP who is here"
    if side_of(actor.role) != task.to and side_of(actor.role):
        return "Nobody there has the person now: say that it is no longer needed"
    if side_of(actor.role):
        return "Answer it, or take it"
    return f"Ring {team_of(task)} and ask who can take it"


def _messages_seen_by(actor: Actor) -> Iterator[Waits]:
    found = list(unread(actor))
    here = those_with_a_service(each.patient_id for each in found)
    for row in found:
        to = Side(other_side(row.side)) if row.patient_id in here else Side.PRACTICE
        asked = row.patient.practice if to == Side.PRACTICE else row.thread.provider
        owner = asked.name
        reads = side_of(actor.role) and actor.role != "practice_staff"
        yield Waits(
            kind="message", uuid=row.uuid, what=f"Message for {NAMES[to]}",
            person=str(row.patient), owner=owner,
            next_step="Read it" if reads else f"Ask {owner} who can read it",
            since=row.opened_at, late_from=row.late_from, passed_on_from=row.passed_on_from,
            href=reverse("shared_care:thread", args=[row.patient.uuid, row.thread.uuid])
            if reads else "",
            patient_id=row.patient_id, phone=phone_of(actor, asked),
        )  # fmt: skip


def _tells_of_task(thing: Waiting, stage: str) -> Iterable[Told]:
    task = Task.objects.select_related("patient__practice").get(pk=thing.pk)
    return told_team(task.patient, task.to, stage)


def _tells_of_message(thing: Waiting, stage: str) -> Iterable[Told]:
    row = ThreadMessage.objects.select_related("patient__practice").get(pk=thing.pk)
    return told_team(row.patient, other_side(row.side), stage)


def told_team(patient: Patient, to: str, stage: str) -> Iterable[Told]:
    """Late: the team it waits for. Passed on: the managers of the service the person is with now.
    With none it is with the practice, and nobody else may open it."""
    episode = open_episode_of(patient)
    if episode is None:
        return telling.practice_of(patient)
    if stage == PASSED_ON:
        return telling.managers_of(episode.provider_id)
    if to == Side.PRACTICE:
        return telling.practice_of(patient)
    return telling.workers_of(patient, episode.provider_id)


keeps(Keeper("task", "Task", open_tasks, _tasks_seen_by, _tells_of_task))
keeps(Keeper("message", "Message", unread_messages, _messages_seen_by, _tells_of_message))
