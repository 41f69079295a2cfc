"""Writing what a person agreed to: five questions, each with its own answer (EVA-4, CON-6).

An answer is added, never changed; a later answer to the same question takes its place.
"""

from __future__ import annotations

from datetime import date

from unhurried.service.audit import clock
from unhurried.service.audit.actor import Actor
from unhurried.service.audit.operations import write
from unhurried.service.audit.refused import Refused
from unhurried.service.patients import rules
from unhurried.service.patients.models import Consent, Patient
from unhurried.service.patients.tables import wording_now


def record_consent(  # noqa: PLR0913 - keyword-only, each a fact of the answer
    *, by: Actor, patient: Patient, kind: str, given: bool, how: str, party: str = "",
    wording: str = "", ends: date | None = None, key: str = "",
) -> Consent:  # fmt: skip
    """The person's answer to one question of consent, in force at once.

    `party` says with whom (sharing) or which study; `wording` is a key of consent_wording.csv,
    the newest when left out. Sharing with a carer needs `ends`, the first day it no longer holds.
    """
    if kind not in Consent.Kind.values:
        raise Refused("There is no such consent: choose one of the five.")
    worded = wording or wording_now(kind).key
    body = (patient.pk, kind, given, how, party, worded, ends)
    with write("patients.consent_recorded", by=by, key=key, body=body) as doing:
        if doing.replay_of:
            return Consent.objects.get(pk=doing.replay_of)
        rules.check_consent(by, patient, kind, party, how, worded)
        rules.check_consent_end(party, given, ends, clock.today())
        consent = Consent.objects.create(
            patient=patient, kind=kind, party=party, given=given, how=how, wording=worded,
            taken_by_id=by.user_id or 0, at=clock.now(), ends=ends,
        )  # fmt: skip
        doing.about(consent, patient_id=patient.pk)
    return consent


def withdraw_consent(
    *, by: Actor, patient: Patient, kind: str, party: str = "", key: str = ""
) -> Consent:
    """The consent in force, withdrawn at once; Refused when there is none in force."""
    with write("patients.consent_withdrawn", by=by, key=key, body=(patient.pk, kind, party)) as d:
        if d.replay_of:
            return Consent.objects.get(pk=d.replay_of)
        rows = Consent.objects.select_for_update().filter(patient=patient, kind=kind, party=party)
        latest = rows.order_by("-at", "-pk").first()
        if latest is None or not rules.is_in_force(latest, clock.now()):
            raise Refused("There is no consent in force to withdraw: nothing was changed.")
        latest.withdrawn_at = clock.now()
        latest.withdrawn_by_id = by.user_id
        latest.save()
        d.about(latest, patient_id=patient.pk)
    return latest
