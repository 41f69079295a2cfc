"""Review meetings, about monthly: a time is found, people talked about, actions become tasks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import time, timedelta

from unhurried.demo.service.cast import PRACTICES, Cast
from unhurried.demo.service.shared_care import FRIDAY, LONGER, MONDAY, THURSDAY, TUESDAY, people_of
from unhurried.service.audit import clock
from unhurried.service.shared_care.models import MeetingItem, ReviewMeeting
from unhurried.service.shared_care.operations import agenda, meetings, polls
from unhurried.service.shared_care.rules.meetings import Slot
from unhurried.service.shared_care.rules.presence import NOT_YET, TOLD, Said

HELD = (4, 8)  # the weeks of a meeting; a time is found the week before


def things(cast: Cast, week: int, *, last: int) -> Iterator[tuple[int, int, Callable[[], None]]]:
    """What happens in this week; in the last one a time is being looked for."""
    if week + 1 in HELD or week == last:
        yield MONDAY, 11, lambda: _find_a_time(cast)
    if week + 1 in HELD:
        yield TUESDAY, 11, lambda: _answer(cast)
        yield FRIDAY, 11, lambda: _plan(cast)
    if week in HELD:
        yield THURSDAY, 15, lambda: _hold(cast, told=week == HELD[0])


def _open_meeting(cast: Cast) -> ReviewMeeting:
    found = ReviewMeeting.objects.filter(closed_at=None).order_by("pk").first()
    return found or meetings.begin_meeting(
        by=cast.actor("service_manager", "provider"), provider=cast.organisations["provider"],
        practices=[cast.organisations[each] for each in PRACTICES],
    )  # fmt: skip


def _find_a_time(cast: Cast) -> None:
    by, meeting = cast.actor("service_manager", "provider"), _open_meeting(cast)
    people = [cast.member("service_manager", "provider"), *cast.workers()]
    people += [cast.member("gp", each) for each in PRACTICES]
    people.append(cast.member("pain_consultant", "hospital"))
    meeting = meetings.invite(by=by, meeting=meeting, members=people, version=meeting.version)
    thursday = clock.today() + timedelta(days=7 + THURSDAY)
    slots = [Slot(thursday, time(13)), Slot(thursday + timedelta(days=1), time(9, 30))]
    meeting = polls.propose_times(
        by=by, meeting=meeting, slots=slots, minutes=60, where="By video", anyway=True,
        version=meeting.version,
    )  # fmt: skip
    worker = cast.workers()[0]
    for patient in people_of(worker)[:2]:
        agenda.add_item(
            by=cast.actor("project_worker", "provider"), patient=patient, meeting=meeting,
            why="The nights have been bad for a month.", wished="no", they_know=True,
            question="Is there anything else we could offer before anything changes?",
        )  # fmt: skip


def _answer(cast: Cast) -> None:
    meeting = _open_meeting(cast)
    first, second = meeting.times.filter(taken_back_at=None).order_by("starts_at")[:2]
    for role, organisation in (("gp", "linden"), ("gp", "beechcroft"),
                               ("project_worker", "provider")):  # fmt: skip
        polls.answer_times(
            by=cast.actor(role, organisation), meeting=meeting,
            answers={first.pk: "yes", second.pk: "if_need_be"},
        )  # fmt: skip


def _plan(cast: Cast) -> None:
    meeting = _open_meeting(cast)
    first = meeting.times.filter(taken_back_at=None).order_by("starts_at")[0]
    polls.choose_time(
        by=cast.actor("service_manager", "provider"), meeting=meeting, time=first.pk,
        version=meeting.version,
    )  # fmt: skip


def _hold(cast: Cast, *, told: bool) -> None:
    """The consultant could not come; what was decided is told to the person, once not yet."""
    meeting = _open_meeting(cast)
    by = cast.actor("project_worker", "provider")
    for item in MeetingItem.objects.filter(meeting=meeting, taken_off_at=None, decided_at=None):
        said = Said(
            present=False, wished="no", told=TOLD if told else NOT_YET,
            told_on=clock.today() if told else None,
            told_what="That we spoke, and that nothing changes." if told else "",
        )  # fmt: skip
        agenda.decide(
            by=by, item=item, version=item.version, presence=said,
            said="Sleep is what matters to them. The dose is as it was.",
            decision="Nothing changes. A longer talk with the GP about the nights is offered.",
            actions=[agenda.Action(LONGER,
                                   "practice", "book")],
        )  # fmt: skip
    there = meeting.invites.filter(ended_at=None, answered_at__isnull=False)
    meetings.hold(
        by=cast.actor("service_manager", "provider"), meeting=meeting, also_there="",
        took_part=list(there.values_list("pk", flat=True)), version=meeting.version,
    )  # fmt: skip
