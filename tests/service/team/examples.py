"""An example of every thing that stands in an address of `team` (see access/examples.py)."""

from __future__ import annotations

from tests.service.access.story import Factory
from tests.service.rooms import gathered

EXAMPLES: dict[str, Factory] = gathered("tests.service.team", "examples_", "EXAMPLES")
