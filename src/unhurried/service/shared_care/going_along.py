"""Whoever a person is handed to finds what was asked of the team: nothing stays with who left."""

from __future__ import annotations

from django.db.models import Q

from unhurried.service.accounts.models import Membership
from unhurried.service.audit import clock
from unhurried.service.audit.actor import Actor
from unhurried.service.audit.operations import write
from unhurried.service.patients.handing_on import (
    episodes_covered,
    when_cover_ends,
    when_worker_changes,
)
from unhurried.service.patients.models import Cover, Episode
from unhurried.service.shared_care.models.messages import Side, Thread
from unhurried.service.shared_care.models.tasks import Task, TaskStep


@when_worker_changes
def tasks_go_along(
    episode: Episode, _before: Membership | None, now: Membership, by: Actor
) -> None:
    """Open tasks of the service are the team's again, for the new worker to take.

    The worker before may no longer see the person: what they had taken is given back.
    """
    Thread.objects.filter(patient_id=episode.patient_id).update(provider_id=episode.provider_id)
    rows = Task.objects.select_for_update(of=("self",)).filter(
        patient_id=episode.patient_id, closed_at=None
    )
    for task in rows.order_by("pk"):
        kept = (task.provider_id, task.meant_for_id, task.taken_by_id)
        task.provider_id = episode.provider_id
        if task.to == Side.PROVIDER:
            _give_back(task, now)
        if kept == (task.provider_id, task.meant_for_id, task.taken_by_id):
            continue
        with write("shared_care.task_went_along", by=by) as doing:
            task.version += 1
            task.save()
            TaskStep.objects.create(
                task=task, at=clock.now(), by_id=by.membership_id or now.pk,
                what=TaskStep.What.WORKER_CHANGED, member=now,
            )  # fmt: skip
            doing.about(task, patient_id=task.patient_id, note="another project worker")


def _give_back(task: Task, now: Membership) -> None:
    if task.meant_for_id is not None:
        task.meant_for = now
    if task.taken_by_id not in {None, now.pk}:
        task.taken_by, task.state = None, Task.State.OPEN


@when_cover_ends
def tasks_come_back(cover: Cover, by: Actor) -> None:
    """What who covered had taken is the team's again from today: they can no longer open it.

    Cover that ends on a later day leaves it with them until then.
    """
    if cover.ends > max(clock.today(), cover.starts):
        return
    held = Q(taken_by=cover.covering_id) | Q(meant_for=cover.covering_id)
    rows = Task.objects.select_for_update(of=("self",)).filter(
        held, patient__in=episodes_covered(cover).values("patient_id"), to=Side.PROVIDER,
        closed_at=None,
    )  # fmt: skip
    for task in rows.order_by("pk"):
        with write("shared_care.task_came_back", by=by) as doing:
            if task.taken_by_id == cover.covering_id:
                task.taken_by, task.state = None, Task.State.OPEN
            if task.meant_for_id == cover.covering_id:
                task.meant_for = cover.worker
            task.version += 1
            task.save()
            TaskStep.objects.create(
                task=task, at=clock.now(), by_id=by.membership_id or cover.worker_id,
                what=TaskStep.What.PUT_BACK, words="Cover ended.",
            )  # fmt: skip
            doing.about(task, patient_id=task.patient_id, note="cover ended")
