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
    """For one kind of file: role -> heading, and the order of day and month if it must be told."""

    columns: Mapping[str, str]
    date_order: Order | None = None


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
            lines += ["", f"[{kind}]"]
            order = self.kinds[kind].date_order
            if order:
                lines.append(f"date_order = {_quoted(order)}")
            lines += ["", f"[{kind}.columns]"]
            lines += [
                f"{role} = {_quoted(heading)}" for role, heading in self.kinds[kind].columns.items()
            ]
        return "\n".join(lines) + "\n"

    def save(self, path: Path) -> None:
        """Write the map to a file."""
        path.write_text(self.to_toml(), encoding="utf-8")


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(c if c.isprintable() else f"\\U{ord(c):08x}" for c in escaped) + '"'
