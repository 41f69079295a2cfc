"""Workers and people meet: every two weeks, some by phone or at home, some with a partner.

`until` lives through everything between the last thing that happened and a moment, in the order it
happens, so that the story can go on there. By the end of the story as many people have done each
component as in the paper's Figure 2 (`data/figure_2.csv`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import cache
from random import Random

from django.utils import timezone

from unhurried.demo.service.cast import Cast
from unhurried.demo.service.tables import rows
from unhurried.service.accounts.queries import actor_of_membership
from unhurried.service.audit import clock
from unhurried.service.audit.actor import Actor
from unhurried.service.audit.models import Entry
from unhurried.service.joining.models import Enrolment
from unhurried.service.outbox.worker import send_due
from unhurried.service.patients import operations as patients
from unhurried.service.patients.models import Carer, ContactPreference, Episode, Patient
from unhurried.service.sessions import library, operations
from unhurried.service.sessions.models import Appointment, Limits, ResourceGiven, SessionComponent
from unhurried.service.sessions.operations import Guest, Held, Wanted
from unhurried.service.sessions.rules import GoesOver

TIMES = (time(9, 30), time(11), time(13, 30), time(15))
BESIDE = ("pacing", "mindfulness", "goal_setting", "thinking_styles", "how_pain_works",
          "talking_it_through")  # fmt: skip
EARLIEST = 28  # Figure 2 counts among the first so many to join, who all have met by the end
LIMITS = {
    "weekly_minutes": 1_320, "least_minutes": 45, "longest_day_minutes": 300, "gap_minutes": 15,
}  # fmt: skip
MISSED = (
    ("unwell", "A bad night; rang at noon, all is well"), ("travel", "The bus did not come"),
    ("mixed_up", "Thought it was the week after"),
)  # fmt: skip
NOT_SAFE = 9  # who left their second session so, and was seen the same day
NOT_SAFE_NOTE = "Said that it would be easier not to wake up. We rang the surgery together."
REASON = "Back from hospital on Friday: a short look in, so that nobody waits two weeks"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who joined: the number of their joining says how they like to meet."""

    number: int
    patient: Patient
    worker: Actor
    of_worker: int  # the how-manieth this worker began with

    @property
    def place(self) -> str:
        """Where they meet."""
        for every, place in ((5, "phone"), (7, "home"), (11, "community"), (13, "video")):
            if self.number % every == every - 1:
                return place
        return "practice"

    @property
    def agreed(self) -> tuple[str, ...]:
        """The components of Figure 2 this person does, sooner or later."""
        return tuple(code for code, people in _who_does_what().items() if self.number in people)

    def fate(self, what: object) -> Random:
        """Chance that is the same whenever the story is told."""
        return Random(f"{what} {self.patient.nhs_number}")  # noqa: S311 - fiction


@cache
def _who_does_what() -> dict[str, frozenset[int]]:
    first = range(EARLIEST)
    return {
        row["component"]: frozenset(
            Random(row["component"]).sample(first, int(row["people"]))  # noqa: S311 - fiction
        )
        for row in rows("figure_2")
    }


def people() -> list[Person]:
    """Everyone who joined, in the order they did."""
    joined = Enrolment.objects.select_related("patient", "project_worker__user").order_by(
        "at", "pk"
    )
    begun: dict[int, int] = {}
    found = []
    for number, each in enumerate(joined):
        place = begun.setdefault(each.project_worker_id, 0)
        begun[each.project_worker_id] += 1
        actor = actor_of_membership(each.project_worker)
        found.append(Person(number, each.patient, actor, place))
    return found


def until(cast: Cast, moment: datetime, end: datetime) -> None:
    """Everything of meeting that happens up to `moment`; the story ends at `end`.

    Call it before each thing the story does at a moment, and once at the very end.
    """
    newest = Entry.objects.order_by("-seq").first()
    known = {each.patient.pk: each for each in people()}
    for at, meeting in _events(newest.at if newest else moment, moment):
        with clock.at(at):
            if meeting is None:
                send_due(at)
            else:
                _meet(cast, known[meeting.patient_id], meeting, end)


