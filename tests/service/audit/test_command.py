"""`unhurried audit` and `unhurried worker`: exit code 0 only when all is well."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from typer.testing import CliRunner, Result

from unhurried.cli.exits import CommandError, Exit
from unhurried.cli.main import app
from unhurried.service.audit import triggers
from unhurried.service.audit.actor import system_actor
from unhurried.service.audit.models import Entry
from unhurried.service.audit.operations import saw
from unhurried.service.jobs import registry
from unhurried.service.jobs.operations import enqueue

BY = system_actor("test")


@pytest.fixture(autouse=True)
def this_database(monkeypatch: pytest.MonkeyPatch, db: None) -> None:
    """Commands use the test's own database."""
    monkeypatch.setenv("DATABASE_URL", "the test's own")


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(app, [str(each) for each in words])


def rows(number: int) -> None:
    for each in range(number):
        saw("identity", by=BY, patient_id=each)


def test_a_whole_trail_is_well_and_says_what_it_cannot_show() -> None:
    rows(3)
    done = run("audit", "verify")
    assert done.exit_code == 0
    assert "All 3 rows are as they were written" in done.output
    assert "Without checkpoints" in done.output


def test_checkpoints_are_kept_added_to_and_compared(tmp_path: Path) -> None:
    kept = tmp_path / "kept.jsonl"
    for _ in range(3):
        rows(2)
        assert run("audit", "checkpoint", "--to", kept).exit_code == 0
    assert len(kept.read_text().splitlines()) == 3
    done = run("audit", "verify", "--checkpoints", kept)
    assert (done.exit_code, "3 of 3 checkpoints" in done.output) == (0, True)
    rows(4)
    assert "All 4 rows" in run("audit", "verify", "--since", kept).output
    line = run("audit", "checkpoint").output
    assert "All 0 rows" in run("audit", "verify", "--since", line).output


@pytest.mark.parametrize("since", [True, False])
def test_a_cut_end_is_named_and_the_exit_code_says_so(tmp_path: Path, since: bool) -> None:
    kept = tmp_path / "kept.jsonl"
    rows(5)
    run("audit", "checkpoint", "--to", kept)
    triggers.remove(connection)
    last = Entry.objects.order_by("-seq")[0].seq
    Entry.objects.filter(seq=last).delete()
    triggers.install(connection)
    done = run("audit", "verify", "--since" if since else "--checkpoints", kept)
    assert done.exit_code == Exit.BROKEN
    assert f"{last}" in done.output
    assert run("audit", "verify").exit_code == 0


def test_missing_guards_are_not_well() -> None:
    rows(1)
    triggers.remove(connection)
    done = run("audit", "verify")
    assert (done.exit_code, "not guarded" in done.output) == (1, True)


def test_an_edited_row_is_named() -> None:
    rows(3)
    triggers.remove(connection)
    seq = Entry.objects.order_by("seq")[1].seq
    Entry.objects.filter(seq=seq).update(role="nobody")
    assert f"Row {seq} is not as it was written." in run("audit", "verify").output


@pytest.mark.parametrize("text", ["nonsense", "{}", "\x00", '{"seq": 1e999}', "[" * 9999])
def test_a_file_that_holds_no_checkpoints_gets_a_sentence(tmp_path: Path, text: str) -> None:
    kept = tmp_path / "kept.jsonl"
    kept.write_text(text)
    for words in (["--checkpoints", kept], ["--since", kept], ["--since", "{" + text]):
        error = run("audit", "verify", *words).exception
        assert isinstance(error, CommandError)
        assert (error.code, error.sentence.endswith(".")) == (Exit.INPUT_UNUSABLE, True)


@pytest.mark.parametrize("words", [("audit", "verify"), ("audit", "checkpoint"), ("worker",)])
def test_a_folder_without_a_service_gets_a_sentence(
    words: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DATABASE_URL")
    monkeypatch.setenv("UNHURRIED_DATA", "restored after the test")
    error = run(*words, "--data", tmp_path).exception
    assert isinstance(error, CommandError)
    assert "There is no service" in error.sentence
    assert list(tmp_path.iterdir()) == []


def test_the_worker_does_what_is_due_and_stops(settings: Any, tmp_path: Path) -> None:
    settings.DATA = tmp_path
    done: list[int] = []
    registry._handlers["test.once"] = lambda work: done.append(work.payload["n"])
    enqueue("test.once", {"n": 1}, by=BY)
    found = run("worker", "--once")
    del registry._handlers["test.once"]
    assert (found.exit_code, done) == (0, [1])
    assert "1 job done" in found.output
