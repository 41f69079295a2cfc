"""Run the command in this process as the shell would."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from unhurried.cli.main import run


@dataclass(frozen=True, slots=True)
class Done:
    """A finished command."""

    code: int
    out: str
    err: str

    def lines(self) -> list[Any]:
        """The JSON objects printed, one a line."""
        return [json.loads(line) for line in self.out.splitlines()]


Unhurried = Callable[..., Done]


@pytest.fixture
def unhurried(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Unhurried:
    """`unhurried("dose", ...)` gives the exit code and what was printed."""

    def call(*arguments: str) -> Done:
        monkeypatch.setattr(sys, "argv", ["unhurried", *arguments])
        try:
            run()
            code = 0
        except SystemExit as ended:
            code = int(ended.code or 0)
        sys.stdout.flush()
        printed = capfd.readouterr()
        return Done(code, printed.out, printed.err)

    return call
