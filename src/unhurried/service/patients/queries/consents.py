"""What a person agreed to, declined, withdrew or was never asked (EVA-4; reliability 1.6)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, OuterRef, Q, QuerySet, Subquery

from unhurried.service.audit import clock
from unhurried.service.patients.models import Consent, Patient
from unhurried.service.patients.rules import is_in_force
from unhurried.service.patients.tables import Wording, wording_now, wordings

SINGLE = (Consent.Kind.SERVICE, Consent.Kind.RESEARCH_CONTACT, Consent.Kind.EVALUATION)
STATES = {
    "given": "Given", "declined": "Declined", "withdrawn": "Withdrawn", "over": "Its time is over",
    "not_asked": "Not asked",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class AskedAbout:
    """One question of consent and where it stands."""

    kind: str
    name: str
    party: str
    state: str  # a key of STATES
    latest: Consent | None
    wording: Wording  # in which it would be asked now

    @property
    def state_name(self) -> str:
        """The state in words."""
        return STATES[self.state]

    @property
    def answered_in(self) -> str:
        """In which version of the words they were asked when they answered."""
        known = wordings().get(self.latest.wording) if self.latest else None
        return f"version {known.version} of the words" if known else "words used before"


def asked_about(
    patient: Patient, kinds: Iterable[str], *, at: datetime | None = None
) -> list[AskedAbout]:
    """Where each question of these kinds stands, in the order of the kinds."""
    wanted, now = list(kinds), at or clock.now()
    latest: dict[tuple[str, str], Consent] = {}
    rows = Consent.objects.filter(patient_id=patient.pk, kind__in=wanted)
    for row in rows.select_related("taken_by").order_by("at", "pk"):
        latest[row.kind, row.party] = row
    found: list[AskedAbout] = []
    for kind in wanted:
        parties = [party for each, party in latest if each == kind]
        if kind in SINGLE:
            parties = [""]
        elif kind == Consent.Kind.SHARING:
            parties = list(dict.fromkeys(["gp", "specialist", *parties]))
        found += [_about(kind, party, latest.get((kind, party)), now) for party in parties]
    return found


def _about(kind: str, party: str, row: Consent | None, now: datetime) -> AskedAbout:
    name = str(Consent.Kind(kind).label)
    return AskedAbout(kind, name, party, _state(row, now), row, wording_now(kind))


def _state(row: Consent | None, now: datetime) -> str:
    if row is None:
        return "not_asked"
    if not row.given:
        return "declined"
    if row.withdrawn_at is not None:
        return "withdrawn"
    return "given" if is_in_force(row, now) else "over"


def consent_in_force(patient: Patient, kind: str, party: str = "") -> bool:
    """Does the person's newest answer to this question hold now?"""
    rows = Consent.objects.filter(patient_id=patient.pk, kind=kind, party=party)
    latest = rows.order_by("-at", "-pk").first()
    return latest is not None and is_in_force(latest, clock.now())


def may_be_asked_about_research(provider_id: int) -> QuerySet[Patient]:
    """People of this provider who may be asked about a study now.

    Their newest answer about research contact holds, they live, and they want to be contacted.
    """
    answers = Consent.objects.filter(
        patient=OuterRef("pk"), kind=Consent.Kind.RESEARCH_CONTACT
    ).order_by("-at", "-pk")
    today = clock.today()
    newest = Consent.objects.filter(
        Q(ends__isnull=True) | Q(ends__gt=today), given=True, withdrawn_at=None
    )
    people = Patient.objects.filter(date_of_death=None, episodes__provider_id=provider_id)
    people = people.exclude(contact__do_not_contact=True)
    people = people.annotate(newest_answer=Subquery(answers.values("pk")[:1]))
    return people.filter(newest_answer__in=newest.values("pk")).order_by(F("pk")).distinct()
