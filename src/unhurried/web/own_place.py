"""The first page of a patient, and of a carer: their own place, composed from what each may see.

`own_place.csv` says which pages it leads to: the thing of the access matrix that must be open, the
words, the page (with `person` where the person stands in its address), and whose it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import cache

from unhurried.service.accounts.models import Membership, Organisation
from unhurried.service.accounts.policy import grant_for, objects
from unhurried.service.audit import clock
from unhurried.service.audit.actor import Actor
from unhurried.service.audit.operations import saw_many
from unhurried.service.joining import queries as joining
from unhurried.service.patients import queries as patients
from unhurried.service.patients.access import open_record, things_open_to, visible_patients
from unhurried.service.patients.models import Cover, Episode, Patient
from unhurried.service.sessions import queries as sessions
from unhurried.service.shared_care.queries.involvement import Involvement, involvement
from unhurried.service.tables import rows
from unhurried.web.around import address
from unhurried.web.home import greeting

NEXT = 3  # appointments shown of one person
THEIR_OWN = frozenset({"patient", "carer"})  # the roles whose first page this is


@dataclass(frozen=True, slots=True)
class Way:
    """A page to go to, and what is there."""

    text: str
    about: str
    href: str


@dataclass(frozen=True, slots=True)
class Worker:
    """Who works with the person, and who stands in today."""

    name: str
    about: str
    languages: str
    standing_in: str
    back_on: date | None


@dataclass(frozen=True, slots=True)
class OwnPlace:
    """A patient's first page. `state` is of the newest episode, "" for none."""

    greeting: str
    patient: Patient | None
    episode: Episode | None
    state: str
    service: Organisation | None
    worker: Worker | None
    practice: Organisation | None
    meeting: Way | None  # the next one booked
    ways: tuple[Way, ...]
    answers_href: str
    readers_href: str
    looked_href: str
    record_href: str
    problem_href: str = ""  # could not get to their GP
    involved: Involvement | None = None


@dataclass(frozen=True, slots=True)
class Sharing:
    """Somebody who shares something with a carer, and where it is."""

    name: str
    ways: tuple[Way, ...]
    meetings: tuple[Way, ...] | None  # the next ones booked; None where that is not shared


@dataclass(frozen=True, slots=True)
class CarersPlace:
    """A carer's first page."""

    greeting: str
    sharing: tuple[Sharing, ...]
    ways: tuple[Way, ...]


@dataclass(frozen=True, slots=True)
class _Row:
    thing: str
    text: str
    about: str
    page: str
    roles: frozenset[str]


@cache
def _rows() -> tuple[_Row, ...]:
    return tuple(
        _Row(row["thing"], row["text"], row["about"], row["page"], frozenset(row["roles"].split()))
        for row in rows("unhurried.web", "own_place.csv")
    )


def _ways(role: str, things: frozenset[str], patient: Patient | None) -> tuple[Way, ...]:
    """The pages of the table that are open: about this person, or without one, about nobody."""
    found = []
    for row in _rows():
        name, _, person = row.page.partition(" ")
        if role not in row.roles or row.thing not in things or bool(person) != bool(patient):
            continue
        href = address(f"{name} {patient.uuid}" if patient else name)
        if href:
            found.append(Way(row.text, row.about, href))
    return tuple(found)


def _general(role: str) -> tuple[Way, ...]:
    return _ways(role, frozenset(name for name in objects() if grant_for(role, name, "r")), None)


def own_place(actor: Actor, now: datetime) -> OwnPlace:
    """The patient's own first page; the look at their record is audited like any other."""
    hello = greeting(actor.name, now)
    own = visible_patients(actor, "episode").filter(user_id=actor.user_id or 0).first()
    if own is None:
        return OwnPlace(
            hello, None, None, "", None, None, None, None, _general(actor.role), "", "", "", ""
        )
    patient = open_record(actor, own.uuid, "episode")
    newest = Episode.objects.filter(patient=patient).order_by("-opened_at", "-pk")
    episode = patients.open_episode_of(patient) or newest.select_related("provider").first()
    seen = things_open_to(actor, patient)
    ways = _ways(actor.role, seen, patient) + _general(actor.role)
    uuid = patient.uuid
    return OwnPlace(
        greeting=hello, patient=patient, episode=episode, state=episode.state if episode else "",
        service=episode.provider if episode else None, worker=_worker(patient, episode),
        practice=patient.practice, ways=ways,
        meeting=_meeting(patient) if "appointment" in seen else None,
        answers_href=address(f"patients:own_answers {uuid}"),
        readers_href=address(f"patients:may_not_see {uuid}"),
        looked_href=address("audit:who_looked"), record_href=address(f"patients:person {uuid}"),
        problem_href=address(f"shared_care:report_access_problem {uuid}")
        if "access_problem" in seen else "",
        involved=involvement(patient),
    )  # fmt: skip


def _meeting(patient: Patient) -> Way | None:
    """The next appointment: when, and with whom."""
    found = sessions.coming(patient).first()
    if found is None:
        return None
    href = address(f"sessions:appointment {patient.uuid} {found.uuid}")
    return Way(found.when, f"with {found.worker.user.full_name}", href)


def _meetings(patient: Patient, coming: list[sessions.Coming]) -> tuple[Way, ...]:
    """The next appointments as the person's carer reads them."""
    return tuple(
        Way(
            each.appointment.when,
            f"with {each.appointment.worker.user.full_name}"
            + ("; you are to come along" if each.with_them else ""),
            address(f"sessions:appointment {patient.uuid} {each.appointment.uuid}"),
        )
        for each in coming[:NEXT]
    )  # fmt: skip


def _worker(patient: Patient, episode: Episode | None) -> Worker | None:
    """The named project worker, while they work here and may see the record."""
    if episode is None or episode.state == Episode.State.ENDED:
        return None
    today = clock.today()
    held = Membership.objects.on(today).filter(pk=episode.project_worker_id or 0)
    if not held.exists() or patients.worker_is_shut_out(patient):
        return None
    known = {each.membership.pk: each for each in joining.workers(episode.provider)}
    found = known.get(episode.project_worker_id or 0)
    if found is None:
        return None
    away = Cover.objects.filter(
        worker_id=episode.project_worker_id or 0, starts__lte=today, ends__gt=today
    )
    cover = away.select_related("covering__user").order_by("starts", "pk").first()
    return Worker(
        found.name, found.about, found.languages, cover.covering.user.full_name if cover else "",
        cover.ends if cover else None,
    )  # fmt: skip


def carers_place(actor: Actor, now: datetime) -> CarersPlace:
    """The carer's first page: whoever shares something with them today, and nobody else."""
    open_to: dict[int, set[str]] = {}
    people: dict[int, Patient] = {}
    for thing in sorted(objects()):
        grant = grant_for(actor.role, thing, "r")
        if grant is None or grant.scope != "relationship":
            continue
        for patient in visible_patients(actor, thing):
            people[patient.pk] = patient
            open_to.setdefault(patient.pk, set()).add(thing)
    if people:
        saw_many("shared", by=actor, patient_ids=people, note="first page of a carer")
    told = [pk for pk, things in open_to.items() if "appointment" in things]
    coming = sessions.coming_for_carer(actor.user_id or 0, told)
    sharing = tuple(
        Sharing(
            str(each), _ways(actor.role, frozenset(open_to[each.pk]), each),
            _meetings(each, coming.get(each.pk, [])) if each.pk in told else None,
        )
        for each in sorted(people.values(), key=lambda one: (one.search_name, one.pk))
    )  # fmt: skip
    return CarersPlace(greeting(actor.name, now), sharing, _general(actor.role))
