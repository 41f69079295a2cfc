"""What the pages about a person share: a rule's no on the form, a version, a date for a page."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from django import forms
from django.http import HttpRequest

from unhurried.service.audit.refused import Refused
from unhurried.service.patients.conflict import ChangedMeanwhile

T = TypeVar("T")


def attempt(form: forms.Form, operation: Callable[[], T]) -> T | None:
    """What the operation gives; None when a rule said no, with its sentence on the form.

    ChangedMeanwhile is let through: the view shows both versions.
    """
    try:
        return operation()
    except ChangedMeanwhile:
        raise
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return None


def posted_version(request: HttpRequest) -> int:
    """The version the form was filled in from; 0, which nothing has, when it is no number."""
    text = request.POST.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def page_number(request: HttpRequest) -> int:
    """The page of a list that was asked for; the first when it is no number."""
    text = request.GET.get("page", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 1


def both_versions(
    form: forms.Form, saved: object, names: tuple[str, ...]
) -> list[tuple[str, object, object]]:
    """Each field that differs: its name, what is saved now, what was typed."""
    differing = []
    for name in names:
        if name not in form.fields:
            continue
        now, typed = getattr(saved, name), form.cleaned_data.get(name)
        if (now or "") != (typed or ""):
            differing.append((str(form[name].label), now, typed))
    return differing
