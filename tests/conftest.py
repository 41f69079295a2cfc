"""Rules for every test: no network beyond loopback, a bounded, repeatable search for examples."""

from __future__ import annotations

import os

import pytest_socket
from hypothesis import HealthCheck, settings

settings.register_profile(
    "everyday",
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    print_blob=False,
)
settings.register_profile("deep", parent=settings.get_profile("everyday"), max_examples=2000)
settings.load_profile(os.environ.get("UNHURRIED_HYPOTHESIS", "everyday"))


def pytest_runtest_setup() -> None:
    """Refuse every connection but to this machine (Spark talks to itself)."""
    pytest_socket.socket_allow_hosts(["127.0.0.1", "localhost", "::1"], allow_unix_socket=True)
