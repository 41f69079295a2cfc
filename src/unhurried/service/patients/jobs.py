"""What the workers see to for patients: alerts nobody answered (H07)."""

from __future__ import annotations

from unhurried.service.audit.actor import system_actor
from unhurried.service.jobs.registry import every
from unhurried.service.patients import operations


@every(60, "patients.unanswered_alerts")
def remind() -> None:
    """Pass on the alerts nobody acknowledged in time."""
    operations.remind_of_unanswered(by=system_actor("alerts"))
