"""Checkpoints: what the trail's end was on a day, to be kept where its keeper cannot change it.

A chain shows that nothing inside it was changed. It cannot show that its end was cut off, or that
all of it was written anew: only something kept elsewhere can. A checkpoint is one line of JSON:
print it, post it to each practice's privacy officer, keep it on another machine. Lines in one file
also follow each other, so that a line changed later does not fit.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from datetime import datetime

from unhurried.service.audit import clock
from unhurried.service.audit.chain import FIRST
from unhurried.service.audit.models import Entry


class UnusableCheckpoint(ValueError):  # noqa: N818 - read as a sentence
    """A line that is not a checkpoint, or was changed after it was written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """The end of the trail at a time: its last row's number and hash, and how many rows."""

    seq: int
    hash: str
    at: str
    count: int
    previous: str = FIRST  # the mark of the line before it in the same file

    @property
    def mark(self) -> str:
        """The SHA-256 over the line's facts."""
        return hashlib.sha256(json.dumps(asdict(self), sort_keys=True).encode()).hexdigest()

    def line(self) -> str:
        """The checkpoint as one line of text."""
        return json.dumps(asdict(self) | {"mark": self.mark}, sort_keys=True)


def checkpoint_now() -> Checkpoint:
    """The end of the trail as it is."""
    last = Entry.objects.order_by("-seq").values_list("seq", "hash").first() or (0, FIRST)
    return Checkpoint(
        seq=last[0], hash=last[1], at=clock.now().isoformat(timespec="seconds"),
        count=Entry.objects.filter(seq__lte=last[0]).count(),
    )  # fmt: skip


def following(checkpoint: Checkpoint, earlier: Iterable[Checkpoint]) -> Checkpoint:
    """The checkpoint as the next line after `earlier`."""
    last = None
    for each in earlier:
        last = each
    return replace(checkpoint, previous=last.mark if last else FIRST)


def read_line(text: str) -> Checkpoint:
    """The checkpoint on one line. Raises UnusableCheckpoint with a sentence."""
    try:
        facts = json.loads(text)
        mark = facts.pop("mark")
        found = Checkpoint(**facts)
        datetime.fromisoformat(found.at)
        usable = isinstance(found.seq, int) and isinstance(found.count, int)
        usable = usable and len(found.hash) == len(FIRST)
    except (ValueError, TypeError, AttributeError, KeyError, RecursionError) as error:
        raise UnusableCheckpoint("This line is not a checkpoint.") from error
    if not usable or found.mark != mark:
        raise UnusableCheckpoint("This checkpoint was changed after it was written.")
    return found


def read_lines(text: str) -> list[Checkpoint]:
    """The checkpoints of a file, each following the one before it.

    Raises UnusableCheckpoint naming the first line that is damaged, changed, or missing.
    """
    found: list[Checkpoint] = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            each = read_line(line)
        except UnusableCheckpoint as error:
            raise UnusableCheckpoint(f"Line {number} of the checkpoints: {error}") from error
        if each.previous != (found[-1].mark if found else FIRST):
            raise UnusableCheckpoint(
                f"Line {number} of the checkpoints does not follow the line before it: "
                "one of them was replaced, or a line was taken out."
            )
        found.append(each)
    return found
