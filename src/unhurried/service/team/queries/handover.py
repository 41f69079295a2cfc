"""Reads of handovers: who is on the list, with what is open, and what each viewer may know (1.8).

The manager of who hands over reads the names. A project worker reads those they hand over or are
asked to take on. The manager of the next provider reads a name once the person was told. The
privacy officer reads counts. Nobody reads a name where no agreement holds with the practice.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet

from unhurried.service.accounts.models import Agreement, Membership, Organisation
from unhurried.service.accounts.policy import grant_for
from unhurried.service.accounts.queries import practices_of
from unhurried.service.audit import clock
from unhurried.service.audit.actor import Actor
from unhurried.service.audit.operations import saw_many
from unhurried.service.patients.models import Episode, Note, Restriction
from unhurried.service.patients.queries import visible_notes, workers_to_choose
from unhurried.service.team.certificate import people_of
from unhurried.service.team.models import HandedPerson, Handover
from unhurried.service.team.open_items import open_items
from unhurried.service.team.rules import handover as rules
from unhurried.service.team.rules.handover import receives_for

State = HandedPerson.State
PER_PAGE = 25


def visible(actor: Actor) -> QuerySet[Handover]:
    """The handovers the actor has a part in; a provider that left has none any more."""
    rows = Handover.objects.select_related("provider", "to_provider", "worker__user")
    held = Membership.objects.on(clock.today()).filter(
        pk=actor.membership_id or 0, organisation_id=actor.organisation_id or 0, role=actor.role,
        user__is_active=True,
    )  # fmt: skip
    if grant_for(actor.role, "handover", "r") is None or not held.exists():
        return rows.none()
    here = Q(provider=actor.organisation_id) | Q(to_provider=actor.organisation_id)
    if actor.role == "project_worker":
        mine = HandedPerson.objects.filter(
            Q(receiver=actor.membership_id) | Q(from_worker=actor.membership_id)
        )
        here &= Q(worker=actor.membership_id) | Q(pk__in=mine.values("handover_id"))
    return rows.filter(here).order_by("-begun_at", "-pk")


def handovers(actor: Actor, number: int = 1) -> Page[Handover]:
    """A page of them, the newest first."""
    return Paginator(visible(actor), PER_PAGE).get_page(number)


def handover_of(actor: Actor, uuid: UUID) -> Handover | None:
    """This one, when the actor has a part in it."""
    return visible(actor).filter(uuid=uuid).first()


@dataclass(frozen=True, slots=True)
class Line:
    """One person of a handover, as the viewer may know them."""

    row: HandedPerson
    name: str
    named: bool
    practice: str
    items: tuple[tuple[str, int], ...]
    now_with: str
    answers: bool  # the viewer is asked to take them on
    may_tell: bool
    may_note: bool

    @property
    def items_words(self) -> str:
        """`2 Task, 1 Safety alert`, or that nothing is open."""
        return ", ".join(f"{name}: {count}" for name, count in self.items) or "Nothing open"


def lines(actor: Actor, handover: Handover) -> list[Line]:
    """Everybody of it whom the actor may know of; each look at a name is audited."""
    rows = people_of(handover)
    if actor.role == "project_worker" and handover.worker_id != actor.membership_id:
        rows = rows.filter(Q(receiver=actor.membership_id) | Q(from_worker=actor.membership_id))
    people = list(rows)
    pks = [each.patient_id for each in people]
    shut = set(
        Restriction.objects.filter(
            patient__in=pks, user=actor.user_id or 0, ended_at=None
        ).values_list("patient_id", flat=True)
    )
    served = set(practices_of(actor.organisation_id or 0).values_list("pk", flat=True))
    shut |= {each.patient_id for each in people if each.patient.practice_id not in served}
    counted: dict[int, Counter[str]] = {}
    for item in open_items(pks):
        counted.setdefault(item.patient_id, Counter())[item.kind] += 1
    made = [_line(actor, handover, each, counted, shut) for each in people]
    saw_many(
        "handover", by=actor, note="list",
        patient_ids=[each.row.patient_id for each in made if each.named],
    )  # fmt: skip
    return made


def _line(
    actor: Actor, handover: Handover, row: HandedPerson, counted: dict[int, Counter[str]],
    shut: set[int],
) -> Line:  # fmt: skip
    named = row.patient_id not in shut and _may_name(actor, handover, row)
    now = row.episode.project_worker
    runs = handover.state == Handover.State.RUNNING
    parts = {row.from_worker_id, row.receiver_id}
    practice = row.patient.practice.name
    return Line(
        row=row,
        name=str(row.patient) if named else f"A person of {practice}",
        named=named,
        practice=practice,
        items=tuple(sorted(counted.get(row.patient_id, Counter()).items())),
        now_with=now.user.full_name if now else "Not joined yet",
        answers=runs and row.state == State.ASKED and row.receiver_id == actor.membership_id,
        may_tell=runs
        and named
        and (actor.role == "service_manager" or actor.membership_id in parts),
        may_note=runs and row.episode.project_worker_id == actor.membership_id,
    )


def _may_name(actor: Actor, handover: Handover, row: HandedPerson) -> bool:
    if actor.role == "privacy_officer":
        return False
    if actor.organisation_id == handover.provider_id:
        return True
    return row.told_at is not None or handover.state == Handover.State.CLOSED


def line_of(actor: Actor, handover: Handover, uuid: UUID) -> Line | None:
    """One person of it, when the actor may know who they are."""
    found = next((each for each in lines(actor, handover) if each.row.uuid == uuid), None)
    return found if found is not None and found.named else None


def note_read(actor: Actor, row: HandedPerson) -> Note | None:
    """What was handed on in the person's words, for whoever may read their notes."""
    if row.note_id is None:
        return None
    return visible_notes(actor, row.patient).filter(pk=row.note_id).first()


