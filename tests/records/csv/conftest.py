"""Small extracts written to disk and read back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from unhurried.records.canonical import Records
from unhurried.records.column_map import ColumnMap
from unhurried.records.read import read_records

TODAY = date(2026, 11, 22)
EPOCH = date(1970, 1, 1)
HEADINGS = "Patient ID,Issue Date,Drug,Dosage,Quantity"


@dataclass(frozen=True)
class Extract:
    """A read extract, in terms a test can state."""

    records: Records

    def rows(self, query: str) -> list[tuple[object, ...]]:
        return self.records.connection.execute(query).fetchall()

    @property
    def rejects(self) -> list[tuple[object, ...]]:
        """(file, record, code) of every reject, in order."""
        return self.rows("SELECT file, record, code FROM rejects")

    @property
    def codes(self) -> list[object]:
        return [code for _, _, code in self.rejects]

    @property
    def issues(self) -> list[tuple[object, ...]]:
        """(person, ISO date, product, directions, quantity) of every issue, in order of rows."""
        return self.rows(
            "SELECT person_id, strftime(DATE '1970-01-01' + day, '%Y-%m-%d'), product, directions,"
            " quantity_thousandths / 1000 FROM issues JOIN people USING (person)"
            " JOIN medicines USING (medicine) ORDER BY issue"
        )

    def person(self, person_id: str) -> dict[str, object]:
        cursor = self.records.connection.execute("FROM people WHERE person_id = ?", [person_id])
        names = [column[0] for column in cursor.description or ()]
        return dict(zip(names, cursor.fetchall()[0], strict=True))


Reader = Callable[..., Extract]


@pytest.fixture
def read(tmp_path: Path) -> Reader:
    """Write files (name -> text or bytes) into a folder and read it (or its only file)."""

    def read_files(
        files: dict[str, str | bytes] | str | bytes,
        *,
        column_map: ColumnMap | None = None,
        today: date = TODAY,
    ) -> Extract:
        folder = tmp_path / f"extract{len(list(tmp_path.iterdir()))}"
        folder.mkdir()
        if not isinstance(files, dict):
            files = {"issues.csv": files}
        for name, content in files.items():
            data = content.encode() if isinstance(content, str) else content
            (folder / name).write_bytes(data)
        records = read_records(folder, format="csv", column_map=column_map, today=today)
        assert records.accounting.balanced, records.accounting
        return Extract(records)

    return read_files


def day(iso: str) -> int:
    """Epoch day of an ISO date."""
    return (date.fromisoformat(iso) - EPOCH).days
