"""Carriers: who takes a message to the door. Chosen for each channel by settings."""

from unhurried.service.outbox.carriers.contract import (
    Answer,
    Carrier,
    NotAccepted,
    Parcel,
    PerhapsAccepted,
    Unreachable,
)

__all__ = ["Answer", "Carrier", "NotAccepted", "Parcel", "PerhapsAccepted", "Unreachable"]
