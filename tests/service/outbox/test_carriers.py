"""Carriers by the wire: GOV.UK Notify and a mail server, played by this machine."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import smtplib
import socket
import threading
from collections.abc import Callable, Iterator
from datetime import date
from email import message_from_bytes
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.mail.backends.smtp import EmailBackend

from unhurried.service.outbox.carriers import (
    Answer,
    NotAccepted,
    Parcel,
    PerhapsAccepted,
    Unreachable,
)
from unhurried.service.outbox.carriers.choice import carrier_for
from unhurried.service.outbox.carriers.notify import NotifyCarrier
from unhurried.service.outbox.carriers.smtp import SmtpCarrier

SERVICE = "26785a09-ab16-4eb0-8407-a37497a57506"
SECRET = "3d844edf-8d35-48ac-975b-e847b4f122b0"  # noqa: S105 - made up
TEMPLATES = {"email": "e-template", "sms": "s-template"}


def parcel(channel: str = "sms", **more: Any) -> Parcel:
    facts: dict[str, Any] = {
        "reference": "ref-1", "channel": channel, "to": "07700900123", "subject": "A subject",
        "body": "Hello, Siân", "document": b"", "day": date(2026, 5, 3),
    }  # fmt: skip
    return Parcel(**(facts | more))


class Notify:
    """GOV.UK Notify as far as we use it: it keeps what it was sent."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, str, dict[str, Any]]] = []
        self.tokens: list[str] = []
        self.known: dict[str, str] = {}
        self.reply: Callable[[BaseHTTPRequestHandler], bool] = lambda _: False
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, *_: Any) -> None: ...

            def do_GET(self) -> None:
                outer.answer(self, "GET")

            def do_POST(self) -> None:
                outer.answer(self, "POST")

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()

    def answer(self, call: BaseHTTPRequestHandler, method: str) -> None:
        raw = call.rfile.read(int(call.headers.get("Content-Length", 0)))
        self.calls.append((method, call.path, json.loads(raw or b"{}")))
        self.tokens.append(call.headers["Authorization"].removeprefix("Bearer "))
        found: dict[str, Any]
        if method == "POST":
            reference = self.calls[-1][2]["reference"]
            self.known[reference] = found_id = f"id-{len(self.known)}"
            found = {"id": found_id, "reference": reference}
        else:
            (reference,) = parse_qs(urlsplit(call.path).query)["reference"]
            known = self.known.get(reference)
            found = {"notifications": [{"id": known, "reference": reference}] if known else []}
        if self.reply(call):
            return
        body = json.dumps(found).encode()
        call.send_response(201 if method == "POST" else 200)
        call.send_header("Content-Length", str(len(body)))
        call.end_headers()
        call.wfile.write(body)


@pytest.fixture
def notify() -> Iterator[Notify]:
    server = Notify()
    yield server
    server.server.shutdown()
    server.server.server_close()


@pytest.fixture
def by_notify(notify: Notify) -> NotifyCarrier:
    return NotifyCarrier(url=notify.url, key=f"our_key-{SERVICE}-{SECRET}", templates=TEMPLATES)


def with_status(code: int) -> Callable[[BaseHTTPRequestHandler], bool]:
    def reply(call: BaseHTTPRequestHandler) -> bool:
        call.send_response(code)
        call.send_header("Content-Length", "2")
        call.end_headers()
        call.wfile.write(b"{}")
        return True

    return reply


def hang_up(call: BaseHTTPRequestHandler) -> bool:
    call.close_connection = True
    call.connection.shutdown(socket.SHUT_RDWR)
    return True


def test_a_text_message_goes_to_its_template_with_our_reference(
    notify: Notify, by_notify: NotifyCarrier
) -> None:
    assert by_notify.find(parcel()) is Answer.NEVER_SEEN
    assert by_notify.send(parcel()) == by_notify.find(parcel()) == "id-0"
    assert notify.calls[1] == ("POST", "/v2/notifications/sms", {
        "reference": "ref-1", "phone_number": "07700900123", "template_id": "s-template",
        "personalisation": {"body": "Hello, Siân"},
    })  # fmt: skip


def test_an_email_and_a_letter_have_their_own_shape(
    notify: Notify, by_notify: NotifyCarrier
) -> None:
    by_notify.send(parcel("email", to="a@example.org"))
    by_notify.send(parcel("letter", document=b"%PDF", reference="ref-2"))
    email, letter = notify.calls
    assert email[1] == "/v2/notifications/email"
    assert email[2]["email_address"] == "a@example.org"
    assert email[2]["personalisation"] == {"subject": "A subject", "body": "Hello, Siân"}
    assert letter[1:] == (
        "/v2/notifications/letter",
        {"reference": "ref-2", "content": base64.b64encode(b"%PDF").decode()},
    )


def test_each_request_is_signed_with_the_key(notify: Notify, by_notify: NotifyCarrier) -> None:
    by_notify.send(parcel())
    head, claims, signature = notify.tokens[0].split(".")
    wanted = hmac.new(SECRET.encode(), f"{head}.{claims}".encode(), hashlib.sha256).digest()
    pad = "=" * (-len(signature) % 4)
    assert base64.urlsafe_b64decode(signature + pad) == wanted
    facts = json.loads(base64.urlsafe_b64decode(claims + "=" * (-len(claims) % 4)))
    assert facts["iss"] == SERVICE
    assert json.loads(base64.urlsafe_b64decode(head + "=" * (-len(head) % 4)))["alg"] == "HS256"


