"""Whether the person may be written to or called now (hazards H11, H13)."""

from __future__ import annotations

from datetime import date, datetime

from unhurried.service.patients.models import ContactPreference, Patient, RecordsSay
from unhurried.service.patients.rules.consents import service_consent_ended
from unhurried.service.patients.words import day

CHANNELS = ("letter", "email", "sms", "phone")
_ASKED_NOT = {
    "letter": "The person does not want letters.",
    "email": "The person has not agreed to e-mail.",
    "sms": "The person has not agreed to text messages.",
    "phone": "The person does not want telephone calls.",
}
_ABSENT = {
    "letter": "There is no address to write to.",
    "email": "There is no e-mail address.",
    "sms": "There is no telephone number.",
    "phone": "There is no telephone number.",
}

DIED = "The person has died: nothing more is sent."


def age_on(born: date, today: date) -> int:
    """Whole years lived on a day; someone born on 29 February turns a year on 1 March."""
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def why_left(patient: Patient) -> str:
    """Why nothing is sent to someone the practice's records say has left it, or ""."""
    said = RecordsSay.objects.filter(patient_id=patient.pk, left__isnull=False).first()
    if said is None or said.left is None or said.answer == RecordsSay.Answer.REGISTERED:
        return ""
    if said.answer == RecordsSay.Answer.LEFT:
        return f"The person left the practice on {day(said.left)}: nothing more is sent."
    return (
        f"The practice's records say they left on {day(said.left)}: nothing is sent until the "
        "practice confirms that they are still registered."
    )


def why_not_contact(patient: Patient, channel: str, now: datetime) -> str:
    """Why nothing may go to the person this way at `now`, in a sentence; "" when it may.

    To be asked again at the moment of sending. Death, having left the practice, do-not-contact and
    an ended consent to take part stop every way; then do-not-post, the ways the person chose, and
    what is missing. Raises KeyError for a way that is not one of CHANNELS.
    """
    absent, asked_not = _ABSENT[channel], _ASKED_NOT[channel]
    gone = DIED if patient.date_of_death is not None else why_left(patient)
    if gone:
        return gone
    wishes = ContactPreference.objects.filter(patient_id=patient.pk).first()
    wishes = wishes or ContactPreference(patient=patient)
    if wishes.do_not_contact:
        return "The person does not want to be contacted."
    if service_consent_ended(patient, now):
        return "The person does not take part in the service."
    if channel == "letter" and wishes.do_not_post:
        return "Nothing may be posted to the person's home."
    if not getattr(wishes, f"by_{channel}"):
        return asked_not
    has = {
        "letter": patient.address, "email": patient.email, "sms": patient.phone,
        "phone": patient.phone,
    }[channel]  # fmt: skip
    return "" if has.strip() else absent
