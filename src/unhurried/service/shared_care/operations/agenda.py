"""Writing the agenda of a review meeting: a person on it, what is decided, what they are told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from unhurried.service.accounts.models import Membership
from unhurried.service.audit import clock
from unhurried.service.audit.actor import Actor
from unhurried.service.audit.operations import write
from unhurried.service.patients.conflict import ChangedMeanwhile
from unhurried.service.patients.ending import when_contact_ends
from unhurried.service.patients.models import Patient
from unhurried.service.shared_care.models.agenda import ItemComment, MeetingAction, MeetingItem
from unhurried.service.shared_care.models.meetings import ReviewMeeting
from unhurried.service.shared_care.models.tasks import Task
from unhurried.service.shared_care.operations.presence import put_presence, put_told
from unhurried.service.shared_care.operations.tasks import ask
from unhurried.service.shared_care.rules import agenda as rules
from unhurried.service.shared_care.rules.presence import (
    RATHER_NOT,
    TOLD,
    Said,
    check_presence,
    check_told_on,
    check_told_what,
)
from unhurried.service.shared_care.times import (
    start,
)


@dataclass(frozen=True, slots=True)
class Action:
    """Something decided to be done: `to` is "practice" or "provider", perhaps somebody by name."""

    sentence: str
    to: str
    kind: str = "other"
    meant_for: int | None = None  # a membership
    due: date | None = None


def add_item(
    *, by: Actor, patient: Patient, meeting: ReviewMeeting, why: str, question: str,
    wished: str = "not_asked", they_know: bool = False, key: str = "",
) -> MeetingItem:  # fmt: skip
    """The person, on the agenda of this meeting, with why and the question."""
    body = (patient.pk, meeting.pk, why, question, wished, they_know)
    with write("shared_care.meeting_item_added", by=by, key=key, body=body) as doing:
        if doing.replay_of:
            return MeetingItem.objects.get(pk=doing.replay_of)
        current = ReviewMeeting.objects.select_for_update(of=("self",)).get(pk=meeting.pk)
        rules.check_may_add(by, patient, current)
        rules.check_question(why, question, wished)
        rules.check_they_know(by, before=False, now=they_know)
        now = clock.now()
        item = MeetingItem.objects.create(
            meeting=current, patient=patient, added_by_id=by.membership_id or 0, why=why.strip(),
            question=question.strip(), wished=wished, present=False, they_know=they_know,
            they_know_at=now if they_know else None, opened_at=now,
        )  # fmt: skip
        doing.about(item, patient_id=patient.pk)
    return item


def amend_item(
    *, by: Actor, item: MeetingItem, why: str, question: str, wished: str, they_know: bool,
    version: int, key: str = "",
) -> MeetingItem:  # fmt: skip
    """The item with other words, or with what the person said of being there. ChangedMeanwhile."""
    body = (item.pk, why, question, wished, they_know, version)
    with write("shared_care.meeting_item_changed", by=by, key=key, body=body) as doing:
        current = _locked(item)
        if doing.replay_of:
            return current
        _check_version(current, version)
        rules.check_not_decided(current)
        rules.check_question(why, question, wished)
        rules.check_they_know(by, before=current.they_know, now=they_know)
        current.why, current.question, current.wished = why.strip(), question.strip(), wished
        if they_know != current.they_know:
            current.they_know_at = clock.now() if they_know else None
        current.they_know = they_know
        _save(current)
        doing.about(current, patient_id=current.patient_id)
    return current


def take_off(
    *, by: Actor, item: MeetingItem, because: str = "", version: int, key: str = ""
) -> MeetingItem:
    """The item, no longer on the agenda; who sees the person because of it sees them no more."""
    with write(
        "shared_care.meeting_item_taken_off", by=by, key=key, body=(item.pk, because, version)
    ) as doing:
        current = _locked(item)
        if doing.replay_of:
            return current
        _check_version(current, version)
        rules.check_not_decided(current)
        rules.check_because(because)
        _off(current, because)
        doing.about(current, patient_id=current.patient_id)
    return current


@when_contact_ends
def take_off_agendas(patient: Patient, why: str, by: Actor) -> None:
    """Nobody talks about somebody who has died or left the practice: off every agenda to come."""
    rows = MeetingItem.objects.filter(
        patient=patient, decided_at=None, taken_off_at=None, meeting__closed_at=None
    )
    for found in rows.select_for_update(of=("self",)).order_by("pk"):
        with write("shared_care.meeting_item_taken_off", by=by) as doing:
            _off(found, why[:200])
            doing.about(found, patient_id=patient.pk)


def _off(item: MeetingItem, because: str) -> None:
    item.taken_off_at = item.closed_at = clock.now()
    item.taken_off_because = because.strip()
    _save(item)


def comment(*, by: Actor, item: MeetingItem, text: str, key: str = "") -> ItemComment:
    """A line about the person, from somebody who thinks about it with the others."""
    with write("shared_care.meeting_commented", by=by, key=key, body=(item.pk, text)) as doing:
        if doing.replay_of:
            return ItemComment.objects.get(pk=doing.replay_of)
        current = _locked(item)
        rules.check_may_comment(by, current, text)
        made = ItemComment.objects.create(
            item=current, by_id=by.membership_id or 0, at=clock.now(), text=text.strip()
        )
        doing.about(made, patient_id=current.patient_id)
    return made


def decide(
    *, by: Actor, item: MeetingItem, said: str, decision: str, presence: Said,
    actions: Sequence[Action] = (), version: int, key: str = "",
) -> MeetingItem:  # fmt: skip
    """The item, decided; each action becomes a task, and telling the person has its clock."""
    body = (item.pk, said, decision, presence, list(actions), version)
    with write("shared_care.meeting_decided", by=by, key=key, body=body) as doing:
        current = _locked(item)
        if doing.replay_of:
            return current
        _check_version(current, version)
        now = clock.now()
        rules.check_may_decide(by, current, now)
        rules.check_decision(said, decision)
        on = _day_of(current)
        check_presence(presence, on, clock.today())
        current.said, current.decision = said.strip(), decision.strip()
        current.decided_by_id, current.decided_at = by.membership_id, now
        put_presence(current, presence, by=by, on=on)
        start(current, "telling", now)
        if current.told_at is not None or current.rather_not_know:
            current.closed_at = now
        _save(current)
        for each in actions:
            MeetingAction.objects.create(item=current, task=_task(by, current, presence, each))
        doing.about(current, patient_id=current.patient_id, note=f"{len(actions)} to do")
    return current


def _day_of(item: MeetingItem) -> date:
    """The day they were talked about; in writing, the day the writing began at the earliest."""
    starts_at = item.meeting.starts_at
    return timezone.localdate(starts_at if starts_at is not None else item.opened_at)


def _task(by: Actor, item: MeetingItem, presence: Said, action: Action) -> Task:
    member = None
    if action.meant_for is not None:
        member = Membership.objects.filter(pk=action.meant_for).first()
        rules.check_found(member)
    knows = Task.Knows.KNOWS if presence.told == TOLD else Task.Knows.NOT_YET
    return ask(
        by=by, patient=item.patient, to=action.to, kind=action.kind, sentence=action.sentence,
        person_knows=knows, words="Decided at a review meeting.", due=action.due,
        meant_for=member,
    )  # fmt: skip


def tell(
    *, by: Actor, item: MeetingItem, told: str, on: date | None = None, what: str = "",
    key: str = "",
) -> MeetingItem:  # fmt: skip
    """The item of which the person has been told, today unless `on` says when, in which words; or
    would rather not know."""
    with write("shared_care.meeting_told", by=by, key=key, body=(item.pk, told, on, what)) as doing:
        current = _locked(item)
        if doing.replay_of:
            return current
        rules.check_may_tell(by, current)
        if told == RATHER_NOT:
            current.rather_not_know = True
        else:
            day = on or clock.today()
            check_told_on(day, _day_of(current), clock.today())
            check_told_what(what, needed=True)
            put_told(current, what, day, by=by)
        current.closed_at = clock.now()
        _save(current)
        doing.about(current, patient_id=current.patient_id, note=told)
    return current


def _save(item: MeetingItem) -> None:
    item.version += 1
    item.save()


def _check_version(item: MeetingItem, version: int) -> None:
    if item.version != version:
        raise ChangedMeanwhile(item)


def _locked(item: MeetingItem) -> MeetingItem:
    rows = MeetingItem.objects.select_for_update(of=("self",)).select_related("meeting", "patient")
    return rows.get(pk=item.pk)
