"""The same fictional world as the service's tests."""

from __future__ import annotations

from tests.service.conftest import signed_in, world

__all__ = ["signed_in", "world"]
