"""May this be planned, changed, logged as done? (TRN-1)"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta

from unhurried.service.audit.actor import Actor
from unhurried.service.audit.refused import Refused
from unhurried.service.patients.words import check_text
from unhurried.service.team.models import LearningPlan

AT_PRACTICE = frozenset({"gp", "practice_staff"})
FURTHEST = timedelta(days=366)


def check_may_plan(
    by: Actor, practice_id: int, served: Collection[int], title: str, by_day: date, today: date
) -> None:
    """Refuse anybody but the manager, and practices of others."""
    if by.role != "service_manager":
        raise Refused("The manager of the service plans learning.")
    if practice_id not in served:
        raise Refused("Choose a practice your service works with.")
    if not title.strip():
        raise Refused("Choose a page, or say what the event is.")
    check_text("The event", title, 200)
    if not today <= by_day <= today + FURTHEST:
        raise Refused("Choose a day from today on, within the next year.")


def check_may_change(by: Actor, plan: LearningPlan) -> None:
    """Refuse what others planned, and what was called off or done."""
    if by.role != "service_manager" or by.organisation_id != plan.provider_id:
        raise Refused("The manager who planned it changes it.")
    if plan.state != LearningPlan.State.PLANNED:
        raise Refused("This was called off: plan it anew.")
    if plan.done.exists():
        raise Refused("Somebody did this already, so it stays as it is.")


def check_may_log(
    by: Actor, plan: LearningPlan | None, title: str, minutes: int, day: date, will_change: str,
    today: date,
) -> None:  # fmt: skip
    """Refuse other roles, other practices' plans, and times nobody can mean."""
    if by.role not in AT_PRACTICE or by.organisation_id is None or by.membership_id is None:
        raise Refused("Those who work at a practice log what they learnt.")
    if plan is not None and plan.practice_id != by.organisation_id:
        raise Refused("This is planned for another practice.")
    if plan is not None and plan.state != LearningPlan.State.PLANNED:
        raise Refused("This was called off. Log the page or the event by itself.")
    if not title.strip():
        raise Refused("Say what it was.")
    check_text("What it was", title, 200)
    if not 1 <= minutes <= 720:
        raise Refused("Give from 1 minute to 12 hours.")
    if not today - FURTHEST <= day <= today:
        raise Refused("Choose a day of the last year, today at the latest.")
    check_text("What will change", will_change, 300)
