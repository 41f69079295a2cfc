"""Writing who a person is and how to reach them (requirements ID-1, SHC-1; hazards H09, H13, H21).

Reads organisations and roles from accounts; NHS numbers are checked by `records.nhs_number`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Model

from unhurried.service.accounts.models import Organisation
from unhurried.service.audit import clock
from unhurried.service.audit.actor import Actor
from unhurried.service.audit.operations import write
from unhurried.service.audit.refused import Refused
from unhurried.service.patients import rules
from unhurried.service.patients.access import visible_patients
from unhurried.service.patients.conflict import (
    ChangedMeanwhile,
    PerhapsTheSamePerson,
    UnderAnotherName,
)
from unhurried.service.patients.ending import contact_ended
from unhurried.service.patients.models import (
    ContactPreference,
    Episode,
    KnownMedicine,
    NoMedicines,
    Patient,
    PracticeMove,
    RecordsSay,
    SafetyAlert,
)
from unhurried.service.patients.names import composed, name_words, unlike
from unhurried.service.patients.telling import tell_responsible

NAMES = ("title", "given_name", "family_name", "known_as")
IDENTITY = (
    *NAMES, "nhs_number", "date_of_birth", "sex", "date_of_death", "address", "postcode", "phone",
    "email",
)  # fmt: skip
CONTACT = (
    "do_not_contact", "do_not_post", "no_voicemail", "reason", "by_letter", "by_email", "by_sms",
    "by_phone", "large_print", "language", "interpreter",
)  # fmt: skip


def register_patient(
    *, by: Actor, practice: Organisation, given_name: str, family_name: str, date_of_birth: date,
    nhs_number: str = "", same_person: bool | None = None, key: str = "", **more: Any,
) -> Patient:  # fmt: skip
    """The person, registered at the practice; the one already there when it is the same person.

    `same_person` is what somebody who looked said; None before anybody did. Same NHS number and
    date of birth: the person already there; when the name differs strongly, UnderAnotherName until
    it is True. Same number with another date of birth: Refused. No number, and somebody there with
    this name and date of birth: PerhapsTheSamePerson until it is False. `more` takes title,
    known_as, sex, date_of_death, address, postcode, phone, email.
    """
    facts = _facts(
        {**more, "given_name": given_name, "family_name": family_name,
         "date_of_birth": date_of_birth, "nhs_number": nhs_number}
    )  # fmt: skip
    body = (practice.pk, sorted(facts.items()), same_person)
    with write("patients.person_registered", by=by, key=key, body=body) as doing:
        if doing.replay_of:
            return Patient.objects.get(pk=doing.replay_of)
        rules.check_may_register(by, practice, clock.today())
        rules.check_identity(facts, clock.today())
        there = _already_there(by, practice, facts, same_person=same_person is True)
        if there is not None:
            doing.about(there, patient_id=there.pk, note="was already registered")
            return there
        if not facts["nhs_number"] and same_person is not False:
            _warn_of_the_same_name(practice, facts)
        patient = Patient.objects.create(practice=practice, **facts)
        ContactPreference.objects.create(patient=patient)
        doing.about(patient, patient_id=patient.pk)
    return patient


def _facts(given: Mapping[str, Any]) -> dict[str, Any]:
    """The facts as they are kept: names composed, the number's ten digits only."""
    unknown = set(given) - set(IDENTITY)
    if unknown:
        raise TypeError(f"not facts of a person: {', '.join(sorted(unknown))}")
    facts = dict(given)
    for field in (*NAMES, "address", "postcode", "phone", "email", "sex"):
        if field in facts:
            facts[field] = composed(facts[field])
    if "nhs_number" in facts:
        facts["nhs_number"] = rules.checked_nhs_number(facts["nhs_number"])
    return facts


def _already_there(
    by: Actor, practice: Organisation, facts: dict[str, Any], *, same_person: bool
) -> Patient | None:
    """The person with this NHS number at the practice, when birth and name agree with it."""
    if not facts["nhs_number"]:
        return None
    found = Patient.objects.filter(practice=practice, nhs_number=facts["nhs_number"]).first()
    if found is None:
        return None
    may_see = visible_patients(by, "identity").filter(pk=found.pk).exists()
    rules.check_same_birth(found, facts["date_of_birth"], may_see=may_see)
    differs = unlike(
        (facts["given_name"], facts["family_name"]),
        (found.given_name, found.family_name, found.known_as),
    )
    if differs and not (same_person and may_see):
        raise UnderAnotherName(found if may_see else None)
    return found


def _warn_of_the_same_name(practice: Organisation, facts: dict[str, Any]) -> None:
    same = same_name_and_birth(
        practice, facts["given_name"], facts["family_name"], facts["date_of_birth"]
    )
    if same:
        raise PerhapsTheSamePerson(list[Model](same))


def same_name_and_birth(
    practice: Organisation, given_name: str, family_name: str, born: date
) -> list[Patient]:
    """The people of a practice with this name and date of birth."""
    words = name_words(family_name, given_name)
    same_day = Patient.objects.filter(practice=practice, date_of_birth=born).order_by("pk")
    return [each for each in same_day if name_words(each.family_name, each.given_name) == words]


