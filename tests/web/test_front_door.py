"""What every request meets first: bad input gets a sentence, answers stay private."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import path
from tests.service.conftest import World

from unhurried.service.accounts.models import Membership
from unhurried.service.accounts.pages import once_key, page
from unhurried.service.audit.operations import SentTwiceDifferently
from unhurried.service.audit.refused import Refused
from unhurried.web.urls import *  # noqa: F403 - the error pages' handlers
from unhurried.web.urls import urlpatterns as real

SignedIn = Callable[[Membership], Client]
pytestmark = [pytest.mark.urls("tests.web.test_front_door"), pytest.mark.django_db]


def _raising(error: Exception) -> Callable[[HttpRequest], HttpResponse]:
    def view(_request: HttpRequest) -> HttpResponse:
        raise error

    return view


def _form(request: HttpRequest) -> HttpResponse:
    return HttpResponse(request.POST.get("text", ""))


urlpatterns = [
    path("refused/", _raising(Refused("Nobody has room this week. Ask next Monday."))),
    path("twice/", _raising(SentTwiceDifferently("This form was already sent."))),
    path("locked/", _raising(OperationalError("database is locked"))),
    path("broken/", _raising(ZeroDivisionError("secret detail"))),
    path("form/", _form),
    *real,
]


@pytest.fixture
def browser() -> Client:
    """Someone with a browser; faults are answered, not raised."""
    return Client(raise_request_exception=False, HTTP_HOST="localhost")


@pytest.mark.parametrize("query", ["q=%00", "q=%FF", "q=%ED%A0%80", "%C3=1", "q=a%00b&q=c"])
def test_a_query_that_is_not_text_is_refused_with_a_sentence(browser: Client, query: str) -> None:
    answer = browser.get(f"/people/?{query}")
    assert answer.status_code == 400
    assert "not readable text" in answer.content.decode()
    assert "Nothing was saved" in answer.content.decode()


@pytest.mark.parametrize("body", [b"text=%00", b"text=%FF", b"text=\xff", b"text=%ED%B0%80"])
def test_a_form_that_is_not_text_is_refused(browser: Client, body: bytes) -> None:
    answer = browser.post("/form/", body, content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 400


def test_a_multipart_form_that_is_not_text_is_refused(browser: Client) -> None:
    body = b'--x\r\nContent-Disposition: form-data; name="text"\r\n\r\nA\xffB\r\n--x--\r\n'
    answer = browser.post("/form/", body, content_type="multipart/form-data; boundary=x")
    assert answer.status_code == 400


@pytest.mark.parametrize(
    "text", ["plain", "a+b c&d=e%", "محمد", "👩🏽‍⚕️", "'; DROP TABLE x; --", "﷽\u202e", "x" * 10_000]
)
def test_what_is_text_arrives_unchanged(browser: Client, text: str) -> None:
    assert browser.post("/form/", {"text": text}).content.decode() == text


def test_a_path_with_nul_is_refused(browser: Client) -> None:
    assert browser.get("/people/%00/").status_code == 400


def test_a_cookie_with_nul_is_refused(browser: Client) -> None:
    answer = browser.get("/", HTTP_COOKIE='sessionid="a\\000b"')
    assert answer.status_code == 400


def test_another_host_is_a_page(browser: Client) -> None:
    answer = browser.get("/", HTTP_HOST="elsewhere.example")
    assert answer.status_code == 400
    assert "does not answer at that address" in answer.content.decode()


def test_too_many_fields_and_too_much_text_are_pages(browser: Client) -> None:
    many = browser.post("/form/", {f"f{n}": "" for n in range(1500)})
    assert many.status_code == 400
    large = browser.post("/form/", {"text": "x" * 3_000_000})
    assert large.status_code in {400, 413}
    text = b"text=" + b"x" * 3_000_000
    posted = browser.post("/form/", text, content_type="application/x-www-form-urlencoded")
    assert posted.status_code == 413
    assert "larger" in posted.content.decode()


@pytest.mark.parametrize(
    ("address", "status", "sentence"),
    [
        ("/refused/", 409, "Nobody has room this week"),
        ("/twice/", 422, "already sent"),
        ("/locked/", 503, "busy for a moment"),
        ("/broken/", 500, "our fault"),
        ("/nothing/", 404, "Page not found"),
    ],
)
def test_what_views_let_through_is_a_page_that_says_what_to_do(
    browser: Client, address: str, status: int, sentence: str
) -> None:
    answer = browser.get(address)
    text = answer.content.decode()
    assert answer.status_code == status
    assert sentence in text
    assert "secret detail" not in text
    if status not in {404, 409}:
        assert answer.headers["X-Request-ID"] in text


def test_not_found_is_the_same_for_everything(world: World, signed_in: SignedIn) -> None:
    client = signed_in(world.member("gp"))
    tokens = re.compile(rb'csrfmiddlewaretoken" value="\w+"')  # another mask each time
    bodies = {
        tokens.sub(b"", client.get(f"/{each}/").content) for each in ("nothing", "people/1", "x/y")
    }
    assert len(bodies) == 1


def test_answers_are_not_kept_by_anyone(world: World, signed_in: SignedIn) -> None:
    answer = signed_in(world.member("gp")).get("/")
    assert answer.status_code == 200
    assert {"no-store", "private"} <= set(answer.headers["Cache-Control"].split(", "))
    assert answer.headers["X-Robots-Tag"].startswith("noindex")
    assert "camera=()" in answer.headers["Permissions-Policy"]
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    text = answer.content.decode()
    assert "<script>" not in text
    assert "style=" not in text


def test_a_form_keeps_its_key_when_it_comes_back() -> None:
    key = "7f1e6f0e-4b0a-4f5b-9d0e-2f7c61b1f1aa"
    make = RequestFactory()
    assert once_key(make.post("/", {"once": key})) == key
    assert once_key(make.post("/", {"once": "'; --"})) != "'; --"
    assert once_key(make.get("/")) != once_key(make.get("/"))
    assert page is not None
