"""Reads of advice: who sees which question, lists, and what waits (MDT-3, SHC-1)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery

from unhurried.service.accounts.models import Membership, Organisation
from unhurried.service.accounts.policy import grant_for, roles
from unhurried.service.audit import clock
from unhurried.service.audit.actor import Actor
from unhurried.service.patients.access import people_around, visible_patients
from unhurried.service.patients.models import Consent, Patient
from unhurried.service.shared_care.models.advice import AdviceRequest, AdviceStep
from unhurried.service.shared_care.specialists import (
    SPECIALISTS,
    advice_open_to,
    sharing_people,
)

State = AdviceRequest.State
OPEN = [State.WITH_SPECIALIST, State.ASKED_BACK, State.NOT_FOR_ME]
WITH_ASKER = [State.ASKED_BACK, State.NOT_FOR_ME]
PRACTICE = frozenset({"gp"})


def kept_from_practice() -> QuerySet[Patient]:
    """The people whose newest answer about sharing what is written with their GP is no."""
    answers = Consent.objects.filter(
        patient_id=OuterRef("pk"), kind=Consent.Kind.SHARING, party="gp"
    )
    newest = Subquery(answers.order_by("-at", "-pk").values("pk")[:1])
    holding = Consent.objects.filter(
        Q(ends__isnull=True) | Q(ends__gt=clock.today()), given=True, withdrawn_at=None
    )
    asked = Patient.objects.alias(answer=newest).filter(answer__isnull=False)
    return asked.exclude(answer__in=holding.values("pk"))


def seen_by(actor: Actor, action: str = "r") -> QuerySet[AdviceRequest]:
    """The requests the actor may read, or act on; metadata scope reads none.

    A specialist those asked of them; everybody else those about the people whose record they
    open. A practice not what the service wrote about somebody who keeps that from their GP.
    """
    people = visible_patients(actor, "advice_request", action).values("pk")
    rows = AdviceRequest.objects.all()
    if actor.role in SPECIALISTS:
        rows = advice_open_to(actor, action)
    rows = rows.filter(patient__in=people)
    if actor.role in PRACTICE:
        rows = rows.filter(practice_id=F("patient__practice_id")).exclude(
            ~Q(asked_by__role="gp") & Q(patient__in=kept_from_practice().values("pk"))
        )
    return rows.select_related(
        "patient", "hospital", "practice", "asked_by__user", "specialist__user",
        "answered_by__user", "read_by__user",
    )  # fmt: skip


def known_to_manager(actor: Actor) -> QuerySet[AdviceRequest]:
    """Open requests about people the manager's provider looks after now, whoever did when it was
    asked: that they wait, for whom, and since when."""
    people = people_around(actor).values("pk")
    rows = AdviceRequest.objects.filter(closed_at=None, patient__in=people)
    return rows.select_related("patient", "hospital", "asked_by__user", "specialist__user")


def request_of(
    actor: Actor, patient: Patient, uuid: UUID, action: str = "r"
) -> AdviceRequest | None:
    """One request about this person, when the actor may do `action` on it."""
    return seen_by(actor, action).filter(patient_id=patient.pk, uuid=uuid).first()


def was_asked(actor: Actor, person: UUID, uuid: UUID) -> bool:
    """Was this specialist asked this, by name or by role, whoever has it now and how it ended?"""
    if actor.role not in SPECIALISTS:
        return False
    by_name = Q(to_id=actor.membership_id or 0)
    here = Q(to_hospital_id=actor.organisation_id or 0, to_role=actor.role, to=None)
    steps = AdviceStep.objects.filter(by_name | here, request__patient__uuid=person)
    return steps.filter(request__uuid=uuid).exists()


def requests_of(actor: Actor, patient: Patient) -> list[AdviceRequest]:
    """The requests about this person the actor may read, the newest first."""
    rows = seen_by(actor).filter(patient_id=patient.pk)
    return list(rows.order_by("-asked_at", "-pk")[:100])


def steps_of(request: AdviceRequest) -> list[AdviceStep]:
    """What happened with it and was written to and fro, in order."""
    rows = request.steps.select_related("by__user", "to__user", "to_hospital")
    return list(rows.order_by("at", "pk"))


VIEWS = {
    "waiting": "Waiting", "late": "Later than agreed", "to_read": "Answers to read",
    "back": "Questions back to us", "answered": "Answered",
}  # fmt: skip


def listed(actor: Actor, view: str) -> QuerySet[AdviceRequest]:
    """The actor's list: what waits the longest first; what was answered, the newest first."""
    rows = seen_by(actor)
    if view == "answered":
        return rows.filter(state=State.ANSWERED).order_by("-answered_at", "-pk")
    if view == "to_read":
        return to_read(rows).order_by("answered_at", "pk")
    rows = rows.filter(state__in=OPEN)
    if view == "late":
        rows = rows.filter(late_from__lte=clock.now())
    if view == "back":
        rows = rows.filter(state__in=WITH_ASKER)
    return rows.order_by("asked_at", "pk")


