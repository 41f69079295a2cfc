"""Pages for when something did not work: what happened, whether anything was saved, what to do.

The pages of 400, 500 and 503 use nothing but the request's own number, so that they can be shown
when the database or the session is what is broken. "Not found" is the same for everyone and
everything, so that it tells nobody what exists.
"""

from __future__ import annotations

import logging

from django.core.exceptions import (
    DisallowedHost,
    RequestDataTooBig,
    TooManyFieldsSent,
    TooManyFilesSent,
)
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from unhurried.service.accounts.pages import page
from unhurried.web.around import around

log = logging.getLogger(__name__)

NOT_TEXT = (
    "Something in it is not readable text: perhaps it was copied from a damaged file or a link "
    "was cut. Go back, type it again and send it again."
)
TOO_LARGE = "It was larger than this service takes. Go back and send less at a time."
TOO_MANY = "It had more fields than any form of this service. Go back and send less at a time."
WRONG_HOST = (
    "This service does not answer at that address. Use the address you were given, or ask your "
    "administrator to add it to UNHURRIED_HOSTS."
)
NOT_UNDERSTOOD = "The service could not understand it. Go back and try again."


def help_number(request: HttpRequest) -> str:
    """The number someone can quote; it is in the log and in the audit trail."""
    return str(getattr(request, "request_id", ""))


def bad_request(
    request: HttpRequest, exception: Exception | None = None, *, sentence: str = "",
    status: int = 400,
) -> HttpResponse:  # fmt: skip
    """The page for what cannot be read at all."""
    for kind, said, code in (
        (DisallowedHost, WRONG_HOST, 400),
        (RequestDataTooBig, TOO_LARGE, 413),
        (TooManyFieldsSent, TOO_MANY, 400),
        (TooManyFilesSent, TOO_MANY, 400),
    ):
        if isinstance(exception, kind):
            sentence, status = said, code
    return _plain(
        request, status, "What was sent could not be used",
        [sentence or NOT_UNDERSTOOD, "Nothing was saved."],
    )  # fmt: skip


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """What someone may not do looks like what is not there."""
    return not_found(request, exception)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001
    """The form's own key was missing or old: a page left open, cookies off, or another site."""
    return page(request, "errors/csrf.html", {"help_number": help_number(request)}, status=403)


def not_found(
    request: HttpRequest,
    exception: Exception | None = None,  # noqa: ARG001 - Django's call
) -> HttpResponse:
    """One page for all that is not there and all that is not theirs."""
    return page(request, "errors/not_found.html", {"here": around(request, path="")}, status=404)


def only_forms(request: HttpRequest, allowed: str) -> HttpResponse:
    """Somebody reloaded, or went by hand, to an address that only takes what a form sends."""
    answer = _plain(
        request, 405, "There is nothing to look at here",
        ["This address only takes what a form sends. Nothing was changed now.",
         "What you sent before, if it was accepted, is saved."],
    )  # fmt: skip
    answer.headers["Allow"] = allowed
    return answer


def sent_twice(request: HttpRequest, sentence: str) -> HttpResponse:
    """A form that was already sent came again with other contents."""
    values = {"sentence": sentence, "help_number": help_number(request)}
    return page(request, "errors/sent_twice.html", values, status=422)


def broken(request: HttpRequest) -> HttpResponse:
    """A fault of ours."""
    log.error("help number %s: the page before could not be shown", help_number(request))
    return _plain(
        request, 500, "Sorry, something went wrong here",
        ["This is our fault, not yours. What you were saving may not be saved.",
         "Go back and look at what is there before you try again.",
         "If it happens again, tell your administrator the help number below."],
    )  # fmt: skip


def busy(request: HttpRequest) -> HttpResponse:
    """The database could not be reached, or did not come free in time."""
    answer = _plain(
        request, 503, "The service is busy for a moment",
        ["What you sent was not saved. Wait a minute, go back and send it again.",
         "If this goes on, tell your administrator the help number below."],
    )  # fmt: skip
    answer.headers["Retry-After"] = "30"
    return answer


def _plain(request: HttpRequest, status: int, heading: str, sentences: list[str]) -> HttpResponse:
    values = {"heading": heading, "sentences": sentences, "help_number": help_number(request)}
    return HttpResponse(
        render_to_string("errors/plain.html", values, using="jinja2"), status=status
    )
