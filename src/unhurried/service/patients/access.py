"""Whose record may this actor open: the matrix's scope applied to relationships.

Everything that loads a patient for someone goes through `visible_patients` or `open_record`.
What counts, and where reliability.md 1.3 and 1.8 leave a choice, the cautious one:

- the actor's role is held today, in the organisation they act in;
- practice: the person is registered there now; after a move the old practice sees nothing;
- provider: an episode that has not ended, and an agreement with the practice of the episode that
  holds today; when the agreement ends nobody of the provider sees anything, ended episodes too;
- project worker (relationship): named in that episode, or covering today for who is named; an
  episode that ended can still be read, not written, by its worker for READ_AFTER_ENDING; only
  what the practice is to be told of it is still written then; not by who covered;
- carer: named by the person, each kind of object by its own consent, until its end;
- a role whose relationship a later step keeps (a specialist asked for advice, a supervisor): what
  that step made known with `opens_records`;
- a person's request that a member of staff may not look wins over all of these;
- break-glass, for one hour, stands in for a missing relationship or such a request, within an
  organisation that is party to the person's care; it reads only, and never restricted notes.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

from django.db.models import CharField, Exists, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Concat
from django.http import Http404

from unhurried.service.accounts.models import Agreement, BreakGlass, Membership
from unhurried.service.accounts.policy import grant_for, objects
from unhurried.service.audit import clock
from unhurried.service.audit.actor import Actor
from unhurried.service.audit.operations import saw
from unhurried.service.patients.models import Carer, Consent, Cover, Episode, Patient, Restriction

PRACTICE_ROLES = frozenset({"gp", "practice_staff"})
PROVIDER_ROLES = frozenset({"project_worker", "service_manager", "clinical_supervisor"})
READ_AFTER_ENDING = timedelta(days=30)
OPENS_NOBODY = frozenset({"metadata", "break_glass"})
NOT_BY_BREAK_GLASS = frozenset({"restricted_note"})
FINISHED_AFTER_ENDING = frozenset({"record_summary"})
OF_THEIR_OWN_REACH = NOT_BY_BREAK_GLASS | FINISHED_AFTER_ENDING  # not as far as others of the scope

Relation = Callable[[Actor, str], Q]  # (actor, action) -> the people they are related to
_relations: dict[str, Relation] = {}


def opens_records(role: str, relation: Relation) -> None:
    """Let a later step say to whom `role` is related: its people, for an action, today."""
    known = _relations.get(role)
    if known is not None and known.__qualname__ != relation.__qualname__:
        raise ValueError(f"{role} is related by {known.__qualname__} already")
    _relations[role] = relation


def visible_patients(actor: Actor, thing: str, action: str = "r") -> QuerySet[Patient]:
    """The patients on whose records `actor` may do `action` on `thing`; perhaps none.

    Metadata scope is for counts and queues: it opens nobody's record.
    """
    grant = grant_for(actor.role, thing, action)
    everyone = Patient.objects.all()
    if grant is None or grant.scope in OPENS_NOBODY:
        return everyone.none()
    return everyone.filter(_reach(actor, grant.scope, thing, action))


def _reach(actor: Actor, scope: str, thing: str, action: str) -> Q:
    """The condition on patients for a cell of the matrix."""
    if scope == "own":
        return Q(user_id=actor.user_id) if actor.user_id else _nobody()
    if actor.role == "carer":
        return _shared_with_carer(actor, thing) & ~_restricted(actor)
    party = _party(actor)
    finishes = "r" if thing in FINISHED_AFTER_ENDING else action
    related = _related(actor, finishes) if scope == "relationship" else party
    reach = related & ~_restricted(actor)
    if action == "r" and thing not in NOT_BY_BREAK_GLASS:
        reach |= party & _break_glass(actor)
    return reach & _role_is_held(actor)


def _nobody() -> Q:
    return Q(pk__in=[])


def _role_is_held(actor: Actor) -> Q:
    held = Membership.objects.on(clock.today()).filter(
        pk=actor.membership_id or 0, organisation_id=actor.organisation_id or 0, role=actor.role,
        user_id=actor.user_id or 0, user__is_active=True,
    )  # fmt: skip
    return Q(Exists(held))


def _party(actor: Actor) -> Q:
    """People in whose care the actor's organisation takes part today."""
    if actor.role in PRACTICE_ROLES:
        return Q(practice_id=actor.organisation_id)
    if actor.role in PROVIDER_ROLES:
        served = _served_episodes(actor).exclude(state=Episode.State.ENDED)
        return Q(pk__in=served.values("patient_id"))
    return _relations[actor.role](actor, "r") if actor.role in _relations else _nobody()


