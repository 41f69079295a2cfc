"""Rules on consent: whose answer, to which question, for how long (EVA-4; reliability 1.6)."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

from django.utils import timezone

from unhurried.service.accounts.policy import objects
from unhurried.service.audit.actor import Actor
from unhurried.service.audit.refused import Refused
from unhurried.service.patients.models import Carer, Consent, Patient
from unhurried.service.patients.tables import wordings
from unhurried.service.patients.words import check_text

LONGEST_SHARE = timedelta(days=366)  # then the person is asked again
_CARER = re.compile(r"carer:([0-9]{1,18}):([a-z_]+)", re.ASCII)


def is_in_force(consent: Consent, now: datetime) -> bool:
    """Is this a yes that holds at `now`: given, not withdrawn, not past its end?"""
    ended = consent.ends is not None and timezone.localdate(now) >= consent.ends
    withdrawn = consent.withdrawn_at is not None and consent.withdrawn_at <= now
    return consent.given and not withdrawn and not ended


def service_consent_ended(patient: Patient, now: datetime) -> bool:
    """Did the person, when last asked, not agree to take part, or withdraw since?

    Never asked is not a no.
    """
    asked = Consent.objects.filter(patient_id=patient.pk, kind=Consent.Kind.SERVICE)
    latest = asked.order_by("-at", "-pk").first()
    return latest is not None and not is_in_force(latest, now)


def keeps_notes_from_gp(patient: Patient, now: datetime) -> bool:
    """Did the person, when last asked, say no to sharing what is written with their GP, or stop it?

    Never asked is not a no. Safety alerts reach the GP whatever the answer.
    """
    asked = Consent.objects.filter(
        patient_id=patient.pk, kind=Consent.Kind.SHARING, party="gp"
    )  # fmt: skip
    latest = asked.order_by("-at", "-pk").first()
    return latest is not None and not is_in_force(latest, now)


def check_consent(
    by: Actor, patient: Patient, kind: str, party: str, how: str, wording: str
) -> None:
    """Refuse an answer that says not enough: who was asked what, about whom, and how."""
    if by.user_id is None:
        raise Refused("A consent is taken by a person, never by the system.")
    if how not in Consent.How.values:
        raise Refused("Say how the person answered: signed, said, recorded or online.")
    worded = wordings().get(wording)
    if worded is None or worded.kind != kind:
        raise Refused("That is not the wording of this consent: choose a wording of its own.")
    if kind == Consent.Kind.SHARING:
        _check_party(patient, party)
    elif kind == Consent.Kind.STUDY:
        check_text("The name of the study", party, 60)
        if not party.strip():
            raise Refused("Say which study this is about.")
    elif party:
        raise Refused("This consent is about nobody else: leave the other party empty.")


def _check_party(patient: Patient, party: str) -> None:
    if party in {"gp", "specialist"}:
        return
    match = _CARER.fullmatch(party)
    if match is None or match[2] not in objects():
        raise Refused("Say with whom it may be shared, and for a carer, what.")
    if not Carer.objects.filter(pk=int(match[1]), patient=patient, ended_at=None).exists():
        raise Refused("That carer is not one of this person's: add the carer first.")


def check_consent_end(party: str, given: bool, ends: date | None, today: date) -> None:
    """Refuse sharing with a carer that has no end, or one that is past or very far."""
    if ends is None:
        if party.startswith("carer:") and given:
            raise Refused("Sharing with a carer has an end: give the day it stops.")
        return
    if ends <= today:
        raise Refused("The end is past: give a day to come.")
    if ends > today + LONGEST_SHARE:
        raise Refused("Sharing can be agreed for a year at most, and then again.")
