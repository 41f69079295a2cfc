"""How a reader of one resource says "this row cannot be used, because"."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a row cannot be used: a short code and a sentence."""

    code: str
    reason: str


class Refused(Exception):  # noqa: N818 - read as a sentence: "this row is refused"
    """The row being read cannot be used; `fault` says why."""

    def __init__(self, code: str, reason: str) -> None:
        """Say why."""
        super().__init__(reason)
        self.fault = Fault(code, reason)
