"""Nothing large is read from a stranger, one secret key for all processes, no doors by mistake."""

from __future__ import annotations

import secrets
import threading
from pathlib import Path

import pytest
from django.contrib import messages
from django.contrib.messages.storage import default_storage
from django.contrib.sessions.middleware import SessionMiddleware
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.http.multipartparser import MultiPartParser
from django.test import Client, RequestFactory
from typer.testing import CliRunner

from unhurried.cli.main import app
from unhurried.web import secret

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("path", "status"), [("/finding/extracts/hand-in/", 302), ("/reply/", 413), ("/sign-in/", 413)]
)
def test_a_strangers_large_upload_is_answered_unread(
    path: str, status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def read(_self: object) -> None:
        raise AssertionError("the upload was read")

    monkeypatch.setattr(MultiPartParser, "parse", read)
    large = SimpleUploadedFile("a.csv", b"x" * 3_000_000)
    answer = Client(HTTP_HOST="localhost").post(path, {"files": large})
    assert answer.status_code == status


def test_processes_that_start_together_have_one_secret_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("UNHURRIED_SECRET_KEY", raising=False)
    together = threading.Barrier(6)
    made = secrets.token_urlsafe

    def slowly(size: int) -> str:
        together.wait()  # each of them has found no key by now
        return made(size)

    monkeypatch.setattr(secrets, "token_urlsafe", slowly)
    keys: list[str] = []
    starting = [
        threading.Thread(target=lambda: keys.append(secret.secret_key_in(tmp_path)))
        for _ in range(6)
    ]
    for each in starting:
        each.start()
    for each in starting:
        each.join()
    assert len(keys) == 6
    assert len(set(keys)) == 1
    (kept,) = tmp_path.iterdir()
    assert kept.read_text() == keys[0]
    assert kept.stat().st_mode & 0o077 == 0


def test_a_real_service_does_not_open_the_doors_of_the_demo(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("UNHURRIED_DEMO", "1")
    done = CliRunner().invoke(app, ["serve", "--data", str(tmp_path / "real"), "--port", "1"])
    assert "lets anyone be anyone" in f"{done.output} {done.exception}"
    assert not (tmp_path / "real").exists()


def test_what_is_said_after_a_change_names_nobody_in_a_cookie() -> None:
    request = RequestFactory().get("/")
    SessionMiddleware(lambda _request: HttpResponse()).process_request(request)
    store = default_storage(request)
    store.add(messages.WARNING, "Canary Siskin was left out.")
    answer = HttpResponse()
    store.update(answer)
    assert not answer.cookies
    assert "Canary" in str(dict(request.session))
