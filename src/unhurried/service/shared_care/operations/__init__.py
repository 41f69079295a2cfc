"""Writes of shared care, a file for each room."""

from unhurried.service.shared_care.operations.tasks import ask

__all__ = ["ask"]
