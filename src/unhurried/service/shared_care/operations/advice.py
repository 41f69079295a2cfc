"""Asking specialists, and all that is said to and fro until there is an answer (MDT-2, MDT-3).

Advice never changes a prescription: whoever prescribes reads it and decides.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from unhurried.service.accounts.models import Membership, Organisation
from unhurried.service.audit import clock
from unhurried.service.audit.actor import Actor
from unhurried.service.audit.operations import Write, write
from unhurried.service.patients.conflict import ChangedMeanwhile
from unhurried.service.patients.ending import when_contact_ends
from unhurried.service.patients.models import Episode, Patient
from unhurried.service.shared_care import advice_mail, times
from unhurried.service.shared_care.advice_packs import Pack
from unhurried.service.shared_care.models.advice import AdviceRequest, AdviceStep
from unhurried.service.shared_care.operations.answers import (
    answer_of_advice,
    seen_on_page_of_advice,
)
from unhurried.service.shared_care.operations.keeping import check_keeps
from unhurried.service.shared_care.rules import advice as rules

State, Kind = AdviceRequest.State, AdviceStep.Kind


@dataclass(frozen=True, slots=True)
class Asked:
    """A question and of whom: somebody by name, or whoever holds the role there."""

    hospital: Organisation
    role: str
    specialist: Membership | None
    question: str
    wants: str
    tried: str = ""
    matters: str = ""
    soon: str = "usual"
    soon_because: str = ""


def ask(
    *, by: Actor, patient: Patient, asked: Asked, pack: Pack, key: str = ""
) -> AdviceRequest:  # fmt: skip
    """The question, with what the specialist sees of the record frozen as `pack`."""
    to = asked.specialist
    body = (
        patient.pk, asked.hospital.pk, asked.role, to and to.pk, asked.question, asked.wants,
        asked.tried, asked.matters, asked.soon, asked.soon_because, sorted(pack),
    )  # fmt: skip
    with write("shared_care.advice_asked", by=by, key=key, body=body) as doing:
        if doing.replay_of:
            return AdviceRequest.objects.get(pk=doing.replay_of)
        rules.check_asker(by)
        rules.check_may_be_shared(patient)
        rules.check_question(asked.question, asked.tried, asked.matters)
        rules.check_kind(asked.wants, asked.soon, asked.soon_because)
        rules.check_asked(patient, asked.hospital, asked.role, to)
        _check_keeps(by, patient, asked)
        episode = _episode(patient)
        found = AdviceRequest(
            patient=patient, practice_id=patient.practice_id,
            provider_id=episode.provider_id if episode else None,
            asked_by_id=by.membership_id or 0, asked_at=clock.now(), hospital=asked.hospital,
            role=asked.role, specialist=to, question=asked.question, tried=asked.tried,
            matters=asked.matters, wants=asked.wants, soon=asked.soon,
            soon_because=asked.soon_because if asked.soon == "sooner" else "", pack=pack,
        )  # fmt: skip
        _start(found)
        found.save()
        step = _step(found, Kind.ASKED, by, to=to)
        advice_mail.tell_of_question(found, step)
        doing.about(found, patient_id=patient.pk)
    return found


def _check_keeps(by: Actor, patient: Patient, asked: Asked) -> None:
    texts = {
        "The question": asked.question, "What was tried": asked.tried,
        "What matters to the person": asked.matters, "Why sooner": asked.soon_because,
    }  # fmt: skip
    check_keeps(by, patient, texts)


def _episode(patient: Patient) -> Episode | None:
    open_ones = Episode.objects.filter(patient=patient).exclude(state=Episode.State.ENDED)
    return open_ones.order_by("-pk").first()


def _start(request: AdviceRequest) -> None:
    """Start the clock of whoever is to act now."""
    kind = "advice-sooner" if request.soon == AdviceRequest.Soon.SOONER else "advice"
    if request.state in {State.ASKED_BACK, State.NOT_FOR_ME}:
        kind = "advice-back"
    times.start(request, kind, clock.now())
    request.reminded = ""


def _step(
    request: AdviceRequest, kind: str, by: Actor, text: str = "", *,
    to: Membership | None = None, was_late: bool = False,
) -> AdviceStep:  # fmt: skip
    asks = kind in {Kind.ASKED, Kind.REASSIGNED, Kind.PASSED_ON}
    return AdviceStep.objects.create(
        request=request, kind=kind, at=clock.now(), by_id=by.membership_id, text=text,
        to_hospital=request.hospital if asks else None, to_role=request.role if asks else "",
        to=to if asks else None, was_late=was_late,
    )  # fmt: skip


def _locked(request: AdviceRequest, version: int) -> AdviceRequest:
    """The request as saved, locked. Raises ChangedMeanwhile when it is another version."""
    rows = AdviceRequest.objects.select_for_update(of=("self",))
    found = rows.select_related("patient", "hospital").get(pk=request.pk)
    if found.version != version:
        raise ChangedMeanwhile(found)
    return found


def _was_late(request: AdviceRequest) -> bool:
    late = request.late_from
    with_them = request.state == State.WITH_SPECIALIST
    return with_them and late is not None and late <= clock.now()


def _save(request: AdviceRequest, doing: Write) -> None:
    request.version += 1
    request.save()
    doing.about(request, patient_id=request.patient_id, note=request.state)


def answer(
    *, by: Actor, request: AdviceRequest, answer: str, if_then: str, may_read: str, version: int,
    key: str = "",
) -> AdviceRequest:  # fmt: skip
    """The specialist's advice. The person reads it at once, or after it was talked through."""
    body = (request.pk, answer, if_then, may_read, version)
    with write("shared_care.advice_answered", by=by, key=key, body=body) as doing:
        if doing.replay_of:
            return AdviceRequest.objects.get(pk=doing.replay_of)
        found = _locked(request, version)
        rules.check_with_specialist(found)
        rules.check_answer(answer, if_then, may_read)
        now, late = clock.now(), _was_late(found)
        found.answer, found.if_then, found.may_read = answer, if_then, may_read
        found.answered_by_id, found.answered_at = by.membership_id, now
        if may_read == AdviceRequest.MayRead.YES:
            found.released_at = now
        found.state, found.closed_at = State.ANSWERED, now
        _step(found, Kind.ANSWERED, by, was_late=late)
        _save(found, doing)
        answer_of_advice(found)
    return found