def to_read(rows: QuerySet[AdviceRequest]) -> QuerySet[AdviceRequest]:
    """Those answered that nobody of the side that asked has read."""
    return rows.filter(state=State.ANSWERED, read_at=None)


@dataclass(frozen=True, slots=True)
class AdviceToDo:
    """Counts for somebody's first page."""

    waiting: int = 0  # for the specialist's answer
    late: int = 0
    to_read: int = 0
    back: int = 0  # for whoever asked


def to_do(actor: Actor) -> AdviceToDo:
    """How much waits for the actor: as the specialist, or as who asked; in one query."""
    asked = Q(state=State.WITH_SPECIALIST)
    counted = {
        "waiting": asked, "late": asked & Q(late_from__lte=clock.now()),
        "to_read": Q(state=State.ANSWERED, read_at=None), "back": Q(state__in=WITH_ASKER),
    }  # fmt: skip
    if actor.role in SPECIALISTS:
        counted = {name: counted[name] for name in ("waiting", "late")}
    found = seen_by(actor).aggregate(
        **{name: Count("pk", filter=which) for name, which in counted.items()}
    )
    return AdviceToDo(**found)


@dataclass(frozen=True, slots=True)
class Choice:
    """Somebody who can be asked: a role of a hospital, and by name or whoever is there."""

    hospital: Organisation
    role: str
    member: Membership | None

    @property
    def code(self) -> str:
        """As a form carries it."""
        who = self.member.pk if self.member else ""
        return f"{self.hospital.pk}:{self.role}:{who}"

    @property
    def words(self) -> str:
        """As a list shows it."""
        name = roles()[self.role].name
        if self.member is None:
            return f"Any {name[:1].lower()}{name[1:]}, {self.hospital.name}"
        return f"{self.member.user.full_name}, {name[:1].lower()}{name[1:]}, {self.hospital.name}"


def specialists_now(hospital_id: int | None = None) -> list[Choice]:
    """Everybody who can be asked today, by hospital and role: first anybody, then each by name."""
    held = Membership.objects.on(clock.today()).filter(
        role__in=SPECIALISTS, organisation__kind=Organisation.Kind.HOSPITAL, user__is_active=True
    )
    if hospital_id is not None:
        held = held.filter(organisation_id=hospital_id)
    held = held.select_related("user", "organisation")
    rows = held.order_by("organisation__name", "organisation_id", "-role", "user__full_name", "pk")
    found: list[Choice] = []
    for each in rows:
        anybody = Choice(each.organisation, each.role, None)
        if anybody not in found:
            found.append(anybody)
        found.append(Choice(each.organisation, each.role, each))
    return found


def colleagues_of(request: AdviceRequest, actor: Actor) -> list[Membership]:
    """To whom a specialist can pass it on: the others of the same hospital."""
    found = [each.member for each in specialists_now(request.hospital_id) if each.member]
    return [each for each in found if each.pk not in {actor.membership_id, request.specialist_id}]


def asked_whom(request: AdviceRequest) -> str:
    """Whom it is with, in words: `Dr Rowan, pain consultant at Avon Hospital`."""
    return in_words(request.role, request.hospital, request.specialist)


def in_words(role: str, hospital: Organisation | None, member: Membership | None) -> str:
    """A specialist in words, by name where there is one."""
    name = roles()[role].name if role in roles() else role
    does = f"{name[:1].lower()}{name[1:]}" + (f" at {hospital.name}" if hospital else "")
    article = "an" if does[:1] in "aeiou" else "a"
    return f"{member.user.full_name}, {does}" if member else f"{article} {does}"


def still_shared(rows: Iterable[AdviceRequest]) -> frozenset[int]:
    """Of the people of these requests, those who share with specialists today."""
    people = {each.patient_id for each in rows}
    return frozenset(sharing_people().filter(pk__in=people).values_list("pk", flat=True))


def may(actor: Actor, action: str) -> bool:
    """Has the actor's role this action at all?"""
    grant = grant_for(actor.role, "advice_request", action)
    return grant is not None and grant.scope != "metadata"
