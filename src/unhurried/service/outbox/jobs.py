"""The outbox is one of the things every worker sees to."""

from __future__ import annotations

from unhurried.service.jobs.registry import every
from unhurried.service.outbox.worker import Doors, send_due

_DOORS = Doors()


@every(5, "outbox")
def send() -> None:
    """Send what is due."""
    send_due(doors=_DOORS)