@pytest.mark.parametrize(
    ("reply", "when_sending", "when_asking"),
    [
        (with_status(400), NotAccepted, NotAccepted),
        (with_status(401), Unreachable, Unreachable),
        (with_status(403), Unreachable, Unreachable),
        (with_status(429), Unreachable, Unreachable),
        (with_status(500), PerhapsAccepted, Unreachable),
        (with_status(503), PerhapsAccepted, Unreachable),
        (with_status(302), NotAccepted, NotAccepted),
        (hang_up, PerhapsAccepted, Unreachable),
    ],
)
def test_each_failure_is_told_for_what_it_is(
    notify: Notify, by_notify: NotifyCarrier, reply: Any, when_sending: type[Exception],
    when_asking: type[Exception],
) -> None:  # fmt: skip
    notify.reply = reply
    with pytest.raises(when_sending) as told:
        by_notify.send(parcel())
    assert "07700900123" not in str(told.value)
    with pytest.raises(when_asking):
        by_notify.find(parcel())


def test_a_server_that_is_not_there_was_given_nothing() -> None:
    away = NotifyCarrier(url="http://127.0.0.1:9", key=f"k-{SERVICE}-{SECRET}", templates=TEMPLATES)
    with pytest.raises(Unreachable):
        away.send(parcel())


def test_a_key_or_address_that_cannot_be_right_is_refused_at_once() -> None:
    with pytest.raises(ValueError, match="not usable"):
        NotifyCarrier(url="file:///etc/passwd", key="k" * 80, templates=TEMPLATES)
    with pytest.raises(ValueError, match="not usable"):
        NotifyCarrier(url="https://example.org", key="short", templates=TEMPLATES)


class Mailbox:
    """What smtplib is, to the mail backend: a server in a variable."""

    def __init__(self, *_: Any, **__: Any) -> None:
        self.taken: list[bytes] = []
        self.error: Exception | None = None

    def sendmail(self, _: str, __: list[str], message: bytes) -> None:
        if self.error:
            raise self.error
        self.taken.append(message)


@pytest.fixture
def mailbox(monkeypatch: pytest.MonkeyPatch) -> Mailbox:
    box = Mailbox()

    def opened(self: EmailBackend) -> bool:
        if isinstance(box.error, ConnectionError):
            raise box.error
        self.connection = box  # type: ignore[assignment]  # it answers like one
        return True

    monkeypatch.setattr(EmailBackend, "open", opened)
    monkeypatch.setattr(EmailBackend, "close", lambda _: None)
    return box


@pytest.fixture
def by_mail() -> SmtpCarrier:
    return SmtpCarrier(host="127.0.0.1", port=25, sender="Service <hello@example.org>")


def test_mail_carries_our_reference_as_its_number(mailbox: Mailbox, by_mail: SmtpCarrier) -> None:
    assert by_mail.send(parcel("email", to="a@example.org")) == "<ref-1@example.org>"
    (mail,) = (message_from_bytes(each) for each in mailbox.taken)
    assert mail["Message-ID"] == "<ref-1@example.org>"
    assert mail.get_payload(decode=True) == "Hello, Siân".encode()
    assert by_mail.find(parcel()) is Answer.CANNOT_TELL


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (ConnectionRefusedError(), Unreachable),
        (smtplib.SMTPServerDisconnected("gone"), PerhapsAccepted),
        (TimeoutError(), PerhapsAccepted),
        (smtplib.SMTPRecipientsRefused({"a@example.org": (550, b"no such user")}), NotAccepted),
        (smtplib.SMTPRecipientsRefused({"a@example.org": (450, b"later")}), Unreachable),
        (smtplib.SMTPDataError(554, b"no"), NotAccepted),
        (smtplib.SMTPDataError(451, b"later"), Unreachable),
        (smtplib.SMTPSenderRefused(550, b"no", "x"), NotAccepted),
    ],
)
def test_each_failure_of_a_mail_server_is_told_for_what_it_is(
    mailbox: Mailbox, by_mail: SmtpCarrier, error: Exception, told: type[Exception]
) -> None:
    mailbox.error = error
    with pytest.raises(told):
        by_mail.send(parcel("email", to="a@example.org"))


def test_settings_choose_the_carrier_of_each_channel(settings: Any) -> None:
    assert carrier_for("letter").name == "files"
    settings.OUTBOX = settings.OUTBOX | {
        "email": "smtp", "smtp": "smtp+tls://me:p%40ss@mail.example.org", "sender": "a@example.org",
        "sms": "notify", "notify_key": f"k-{SERVICE}-{SECRET}",
    }  # fmt: skip
    mail = carrier_for("email")
    assert isinstance(mail, SmtpCarrier)
    assert (mail._connect["port"], mail._connect["password"], mail._connect["use_tls"]) == (
        587, "p@ss", True,
    )  # fmt: skip
    assert carrier_for("sms").name == "notify"


@pytest.mark.parametrize(
    ("channel", "wrong"),
    [
        ("email", {"email": "pigeon"}),
        ("letter", {"letter": "smtp"}),
        ("email", {"email": "smtp", "smtp": "", "sender": "a@example.org"}),
        ("email", {"email": "smtp", "smtp": "smtp://host", "sender": ""}),
        ("sms", {"sms": "notify", "notify_key": ""}),
    ],
)
def test_settings_that_cannot_work_are_told_in_a_sentence(
    settings: Any, channel: str, wrong: dict[str, str]
) -> None:
    settings.OUTBOX = settings.OUTBOX | wrong
    with pytest.raises(ImproperlyConfigured, match=r"\.$"):
        carrier_for(channel)
