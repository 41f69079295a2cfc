"""An example of every thing that stands in an address of `case` (see access/examples.py)."""

from __future__ import annotations

from tests.service.access.story import Factory, of_patient

EXAMPLES: dict[str, Factory] = {"case:timeline": of_patient("worker")}
