"""What every request meets first: a help number, input that is text, errors in sentences."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Iterator
from urllib.parse import unquote_to_bytes

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse

from unhurried.service.accounts.pages import refused
from unhurried.service.audit.operations import SentTwiceDifferently
from unhurried.service.audit.refused import Refused
from unhurried.web import errors

log = logging.getLogger(__name__)
Next = Callable[[HttpRequest], HttpResponseBase]

PERMISSIONS = (
    "accelerometer=(), autoplay=(), browsing-topics=(), camera=(), display-capture=(), "
    "geolocation=(), gyroscope=(), microphone=(), midi=(), payment=(), usb=(), "
    "publickey-credentials-get=(self), publickey-credentials-create=(self)"
)
TAKES_FILES = "identification:hand_in"
REPLACED = "\N{REPLACEMENT CHARACTER}"


class FrontDoor:
    """Give each request its help number, and each answer the headers that keep records private."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.request_id = secrets.token_hex(8)  # type: ignore[attr-defined]
        answer = self.get_response(request)
        answer.headers["X-Request-ID"] = errors.help_number(request)
        answer.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
        answer.headers["Permissions-Policy"] = PERMISSIONS
        answer.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        answer.headers.setdefault("Cache-Control", "no-store, private")
        return answer


class PlainInput:
    """Answer 400 with a sentence where what was sent is not text the database can keep.

    Django would replace broken bytes silently, and PostgreSQL would fail on NUL characters.
    """

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if _brings_files(request) and request.path_info != reverse(TAKES_FILES):
            return errors.bad_request(request, sentence=errors.TOO_LARGE, status=413)
        try:
            wrong = any(_not_text(part) for part in _sent(request))
        except RequestDataTooBig:
            return errors.bad_request(request, sentence=errors.TOO_LARGE, status=413)
        except ValueError:  # a length or a kind of content that is none
            return errors.bad_request(request)
        if wrong:
            return errors.bad_request(request, sentence=errors.NOT_TEXT)
        return self.get_response(request)


def _sent(request: HttpRequest) -> Iterator[str | bytes]:
    """Every piece of text in the request, raw where Django would already have mended it."""
    yield unquote_to_bytes(request.META.get("QUERY_STRING", ""))
    yield request.path_info
    yield from request.COOKIES.values()
    if request.method not in {"POST", "PUT", "PATCH", "DELETE"}:
        return
    if request.content_type == "application/x-www-form-urlencoded":
        yield unquote_to_bytes(request.body.replace(b"+", b" "))
    elif request.content_type == "multipart/form-data" and not _brings_files(request):
        for name, values in request.POST.lists():
            for text in (name, *values):
                yield text.replace(REPLACED, "\0")


def _brings_files(request: HttpRequest) -> bool:
    """Is this larger than any form without files? Then it is read by the one page that takes them.

    That page asks first who sends it and how much; nothing is read, or kept on the disk, before.
    """
    length = request.META.get("CONTENT_LENGTH") or ""
    most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE or 0
    multipart = request.content_type == "multipart/form-data"
    return multipart and length.isdecimal() and int(length) > most


def _not_text(part: str | bytes) -> bool:
    try:
        text = part if isinstance(part, str) else part.decode()
        text.encode()
    except UnicodeError:
        return True
    return "\0" in text


class Sentences:
    """Turn what views let through into pages that say what to do."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        answer = self.get_response(request)
        if answer.status_code == 405 and request.method == "GET" and not answer.streaming:
            return errors.only_forms(request, answer.headers.get("Allow", ""))
        return answer

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """A page for a rule's no (409), a form sent twice (422), a busy database (503)."""
        if isinstance(exception, Refused):
            return refused(request, exception)
        if isinstance(exception, SentTwiceDifferently):
            return errors.sent_twice(request, str(exception))
        if isinstance(exception, OperationalError):
            log.error("help number %s", errors.help_number(request), exc_info=exception)
            return errors.busy(request)
        return None