def book(cast: Cast, moment: datetime, end: datetime) -> None:
    """Who joined and has nothing booked gets dates, at `moment`; once a day is enough."""
    booked = Appointment.objects.filter(state=Appointment.State.BOOKED).values("patient_id")
    without = Episode.objects.filter(state=Episode.State.ENROLLED).exclude(patient__in=booked)
    wanted = set(without.values_list("patient_id", flat=True))
    with clock.at(moment):
        _agree_hours(cast)
        for person in people():
            if person.patient.pk in wanted:
                _begin(person, end)


def _events(last: datetime, moment: datetime) -> list[tuple[datetime, Appointment | None]]:
    """What comes between two moments, in its order: mornings, when the post goes, and meetings."""
    over = Appointment.objects.filter(
        state=Appointment.State.BOOKED, starts_at__lt=moment - timedelta(minutes=70)
    )
    events: list[tuple[datetime, Appointment | None]] = [
        (each.ends_at + timedelta(minutes=5), each) for each in over.order_by("starts_at")
    ]
    day = timezone.localdate(last)
    while day <= timezone.localdate(moment):
        events.append((_at(day, time(8)), None))
        day += timedelta(days=1)
    return sorted((each for each in events if last <= each[0] <= moment), key=lambda each: each[0])


def _at(day: date, hour: time) -> datetime:
    return datetime.combine(day, hour, tzinfo=timezone.get_default_timezone())


def _agree_hours(cast: Cast) -> None:
    """The manager agrees hours and limits with each worker, once."""
    manager = cast.actor("service_manager", "provider")
    for worker in cast.workers():
        if not Limits.objects.filter(worker=worker).exists():
            operations.set_limits(
                by=manager, worker=worker, minutes=LIMITS, people=worker.capacity, version=0
            )


