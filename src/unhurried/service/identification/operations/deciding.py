"""What GPs decide about the people listed, undoing it, and what came of it (ID-5, ID-8).

A decision is a row that is added and never changed; undoing adds one that puts the earlier answer
back. When a GP agrees to invite someone, that person is registered here with their medicines.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Model

from unhurried.service.accounts.models import Organisation
from unhurried.service.audit import clock
from unhurried.service.audit.actor import Actor
from unhurried.service.audit.operations import write
from unhurried.service.audit.refused import Refused
from unhurried.service.identification import rules
from unhurried.service.identification.models import (
    Candidate,
    Conversation,
    Decision,
    Practice,
)
from unhurried.service.identification.operations.medicines import note_medicines
from unhurried.service.identification.operations.same_person import (
    check_not_somebody_here,
    link_if_the_same,
)
from unhurried.service.identification.queries import not_kept_from
from unhurried.service.identification.rules import Chosen
from unhurried.service.patients.conflict import ChangedMeanwhile, PerhapsTheSamePerson
from unhurried.service.patients.models import Patient
from unhurried.service.patients.operations import register_patient

DETAILS = (
    "title", "given_name", "family_name", "date_of_birth", "address", "postcode", "phone", "email",
)  # fmt: skip
PERHAPS = (
    "Somebody with this name and date of birth is registered here already: open their page, press "
    "“Invite”, and say whether it is the same person."
)
SAME = "Someone else decided about them a moment ago: look at what they chose first."


@dataclass(slots=True)
class Decided:
    """What became of a choice made for one person or several."""

    batch: UUID
    decided: list[Candidate] = field(default_factory=list)
    left: list[tuple[Candidate, str]] = field(default_factory=list)  # with the reason in words
    changed: list[Candidate] = field(default_factory=list)  # decided by somebody else meanwhile
    perhaps: dict[int, list[Model]] = field(default_factory=dict)  # candidate: who they may be


def decide(
    *, by: Actor, candidates: Mapping[UUID, int], chosen: Chosen, key: str = ""
) -> Decided:  # fmt: skip
    """Record a GP's choice for these people (each with the version that was looked at).

    Those somebody else decided about meanwhile, and those for whom the choice is not possible, are
    left as they are and named. Raises Refused when the choice itself cannot stand.
    """
    rules.check_may_decide(by)
    rules.check_chosen(chosen, clock.today())
    done = Decided(uuid4())
    with transaction.atomic():
        rows = not_kept_from(by, Candidate.objects.filter(practice_id=by.organisation_id))
        locked = rows.select_for_update(of=("self",)).select_related("patient", "extract")
        found = {each.uuid: each for each in locked.filter(uuid__in=candidates).order_by("pk")}
        for place, (uuid, version) in enumerate(candidates.items()):
            candidate = found.get(uuid)
            if candidate is not None:
                _decide_one(by, candidate, version, chosen, done, f"{key}:{place}" if key else "")
    return done


def _decide_one(
    by: Actor, candidate: Candidate, version: int, chosen: Chosen, done: Decided, key: str
) -> None:
    body = (candidate.pk, version, asdict(chosen))
    try:
        if chosen.choice == Candidate.Choice.INVITE and candidate.version == version:
            link_if_the_same(by, candidate, chosen.same_as)
        with write("identification.decided", by=by, key=key, body=body) as doing:
            if doing.replay_of:
                done.batch = Decision.objects.get(pk=doing.replay_of).batch
                done.decided.append(candidate)
                return
            if candidate.version != version:
                raise ChangedMeanwhile(candidate)
            why = rules.why_not_decide(candidate, chosen)
            if why:
                raise Refused(why)
            if chosen.choice == Candidate.Choice.INVITE:
                _register(by, candidate, chosen)
            decision = _add(by, candidate, chosen, done.batch)
            doing.about(decision, patient_id=candidate.patient_id, note=chosen.choice)
    except ChangedMeanwhile:
        done.changed.append(candidate)
        done.left.append((candidate, SAME))
    except PerhapsTheSamePerson as refusal:
        done.perhaps[candidate.pk] = refusal.people
        done.left.append((candidate, PERHAPS))
        candidate.refresh_from_db()
    except Refused as refusal:
        candidate.refresh_from_db()
        done.left.append((candidate, str(refusal)))
    else:
        done.decided.append(candidate)


def _add(
    by: Actor, candidate: Candidate, chosen: Chosen, batch: UUID, undoes: Decision | None = None
) -> Decision:
    """Add a decision and let the candidate stand where it leaves them."""
    not_before = chosen.not_before if chosen.choice == Candidate.Choice.NOT_NOW else None
    decision = Decision.objects.create(
        candidate=candidate, choice=chosen.choice, by_id=by.membership_id or 0, at=clock.now(),
        not_before=not_before, text=chosen.text.strip(), batch=batch, undoes=undoes,
        reason=chosen.reason if chosen.choice == Candidate.Choice.NOT_SUITABLE else "",
        extract_id=candidate.extract_id,
    )  # fmt: skip
    candidate.choice = chosen.choice
    candidate.not_before = not_before
    none = chosen.choice == Candidate.Choice.NONE
    candidate.decided_at = None if none else decision.at
    candidate.decided_by_id = None if none else by.membership_id
    candidate.version += 1
    candidate.save()
    return decision


def _register(by: Actor, candidate: Candidate, chosen: Chosen) -> None:
    """Register the person at their practice, with the medicines the records state."""
    born = candidate.date_of_birth
    if born is None:
        raise Refused(f"To invite them, first type their {candidate.missing}.")
    if candidate.patient is None:
        if chosen.same_as != rules.ANOTHER:
            check_not_somebody_here(candidate)
        candidate.patient = register_patient(
            by=by, practice=Organisation.objects.get(pk=candidate.practice_id),
            given_name=candidate.given_name, family_name=candidate.family_name, date_of_birth=born,
            nhs_number=candidate.nhs_number, title=candidate.title, sex=candidate.sex,
            address=candidate.address, postcode=candidate.postcode, phone=candidate.phone,
            email=candidate.email, same_person=bool(candidate.nhs_number),  # the records say it
        )  # fmt: skip
    note_medicines(candidate, by)


def undo(*, by: Actor, batch: UUID, key: str = "") -> Decided:
    """Put back what stood before the decisions of this batch, for those where that is possible."""
    rules.check_may_decide(by)
    done = Decided(uuid4())
    with transaction.atomic():
        decisions = Decision.objects.filter(
            batch=batch, candidate__practice_id=by.organisation_id, undoes=None
        ).select_related("candidate")  # fmt: skip
        for place, decision in enumerate(decisions.order_by("pk")):
            _undo_one(by, decision, done, f"{key}:{place}" if key else "")
    if not done.decided and not done.left:
        raise Refused("There is nothing to undo.")
    return done


def _undo_one(by: Actor, decision: Decision, done: Decided, key: str) -> None:
    with write("identification.undone", by=by, key=key, body=decision.pk) as doing:
        candidate = Candidate.objects.select_for_update().get(pk=decision.candidate_id)
        if doing.replay_of:
            done.decided.append(candidate)
            return
        doing.about(decision, patient_id=candidate.patient_id)
        history = list(candidate.decisions.order_by("-at", "-pk")[:2])
        why = rules.why_not_undo(decision, history[0] if history else None, clock.now())
        if why:
            doing.note = f"not undone: {why}"
            done.left.append((candidate, why))
            return
        before = history[1] if len(history) > 1 else None
        earlier = Chosen(
            choice=before.choice if before else "",
            not_before=before.not_before if before else None,
            reason=before.reason if before else "",
        )  # fmt: skip
        restored = _add(by, candidate, earlier, done.batch, undoes=decision)
        doing.about(restored, patient_id=candidate.patient_id, note=f"undid {decision.pk}")
        done.decided.append(candidate)


def type_details(
    *, by: Actor, candidate: Candidate, version: int, details: Mapping[str, Any], key: str = ""
) -> Candidate:
    """Name and address typed by the practice, where the records carry none or wrong ones."""
    rules.check_at_practice(by)
    unknown = set(details) - set(DETAILS)
    if unknown:
        raise TypeError(f"not details of a candidate: {', '.join(sorted(unknown))}")
    body = (candidate.pk, version, sorted(details.items()))
    with write("identification.details_typed", by=by, key=key, body=body) as doing:
        current = Candidate.objects.select_for_update().get(
            pk=candidate.pk, practice_id=by.organisation_id
        )
        if doing.replay_of:
            return current
        if current.version != version:
            raise ChangedMeanwhile(current)
        if current.patient_id is not None:
            raise Refused("They are registered here already: change it on their own page.")
        for name, value in details.items():
            setattr(current, name, value)
        current.typed_details = True
        current.version += 1
        current.save()
        doing.about(current, note="changed: " + ", ".join(sorted(details)))
    return current


def record_conversation(
    *, by: Actor, candidate: Candidate, on: date, how: str, note: str = "", key: str = ""
) -> Conversation:
    """Record that someone nearing three months was told about dependence (ID-8)."""
    rules.check_at_practice(by)
    if on > clock.today():
        raise Refused("The day of the conversation cannot be in the future.")
    if how not in Conversation.How.values:
        raise Refused("Choose how they were told.")
    body = (candidate.pk, on, how, note)
    with write("identification.conversation_recorded", by=by, key=key, body=body) as doing:
        if doing.replay_of:
            return Conversation.objects.get(pk=doing.replay_of)
        current = Candidate.objects.get(pk=candidate.pk, practice_id=by.organisation_id)
        kept = Conversation.objects.create(
            candidate=current, by_id=by.membership_id or 0, at=clock.now(), on=on, how=how,
            note=note.strip(),
        )  # fmt: skip
        doing.about(kept, patient_id=current.patient_id)
    return kept


def set_pace(*, by: Actor, per_week: int, key: str = "") -> Practice:
    """How many people the practice wants to look at each week."""
    rules.check_may_decide(by)
    rules.check_per_week(per_week)
    with write("identification.pace_set", by=by, key=key, body=per_week) as doing:
        practice, _ = Practice.objects.get_or_create(organisation_id=by.organisation_id or 0)
        if not doing.replay_of:
            practice.per_week = per_week
            practice.version += 1
            practice.save()
            doing.about(practice, note=f"{per_week} a week")
    return practice


def mark_invited(*, by: Actor, patient: Patient, at: datetime | None = None) -> None:
    """An invitation went out to this person: for the yield page. Nothing for direct referrals."""
    _mark(by, patient, "invited_at", at)


def mark_enrolled(*, by: Actor, patient: Patient, at: datetime | None = None) -> None:
    """This person joined the service: for the yield page."""
    _mark(by, patient, "enrolled_at", at)


def _mark(by: Actor, patient: Patient, what: str, at: datetime | None) -> None:
    waiting = Candidate.objects.filter(patient=patient, **{f"{what}__isnull": True})
    for found in list(waiting):
        with write(f"identification.{what.removesuffix('_at')}", by=by) as doing:
            candidate = Candidate.objects.select_for_update().get(pk=found.pk)
            if getattr(candidate, what) is None:
                setattr(candidate, what, at or clock.now())
                candidate.version += 1
                candidate.save()
            doing.about(candidate, patient_id=patient.pk)
