"""What the person's page shows, section by section, as the viewer's role may see it (SHC-1)."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import F, QuerySet

from unhurried.service.accounts.models import Membership
from unhurried.service.accounts.policy import grant_for
from unhurried.service.accounts.queries import in_role
from unhurried.service.audit import clock
from unhurried.service.audit.actor import Actor
from unhurried.service.patients.access import things_open_to
from unhurried.service.patients.models import (
    Carer,
    ContactPreference,
    Cover,
    Episode,
    Patient,
)
from unhurried.service.patients.queries.banner import Banner, banner
from unhurried.service.patients.queries.corrections import (
    Written,
    beside_corrections,
    notes_with_corrections,
)
from unhurried.service.patients.queries.episodes import open_episode_of
from unhurried.service.patients.queries.needs import Asks, asks_of

LATEST = 5
READS_THE_REASON = frozenset({"patient", "project_worker"})
CONSENT_KINDS = ("service", "sharing", "research_contact", "study", "evaluation")


@dataclass(frozen=True, slots=True)
class PersonPage:
    """The sections a viewer may see; None or empty where the role may not, or nothing is there."""

    patient: Patient
    banner: Banner
    seen: frozenset[str]
    amends: frozenset[str]
    creates: frozenset[str]
    contact: ContactPreference | None
    sees_reason: bool
    episode: Episode | None
    carers: list[Carer]
    notes: list[Written]
    asks: Asks | None


def person_page(actor: Actor, patient: Patient) -> PersonPage:
    """Everything on the person's page for this viewer, in a number of queries that is constant."""
    seen = things_open_to(actor, patient)
    return PersonPage(
        patient=patient,
        banner=banner(patient, actor, seen=seen),
        seen=seen,
        amends=things_open_to(actor, patient, "u"),
        creates=things_open_to(actor, patient, "c"),
        contact=contact_of(patient) if "safe_contact" in seen else None,
        sees_reason=sees_reason(actor),
        episode=open_episode_of(patient) if "episode" in seen else None,
        carers=list(carers_of(patient)) if "carer" in seen else [],
        notes=_latest_notes(actor, patient) if "note" in seen else [],
        asks=asks_of(actor, patient) if actor.role == "project_worker" else None,
    )


def _latest_notes(actor: Actor, patient: Patient) -> list[Written]:
    """The newest notes, each with what corrects it."""
    rows = notes_with_corrections(actor, patient)[:LATEST]
    return beside_corrections(actor, patient, rows)


def sees_reason(actor: Actor) -> bool:
    """May this role read why a person does not want to be contacted?"""
    return actor.role in READS_THE_REASON


def contact_of(patient: Patient) -> ContactPreference:
    """How the person wants to be reached; the usual ways while nothing was said."""
    found = ContactPreference.objects.filter(patient_id=patient.pk).first()
    return found or ContactPreference(patient=patient)


def carers_of(patient: Patient) -> QuerySet[Carer]:
    """The person's carers now, by name."""
    return Carer.objects.filter(patient_id=patient.pk, ended_at=None).order_by("name", "pk")


def consent_kinds(actor: Actor, patient: Patient, action: str = "r") -> list[str]:
    """The questions of consent on which the actor may do `action` for this person."""
    open_things = things_open_to(actor, patient, action)
    return [kind for kind in CONSENT_KINDS if f"consent_{kind}" in open_things]


def sharing_parties(patient: Patient) -> list[tuple[str, str]]:
    """With whom the person can share, and with a carer, what."""
    parties = [("gp", "The GP practice"), ("specialist", "Specialists who advise")]
    for carer in carers_of(patient):
        for thing, words in CARER_MAY_SEE.items():
            if grant_for("carer", thing, "r") is None:
                continue  # there is no page for a carer to read it on
            parties.append((f"carer:{carer.pk}:{thing}", f"{carer.name}: {words}"))
    return parties


CARER_MAY_SEE = {
    "note": "notes that are not restricted",
    "medicines": "medicines and the OME",
    "plan": "the pain management plan",
    "worksheet": "worksheets and what they show",
    "session": "what the person takes home from sessions",
    "appointment": "when appointments are",
    "episode": "that the person is with the service, and with whom",
}


def colleagues(actor: Actor) -> QuerySet[Membership]:
    """Project workers of the actor's provider today, by name."""
    return in_role(actor.organisation_id or 0, "project_worker")


def covers_now(actor: Actor) -> QuerySet[Cover]:
    """Cover arranged in the actor's organisation that is not over, the first to start first."""
    rows = _covers(actor).filter(ends__gt=clock.today()).exclude(ends=F("starts"))
    return rows.order_by("starts", "pk")


def cover_of(actor: Actor, pk: int) -> Cover | None:
    """This cover, over or not, of the actor's organisation."""
    return _covers(actor).filter(pk=pk).first()


def _covers(actor: Actor) -> QuerySet[Cover]:
    rows = Cover.objects.filter(worker__organisation_id=actor.organisation_id or 0)
    return rows.select_related("worker__user", "covering__user")
