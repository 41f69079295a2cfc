"""A worker killed at every place it passes, then started again: once each, and none lost (F03)."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

SWEEPING = Path(__file__).with_name("sweeping.py")


@pytest.fixture(scope="module")
def sweep(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """What was found after each kill."""
    folder = tmp_path_factory.mktemp("sweep")
    without = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    done = subprocess.run(
        [sys.executable, "-W", "error", str(SWEEPING), str(folder)],
        check=False, capture_output=True, text=True, timeout=120, env=without,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_every_place_was_tried_and_killed_the_worker(sweep: list[dict[str, Any]]) -> None:
    assert len(sweep) >= 40
    assert {each["ended"] for each in sweep} == {-signal.SIGKILL}
    assert {each["again"] for each in sweep} == {0}
    places = {each["place"].rpartition(":")[0] for each in sweep}
    assert places >= {"files.half_written", "files.named", "outbox.at_door", "door.taken"}


def test_each_message_left_once_and_none_was_lost(sweep: list[dict[str, Any]]) -> None:
    for each in sweep:
        assert each["files"] == each["here"], each["place"]
        assert each["door"] == each["afar"], each["place"]
        assert each["states"] == {"sent": 4}, each["place"]
        assert each["sent_rows"] == 4, each["place"]


def test_each_job_had_its_effect_once(sweep: list[dict[str, Any]]) -> None:
    for each in sweep:
        assert each["jobs"] == {"done": 2}, each["place"]
        assert len(each["effects"]) == len(set(each["effects"])) == 2, each["place"]


def test_the_trail_is_whole_after_each_kill(sweep: list[dict[str, Any]]) -> None:
    assert [each["trail"] for each in sweep] == [[]] * len(sweep)
