"""What a summary says before anybody has changed a word: taken from what was recorded (COM-1).

Alerts about safeguarding are never in it: the person reads every summary, and so may whoever looks
over their shoulder. They reach the practice as alerts, at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from unhurried.service.audit import clock
from unhurried.service.audit.actor import Actor
from unhurried.service.patients.models import Patient, SafetyAlert
from unhurried.service.patients.queries import DoseLine, consent_in_force, dose_line
from unhurried.service.patients.tables import safety_kinds
from unhurried.service.patients.words import day
from unhurried.service.shared_care.documents.facts import (
    FactCode,
    FactLine,
    FactMedicine,
    Facts,
)
from unhurried.service.shared_care.models import RecordSummary
from unhurried.service.shared_care.rules.summaries import Line
from unhurried.service.shared_care.summary_sources import Handed
from unhurried.service.shared_care.summary_tables import codes, fields

MORE = "; and {} more in the list"


def shares_with_gp(patient: Patient) -> bool:
    """Has the person said yes to sharing with their GP practice, and does it hold? Not asked is
    not a yes here: a summary leaves the service for good."""
    return consent_in_force(patient, "sharing", "gp")


def first_lines(patient: Patient, handed: Handed) -> dict[str, Line]:
    """Every field as it is first shown; without consent only safety is ticked."""
    shares, known = shares_with_gp(patient), taken(patient, handed)
    found = {}
    for code, field in fields().items():
        text = handed.words.get(code, "") if field.typed else known[code]
        found[code] = Line(text, field.goes and (shares or field.without_consent))
    return found


def taken(patient: Patient, handed: Handed) -> dict[str, str]:
    """The fields nobody types, as known now."""
    return {
        "seen": _cut(handed.seen, "seen"),
        "medicines": dose_words(dose_line(patient)),
        "next_meeting": _cut(handed.next_meeting or "None booked yet", "next_meeting"),
        "safety": _safety(patient),
    }


def dose_words(known: DoseLine | None) -> str:
    """The OME with its day and range, what it leaves out, and as many medicines as there is room
    for; the rest are counted."""
    if known is None:
        return "No list of medicines from the practice is known"
    most = fields()["medicines"].most
    said = _plain(f"OME {known.sentence}" if known.medicines else known.sentence)
    if len(said) > most - 40:
        left_out = len(known.not_known) + len(known.not_converted)
        said = f"OME {known.figure or 'not counted'}, as at {day(known.as_at)}; without {left_out} "
        said += "not known or never converted"
    products = [
        _plain(f"{each.product} ({each.directions})" if each.directions else each.product)
        for each in known.medicines
    ]
    for count in range(len(products), 0, -1):
        rest = len(products) - count
        whole = f"{said}. Listed: {'; '.join(products[:count])}{MORE.format(rest) if rest else ''}"
        if len(whole) <= most:
            return whole
    return f"{said}. Listed: {len(products)}" if products else said


def _safety(patient: Patient) -> str:
    """Open alerts as fact and act, the oldest first."""
    known = {code: each for code, each in safety_kinds().items() if each.person_sees}
    rows = SafetyAlert.objects.filter(patient_id=patient.pk, closed_at=None, kind__in=known)
    said = [
        f"Alert of {day(timezone.localdate(each.raised_at))}: {known[each.kind].name}. "
        f"{known[each.kind].needed_act}"
        for each in rows.order_by("raised_at", "pk")
    ]
    text = " ".join(said)
    if len(text) <= fields()["safety"].most:
        return text
    return f"{len(said)} open alerts: see Safety alerts in the service today. {said[0]}"


def _plain(text: str) -> str:
    return " ".join(text.split())


def _cut(text: str, code: str) -> str:
    """Facts of the service's own are short; a name of many words is cut where it says so."""
    plain, most = _plain(text), fields()[code].most
    return plain if len(plain) <= most else f"{plain[: most - 3].rstrip()}..."


def kept_lines(row: RecordSummary) -> dict[str, Line]:
    """The lines as they were saved."""
    return {code: Line(each["text"], each["goes"]) for code, each in row.lines.items()}


def facts_of(
    by: Actor, row: RecordSummary, patient: Patient, handed: Handed, lines: Mapping[str, Line]
) -> Facts:
    """What goes, were it sent now by `by`."""
    going = tuple(
        FactLine(code, field.label, lines[code].text.strip())
        for code, field in fields().items()
        if code in lines and lines[code].goes and lines[code].text.strip()
    )
    known = dose_line(patient) if any(each.code == "medicines" for each in going) else None
    offered, earlier = codes(row.source_kind), row.corrects
    service = row.provider.service_name or row.provider.name
    return Facts(
        uuid=str(row.uuid), title=f"{service}: {handed.what}", written_at=clock.now().isoformat(),
        worker=by.name, session_uuid=str(handed.uuid), session_at=handed.at.isoformat(),
        session_minutes=handed.minutes, setting=handed.setting,
        corrects=str(earlier.uuid) if earlier else "",
        corrects_sent=earlier.sent_at.isoformat() if earlier and earlier.sent_at else "",
        lines=going, dose=known.sentence if known else "",
        dose_as_at=known.as_at.isoformat() if known else "",
        codes=tuple(
            FactCode(code, offered[code].term, offered[code].system)
            for code in row.codes if code in offered
        ),
        medicines=tuple(
            FactMedicine(_plain(each.product), _plain(each.directions), known.as_at.isoformat())
            for each in known.medicines
        ) if known else (),
        **_who(row, patient),
    )  # fmt: skip


def _who(row: RecordSummary, patient: Patient) -> dict[str, Any]:
    practice, provider = patient.practice, row.provider
    return {
        "name": str(patient), "given_name": patient.given_name,
        "family_name": patient.family_name, "born": patient.date_of_birth.isoformat(),
        "nhs_number": patient.nhs_number, "address": patient.address,
        "postcode": patient.postcode, "practice": practice.name,
        "practice_code": practice.ods_code, "provider": provider.name,
        "provider_code": provider.ods_code,
    }  # fmt: skip
