"""Rows that were read and told us nothing, remembered by a few bytes each.

Most rows of a source can be such (vital signs). Another version of the same resource may hold a
code we look for, and then these rows have a say in which version counts: they can be found again.
"""

from __future__ import annotations

from array import array
from collections.abc import Container
from dataclasses import dataclass, field


@dataclass(slots=True)
class Passed:
    """The rows of one file that told us nothing: how many, and which resources they were."""

    count: int = 0
    hashes: array[int] = field(default_factory=lambda: array("q"))
    records: array[int] = field(default_factory=lambda: array("q"))

    def add(self, record: int, kind: str, key: str) -> None:
        """Note a row; `key` is the id of its resource, or '' when it has none."""
        self.count += 1
        if key:
            self.hashes.append(resource_hash(kind, key))
            self.records.append(record)

    def of(self, resources: Container[int]) -> set[int]:
        """The rows of these resources, given as hashes (rarely, a row of another one too)."""
        return {
            record
            for resource, record in zip(self.hashes, self.records, strict=True)
            if resource in resources
        }


def resource_hash(kind: str, key: str) -> int:
    """A number for a resource, the same throughout one run."""
    return hash((kind, key))
