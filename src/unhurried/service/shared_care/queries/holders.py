"""Who has a task, and whether they can still act on it: what to say behind their name (COM-1).

Somebody has left, is away, or may not open the person's record any more: the person moved to
another practice, asked that they do not look, or their cover is over. Why is not said.
"""

from __future__ import annotations

from collections.abc import Iterable

from unhurried.service.accounts.models import Membership
from unhurried.service.audit import clock
from unhurried.service.patients.models import Cover, Episode, Restriction
from unhurried.service.shared_care.models.messages import Side
from unhurried.service.shared_care.models.tasks import Task

GONE = ", who no longer works here"
CANNOT = ", who cannot open it now: somebody else can take it"

Away = dict[tuple[int, int], str]  # person and member: words


def away_words(tasks: Iterable[Task]) -> Away:
    """What to add to the names of those who have these tasks, or for whom they are meant.

    As many queries for many tasks as for one.
    """
    held = {
        (task.patient_id, each.pk): (task, each)
        for task in tasks for each in (task.taken_by, task.meant_for) if each is not None
    }  # fmt: skip
    if not held:
        return {}
    people = {task.patient_id for task, _ in held.values()}
    named = _named_workers(people)
    members = {each.pk for _, each in held.values()}
    covers = list(_covers(members | {worker for _, worker in named}))
    open_to = named | {
        (patient, cover.covering_id)
        for patient, worker in named for cover in covers if cover.worker_id == worker
    }  # fmt: skip
    shut_out = set(
        Restriction.objects.filter(patient__in=people, ended_at=None).values_list(
            "patient_id", "user_id"
        )
    )
    covered: dict[int, str] = {}
    for cover in covers:
        words = f", who is away: {cover.covering.user.full_name} covers"
        covered.setdefault(cover.worker_id, words)
    found = {}
    for key, (task, member) in held.items():
        if _is_gone(member):
            found[key] = GONE
        elif task.closed_at is None and not _can_open(task, member, open_to, shut_out):
            found[key] = CANNOT
        elif member.pk in covered:
            found[key] = covered[member.pk]
    return found


def _named_workers(people: set[int]) -> set[tuple[int, int]]:
    rows = Episode.objects.filter(patient__in=people).exclude(state=Episode.State.ENDED)
    return {
        (patient, worker)
        for patient, worker in rows.values_list("patient_id", "project_worker_id")
        if worker is not None
    }


def _covers(workers: set[int]) -> Iterable[Cover]:
    today = clock.today()
    rows = Cover.objects.filter(worker__in=workers, starts__lte=today, ends__gt=today)
    return rows.select_related("covering__user").order_by("pk")


def _is_gone(member: Membership) -> bool:
    ended = member.ends is not None and member.ends <= clock.today()
    return ended or not member.user.is_active


def _can_open(
    task: Task, member: Membership, open_to: set[tuple[int, int]], shut_out: set[tuple[int, int]]
) -> bool:
    if (task.patient_id, member.user_id) in shut_out:
        return False
    if task.to == Side.PRACTICE:
        return member.organisation_id == task.patient.practice_id
    return (task.patient_id, member.pk) in open_to
