"""Rules for every test: no network beyond loopback, a bounded, repeatable search for examples."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import pytest_socket
from django.db import connections
from django.test import TransactionTestCase
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


# Walks of every page in a browser, and of every form with every odd input.
LONG_WALKS = ("tests/journeys/", "tests/service/everywhere/")
# Long, and yet worth its time on both databases: each form sent, and sent twice at once.
ON_BOTH = tuple(f"tests/service/everywhere/test_{each}.py" for each in ("valid", "twice"))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave the long walks out of the fast suite, keep some for the second database, and begin
    with what takes long: two workers then end at about the same time."""
    for item in items:
        if item.nodeid.startswith(LONG_WALKS):
            item.add_marker(pytest.mark.slow)
        if item.nodeid.startswith(ON_BOTH):
            item.add_marker(pytest.mark.both)
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)


def pytest_runtest_setup() -> None:
    """Refuse every connection but to this machine (Spark talks to itself)."""
    pytest_socket.socket_allow_hosts(["127.0.0.1", "localhost", "::1"], allow_unix_socket=True)


@pytest.fixture(autouse=True, scope="session")
def _the_trail_may_be_emptied_after_a_test() -> Iterator[None]:
    """Let tests with real transactions (`transaction=True`, live servers) empty the tables.

    They do so after themselves by deleting everything, which the triggers of the audit trail
    refuse; so those are taken away around it and made again. Ordinary tests are rolled back.
    """
    from unhurried.service.audit import triggers

    empty: Callable[[Any], None] = vars(TransactionTestCase)["_fixture_teardown"]

    def empty_without_triggers(self: Any) -> None:
        for name in self._databases_names(include_mirrors=False):
            triggers.remove(connections[name])
        try:
            empty(self)
        finally:
            for name in self._databases_names(include_mirrors=False):
                triggers.install(connections[name])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", empty_without_triggers)
        yield
