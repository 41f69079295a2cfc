"""Writing safety alerts: the fact of a risk, who answers for it, what was done (H18, H23)."""

from __future__ import annotations

from django.db import transaction

from unhurried.service.audit import clock
from unhurried.service.audit.actor import Actor
from unhurried.service.audit.operations import lock_chain, write
from unhurried.service.patients import rules
from unhurried.service.patients.alert_times import LATE, PASSED_ON, due
from unhurried.service.patients.models import Patient, SafetyAlert
from unhurried.service.patients.queries.alerts import unanswered
from unhurried.service.patients.tables import safety_kinds
from unhurried.service.patients.telling import remind_responsible, tell_responsible


def raise_alert(*, by: Actor, patient: Patient, kind: str, key: str = "") -> SafetyAlert:
    """The alert, waiting for the patient's practice and shown to the project worker.

    An alert of this kind that is still open is returned as it is, once more pointed out in the
    audit trail.
    """
    with write("patients.alert_raised", by=by, key=key, body=(patient.pk, kind)) as doing:
        if doing.replay_of:
            return SafetyAlert.objects.get(pk=doing.replay_of)
        rules.check_alert(by, kind)
        now = clock.now()
        open_one = SafetyAlert.objects.filter(
            patient=patient, kind=kind, closed_at=None, acknowledged_at=None
        ).first()
        alert = open_one or SafetyAlert.objects.create(
            patient=patient, kind=kind, raised_by_id=by.membership_id or 0,
            raised_at=now, responsible_id=patient.practice_id,
            late_from=due(kind, now, LATE), passed_on_from=due(kind, now, PASSED_ON),
        )  # fmt: skip
        tell_responsible(alert)
        doing.about(alert, patient_id=patient.pk, note="again" if open_one else "")
    return alert


def acknowledge_alert(
    *, by: Actor, alert: SafetyAlert, action_taken: str, close: bool = False, key: str = ""
) -> SafetyAlert:
    """The alert, owned by whoever acknowledged it, with what they did or will do.

    `close` also ends it: the needed act is done.
    """
    body = (alert.pk, action_taken, close)
    with write("patients.alert_acknowledged", by=by, key=key, body=body) as doing:
        current = SafetyAlert.objects.select_for_update().get(pk=alert.pk)
        if doing.replay_of:
            return current
        rules.check_may_acknowledge(by, current, action_taken)
        current.acknowledged_by_id = by.membership_id
        current.acknowledged_at = clock.now()
        current.action_taken = action_taken
        current.closed_at = clock.now() if close else None
        current.save()
        doing.about(current, patient_id=current.patient_id)
    return current


def close_alert(*, by: Actor, alert: SafetyAlert, action_taken: str, key: str = "") -> SafetyAlert:
    """The alert, closed: the needed act is done, and this is what it was."""
    return acknowledge_alert(by=by, alert=alert, action_taken=action_taken, close=True, key=key)


def remind_of_unanswered(*, by: Actor) -> int:
    """How many alerts went a stage further: the practice is written to once for each stage.

    Whoever else must know meets the alert on their page of today (`queries.unanswered_alerts`).
    """
    gone_on = 0
    for stage in (PASSED_ON, LATE):  # an alert past both is spoken of once, as it is now
        already = (PASSED_ON,) if stage == PASSED_ON else (PASSED_ON, LATE)
        waiting = unanswered(SafetyAlert.objects.all(), stage, clock.now())
        for found in waiting.exclude(reminded__in=already).values_list("pk", flat=True):
            gone_on += _remind(by, found, stage, already)
    return gone_on


def _remind(by: Actor, found: int, stage: str, already: tuple[str, ...]) -> bool:
    with transaction.atomic():
        lock_chain()
        rows = SafetyAlert.objects.select_for_update(of=("self",)).select_related("responsible")
        alert = unanswered(rows, stage, clock.now()).filter(pk=found).first()
        if alert is None or alert.reminded in already:
            return False  # somebody answered just now, or another worker was here first
        with write("patients.alert_not_answered", by=by) as doing:
            alert.reminded = stage
            alert.save(update_fields=["reminded"])
            remind_responsible(alert, stage)
            kind = safety_kinds().get(alert.kind)
            # The trail the person may read says nothing of safeguarding.
            whose = alert.patient_id if kind is not None and kind.person_sees else None
            doing.about(alert, patient_id=whose, note=stage)
    return True
