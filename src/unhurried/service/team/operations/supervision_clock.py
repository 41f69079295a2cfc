"""Keeping each worker's clock of supervision: after every write about it, and every day.

A row for each worker, not a query: what is late is reminded of once a stage, and the list of what
waits asks one question however many workers there are.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Exists, Max, OuterRef, Q
from django.utils import timezone

from unhurried.service.accounts.models import Membership
from unhurried.service.audit import clock
from unhurried.service.audit.actor import Actor
from unhurried.service.audit.operations import write
from unhurried.service.shared_care.times import (
    passed_on_after,
)
from unhurried.service.team.models import SupervisionClock, SupervisionMeeting
from unhurried.service.team.rules.supervision import late_from
from unhurried.service.team.tables import supervision_times

State = SupervisionMeeting.State
FIELDS = ["opened_at", "late_from", "passed_on_from", "reminded", "closed_at"]


def keep_time(worker: Membership) -> SupervisionClock:
    """The worker's clock worked out anew and saved; inside the caller's write."""
    rows = SupervisionClock.objects.select_for_update(of=("self",))
    kept = rows.filter(worker=worker).first() or SupervisionClock(
        worker=worker, opened_at=clock.now(), version=0
    )
    mine = SupervisionMeeting.objects.filter(worker=worker)
    held = mine.filter(state=State.HELD).aggregate(last=Max("starts_at"))["last"]
    _set(kept, held, planned=mine.filter(_planned()).exists(), here=_is_here(worker))
    kept.save()
    return kept


def _planned() -> Q:
    """To come, or so lately that nobody had time to say how it was."""
    lately = clock.now() - timedelta(days=supervision_times()["say_within_days"])
    return Q(state=State.PLANNED, starts_at__gte=lately)


def _is_here(worker: Membership) -> bool:
    today = clock.today()
    held = worker.starts <= today and (worker.ends is None or worker.ends > today)
    return held and worker.user.is_active


def _set(kept: SupervisionClock, held: datetime | None, *, planned: bool, here: bool) -> None:
    """What the clock should say now. A new time is a new reason to write to somebody."""
    if held is not None:
        kept.opened_at = held
    since = timezone.localdate(kept.opened_at)
    late = late_from(since, kept.interval_weeks, planned=planned)
    if late != kept.late_from:
        kept.reminded = ""
    kept.late_from = late
    kept.passed_on_from = passed_on_after("supervision", late)
    kept.closed_at = None if here else (kept.closed_at or clock.now())


def keep_all_times(*, by: Actor) -> int:
    """How many workers' clocks had to be begun, set anew or ended: what nobody's write says."""
    today = clock.today()
    here = Membership.objects.on(today).filter(pk=OuterRef("pk"), user__is_active=True)
    meetings = SupervisionMeeting.objects.filter(worker=OuterRef("pk"))
    counted = Membership.objects.on(today).filter(user__is_active=True)
    workers = Membership.objects.filter(role="project_worker").filter(
        Q(pk__in=counted.values("pk"))
        | Q(supervision_clock__isnull=False, supervision_clock__closed_at=None)
    )
    annotated = workers.select_related("supervision_clock").annotate(
        here_now=Exists(here), planned=Exists(meetings.filter(_planned())),
        held=Max(
            "supervision_meetings__starts_at",
            filter=Q(supervision_meetings__state=State.HELD),
        ),
    )  # fmt: skip
    return sum(_keep_one(by, each) for each in annotated if _differs(each))


def _differs(worker: Membership) -> bool:
    known: SupervisionClock | None = getattr(worker, "supervision_clock", None)
    if known is None:
        return True
    told = SupervisionClock(**{name: getattr(known, name) for name in FIELDS})
    told.interval_weeks = known.interval_weeks
    held, planned, here = (getattr(worker, each) for each in ("held", "planned", "here_now"))
    _set(told, held, planned=planned, here=here)
    return any(getattr(told, name) != getattr(known, name) for name in FIELDS)


def _keep_one(by: Actor, worker: Membership) -> bool:
    with write("team.supervision_time_kept", by=by) as doing:
        kept = keep_time(worker)
        doing.about(kept, note="ended" if kept.closed_at else "set")
    return True
