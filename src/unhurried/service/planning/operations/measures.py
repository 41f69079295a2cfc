"""Saving answers to measures; one that opens a conversation today raises its alert with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from unhurried.clinical import measures as clinical
from unhurried.service.audit import clock
from unhurried.service.audit.actor import Actor
from unhurried.service.audit.operations import write
from unhurried.service.patients.models import Patient, SafetyAlert
from unhurried.service.patients.operations import raise_alert
from unhurried.service.planning import rules
from unhurried.service.planning.models import NotAsked, Result
from unhurried.service.planning.tables import alert_kind

Given = Mapping[str, int | Decimal | None]


def save_answers(
    *, by: Actor, patient: Patient, code: str, answers: Given,
    named: Mapping[str, str] | None = None, key: str = "",
) -> Result:  # fmt: skip
    """The answers to one measure, by question, None where one was left out.

    `named` says what questions are about: "1" and "2" the person's goals, "medicine" a medicine.
    Answers that open a conversation the same day raise the alert in the same transaction.
    """
    about = {name: words.strip() for name, words in (named or {}).items() if words.strip()}
    body = (
        patient.pk,
        code,
        sorted((k, str(v)) for k, v in answers.items()),
        sorted(about.items()),
    )
    with write("planning.measure_answered", by=by, key=key, body=body) as doing:
        if doing.replay_of:
            return Result.objects.get(pk=doing.replay_of)
        episode = rules.check_open_episode(patient)
        measure = rules.checked_measure(code, by)
        rules.check_answers(measure, answers, about)
        result = Result.objects.create(
            patient=patient, episode=episode, measure=code, measure_version=measure.version,
            answers={k: str(v) if isinstance(v, Decimal) else v for k, v in answers.items()},
            named=about, by_id=rules.check_writer(by), by_person=by.role == "patient",
            at=clock.now(),
        )  # fmt: skip
        raise_concerns(by=by, patient=patient, concerns=rules.concerns(code, answers))
        doing.about(result, patient_id=patient.pk, note=code)
    return result


def raise_concerns(
    *, by: Actor, patient: Patient, concerns: Sequence[clinical.Concern], key: str = ""
) -> list[SafetyAlert]:
    """An alert for each answer that has to be talked about today.

    Called by itself when the rest of the form could not be saved: nothing may hide such an answer.
    """
    kinds = sorted({alert_kind(each.code, each.item) for each in concerns})
    return [
        raise_alert(by=by, patient=patient, kind=kind, key=f"{key}:{kind}" if key else "")
        for kind in kinds
    ]


def note_not_asked(
    *, by: Actor, patient: Patient, code: str, reason: str, words: str = "", key: str = ""
) -> NotAsked:
    """Why a measure was not asked, or was left, this time."""
    body = (patient.pk, code, reason, words)
    with write("planning.measure_not_asked", by=by, key=key, body=body) as doing:
        if doing.replay_of:
            return NotAsked.objects.get(pk=doing.replay_of)
        episode = rules.check_open_episode(patient)
        rules.checked_measure(code, by)
        rules.check_not_asked(reason, words)
        made = NotAsked.objects.create(
            patient=patient, episode=episode, measure=code, reason=reason, words=words.strip(),
            by_id=rules.check_writer(by), at=clock.now(),
        )  # fmt: skip
        doing.about(made, patient_id=patient.pk, note=code)
    return made


def put_aside_result(*, by: Actor, result: Result, because: str, key: str = "") -> Result:
    """Answers entered by mistake: kept, marked, no longer counted. Their alert stays."""
    with write("planning.measure_put_aside", by=by, key=key, body=(result.pk, because)) as doing:
        current = Result.objects.select_for_update().get(pk=result.pk)
        if doing.replay_of:
            return current
        rules.check_may_put_aside(by, current, because)
        current.put_aside_at, current.put_aside_because = clock.now(), because.strip()
        current.save()
        doing.about(current, patient_id=current.patient_id, note=current.measure)
    return current
