"""The practice that answers for a safety alert is written to: nobody need be signed in (H07, H18).

The message names nobody and says nothing of the risk; the page of alerts does.
"""

from __future__ import annotations

from unhurried.service.audit.refused import Refused
from unhurried.service.outbox.models import Message
from unhurried.service.outbox.operations import post
from unhurried.service.outbox.registry import check_before_sending
from unhurried.service.patients.alert_times import LATE, PASSED_ON
from unhurried.service.patients.models import SafetyAlert

ALERT = "patients.safety_alert"
SUBJECT = "A safety alert waits for you"
BODY = (
    "Somebody has raised a safety alert about a person of your practice. Please sign in today and "
    "look under Safety alerts: it says what to do. This message names nobody, and nobody reads "
    "replies to it."
)

UNANSWERED = "patients.safety_alert_unanswered"
UNANSWERED_SUBJECT = "A safety alert still waits for an answer"
UNANSWERED_BODY = {
    LATE: (
        "Nobody has answered a safety alert about a person of your practice yet. Please sign in "
        "now and look under Safety alerts: it says what to do. This message names nobody, and "
        "nobody reads replies to it."
    ),
    PASSED_ON: (
        "Nobody has answered a safety alert about a person of your practice. The service's manager "
        "now sees that it waits, too. Please sign in now and look under Safety alerts: it says "
        "what to do. This message names nobody, and nobody reads replies to it."
    ),
}


def tell_responsible(alert: SafetyAlert) -> None:
    """Leave a message to the practice that answers for the alert, once; inside the caller's write.

    A practice without a usable e-mail address meets the alert on its pages only.
    """
    _write_to(alert, ALERT, f"{alert.uuid}:{alert.responsible_id}", SUBJECT, BODY)


def remind_responsible(alert: SafetyAlert, stage: str) -> None:
    """The same when nobody answered in time: once for each stage (late, passed on)."""
    about = f"{alert.uuid}:{alert.responsible_id}:{stage}"
    _write_to(alert, UNANSWERED, about, UNANSWERED_SUBJECT, UNANSWERED_BODY[stage])


def _write_to(alert: SafetyAlert, purpose: str, about: str, subject: str, body: str) -> None:
    practice = alert.responsible
    if not practice.email:
        return
    try:
        post(
            purpose=purpose, about=about, channel="email", to=practice.email, subject=subject,
            body=body, patient_id=alert.patient_id, practice_id=practice.pk,
        )  # fmt: skip
    except Refused:
        return  # an address nobody can write to never keeps the alert itself from being raised


@check_before_sending(ALERT, "Safety alert: the practice told")
def check_still_waits(message: Message) -> str:
    """Does the alert still wait for this practice?"""
    found = SafetyAlert.objects.filter(uuid=message.about.partition(":")[0]).first()
    if found is None or found.closed_at is not None:
        return "The alert was closed before this was sent."
    if found.responsible_id != message.practice_id:
        return "Another practice answers for the alert now."
    return ""


@check_before_sending(UNANSWERED, "Safety alert: the practice reminded")
def check_still_unanswered(message: Message) -> str:
    """Does the alert still wait for this practice, and for somebody to say that they act?"""
    found = SafetyAlert.objects.filter(uuid=message.about.partition(":")[0]).first()
    if found is not None and found.acknowledged_at is not None:
        return "Somebody answered the alert before this was sent."
    return check_still_waits(message)
