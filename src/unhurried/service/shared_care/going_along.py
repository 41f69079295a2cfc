"""Whoever a person is handed to finds what was asked of the team: nothing stays with who left."""

from __future__ import annotations

from unhurried.service.accounts.models import Membership
from unhurried.service.audit import clock
from unhurried.service.audit.actor import Actor
from unhurried.service.audit.operations import write
from unhurried.service.patients.handing_on import when_worker_changes
from unhurried.service.patients.models import Episode
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
