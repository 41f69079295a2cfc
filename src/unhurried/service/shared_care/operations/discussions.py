"""Writing talks about a person: the talk, that the person was told, a line that puts it right."""

from __future__ import annotations

from datetime import date

from unhurried.service.accounts.models import Membership
from unhurried.service.audit import clock
from unhurried.service.audit.actor import Actor
from unhurried.service.audit.operations import write
from unhurried.service.patients.models import Patient
from unhurried.service.shared_care.models import Discussion, DiscussionLine, TookPart
from unhurried.service.shared_care.operations.presence import MIDDAY, put_presence, put_told
from unhurried.service.shared_care.queries.taking_part import may_take_part
from unhurried.service.shared_care.rules import discussions as rules
from unhurried.service.shared_care.rules.presence import (
    NOT_YET,
    RATHER_NOT,
    Said,
    check_presence,
    check_told_on,
    check_told_what,
)
from unhurried.service.shared_care.times import (
    at_hour,
    start,
)

CLOCK = "telling"


def note_discussion(
    *, by: Actor, patient: Patient, talk: rules.Talk, said: Said, key: str = ""
) -> Discussion:
    """The talk, written down; it waits until the person has been told of it (COM-4)."""
    with write("shared_care.discussion_noted", by=by, key=key, body=(patient.pk, talk, said)) as d:
        if d.replay_of:
            return Discussion.objects.get(pk=d.replay_of)
        now, episode = clock.now(), rules.episode_of(patient)
        members = {each.pk: each for each in may_take_part(patient)}
        rules.check_talk(by, talk, episode, list(members), now)
        check_presence(said, talk.on, clock.today())
        rules.check_teller(said, list(members))
        found = Discussion(
            patient=patient, practice_id=patient.practice_id, provider_id=episode.provider_id,
            on=talk.on, at=talk.at, how=talk.how, minutes=talk.minutes, about=talk.about.strip(),
            decided=talk.decided.strip(), written_by_id=by.membership_id or 0, written_at=now,
            opened_at=now,
        )  # fmt: skip
        put_presence(found, said, by=by, on=talk.on)
        if said.told == NOT_YET:
            start(found, CLOCK, at_hour(talk.on, talk.at or MIDDAY))
        else:
            found.closed_at = now
        found.save()
        _took_part(found, talk, members)
        d.about(found, patient_id=patient.pk, note=said.told)
    return found


def _took_part(found: Discussion, talk: rules.Talk, members: dict[int, Membership]) -> None:
    known = [members[each] for each in dict.fromkeys(talk.members)]
    TookPart.objects.bulk_create(
        [TookPart(discussion=found, member=each, name=each.user.full_name) for each in known]
        + [
            TookPart(discussion=found, name=each.name.strip(), role=each.role.strip())
            for each in talk.others
        ]
    )


def tell_person(
    *, by: Actor, discussion: Discussion, told: str, told_on: date | None = None,
    told_what: str = "", key: str = "",
) -> Discussion:  # fmt: skip
    """The talk, of which the person has now been told, or would rather not know."""
    body = (discussion.pk, told, told_on, told_what)
    with write("shared_care.discussion_told", by=by, key=key, body=body) as doing:
        rows = Discussion.objects.select_for_update(of=("self",))
        current = rows.get(pk=discussion.pk)
        if doing.replay_of:
            return current
        rules.check_may_tell(current)
        if told == RATHER_NOT:
            current.rather_not_know = True
        else:
            day = told_on or clock.today()
            check_told_on(day, current.on, clock.today())
            check_told_what(told_what, needed=True)
            put_told(current, told_what, day, by=by)
            current.rather_not_know = False
        current.closed_at = clock.now()
        current.save()
        doing.about(current, patient_id=current.patient_id, note=told)
    return current


def add_line(*, by: Actor, discussion: Discussion, text: str, key: str = "") -> DiscussionLine:
    """A later line beside the talk as it was written."""
    body = (discussion.pk, text)
    with write("shared_care.discussion_corrected", by=by, key=key, body=body) as doing:
        if doing.replay_of:
            return DiscussionLine.objects.get(pk=doing.replay_of)
        rules.check_line(by, text)
        made = DiscussionLine.objects.create(
            discussion=discussion, by_id=by.membership_id or 0, at=clock.now(), text=text.strip()
        )
        doing.about(made, patient_id=discussion.patient_id)
    return made
