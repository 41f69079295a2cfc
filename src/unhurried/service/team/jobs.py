"""What the workers see to for the team: whether supervision is late."""

from __future__ import annotations

from unhurried.service.audit.actor import system_actor
from unhurried.service.jobs.registry import every
from unhurried.service.team.operations.supervision_clock import keep_all_times


@every(3_600, "team.supervision")
def keep_supervision_times() -> None:
    """Begin, set anew or end the clocks of supervision that nobody's write touched."""
    keep_all_times(by=system_actor("clocks"))
