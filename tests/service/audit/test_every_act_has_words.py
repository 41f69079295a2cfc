"""Whatever is done or read is told in plain words: no page of the trail shows the name of an act.

The acts are read from the code itself, so that a new one fails here until it has its row in
`words.csv`.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import unhurried
from unhurried.service.accounts.policy import objects
from unhurried.service.audit.queries import words_for
from unhurried.service.outbox.models import Message

ROOT = Path(unhurried.__file__).parent
AN_ACT = re.compile(r"(?!read\.)[a-z_]+\.[a-z_]+")
# Acts whose names are put together: where, and what they can be.
PUT_TOGETHER = {
    "service/identification/operations/deciding.py": ["identification.invited",
                                                      "identification.enrolled"],
    "service/outbox/worker.py": [f"outbox.{each}" for each in Message.State.values
                                 if each not in {"waiting", "sending"}],
    "service/patients/operations/accounts.py": [
        f"patients.{whose}account_{what}" for whose in ("", "carer_")
        for what in ("opened", "reopened", "started_again", "closed")
    ],
    "service/sessions/going_along.py": ["sessions.appointment_went_along",
                                        "sessions.appointment_cancelled"],
    "service/shared_care/operations/tasks.py": [
        f"shared_care.task_{each}" for each in ("done", "declined", "withdrawn")
    ],
}  # fmt: skip


def acts() -> Iterator[tuple[str, str]]:
    """Every audited act of the code, with the file it is in."""
    for file in sorted(ROOT.rglob("*.py")):
        tree, where = ast.parse(file.read_text(encoding="utf-8")), str(file.relative_to(ROOT))
        for first in [_first_of_write(node) for node in ast.walk(tree)]:
            if isinstance(first, ast.Constant):
                yield str(first.value), where
            elif isinstance(first, ast.Name):  # a helper is told the act: all the file names
                said = [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)]
                yield from ((one, where) for one in said
                            if isinstance(one, str) and AN_ACT.fullmatch(one))  # fmt: skip
            elif first is not None:
                yield from ((one, where) for one in PUT_TOGETHER[where])


def _first_of_write(node: ast.AST) -> ast.expr | None:
    """What is done, where this is a `with write(..., by=...)`."""
    if not isinstance(node, ast.Call) or getattr(node.func, "id", "") != "write" or not node.args:
        return None
    return node.args[0] if any(each.arg == "by" for each in node.keywords) else None


def test_every_act_has_its_words() -> None:
    found = dict(acts())
    assert len(found) > 150
    assert {act: where for act, where in found.items() if "(" in words_for(act)} == {}


def test_everything_that_can_be_read_has_its_words() -> None:
    assert [name for name in sorted(objects()) if "(" in words_for(f"read.{name}")] == []
