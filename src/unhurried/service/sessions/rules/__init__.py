"""May this happen now? Each `check_` raises Refused with a sentence for the screen."""

from unhurried.service.sessions.rules.appointments import (
    check_attendee,
    check_may_cancel,
    check_may_mark_missed,
    check_may_move,
    check_place,
    check_times,
    check_worker,
    episode_for,
)
from unhurried.service.sessions.rules.capacity import (
    CLASH,
    OVER,
    TAKES_TIME,
    GoesOver,
    Slot,
    Warned,
    check_limits,
    check_over,
    limits_of,
    warnings,
)
from unhurried.service.sessions.rules.recording import (
    check_component,
    check_components,
    check_correction,
    check_may_record,
    check_session,
    why_not_recorded,
)

__all__ = [
    "CLASH",
    "OVER",
    "TAKES_TIME",
    "GoesOver",
    "Slot",
    "Warned",
    "check_attendee",
    "check_component",
    "check_components",
    "check_correction",
    "check_limits",
    "check_may_cancel",
    "check_may_mark_missed",
    "check_may_move",
    "check_may_record",
    "check_over",
    "check_place",
    "check_session",
    "check_times",
    "check_worker",
    "episode_for",
    "limits_of",
    "warnings",
    "why_not_recorded",
]
