"""Reads of shared care, a file for each room."""

from unhurried.service.shared_care.queries.tasks import to_do

__all__ = ["to_do"]