def ask_back(
    *, by: Actor, request: AdviceRequest, text: str, version: int, key: str = ""
) -> AdviceRequest:  # fmt: skip
    """The specialist needs to know something first: from now on it waits for who asked."""
    body = (request.pk, text, version)
    with write("shared_care.advice_asked_back", by=by, key=key, body=body) as doing:
        if doing.replay_of:
            return AdviceRequest.objects.get(pk=doing.replay_of)
        found = _locked(request, version)
        rules.check_with_specialist(found)
        rules.check_words("Your question", text)
        late = _was_late(found)
        found.state = State.ASKED_BACK
        _start(found)
        _step(found, Kind.ASKED_BACK, by, text, was_late=late)
        _save(found, doing)
    return found


def reply(
    *, by: Actor, request: AdviceRequest, text: str, version: int, key: str = ""
) -> AdviceRequest:  # fmt: skip
    """What the specialist wanted to know: their time begins again."""
    body = (request.pk, text, version)
    with write("shared_care.advice_replied", by=by, key=key, body=body) as doing:
        if doing.replay_of:
            return AdviceRequest.objects.get(pk=doing.replay_of)
        found = _locked(request, version)
        rules.check_asked_back(found)
        rules.check_words("Your reply", text)
        check_keeps(by, found.patient, {"Your reply": text})
        found.state = State.WITH_SPECIALIST
        _start(found)
        step = _step(found, Kind.REPLIED, by, text)
        advice_mail.tell_of_question(found, step)
        _save(found, doing)
    return found


def pass_on(
    *, by: Actor, request: AdviceRequest, to: Membership, text: str, version: int, key: str = ""
) -> AdviceRequest:  # fmt: skip
    """A colleague of the same hospital answers instead. The clock goes on: the asker waits on."""
    body = (request.pk, to.pk, text, version)
    with write("shared_care.advice_passed_on", by=by, key=key, body=body) as doing:
        if doing.replay_of:
            return AdviceRequest.objects.get(pk=doing.replay_of)
        found = _locked(request, version)
        rules.check_with_specialist(found)
        rules.check_colleague(found, to)
        if text:
            rules.check_words("Your words", text)
        late = _was_late(found)
        found.role, found.specialist, found.reminded = to.role, to, ""
        step = _step(found, Kind.PASSED_ON, by, text, to=to, was_late=late)
        advice_mail.tell_of_question(found, step)
        _save(found, doing)
    return found


