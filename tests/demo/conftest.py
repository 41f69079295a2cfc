"""Two small extracts, made once: one with every row sound and one with rows damaged."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from unhurried.demo.extract import ExtractSummary, write_extract

PEOPLE, SEED, AS_OF = 2400, 7, date(2026, 11, 1)


@pytest.fixture(scope="session")
def sound(tmp_path_factory: pytest.TempPathFactory) -> ExtractSummary:
    """All formats, nothing damaged."""
    folder = tmp_path_factory.mktemp("sound")
    return write_extract(folder, people=PEOPLE, seed=SEED, as_of=AS_OF, damage=0, practices=4)


@pytest.fixture(scope="session")
def damaged(tmp_path_factory: pytest.TempPathFactory) -> ExtractSummary:
    """The same people, with 3 in 100 rows damaged."""
    folder: Path = tmp_path_factory.mktemp("damaged")
    return write_extract(folder, people=PEOPLE, seed=SEED, as_of=AS_OF, damage=0.03, practices=4)
