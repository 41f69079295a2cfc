"""Rules on review meetings: who arranges them, which times can be meant, when they are over."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from django.utils import timezone

from unhurried.service.accounts.models import Membership, Organisation
from unhurried.service.accounts.queries import practices_of
from unhurried.service.audit.actor import Actor
from unhurried.service.audit.refused import Refused
from unhurried.service.audit.working_days import bank_holidays
from unhurried.service.patients.words import check_text
from unhurried.service.patients.words import day as day_words
from unhurried.service.shared_care.meeting_tables import hour, reasons
from unhurried.service.shared_care.models.meetings import ReviewMeeting, TimeAnswer

State = ReviewMeeting.State
ARRANGES = frozenset({"project_worker", "gp", "service_manager"})
OF_PROVIDER = ("project_worker", "service_manager", "clinical_supervisor")
SPECIALISTS = ("pain_consultant", "addiction_psychiatrist")
FURTHEST = timedelta(days=366)
MOST_TIMES = 8
MOST_INVITED = 60


@dataclass(frozen=True, slots=True)
class Slot:
    """A time as somebody typed it, on the clock where the service is."""

    day: date
    at: time


class Unusual(Refused):
    """The time can be meant, but most people would not; `words` say why."""

    def __init__(self, words: Sequence[str]) -> None:
        super().__init__(
            " ".join(words) + " Choose another time, or tick that it is right all the same."
        )
        self.words = tuple(words)


def moment_of(slot: Slot) -> datetime:
    """The moment of the slot in UTC; in the hour that comes twice, the first.

    Raises Refused for the hour the clocks leave out.
    """
    if not 1900 < slot.day.year < 9000:
        raise Refused("Check the year of the day.")
    zone = timezone.get_default_timezone()
    typed = datetime.combine(slot.day, slot.at.replace(tzinfo=None))
    moment = typed.replace(tzinfo=zone).astimezone(UTC)
    if moment.astimezone(zone).replace(tzinfo=None) != typed:
        raise Refused(
            f"The clocks go forward that night, so there is no {slot.at:%H:%M} on "
            f"{day_words(slot.day)}: choose another time."
        )
    return moment


def warned(slot: Slot, minutes: int) -> list[str]:
    """What is unusual about a time: sentences, none for a time in working hours."""
    said, named = [], f"{slot.day:%A} {day_words(slot.day)}"
    if slot.day in bank_holidays(slot.day.year):
        said.append(f"{named} is a bank holiday.")
    elif slot.day.weekday() >= 5:
        said.append(f"{named} is at a weekend.")
    ends = moment_of(slot) + timedelta(minutes=minutes)
    local = timezone.localtime(ends)
    if slot.at < hour("day_begins") or local.date() > slot.day or local.time() > hour("day_ends"):
        said.append(f"{slot.at:%H:%M} on {named} is outside working hours.")
    return said


def check_slots(slots: Sequence[Slot], minutes: int, now: datetime, *, anyway: bool) -> None:
    """Refuse times nobody can mean; unusual ones only when not ticked. Raises Unusual."""
    if not slots:
        raise Refused("Give at least one day and time.")
    if len(set(slots)) < len(slots):
        raise Refused("The same time stands here twice: change or empty one of them.")
    if not 5 <= minutes <= 480:
        raise Refused("A meeting takes from 5 minutes to 8 hours.")
    today = timezone.localdate(now)
    said: list[str] = []
    for each in slots:
        if not today <= each.day <= today + FURTHEST:
            raise Refused("Choose days from today on, within a year.")
        if moment_of(each) <= now:
            raise Refused(f"{each.at:%H:%M} on {day_words(each.day)} has passed.")
        said += warned(each, minutes)
    if said and not anyway:
        raise Unusual(said)


def check_may_arrange(by: Actor) -> None:
    """Refuse somebody whose role does not arrange meetings."""
    if by.membership_id is None or by.role not in ARRANGES:
        raise Refused("A project worker, a GP or the service manager arranges meetings.")


def check_practices(
    by: Actor, provider: Organisation, practices: Sequence[Organisation], today: date
) -> None:
    """Refuse practices the provider does not work with, and a GP's meeting without their own."""
    if not practices:
        raise Refused("Choose which practices take part.")
    served = set(practices_of(provider.pk, today).values_list("pk", flat=True))
    if any(each.pk not in served for each in practices):
        raise Refused("Choose practices that work with this service.")
    ours = by.organisation_id
    if by.role == "gp" and ours not in {each.pk for each in practices}:
        raise Refused("Your own practice takes part in a meeting that you arrange.")
    if by.role != "gp" and ours != provider.pk:
        raise Refused("Arrange meetings of your own service.")


def check_open(meeting: ReviewMeeting) -> None:
    """Refuse to change what is over."""
    if meeting.closed_at is not None:
        said = meeting.get_state_display().lower()
        raise Refused(f"This meeting is marked “{said}”, so it cannot be changed.")


def check_people(
    members: Sequence[Membership], may_be: Collection[int], there: Collection[int]
) -> None:
    """Refuse nobody, too many, or somebody who is not of this meeting's circle."""
    if not members:
        raise Refused("Choose who is invited.")
    if len(members) > MOST_INVITED:
        raise Refused(f"Invite up to {MOST_INVITED} people.")
    if any(each.pk not in may_be and each.pk not in there for each in members):
        raise Refused("Choose people of this service, of its practices, or specialists.")


def check_where(where: str) -> None:
    """Refuse what cannot be kept or shown."""
    check_text("Where", where, 200)


def check_count(already: int, more: int) -> None:
    """Refuse more times than people can answer in a minute."""
    if already + more > MOST_TIMES:
        raise Refused(f"Propose up to {MOST_TIMES} times in all, so that answering stays quick.")


def check_answers(answers: dict[int, str], open_times: Collection[int]) -> None:
    """Refuse an answer to nothing, or words that are none."""
    if not answers:
        raise Refused("Answer at least one of the times.")
    for time_pk, suits in answers.items():
        if time_pk not in open_times:
            raise Refused("The times have changed: look at them again, then answer.")
        if suits not in TimeAnswer.Suits.values:
            raise Refused("Answer yes, if need be, or no.")


def check_last_day(until: date, today: date) -> None:
    """Refuse a last day for writing that is past or far."""
    if not today <= until <= today + timedelta(days=60):
        raise Refused("Choose a last day for writing from today on, within two months.")


def check_may_hold(meeting: ReviewMeeting, now: datetime) -> None:
    """Refuse to close what has not begun."""
    check_open(meeting)
    if meeting.state == State.WRITING:
        return
    if meeting.state != State.PLANNED or meeting.starts_at is None:
        raise Refused("This meeting has no time yet: set one first.")
    if now < meeting.starts_at:
        raise Refused("It has not begun yet. If it will not take place, say that it is not held.")


def check_took_part(present: Collection[int], invited: Collection[int], others: str) -> None:
    """Refuse a meeting of nobody."""
    if not present and not others.strip():
        raise Refused("Say who took part.")
    if not set(present) <= set(invited):
        raise Refused("Choose those who took part from the people invited.")
    check_text("Who else took part", others, 300)


def check_reason(reason: str, because: str) -> None:
    """Refuse no reason; nobody is named or blamed by it."""
    if reason not in reasons():
        raise Refused("Choose what kept the meeting from taking place.")
    check_text("More about it", because, 300)
