"""Named places at which tests kill the process or make a step fail; nothing otherwise.

`UNHURRIED_FAULT=place:3` kills the process (as a power cut would) the third time it comes to
`place`; `UNHURRIED_FAULT=raise:place:1` raises there. Without the variable nothing happens.
"""

from __future__ import annotations

import os
import signal

_WANTED = os.environ.get("UNHURRIED_FAULT", "")
_passed: dict[str, int] = {}


class Faulted(RuntimeError):  # noqa: N818 - read as a sentence
    """The failure a test asked for."""


def fault_point(place: str) -> None:
    """Do nothing, unless a test asked for a fault at this place."""
    if _WANTED:
        _fault(place)


def _fault(place: str) -> None:
    raises = _WANTED.startswith("raise:")
    wanted, _, times = _WANTED.removeprefix("raise:").rpartition(":")
    _passed[place] = _passed.get(place, 0) + 1
    if place != wanted or _passed[place] != int(times):
        return
    if raises:
        raise Faulted(f"a test asked for a failure at {place}")
    os.kill(os.getpid(), signal.SIGKILL)
