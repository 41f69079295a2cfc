"""Which column of an extract holds what, kept by a practice as TOML."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

FileKind = Literal["issues", "patients", "problems"]
KINDS: tuple[FileKind, ...] = ("patients", "problems", "issues")
Order = Literal["day-first", "month-first"]


@dataclass(frozen=True, slots=True)
class KindMap:
    """For one kind of file: role -> heading, and the order of day and month if it must be told.

    What a person still has to fill in is saved as comments: `missing` is role -> headings to choose
    from, `order_to_tell` that the order of day and month must be told.
    """

    columns: Mapping[str, str]
    date_order: Order | None = None
    missing: Mapping[str, tuple[str, ...]] = field(default_factory=dict, compare=False)
    order_to_tell: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True)
class ColumnMap:
    """The columns of a practice's extract, kind of file by kind of file."""

    kinds: Mapping[FileKind, KindMap] = field(default_factory=dict)

    def to_toml(self) -> str:
        """The map as TOML, to be looked at, corrected and kept."""
        lines = [
            "# Which column holds what. Change the headings on the right to those of your file."
        ]
        for kind in KINDS:
            if kind not in self.kinds:
                continue
            lines += ["", f"[{kind}]", *_order(self.kinds[kind]), "", f"[{kind}.columns]"]
            lines += [
                f"{role} = {_quoted(heading)}" for role, heading in self.kinds[kind].columns.items()
            ]
            lines += [
                f'# {role} = ""  # needed: choose from {", ".join(map(_quoted, headings))}'
                for role, headings in self.kinds[kind].missing.items()
            ]
        return "\n".join(lines) + "\n"

    def save(self, path: Path) -> None:
        """Write the map to a file."""
        path.write_text(self.to_toml(), encoding="utf-8")


def _order(kind: KindMap) -> list[str]:
    if kind.date_order:
        return [f"date_order = {_quoted(kind.date_order)}"]
    if kind.order_to_tell:
        return ['# date_order = "month-first"  # needed: or "day-first"; take away the first #']
    return []


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(c if c.isprintable() else f"\\U{ord(c):08x}" for c in escaped) + '"'
