"""Every write about meeting: appointments, sessions, resources given, hours and the catalogue."""

from unhurried.service.sessions.operations.appointments import book, cancel, mark_missed, move
from unhurried.service.sessions.operations.catalogue import save_component, set_limits
from unhurried.service.sessions.operations.common import Guest, Wanted
from unhurried.service.sessions.operations.recording import (
    Held,
    correct_session,
    keep_safe,
    record_session,
)
from unhurried.service.sessions.operations.resources import give_resource, say_of_resource

__all__ = [
    "Guest",
    "Held",
    "Wanted",
    "book",
    "cancel",
    "correct_session",
    "give_resource",
    "keep_safe",
    "mark_missed",
    "move",
    "record_session",
    "save_component",
    "say_of_resource",
    "set_limits",
]
