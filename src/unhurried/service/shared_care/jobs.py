"""What the workers see to for shared care: things that wait longer than agreed."""

from __future__ import annotations

from unhurried.service.audit.actor import system_actor
from unhurried.service.jobs.registry import every
from unhurried.service.shared_care.clocks.reminding import remind_of_waiting


@every(60, "shared_care.waiting")
def remind() -> None:
    """Write to whoever answers for something that is late."""
    remind_of_waiting(by=system_actor("clocks"))
