"""The kinds of things worker and practice ask of each other, with their usual time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cache

from django.utils import timezone

from unhurried.service.audit.working_days import working_days_after
from unhurried.service.shared_care.models.messages import Side
from unhurried.service.tables import rows

SIDES = {
    "gp": Side.PRACTICE, "practice_staff": Side.PRACTICE, "project_worker": Side.PROVIDER,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class TaskKind:
    """A row of task_kinds.csv; `by` is the hour of the due day from which it is late."""

    code: str
    name: str
    hint: str
    working_days: int
    by: time
    source: str
    version: str
    sign_off: str


@cache
def task_kinds() -> dict[str, TaskKind]:
    """Every kind by its code, in the order offered."""
    return {
        row["code"]: TaskKind(
            code=row["code"], name=row["name"], hint=row["hint"],
            working_days=int(row["working_days"]), by=time.fromisoformat(row["by"]),
            source=row["source"], version=row["version"], sign_off=row["sign_off"],
        )
        for row in rows("unhurried.service.shared_care", "data/task_kinds.csv")
    }  # fmt: skip


def usual_due(kind: str, now: datetime) -> date:
    """The day something of this kind asked now is due when nobody chose one."""
    return working_days_after(timezone.localdate(now), task_kinds()[kind].working_days)


def side_of(role: str) -> str:
    """The team somebody in this role belongs to; "" for those who are of neither."""
    return SIDES.get(role, "")


def other_side(side: str) -> str:
    """The team that is asked, as seen from the one that asks."""
    return Side.PROVIDER if side == Side.PRACTICE else Side.PRACTICE
