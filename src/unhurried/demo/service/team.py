"""The people who do the work: supervision held and missed, time written down and claimed, learning.

As in the paper supervision was not always there: one worker's is overdue when the demo opens.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, time, timedelta
from decimal import Decimal

from django.utils import timezone

from unhurried.demo.service.cast import PRACTICES, Cast
from unhurried.demo.service.shared_care import FRIDAY, MONDAY, THURSDAY, WEDNESDAY
from unhurried.service.accounts.models import Membership
from unhurried.service.accounts.queries import actor_of_membership
from unhurried.service.audit import clock
from unhurried.service.team.models import Claim, LearningPlan, SupervisionMeeting
from unhurried.service.team.operations import learning, ledger, supervision

HELD = (1, 5, 9)  # the weeks in which supervision is planned
MISSED = 9  # in this week the second worker's did not take place
CLAIMED = 8
PLANNED = 4  # the week in which the manager plans what the practices read
PAGES = ("first-conversation", "in-the-room")
RATE = (Decimal("80.00"), "Fictional, for the demo only")


def things(cast: Cast, week: int, *, last: int) -> Iterator[tuple[int, int, Callable[[], None]]]:
    """What happens in this week; in the last one a claim waits for the manager."""
    if week == 0:
        yield MONDAY, 10, lambda: _assign(cast)
    if week in HELD:
        yield MONDAY, 11, lambda: _plan(cast)
        yield THURSDAY, 17, lambda: _supervise(cast, missed=week == MISSED)
    if week:
        yield FRIDAY, 13, lambda: _note_time(cast, week)
    if week in {CLAIMED, last}:
        yield FRIDAY, 15, lambda: _claim(cast)
    if week == CLAIMED:
        yield WEDNESDAY, 10, lambda: _set_rate(cast)
    if week == CLAIMED + 1:
        yield MONDAY, 14, lambda: _accept(cast)
    if week == PLANNED:
        yield MONDAY, 15, lambda: _plan_learning(cast)
    if week == PLANNED + 2:
        yield WEDNESDAY, 13, lambda: _learn(cast)


def _assign(cast: Cast) -> None:
    for worker in cast.workers():
        supervision.assign_supervisor(
            by=cast.actor("service_manager", "provider"), worker=worker,
            supervisor=cast.member("clinical_supervisor", "provider"), starts=clock.today(),
            weeks=None, version=0,
        )  # fmt: skip


def _plan(cast: Cast) -> None:
    """Both on the Thursday of this week, one after the other."""
    day = clock.today() + timedelta(days=THURSDAY)
    for hour, worker in zip((10, 11), cast.workers(), strict=True):
        supervision.plan_supervision(
            by=actor_of_membership(worker), worker=worker, minutes=50,
            starts_at=timezone.make_aware(datetime.combine(day, time(hour))),
        )  # fmt: skip


def _supervise(cast: Cast, *, missed: bool) -> None:
    for number, worker in enumerate(cast.workers()):
        meeting = SupervisionMeeting.objects.get(worker=worker, state="planned")
        by = actor_of_membership(worker)
        if missed and number == 1:
            supervision.mark_not_held(
                by=by, meeting=meeting, because="worker_away", version=meeting.version
            )
            continue
        held = supervision.record_supervision(
            by=by, meeting=meeting, minutes=50, version=meeting.version,
            discussed="How to stay with somebody who does not want to change anything.",
            worker_is="Tired, and glad of the work.", agreed="Two afternoons without appointments.",
        )  # fmt: skip
        supervisor = cast.actor("clinical_supervisor", "provider")
        supervision.sign_supervision(by=supervisor, meeting=held, version=held.version)


def _note_time(cast: Cast, week: int) -> None:
    for practice in PRACTICES:
        gp = cast.actor("gp", practice)
        ledger.log_time(by=gp, activity="person", minutes=10)
        if week % 2:
            ledger.log_time(by=gp, activity="prescription", minutes=15)
    if week % 4 == 1:
        consultant: Membership = cast.member("pain_consultant", "hospital")
        ledger.log_time(by=actor_of_membership(consultant), activity="advice", minutes=15)


def _set_rate(cast: Cast) -> None:
    pounds, source = RATE
    ledger.set_rate(
        by=cast.actor("service_manager", "provider"), role="gp", pounds=pounds, source=source,
        starts=clock.today() - timedelta(days=300),
    )  # fmt: skip


def _claim(cast: Cast) -> None:
    today = clock.today()
    for practice in PRACTICES:
        ledger.make_claim(
            by=cast.actor("gp", practice), since=today - timedelta(days=70), until=today
        )


def _accept(cast: Cast) -> None:
    manager = cast.actor("service_manager", "provider")
    for claim in Claim.objects.filter(state="sent"):
        ledger.decide_claim(by=manager, claim=claim, decision="accepted", version=claim.version)


def _plan_learning(cast: Cast) -> None:
    for practice in PRACTICES:
        for number, code in enumerate(PAGES, 1):
            learning.plan_learning(
                by=cast.actor("service_manager", "provider"), code=code,
                practice=cast.organisations[practice],
                by_day=clock.today() + timedelta(weeks=4 * number),
            )  # fmt: skip


def _learn(cast: Cast) -> None:
    """One page is read in each practice; the other waits."""
    for practice in PRACTICES:
        plan = LearningPlan.objects.filter(
            practice=cast.organisations[practice], code=PAGES[0]
        ).get()
        learning.log_learning(
            by=cast.actor("gp", practice), plan=plan, minutes=5, day=clock.today(),
            will_change="Ask what matters to them before I say anything of tablets.",
        )  # fmt: skip