def _begin(person: Person, end: datetime) -> None:
    """Book every two weeks; note who comes along and how to remind them."""
    _wishes(person)
    slot = person.of_worker % 20
    first = clock.today() + timedelta(days=1)
    first += timedelta(days=(slot % 5 - first.weekday()) % 7)
    wanted = Wanted(first, TIMES[slot // 5], 60, person.place, frequency="two_weeks", times=8)
    _book(person, wanted, _guests(person))
    if person.number == EARLIEST // 2:
        following = _at(timezone.localdate(end), time(16, 30)) + timedelta(days=5)
        day = following.date() - timedelta(days=max(following.weekday() - 4, 0))
        _book(person, Wanted(day, time(16, 30), 30, "phone"), (), REASON)


def _book(person: Person, wanted: Wanted, guests: tuple[Guest, ...], reason: str = "") -> None:
    try:
        operations.book(
            by=person.worker, patient=person.patient, wanted=wanted, guests=guests,
            over_reason=reason,
        )  # fmt: skip
    except GoesOver:
        _book(person, wanted, guests, "The only time that suits: they work shifts")


def _wishes(person: Person) -> None:
    """Every other person likes a text the day before."""
    contact = ContactPreference.objects.filter(patient=person.patient).first()
    if contact is not None and person.number % 2 == 0 and not contact.by_sms:
        patients.set_contact_preferences(
            by=person.worker, patient=person.patient, version=contact.version,
            changes={"by_sms": True},
        )  # fmt: skip


def _guests(person: Person) -> tuple[Guest, ...]:
    """A partner or a parent, for some; each asked for apart."""
    for every, name, relationship, hears, limits in (
        (6, "Hazelnut", "Partner", "all", ""), (9, "Bramble", "Parent", "part", "Not about work"),
    ):  # fmt: skip
        if person.number % every == 1:
            carer = Carer.objects.filter(patient=person.patient).first() or patients.add_carer(
                by=person.worker, patient=person.patient, relationship=relationship,
                name=f"{name} {person.patient.family_name}",
            )  # fmt: skip
            return (Guest(hears=hears, limits=limits, carer=carer.pk),)
    return ()


def _meet(cast: Cast, person: Person, meeting: Appointment, end: datetime) -> None:
    """They meet, or not: now and then something is in the way, and nobody minds."""
    fate = person.fate(meeting.starts_at.date())
    left = _left_to_do(person)
    final = _is_last(meeting, end)
    turn = fate.random()
    if turn < 0.1 and not (final and left):
        reason, words = fate.choice(MISSED)
        operations.mark_missed(
            by=person.worker, appointment=meeting, reason=reason, found_out=words,
            version=meeting.version,
        )  # fmt: skip
        return
    _say_of_resources(person, fate)
    held = _how_it_was(person, meeting, fate, left if final else left[:3])
    if person.number == NOT_SAFE and person.patient.sessions.count() == 1:
        held = replace(held, leaving="not_safe", note=NOT_SAFE_NOTE, note_for="ordinary", recap="")
    operations.record_session(
        by=person.worker, patient=person.patient, appointment=meeting, held=held
    )
    if held.leaving == "not_safe":
        _gp_acts(cast, person)


def _how_it_was(person: Person, meeting: Appointment, fate: Random, done: list[str]) -> Held:
    said, turn = fate.choice(rows("meetings")), fate.random()
    local = timezone.localtime(meeting.starts_at)
    beside = fate.sample(BESIDE, fate.choice((0, 1, 1)))
    return Held(
        day=local.date(), at=local.time(), place=meeting.place, minutes=meeting.minutes,
        components=(*done, *beside), resources=_to_give(fate), note=said["note"],
        note_for=_readers(person, said["note_for"]),
        leaving="shaken" if turn > 0.93 else "settled", believed="partly" if turn > 0.9 else "yes",
        next_steps=said["next_steps"], recap=said["recap"], recap_for_carers=turn > 0.4,
        guests=_guests(person),
    )  # fmt: skip


def _gp_acts(cast: Cast, person: Person) -> None:
    """The GP rings within the hour, and says what was agreed."""
    practice = next(
        key for key, each in cast.organisations.items() if each.pk == person.patient.practice_id
    )
    alert = person.patient.alerts.get(kind="suicidality", closed_at=None)
    patients.acknowledge_alert(
        by=cast.actor("gp", practice), alert=alert, close=True,
        action_taken="Rang at once. Their sister stays tonight; crisis team seen the same evening.",
    )  # fmt: skip


def _left_to_do(person: Person) -> list[str]:
    done = SessionComponent.objects.filter(session__patient=person.patient)
    there = set(done.values_list("code", flat=True))
    return [code for code in person.agreed if code not in there]


def _is_last(meeting: Appointment, end: datetime) -> bool:
    later = Appointment.objects.filter(
        patient=meeting.patient_id, state=Appointment.State.BOOKED,
        starts_at__gt=meeting.starts_at, starts_at__lt=end - timedelta(minutes=75),
    )  # fmt: skip
    return not later.exists()


def _readers(person: Person, wanted: str) -> str:
    """The GP reads a summary only where the person agreed to it."""
    agreed = person.patient.consents.filter(kind="sharing", party="gp").order_by("-at", "-pk")
    latest = agreed.first()
    if wanted == "gp" and latest is not None and not latest.given:
        return "ordinary"
    return wanted


def _to_give(fate: Random) -> tuple[str, ...]:
    pages = library.resources()
    return (fate.choice(pages).code,) if pages and fate.random() < 0.4 else ()


def _say_of_resources(person: Person, fate: Random) -> None:
    given = ResourceGiven.objects.filter(patient=person.patient, opinion="").first()
    if given is not None and fate.random() < 0.7:
        operations.say_of_resource(
            by=person.worker, given=given, version=given.version,
            opinion=fate.choice(("liked", "liked", "not_for_me", "dropped")),
        )  # fmt: skip
