"""Writing supervision: who supervises whom, planning, moving, what was said, asking for support."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db.models import Q
from django.utils import timezone

from unhurried.service.accounts.models import Membership
from unhurried.service.audit import clock
from unhurried.service.audit.actor import Actor
from unhurried.service.audit.operations import write
from unhurried.service.patients.conflict import ChangedMeanwhile
from unhurried.service.patients.models import Patient
from unhurried.service.team.models import (
    Supervises,
    SupervisionCase,
    SupervisionClock,
    SupervisionMeeting,
    SupervisionMove,
)
from unhurried.service.team.operations.supervision_clock import keep_time
from unhurried.service.team.queries.supervises import people_of, supervises_on
from unhurried.service.team.rules import supervision as rules

State = SupervisionMeeting.State
SUPERVISOR_CHANGED = "supervisor_changed"


def assign_supervisor(
    *, by: Actor, worker: Membership, supervisor: Membership | None, starts: date,
    weeks: int | None, version: int, key: str = "",
) -> SupervisionClock:  # fmt: skip
    """Who supervises the worker from a day on (None: nobody), and how often is agreed.

    `version` is 0 while nothing was said of this worker. What was planned with somebody else from
    that day on does not take place.
    """
    body = (worker.pk, supervisor and supervisor.pk, starts, weeks, version)
    with write("team.supervisor_assigned", by=by, key=key, body=body) as doing:
        if doing.replay_of:
            return SupervisionClock.objects.get(pk=doing.replay_of)
        rules.check_assign(by, worker, supervisor, starts, clock.today(), weeks)
        rows = SupervisionClock.objects.select_for_update(of=("self",))
        found = rows.filter(worker=worker).first()
        if (found.version if found else 0) != version:
            raise ChangedMeanwhile(found or SupervisionClock(worker=worker))
        _hand_on(by, worker, supervisor, starts)
        kept = keep_time(worker)
        kept.interval_weeks = weeks
        kept.version = version + 1
        kept.save(update_fields=["interval_weeks", "version"])
        kept = keep_time(worker)
        doing.about(kept, note="assigned" if supervisor else "nobody")
    return kept


def _hand_on(by: Actor, worker: Membership, supervisor: Membership | None, starts: date) -> None:
    holds = Supervises.objects.select_for_update(of=("self",)).filter(
        Q(ends__isnull=True) | Q(ends__gt=starts), worker=worker
    )
    now = [each.supervisor_id for each in holds if each.ends is None and each.starts <= starts]
    if len(holds) == 1 and supervisor is not None and now == [supervisor.pk]:
        return
    for each in holds:
        each.ends = max(starts, each.starts)
        each.save(update_fields=["ends"])
    if supervisor is not None:
        Supervises.objects.create(
            worker=worker, supervisor=supervisor, starts=starts, assigned_by_id=by.user_id,
            assigned_at=clock.now(),
        )  # fmt: skip
    planned = SupervisionMeeting.objects.filter(
        worker=worker, state=State.PLANNED, starts_at__gte=_midnight(starts)
    ).exclude(supervisor_id=supervisor.pk if supervisor else 0)
    for meeting in planned.select_for_update(of=("self",)):
        meeting.state, meeting.not_held_because = State.NOT_HELD, SUPERVISOR_CHANGED
        meeting.version += 1
        meeting.save(update_fields=["state", "not_held_because", "version"])


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, datetime.min.time()))


def plan_supervision(
    *, by: Actor, worker: Membership, starts_at: datetime, minutes: int, key: str = ""
) -> SupervisionMeeting:
    """A time for supervision, with whoever supervises the worker on that day."""
    with write(
        "team.supervision_planned", by=by, key=key, body=(worker.pk, starts_at, minutes)
    ) as doing:
        if doing.replay_of:
            return SupervisionMeeting.objects.get(pk=doing.replay_of)
        found = supervises_on(worker, timezone.localdate(starts_at))
        supervises = rules.check_may_plan(by, worker, found)
        rules.check_time(
            starts_at, minutes, clock.now(), _others(supervises.worker_id, supervises.supervisor_id)
        )
        made = SupervisionMeeting.objects.create(
            worker=worker, supervisor_id=supervises.supervisor_id, starts_at=starts_at,
            minutes=minutes, planned_by_id=by.user_id, planned_at=clock.now(),
        )  # fmt: skip
        keep_time(worker)
        doing.about(made)
    return made


def _others(worker: int, supervisor: int, but: int = 0) -> list[SupervisionMeeting]:
    planned = SupervisionMeeting.objects.filter(
        Q(worker_id=worker) | Q(supervisor_id=supervisor), state=State.PLANNED,
        starts_at__gte=clock.now() - rules.NOTED_LATER,
    )  # fmt: skip
    return list(planned.exclude(pk=but))


def locked(meeting: SupervisionMeeting, version: int) -> SupervisionMeeting:
    """The meeting as saved, for a change. Raises ChangedMeanwhile for another version."""
    rows = SupervisionMeeting.objects.select_related("worker", "supervisor")
    found = rows.select_for_update(of=("self",)).get(pk=meeting.pk)
    if found.version != version:
        raise ChangedMeanwhile(found)
    return found


def move_supervision(
    *, by: Actor, meeting: SupervisionMeeting, starts_at: datetime, minutes: int, asked_by: str,
    version: int, key: str = "",
) -> SupervisionMeeting:  # fmt: skip
    """Another time; who asked for it is noted, and that is all."""
    body = (meeting.pk, starts_at, minutes, asked_by, version)
    with write("team.supervision_moved", by=by, key=key, body=body) as doing:
        if doing.replay_of:
            return SupervisionMeeting.objects.get(pk=doing.replay_of)
        found = locked(meeting, version)
        then = supervises_on(found.worker, timezone.localdate(starts_at))
        rules.check_may_move(by, found, asked_by, then)
        others = _others(found.worker_id, found.supervisor_id, found.pk)
        rules.check_time(starts_at, minutes, clock.now(), others)
        SupervisionMove.objects.create(
            meeting=found, from_at=found.starts_at, to_at=starts_at, asked_by=asked_by,
            at=clock.now(),
        )  # fmt: skip
        found.starts_at, found.minutes = starts_at, minutes
        _save(found, "starts_at", "minutes")
        doing.about(found)
    return found


def _save(meeting: SupervisionMeeting, *fields: str) -> None:
    meeting.version += 1
    meeting.save(update_fields=[*fields, "version"])
    keep_time(meeting.worker)


def mark_not_held(
    *, by: Actor, meeting: SupervisionMeeting, because: str, version: int, key: str = ""
) -> SupervisionMeeting:
    """It does not, or did not, take place."""
    body = (meeting.pk, because, version)
    with write("team.supervision_not_held", by=by, key=key, body=body) as doing:
        if doing.replay_of:
            return SupervisionMeeting.objects.get(pk=doing.replay_of)
        found = locked(meeting, version)
        rules.check_may_be_not_held(by, found, because)
        found.state, found.not_held_because = State.NOT_HELD, because
        _save(found, "state", "not_held_because")
        doing.about(found)  # why is for the two of them
    return found


def record_supervision(  # noqa: PLR0913 - what a record holds
    *, by: Actor, meeting: SupervisionMeeting, minutes: int, discussed: str, agreed: str,
    version: int, worker_is: str | None = None, people: Sequence[Patient] = (), key: str = "",
) -> SupervisionMeeting:  # fmt: skip
    """What was talked about and agreed. `worker_is` is taken from the worker alone.

    `people` are those talked about whom `by` may know of; others noted before stay.
    """
    body = (meeting.pk, minutes, discussed, worker_is, agreed, [p.pk for p in people], version)
    with write("team.supervision_recorded", by=by, key=key, body=body) as doing:
        if doing.replay_of:
            return SupervisionMeeting.objects.get(pk=doing.replay_of)
        found = locked(meeting, version)
        own = worker_is if by.membership_id == found.worker_id else None
        words = found.worker_is if own is None else own
        rules.check_may_record(by, found, minutes, (discussed, words, agreed), clock.now())
        found.discussed, found.worker_is, found.agreed = discussed, words, agreed
        found.minutes, found.state = minutes, State.HELD
        _cases(by, found, people)
        _save(found, "discussed", "worker_is", "agreed", "minutes", "state")
        doing.about(found)
    return found


def _cases(by: Actor, meeting: SupervisionMeeting, people: Sequence[Patient]) -> None:
    known = people_of(by, meeting.worker)
    SupervisionCase.objects.filter(meeting=meeting, patient__in=known).delete()
    chosen = known.filter(pk__in=[each.pk for each in people])
    SupervisionCase.objects.bulk_create(
        SupervisionCase(meeting=meeting, patient_id=pk)
        for pk in chosen.values_list("pk", flat=True)
    )


def sign_supervision(
    *, by: Actor, meeting: SupervisionMeeting, version: int, key: str = ""
) -> SupervisionMeeting:
    """The supervisor signs: from now on the record stays as it is."""
    with write("team.supervision_signed", by=by, key=key, body=(meeting.pk, version)) as doing:
        if doing.replay_of:
            return SupervisionMeeting.objects.get(pk=doing.replay_of)
        found = locked(meeting, version)
        rules.check_may_sign(by, found)
        found.signed_at = clock.now()
        _save(found, "signed_at")
        doing.about(found)
    return found
