"""The lines that say whose record this is, on top of every page about a person (H09)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.urls import reverse
from django.utils import timezone

from unhurried.service.accounts.policy import grant_for
from unhurried.service.audit import clock
from unhurried.service.audit.actor import Actor
from unhurried.service.patients.access import things_open_to
from unhurried.service.patients.models import Patient, SafetyAlert
from unhurried.service.patients.queries.alerts import is_late, without_safeguarding
from unhurried.service.patients.queries.dose import DoseLine, dose_line
from unhurried.service.patients.queries.records import RecordsSaid, records_said
from unhurried.service.patients.rules import age_on
from unhurried.service.patients.tables import safety_kinds
from unhurried.service.patients.words import day, nhs_spaced


@dataclass(frozen=True, slots=True)
class BannerAlert:
    """An open alert, as short as a banner needs it."""

    uuid: UUID
    text: str
    danger: bool  # to life
    raised: str
    acknowledged: bool
    late: bool
    href: str = ""  # its own page, for whoever may act on it


@dataclass(frozen=True, slots=True)
class Banner:
    """Who this is. `dose` and `alerts` are there only for a viewer whose role may see them.

    A page shows it with `{% include "patients/banner.html" %}` and `banner` in its context.
    """

    uuid: UUID
    name: str
    known_as: str
    date_of_birth: date
    date_of_death: date | None
    age: int  # at death when the person has died
    nhs_digits: str
    practice: str
    dose: DoseLine | None
    dose_may_be_seen: bool
    alerts: tuple[BannerAlert, ...]
    records: RecordsSaid
    own: bool  # the viewer is the person: alerts stand on their summary, not on top of every page
    name_only: bool  # a carer: what else says who this is was not shared with them

    @property
    def born(self) -> str:
        """The date of birth in words."""
        return day(self.date_of_birth)

    @property
    def died(self) -> str:
        """The date of death in words; "" while the person lives."""
        return day(self.date_of_death) if self.date_of_death else ""

    @property
    def nhs_number(self) -> str:
        """The number spaced 3-3-4; "" when there is none."""
        return nhs_spaced(self.nhs_digits)

    @property
    def figures(self) -> tuple[tuple[str, str], ...]:
        """What the banner says beside who this is: the name used, and the dose with its day."""
        found = [("Known as", self.known_as)] if self.known_as else []
        if self.dose_may_be_seen:
            found.append(("OME", self.dose.sentence if self.dose else "No medicines list yet"))
        return tuple(found)


def banner(
    patient: Patient, viewer: Actor | None = None, *, seen: frozenset[str] | None = None
) -> Banner:
    """The banner of this person as `viewer` may see it; without a viewer only who they are.

    `seen` is `things_open_to(viewer, patient)` where the page has asked already.
    """
    if seen is None:
        seen = things_open_to(viewer, patient) if viewer else frozenset()
    until = patient.date_of_death or clock.today()
    sees_dose = "medicines" in seen
    return Banner(
        uuid=patient.uuid,
        name=" ".join(filter(None, (patient.title, patient.given_name, patient.family_name))),
        known_as=patient.known_as,
        date_of_birth=patient.date_of_birth,
        date_of_death=patient.date_of_death,
        age=age_on(patient.date_of_birth, until),
        nhs_digits=patient.nhs_number,
        practice=patient.practice.name,
        dose=dose_line(patient) if sees_dose else None,
        dose_may_be_seen=sees_dose,
        alerts=_alerts(patient, viewer) if viewer and "safety_alert" in seen else (),
        records=records_said(patient, viewer),
        own=viewer is not None and viewer.role == "patient",
        name_only=viewer is not None and viewer.role == "carer",
    )


def _alerts(patient: Patient, viewer: Actor) -> tuple[BannerAlert, ...]:
    rows = SafetyAlert.objects.filter(patient_id=patient.pk, closed_at=None).order_by("raised_at")
    rows = without_safeguarding(rows, viewer)
    opens = grant_for(viewer.role, "safety_alert", "x") is not None
    return tuple(
        BannerAlert(
            row.uuid,
            safety_kinds()[row.kind].name if row.kind in safety_kinds() else "A safety alert",
            row.kind in safety_kinds() and safety_kinds()[row.kind].danger,
            day(timezone.localdate(row.raised_at)),
            row.acknowledged_at is not None,
            is_late(viewer, row),
            reverse("patients:alert", args=[patient.uuid, row.uuid]) if opens else "",
        )
        for row in rows
    )
