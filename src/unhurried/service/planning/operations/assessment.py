"""Writing the conversation down, version by version, and sharing it as the person says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import models

from unhurried.service.audit import clock
from unhurried.service.audit.actor import Actor
from unhurried.service.audit.operations import write
from unhurried.service.patients.conflict import ChangedMeanwhile
from unhurried.service.patients.models import Patient
from unhurried.service.planning import rules
from unhurried.service.planning.models import (
    Assessment,
    Baseline,
    BenefitCheck,
    PartSaid,
    Summary,
)


def _assessment(by: Actor, patient: Patient) -> Assessment:
    """The assessment of the open episode, begun when there is none; locked for this write."""
    episode = rules.check_open_episode(patient)
    begun, _made = Assessment.objects.select_for_update().get_or_create(
        episode=episode, defaults={"begun_at": clock.now(), "begun_by_id": rules.check_writer(by)}
    )
    return begun


def _next(newest: models.Model | None, after: int) -> int:
    """The number of the next version; ChangedMeanwhile when somebody wrote one in between."""
    number = getattr(newest, "number", 0)
    if number != after and newest is not None:
        raise ChangedMeanwhile(newest)
    return int(number) + 1


def write_part(  # noqa: PLR0913 - the facts of a row
    *, by: Actor, patient: Patient, code: str, after: int, words: str = "", left_out: str = "",
    left_out_words: str = "", wants_help: bool = False, key: str = "",
) -> PartSaid:  # fmt: skip
    """One part, as said now; `after` is the number it was filled in from, 0 when there was none.

    What was written before stays. Raises ChangedMeanwhile when somebody wrote meanwhile.
    """
    body = (patient.pk, code, after, words, left_out, left_out_words, wants_help)
    with write("planning.part_written", by=by, key=key, body=body) as doing:
        if doing.replay_of:
            return PartSaid.objects.get(pk=doing.replay_of)
        rules.check_part(code, words, left_out, left_out_words)
        begun = _assessment(by, patient)
        newest = begun.said.filter(code=code).order_by("-number").first()
        said = PartSaid.objects.create(
            assessment=begun, code=code, number=_next(newest, after), words=words.strip(),
            left_out=left_out, left_out_words=left_out_words.strip() if left_out else "",
            wants_help=wants_help, by_id=rules.check_writer(by), at=clock.now(),
        )  # fmt: skip
        doing.about(said, patient_id=patient.pk, note=code)
    return said


def record_benefit(
    *, by: Actor, patient: Patient, after: int, numbers: Mapping[str, int | None],
    wants: str = "", helps: str = "", words: str = "", key: str = "",
) -> BenefitCheck:  # fmt: skip
    """Days with the opioids and days without; `numbers` by field name, 0 to 10 or None."""
    body = (patient.pk, after, sorted(numbers.items(), key=str), wants, helps, words)
    with write("planning.benefit_recorded", by=by, key=key, body=body) as doing:
        if doing.replay_of:
            return BenefitCheck.objects.get(pk=doing.replay_of)
        rules.check_benefit(numbers, wants, helps, words)
        begun = _assessment(by, patient)
        newest = begun.benefits.order_by("-number").first()
        made = BenefitCheck.objects.create(
            assessment=begun, number=_next(newest, after), wants=wants.strip(), helps=helps,
            words=words.strip(), by_id=rules.check_writer(by), at=clock.now(), **numbers,
        )  # fmt: skip
        doing.about(made, patient_id=patient.pk)
    return made


def record_baseline(
    *, by: Actor, patient: Patient, after: int, given: Mapping[str, str | Sequence[str]],
    key: str = "",
) -> Baseline:  # fmt: skip
    """The fields of the paper's Table 1; what is left out is not known."""
    body = (patient.pk, after, sorted((k, _plain(v)) for k, v in given.items()))
    with write("planning.baseline_recorded", by=by, key=key, body=body) as doing:
        if doing.replay_of:
            return Baseline.objects.get(pk=doing.replay_of)
        rules.check_baseline(given)
        begun = _assessment(by, patient)
        newest = begun.baselines.order_by("-number").first()
        values: dict[str, Any] = {name: given.get(name) or "" for name in rules.ONE}
        values |= {name: sorted(set(given.get(name) or ())) for name in rules.SEVERAL}
        made = Baseline.objects.create(
            assessment=begun, number=_next(newest, after), by_id=rules.check_writer(by),
            at=clock.now(), **values,
        )  # fmt: skip
        doing.about(made, patient_id=patient.pk)
    return made


def _plain(value: str | Sequence[str]) -> str:
    return value if isinstance(value, str) else ",".join(sorted(value))


def share_with_person(*, by: Actor, assessment: Assessment, key: str = "") -> Assessment:
    """From now the person reads on their own page what was written until now."""
    with write("planning.assessment_shared", by=by, key=key, body=assessment.pk) as doing:
        current = Assessment.objects.select_for_update().get(pk=assessment.pk)
        if doing.replay_of:
            return current
        current.shared_at, current.shared_by_id = clock.now(), rules.check_writer(by)
        current.save()
        doing.about(current, patient_id=current.episode.patient_id)
    return current


def share_summary(
    *, by: Actor, patient: Patient, after: int, text: str, agreed: bool, key: str = "",
) -> Summary:  # fmt: skip
    """The short text the GP practice sees from now on, in place of the one before."""
    body = (patient.pk, after, text, agreed)
    with write("planning.summary_shared", by=by, key=key, body=body) as doing:
        if doing.replay_of:
            return Summary.objects.get(pk=doing.replay_of)
        rules.check_may_share_summary(patient, text, agreed=agreed, now=clock.now())
        begun = _assessment(by, patient)
        newest = begun.summaries.order_by("-number").first()
        number = newest.number + 1 if newest else 1
        if newest is not None and newest.mark != after:
            rules.check_not_taken_back(newest, after)
            raise ChangedMeanwhile(newest)
        made = Summary.objects.create(
            assessment=begun, number=number, text=text.strip(),
            by_id=rules.check_writer(by), at=clock.now(),
        )  # fmt: skip
        doing.about(made, patient_id=patient.pk)
    return made


def stop_sharing_summary(*, by: Actor, assessment: Assessment, key: str = "") -> Assessment:
    """The GP practice sees the summary no more, from this moment."""
    with write("planning.summary_stopped", by=by, key=key, body=assessment.pk) as doing:
        current = Assessment.objects.select_for_update().get(pk=assessment.pk)
        if doing.replay_of:
            return current
        current.summaries.filter(stopped_at=None).update(stopped_at=clock.now())
        doing.about(current, patient_id=current.episode.patient_id)
    return current