def amend_identity(
    *, by: Actor, patient: Patient, version: int, changes: Mapping[str, Any], key: str = ""
) -> Patient:
    """The person with these facts changed; `version` is the one the changes were made to.

    Raises ChangedMeanwhile when somebody saved another version first.
    """
    facts = _facts(changes)
    body = (patient.pk, version, sorted(facts.items()))
    with write("patients.identity_amended", by=by, key=key, body=body) as doing:
        current = Patient.objects.select_for_update().get(pk=patient.pk)
        if doing.replay_of:
            return current
        if current.version != version:
            raise ChangedMeanwhile(current)
        whole = {name: getattr(current, name) for name in IDENTITY} | facts
        rules.check_identity(whole, clock.today())
        rules.check_number_is_free(current, whole["nhs_number"])
        changed = [name for name in facts if getattr(current, name) != facts[name]]
        for name in changed:
            setattr(current, name, facts[name])
        current.version += 1
        current.save()
        if "date_of_death" in changed and current.date_of_death is not None:
            contact_ended(current, "The record says that the person has died.", by)
        doing.about(current, patient_id=current.pk, note="changed: " + ", ".join(changed))
    return current


def set_contact_preferences(
    *, by: Actor, patient: Patient, version: int, changes: Mapping[str, Any], key: str = ""
) -> ContactPreference:
    """How the person wants to be reached, changed; in force for everything not yet sent.

    Raises ChangedMeanwhile when somebody saved another version first.
    """
    unknown = set(changes) - set(CONTACT)
    if unknown:
        raise TypeError(f"not contact preferences: {', '.join(sorted(unknown))}")
    body = (patient.pk, version, sorted(changes.items()))
    with write("patients.contact_preferences_set", by=by, key=key, body=body) as doing:
        found, _made = ContactPreference.objects.get_or_create(patient_id=patient.pk)
        current = ContactPreference.objects.select_for_update().get(pk=found.pk)
        if doing.replay_of:
            return current
        if current.version != version:
            raise ChangedMeanwhile(current)
        for name, value in changes.items():
            setattr(current, name, value)
        current.version += 1
        current.save()
        doing.about(current, patient_id=patient.pk, note="changed: " + ", ".join(changes))
    return current


def move_practice(
    *, by: Actor, patient: Patient, to: Organisation, on: date | None = None, key: str = ""
) -> Patient:
    """The person, registered with another practice: the old one sees nothing from that day.

    Open alerts go to the new practice and wait for its acknowledgement. An open episode goes
    along when the provider also serves the new practice; otherwise it stays under the old
    agreement until it is ended or taken on (`queries.moved_without_agreement`).
    """
    body = (patient.pk, to.pk, on)
    with write("patients.practice_moved", by=by, key=key, body=body) as doing:
        current = Patient.objects.select_for_update().get(pk=patient.pk)
        if doing.replay_of:
            return current
        today = clock.today()
        rules.check_may_move(by, current, to, on or today, today)
        PracticeMove.objects.create(
            patient=current, from_practice=current.practice, to_practice=to, on=on or today,
            recorded_at=clock.now(),
        )  # fmt: skip
        current.practice = to
        current.version += 1
        current.save()
        RecordsSay.objects.filter(patient=current).update(
            left=None, left_no_longer=None, answer="", answered_by=None, answered_at=None
        )
        waiting = SafetyAlert.objects.filter(patient=current, closed_at=None)
        waiting.update(responsible=to, acknowledged_by=None, acknowledged_at=None, reminded="")
        for alert in waiting.select_related("responsible"):
            tell_responsible(alert)
        for episode in Episode.objects.filter(patient=current).exclude(state="ended"):
            if rules.is_served(to.pk, episode.provider_id, today):
                episode.practice = to
                episode.version += 1
                episode.save()
        doing.about(current, patient_id=current.pk)
    return current


@dataclass(frozen=True, slots=True)
class Medicine:
    """One medicine as the GP's records, or a referral, stated it."""

    product: str
    directions: str = ""
    last_issued: date | None = None


def record_medicines(
    *, by: Actor, patient: Patient, medicines: Iterable[Medicine], as_at: date, source: str,
    key: str = "",
) -> list[KnownMedicine]:  # fmt: skip
    """The list of medicines as at a day, in place of an earlier list of that source and day."""
    listed = list(medicines)
    if as_at > clock.today():
        raise Refused("A list of medicines cannot be of a day in the future.")
    body = (patient.pk, as_at, source, listed)
    with write("patients.medicines_recorded", by=by, key=key, body=body) as doing:
        kept = KnownMedicine.objects.filter(patient=patient, as_at=as_at, source=source)
        if doing.replay_of:
            return list(kept)
        kept.delete()
        if listed:
            NoMedicines.objects.filter(patient=patient, as_at=as_at, source=source).delete()
        made = KnownMedicine.objects.bulk_create(
            KnownMedicine(
                patient=patient, product=each.product, directions=each.directions,
                last_issued=each.last_issued, as_at=as_at, source=source,
            )
            for each in listed
        )  # fmt: skip
        doing.about(patient, patient_id=patient.pk, note=f"{len(made)} medicines, {source}")
    return made
