"""Shared by joining's views: numbers from an address, forms a rule said no to."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect

from unhurried.service.audit.refused import Refused
from unhurried.service.patients.conflict import ChangedMeanwhile


def status_of(refusal: Refused) -> int:
    """409 when somebody else was first, 200 for any other rule."""
    return 409 if isinstance(refusal, ChangedMeanwhile) else 200


def add_refusal(form: forms.Form, refusal: Refused) -> int:
    """Show a refusal on the form, everything typed kept; the status to answer with."""
    form.add_error(None, str(refusal))
    return status_of(refusal)


def uuid_or_none(text: str) -> UUID | None:
    """The uuid in a query or a form, or None."""
    try:
        return UUID(text)
    except (ValueError, AttributeError):
        return None


def to(name: str, *args: object) -> HttpResponseRedirect:
    """On to another page."""
    found = redirect(f"joining:{name}", *args)
    assert isinstance(found, HttpResponseRedirect)  # noqa: S101 - permanent is not asked for
    return found


def pdf(made: bytes, name: str) -> HttpResponse:
    """A PDF shown in the browser, never kept by anything between."""
    answer = HttpResponse(made, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{name}"'
    answer["Cache-Control"] = "no-store"
    return answer


def with_value(form: forms.Form, name: str, value: object) -> dict[str, object]:
    """What was typed, with one hidden value brought up to date."""
    return {field: form[field].value() for field in form.fields} | {name: str(value)}
