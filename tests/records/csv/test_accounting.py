"""Rows in = rows used + rows rejected, whatever happens to the file; the two ways in agree."""

from __future__ import annotations

import csv
import io
import re
import tempfile
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from unhurried.records.canonical import Records, UnusableInput
from unhurried.records.csv import meanings, raw
from unhurried.records.read import read_records

TODAY = date(2026, 11, 22)
HEADINGS = ["Patient ID", "NHS Number", "Date of Birth", "Issue Date", "Drug", "Dosage", "Quantity"]
GOOD = st.tuples(
    st.sampled_from(["P1", "P2", "P3", ""]),
    st.sampled_from(["", "999 000 0018", "9990000026", "9990000019", "1.0E+09"]),
    st.sampled_from(["", "01/02/1960", "03/04/1970", "31/02/1960", "01/01/2030"]),
    st.sampled_from(["03/11/2026", "13/05/2026", "2026-01-02", "", "45123", "99/99/9999"]),
    st.sampled_from(["Morphine 10mg tablets", "Siân’s linctus", "", "A, B"]),
    st.text(alphabet='abc "\n\r,;é=', max_size=12),
    st.sampled_from(["56 tablet", "0", "-5", "", "lots"]),
)
DAMAGE = st.sampled_from(
    ["none", "cut field", "add field", "quote", "nul", "blank line", "cp1252", "cut line", "twice"]
)


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """A file of a few rows, some of them damaged in every way we know of."""
    lines: list[bytes] = []
    for row in draw(st.lists(GOOD, min_size=1, max_size=8)):
        kind = draw(DAMAGE)
        fields = [*row[:-1]] if kind == "cut field" else [*row]
        fields += ["more"] if kind == "add field" else []
        out = io.StringIO()
        csv.writer(out, lineterminator="").writerow(fields)
        line = out.getvalue()
        if kind in ("quote", "nul", "cut line"):
            place = draw(st.integers(0, len(line)))
            mark = {"quote": '"', "nul": "\0", "cut line": ""}[kind]
            line = line[:place] + mark + ("" if kind == "cut line" else line[place:])
        lines.append(line.encode("cp1252" if kind == "cp1252" else "utf-8"))
        lines += [b""] if kind == "blank line" else []
        lines += [lines[-1]] if kind == "twice" else []
    end = draw(st.sampled_from([b"\n", b"\r\n"]))
    return end.join([",".join(HEADINGS).encode(), *lines]) + draw(st.sampled_from([b"", end]))


def read(content: bytes) -> Records:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "issues.csv"
        path.write_bytes(content)
        return read_records(path, today=TODAY)


def everything(records: Records) -> list[object]:
    tables = ("people", "medicines", "diagnoses", "rejects")
    found: list[object] = [
        records.connection.execute(f"FROM {table} ORDER BY ALL").fetchall() for table in tables
    ]
    issues = "SELECT * EXCLUDE (issue) FROM issues ORDER BY ALL"
    return [*found, records.connection.execute(issues).fetchall(), records.notes]


def every_row_is_used_or_rejected_once(records: Records) -> bool:
    found = records.connection.execute(
        "SELECT COUNT(*), COUNT(DISTINCT record), COALESCE(MIN(length(reason)), 99) FROM rejects"
    ).fetchall()[0]
    used = records.connection.execute("SELECT COUNT(*) FROM issues").fetchall()[0][0]
    accounting = records.accounting
    return (
        accounting.balanced
        and accounting.rows_in == used + found[0]
        and (accounting.rows_used, accounting.rows_rejected) == (used, found[0])
        and found[0] == found[1]
        and found[2] > 10
    )


def another_way(content: bytes) -> Records:
    """Read by our own parser instead of the engine's, and plain texts in SQL however few."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(raw, "_plain", lambda *_: False)
        patch.setattr(meanings, "FEW_ROWS", 0)
        return read(content)


@settings(max_examples=20)
@given(damaged())
def test_every_row_is_used_or_rejected_once_and_all_ways_in_agree(content: bytes) -> None:
    try:
        first = read(content)
    except UnusableInput as refused:
        with pytest.raises(UnusableInput, match=re.escape(str(refused))):
            another_way(content)
        return
    second = another_way(content)
    assert every_row_is_used_or_rejected_once(first)
    assert everything(first) == everything(second)
    first.close()
    second.close()


@settings(max_examples=15)
@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused_in_a_sentence(content: bytes) -> None:
    words = "."
    balanced = True
    try:
        balanced = read(b"Patient ID,Issue Date,Drug\n" + content).accounting.balanced
    except UnusableInput as error:
        words = str(error)
    assert balanced
    assert words.endswith(".")


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("dosage", ["One", '"One, daily"', "é’", '"One\ndaily"', 'a 5" strip'])
def test_ordinary_files_take_the_fast_way(
    monkeypatch: pytest.MonkeyPatch, end: str, mark: str, dosage: str
) -> None:
    monkeypatch.setattr(raw, "careful_rows", None)
    rows = ["Patient ID,Issue Date,Drug,Dosage", f"P1,03/11/2026,M,{dosage}", "P2,03/11/2026,M"]
    records = read((mark + "\n".join(rows).replace("\n", end) + end).encode())
    found = records.connection.execute("SELECT directions FROM issues").fetchall()
    assert [text.replace("\r\n", "\n") for (text,) in found] == [
        dosage if "strip" in dosage else dosage.strip('"')
    ]
    assert records.connection.execute("SELECT record, raw FROM rejects").fetchall() == [
        (3, "P2,03/11/2026,M")
    ]