def _served_episodes(actor: Actor) -> QuerySet[Episode]:
    """Episodes with the actor's provider, under an agreement that holds today."""
    today = clock.today()
    agreed = Agreement.objects.filter(
        Q(ends__isnull=True) | Q(ends__gt=today), provider_id=actor.organisation_id,
        starts__lte=today,
    )  # fmt: skip
    return Episode.objects.filter(
        provider_id=actor.organisation_id, practice__in=agreed.values("practice_id")
    )


def _related(actor: Actor, action: str) -> Q:
    """People the actor works with: named, covering, or for a time after the ending."""
    if actor.role in PRACTICE_ROLES:
        return _party(actor)
    if actor.role in _relations:
        return _party(actor) & _relations[actor.role](actor, action)
    if actor.role != "project_worker" or actor.membership_id is None:
        return _nobody()
    today = clock.today()
    away = Cover.objects.filter(
        covering_id=actor.membership_id, starts__lte=today, ends__gt=today,
        worker__organisation_id=actor.organisation_id or 0,
    )  # fmt: skip
    named = Q(project_worker_id=actor.membership_id)
    condition = (named | Q(project_worker__in=away.values("worker_id"))) & ~Q(
        state=Episode.State.ENDED
    )
    if action == "r":
        since = clock.now() - READ_AFTER_ENDING
        condition |= named & Q(state=Episode.State.ENDED, ended_at__gt=since)
    return Q(pk__in=_served_episodes(actor).filter(condition).values("patient_id"))


def _restricted(actor: Actor) -> Q:
    asked = Restriction.objects.filter(user_id=actor.user_id or 0, ended_at=None)
    return Q(pk__in=asked.values("patient_id"))


def _break_glass(actor: Actor) -> Q:
    now = clock.now()
    opened = BreakGlass.objects.filter(
        user_id=actor.user_id or 0, membership_id=actor.membership_id or 0, opened_at__lte=now,
        until__gt=now,
    )  # fmt: skip
    return Q(pk__in=opened.values("patient_id"))


def _shared_with_carer(actor: Actor, thing: str) -> Q:
    """People who share `thing` with this carer: the newest answer is a yes that holds today."""
    party = Concat(
        Value("carer:"), Cast(OuterRef("pk"), CharField()), Value(f":{thing}"),
        output_field=CharField(),
    )  # fmt: skip
    answers = Consent.objects.filter(
        patient_id=OuterRef("patient_id"), kind=Consent.Kind.SHARING, party=party
    )
    newest = Subquery(answers.order_by("-at", "-pk").values("pk")[:1])
    holding = Consent.objects.filter(given=True, withdrawn_at=None, ends__gt=clock.today())
    carers = Carer.objects.filter(user_id=actor.user_id or 0, ended_at=None).alias(answer=newest)
    return Q(pk__in=carers.filter(answer__in=holding.values("pk")).values("patient_id"))


def people_around(actor: Actor) -> QuerySet[Patient]:
    """People in whose care the actor's organisation takes part: for queues and counts only.

    Without those who asked that this member of staff does not see them.
    """
    return Patient.objects.filter(_party(actor) & ~_restricted(actor) & _role_is_held(actor))


def open_record(actor: Actor, patient: UUID, thing: str, action: str = "r") -> Patient:
    """The patient, for `actor` to do `action` on their `thing`; the look is audited.

    Raises Http404, the same for a person who does not exist and one who is not theirs to see.
    """
    people = visible_patients(actor, thing, action).select_related("practice")
    found = people.filter(uuid=patient).first()
    if found is None:
        raise Http404
    saw(thing, by=actor, object_id=found.uuid, patient_id=found.pk)
    return found


def things_open_to(actor: Actor, patient: Patient, action: str = "r") -> frozenset[str]:
    """The kinds of object of this person's record on which `actor` may do `action`.

    As many queries as there are different scopes in the actor's row of the matrix, not as there
    are kinds of object.
    """
    reached: dict[tuple[str, str], bool] = {}
    found: set[str] = set()
    for thing in sorted(objects()):
        grant = grant_for(actor.role, thing, action)
        if grant is None or grant.scope in OPENS_NOBODY:
            continue
        own_reach = actor.role == "carer" or thing in OF_THEIR_OWN_REACH
        key = (grant.scope, thing if own_reach else "")
        if key not in reached:
            people = visible_patients(actor, thing, action)
            reached[key] = people.filter(pk=patient.pk).exists()
        if reached[key]:
            found.add(thing)
    return frozenset(found)


def in_our_care(actor: Actor) -> QuerySet[Patient]:
    """The people in whose care the actor's organisation takes part: as far as break-glass goes."""
    return Patient.objects.filter(_party(actor) & _role_is_held(actor))