def not_for_me(
    *, by: Actor, request: AdviceRequest, because: str, version: int, key: str = ""
) -> AdviceRequest:  # fmt: skip
    """The specialist cannot answer this: who asked chooses somebody else, or leaves it."""
    body = (request.pk, because, version)
    with write("shared_care.advice_not_for_me", by=by, key=key, body=body) as doing:
        if doing.replay_of:
            return AdviceRequest.objects.get(pk=doing.replay_of)
        found = _locked(request, version)
        rules.check_with_specialist(found)
        rules.check_words("Why it is not for you", because)
        late = _was_late(found)
        found.state = State.NOT_FOR_ME
        _start(found)
        _step(found, Kind.NOT_FOR_ME, by, because, was_late=late)
        _save(found, doing)
    return found


def ask_another(
    *, by: Actor, request: AdviceRequest, hospital: Organisation, role: str,
    specialist: Membership | None, version: int, key: str = "",
) -> AdviceRequest:  # fmt: skip
    """The same question, of somebody else; what was said so far stays, whoever was asked before
    sees it no longer."""
    body = (request.pk, hospital.pk, role, specialist and specialist.pk, version)
    with write("shared_care.advice_asked_another", by=by, key=key, body=body) as doing:
        if doing.replay_of:
            return AdviceRequest.objects.get(pk=doing.replay_of)
        found = _locked(request, version)
        rules.check_asker(by)
        rules.check_is_open(found)
        rules.check_may_be_shared(found.patient)
        rules.check_asked(found.patient, hospital, role, specialist)
        late = _was_late(found)
        found.hospital, found.role, found.specialist = hospital, role, specialist
        found.state = State.WITH_SPECIALIST
        _start(found)
        step = _step(found, Kind.REASSIGNED, by, to=specialist, was_late=late)
        advice_mail.tell_of_question(found, step)
        _save(found, doing)
    return found


def withdraw(
    *, by: Actor, request: AdviceRequest, because: str, version: int, key: str = ""
) -> AdviceRequest:  # fmt: skip
    """Nobody needs to answer any more; the specialist sees it no longer."""
    with write(
        "shared_care.advice_withdrawn", by=by, key=key, body=(request.pk, because, version)
    ) as doing:
        if doing.replay_of:
            return AdviceRequest.objects.get(pk=doing.replay_of)
        found = _locked(request, version)
        rules.check_asker(by)
        rules.check_is_open(found)
        rules.check_words("Why you withdraw it", because)
        check_keeps(by, found.patient, {"Why you withdraw it": because})
        _close(found, by, because)
        _save(found, doing)
    return found


def _close(request: AdviceRequest, by: Actor, because: str) -> None:
    late = _was_late(request)
    request.state, request.closed_at = State.WITHDRAWN, clock.now()
    _step(request, Kind.WITHDRAWN, by, because, was_late=late)


def mark_read(*, by: Actor, request: AdviceRequest, key: str = "") -> AdviceRequest:
    """The side that asked has read the answer; the first to say so is kept."""
    return _mark("shared_care.advice_read", by, request, key)


def release(*, by: Actor, request: AdviceRequest, key: str = "") -> AdviceRequest:
    """Somebody talked the advice through with the person: they can read it now."""
    return _mark("shared_care.advice_released", by, request, key)


def _mark(action: str, by: Actor, request: AdviceRequest, key: str) -> AdviceRequest:
    with write(action, by=by, key=key, body=request.pk) as doing:
        rows = AdviceRequest.objects.select_for_update(of=("self",))
        found = rows.get(pk=request.pk)
        if doing.replay_of:
            return found
        rules.check_asker(by)
        rules.check_is_answered(found)
        changed: dict[str, Any] = {}
        if found.read_at is None:
            changed = {"read_at": clock.now(), "read_by_id": by.membership_id}
        if action == "shared_care.advice_released" and found.released_at is None:
            changed["released_at"] = clock.now()
            _step(found, Kind.RELEASED, by)
        for name, value in changed.items():
            setattr(found, name, value)
        _save(found, doing)
        seen_on_page_of_advice(by, found)
    return found


@when_contact_ends
def close_questions(patient: Patient, why: str, by: Actor) -> None:
    """Nobody is asked any more about somebody who has died or left the practice."""
    waiting = AdviceRequest.objects.filter(patient=patient, closed_at=None).order_by("pk")
    for found in waiting.select_for_update(of=("self",)):
        with write("shared_care.advice_withdrawn", by=by) as doing:
            _close(found, by, why[:300])
            _save(found, doing)
