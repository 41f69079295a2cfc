"""Opening a record outside one's relationship: a typed reason, one hour, seen by the person.

Within an organisation that takes part in the person's care (design.md section 6; the order of
decisions in access.py). Every opening is in the audit trail with the person's record, so that they
see it, and waits for the privacy officer, who is neither who opened it nor an administrator.
"""

from __future__ import annotations

from datetime import timedelta

from django.db.models import QuerySet

from unhurried.service.accounts.forms import PurposeForm
from unhurried.service.accounts.models import BreakGlass
from unhurried.service.accounts.policy import grant_for
from unhurried.service.accounts.rules import check_reason
from unhurried.service.audit import clock
from unhurried.service.audit.actor import Actor
from unhurried.service.audit.operations import saw, write
from unhurried.service.audit.refused import Refused
from unhurried.service.patients.access import in_our_care
from unhurried.service.patients.models import Patient
from unhurried.service.patients.rules.identity import checked_nhs_number

OPEN_FOR = timedelta(minutes=60)
NOT_HERE = (
    "No record can be opened with this number here. Look at the number again; if it is right, "
    "this person is not in the care of your organisation."
)


def find(actor: Actor, nhs_number: str) -> Patient:
    """The person with exactly this number. Raises Refused, the same for nobody and elsewhere."""
    number = checked_nhs_number(nhs_number)
    found = in_our_care(actor).filter(nhs_number=number).first() if number else None
    if found is None:
        saw("break_glass", by=actor, outcome="refused", note="no record here with the number typed")
        raise Refused(NOT_HERE)
    return found


def open_for_an_hour(
    *, by: Actor, patient: Patient, reason: str, purpose: str, key: str = ""
) -> BreakGlass:
    """Open the record for reading, for 60 minutes, by this role alone."""
    body = (patient.pk, reason, purpose)
    with write("patients.break_glass_opened", by=by, key=key, body=body) as doing:
        if doing.replay_of:
            return BreakGlass.objects.get(pk=doing.replay_of)
        if grant_for(by.role, "break_glass", "c") is None or by.membership_id is None:
            raise Refused("Your role cannot open a record in this way.")
        if not in_our_care(by).filter(pk=patient.pk).exists():
            raise Refused(NOT_HERE)
        check_reason(reason)
        if purpose not in dict(PurposeForm.PURPOSES):
            raise Refused("Choose what fits best.")
        now = clock.now()
        opened = BreakGlass.objects.create(
            user_id=by.user_id or 0, membership_id=by.membership_id, patient_id=patient.pk,
            reason=reason.strip(), purpose=purpose, opened_at=now, until=now + OPEN_FOR,
        )  # fmt: skip
        doing.about(opened, patient_id=patient.pk, note=purpose)
    return opened


def to_review(actor: Actor) -> QuerySet[BreakGlass]:
    """Openings by people of the actor's organisation, those not yet looked at first."""
    found = BreakGlass.objects.filter(membership__organisation_id=actor.organisation_id or 0)
    rows = found.exclude(user_id=actor.user_id or 0).select_related("user", "membership")
    return rows.order_by("reviewed_at", "opened_at", "pk")


def review(*, by: Actor, opening: int, found: str, key: str = "") -> BreakGlass:
    """Record what the privacy officer found about an opening."""
    with write("patients.break_glass_reviewed", by=by, key=key, body=(opening, found)) as doing:
        row = BreakGlass.objects.select_for_update().get(pk=opening)
        if doing.replay_of:
            return row
        if grant_for(by.role, "break_glass", "s") is None or by.user_id == row.user_id:
            raise Refused("A privacy officer who did not open the record reviews it.")
        if not to_review(by).filter(pk=row.pk).exists():
            raise Refused("This opening was not in your organisation.")
        if row.reviewed_at is not None:
            raise Refused("This opening has been reviewed already.")
        if len(found.strip()) < 3:
            raise Refused("Type what you found.")
        row.reviewed_by_id, row.reviewed_at, row.review = by.user_id, clock.now(), found.strip()
        row.save(update_fields=["reviewed_by", "reviewed_at", "review"])
        doing.about(row, patient_id=row.patient_id, note="reviewed")
    return row