def receivers(handover: Handover) -> list[Membership]:
    """Who can be asked: project workers of the service that takes people on, with `people` now."""
    return list(workers_to_choose(receives_for(handover)))


def workers_to_hand_over(actor: Actor) -> list[Membership]:
    """For whom the actor can begin a handover: a worker for themself, a manager for any."""
    rows = Membership.objects.filter(
        organisation_id=actor.organisation_id or 0, role="project_worker"
    )
    if actor.role == "project_worker":
        rows = rows.filter(pk=actor.membership_id or 0)
    with_people = Episode.objects.exclude(state=Episode.State.ENDED)
    held = Membership.objects.on(clock.today())
    rows = rows.filter(Q(pk__in=with_people.values("project_worker")) | Q(pk__in=held.values("pk")))
    return list(rows.select_related("user").order_by("user__full_name", "pk"))


def next_providers(actor: Actor) -> list[Organisation]:
    """Providers that have an agreement with a practice of the actor's provider, from any day."""
    ours = Agreement.objects.filter(provider_id=actor.organisation_id or 0)
    theirs = Agreement.objects.filter(practice__in=ours.values("practice_id"))
    rows = Organisation.objects.filter(kind="provider", pk__in=theirs.values("provider_id"))
    return list(rows.exclude(pk=actor.organisation_id or 0).order_by("name"))


@dataclass(frozen=True, slots=True)
class ToDo:
    """What the first page can say."""

    to_accept: int  # people the worker is asked to take on
    running: int  # handovers the manager sees to
    to_name: int  # people for whom the manager has to name somebody


def to_do(actor: Actor) -> ToDo:
    """Counts for the first page of a project worker or a manager; nought for anybody else."""
    rows = HandedPerson.objects.filter(handover__in=running(actor))
    if actor.role == "project_worker":
        asked = rows.filter(receiver=actor.membership_id or 0, state=State.ASKED)
        return ToDo(asked.count(), 0, 0)
    if actor.role != "service_manager":
        return ToDo(0, 0, 0)
    ours = Q(handover__to_provider=actor.organisation_id) | Q(
        handover__to_provider=None, handover__provider=actor.organisation_id
    )
    needing = rows.filter(ours, state=State.NEEDS).exclude(episode__state=Episode.State.ENDED)
    return ToDo(0, running(actor).count(), needing.count())


def running(actor: Actor) -> QuerySet[Handover]:
    """Those under way in which the actor has a part."""
    return visible(actor).filter(state=Handover.State.RUNNING).order_by()


def not_yet(handover: Handover) -> list[str]:
    """Why nobody of a provider that leaves can move yet; nothing when all is ready."""
    if handover.kind != Handover.Kind.PROVIDER or handover.state != Handover.State.RUNNING:
        return []
    return rules.not_yet(handover, list(people_of(handover)), clock.today())


def asked_since(row: HandedPerson) -> datetime | None:
    """Since when somebody is asked; None when nobody is."""
    return row.opened_at if row.state == State.ASKED else None
