"""Writing learning: planned for a practice, called off, done (TRN-1)."""

from __future__ import annotations

from datetime import date

from unhurried.service.accounts.models import Organisation
from unhurried.service.accounts.queries import practices_of
from unhurried.service.audit import clock
from unhurried.service.audit.actor import Actor
from unhurried.service.audit.operations import write
from unhurried.service.patients.conflict import ChangedMeanwhile
from unhurried.service.team.learning_pages import learning_page
from unhurried.service.team.models import LearningDone, LearningPlan
from unhurried.service.team.rules import learning as rules


def _title(code: str, title: str) -> str:
    """A page's own title, or what was typed for an event."""
    found = learning_page(code) if code else None
    return found.title if found else title.strip()


def plan_learning(
    *, by: Actor, practice: Organisation, by_day: date, code: str = "", title: str = "",
    key: str = "",
) -> LearningPlan:  # fmt: skip
    """A page (`code`) or an event (`title`) for a practice, by a day."""
    body = (practice.pk, by_day, code, title)
    with write("team.learning_planned", by=by, key=key, body=body) as doing:
        if doing.replay_of:
            return LearningPlan.objects.get(pk=doing.replay_of)
        called = _title(code, title)
        served = set(practices_of(by.organisation_id or 0).values_list("pk", flat=True))
        rules.check_may_plan(by, practice.pk, served, called, by_day, clock.today())
        made = LearningPlan.objects.create(
            provider_id=by.organisation_id or 0, practice=practice, title=called, by_day=by_day,
            code=code if learning_page(code) else "", planned_by_id=by.membership_id or 0,
            planned_at=clock.now(),
        )  # fmt: skip
        doing.about(made)
    return made


def change_plan(
    *, by: Actor, plan: LearningPlan, by_day: date | None, version: int, key: str = ""
) -> LearningPlan:
    """Another day; or, with None, called off."""
    with write("team.learning_changed", by=by, key=key, body=(plan.pk, by_day, version)) as doing:
        if doing.replay_of:
            return LearningPlan.objects.get(pk=doing.replay_of)
        found = LearningPlan.objects.select_for_update(of=("self",)).get(pk=plan.pk)
        if found.version != version:
            raise ChangedMeanwhile(found)
        rules.check_may_change(by, found)
        if by_day is None:
            found.state = LearningPlan.State.CALLED_OFF
        else:
            rules.check_may_plan(
                by, found.practice_id, {found.practice_id}, found.title, by_day, clock.today()
            )
            found.by_day = by_day
        found.version += 1
        found.save()
        doing.about(found, note=found.state)
    return found


def log_learning(
    *, by: Actor, minutes: int, day: date, plan: LearningPlan | None = None, code: str = "",
    title: str = "", will_change: str = "", key: str = "",
) -> LearningDone:  # fmt: skip
    """Something the actor read or took part in, and in one line what will change."""
    body = (minutes, day, plan and plan.pk, code, title, will_change)
    with write("team.learning_done", by=by, key=key, body=body) as doing:
        if doing.replay_of:
            return LearningDone.objects.get(pk=doing.replay_of)
        if plan is not None:
            plan = LearningPlan.objects.select_for_update(of=("self",)).get(pk=plan.pk)
            code, title = plan.code, plan.title
        called = _title(code, title)
        rules.check_may_log(by, plan, called, minutes, day, will_change, clock.today())
        made = LearningDone.objects.create(
            plan=plan, who_id=by.membership_id or 0, practice_id=by.organisation_id or 0,
            code=code if learning_page(code) else "", title=called, minutes=minutes, day=day,
            will_change=will_change.strip(), logged_at=clock.now(),
        )  # fmt: skip
        doing.about(made)
    return made
