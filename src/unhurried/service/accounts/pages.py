"""Rendering for the service's views: one way to answer with a page, one way to make a once-key.

Every form carries `<input type="hidden" name="once">` (the macro `once` of `parts/form.html`)
with `once_key(request)`: new for a fresh form, kept when the form comes back with errors, so that
sending it twice has one effect.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def page(
    request: HttpRequest, template: str, context: Mapping[str, object] | None = None,
    status: int = 200,
) -> HttpResponse:  # fmt: skip
    """Answer with a Jinja template inside the base layout; `once` is there for its forms."""
    values: dict[str, object] = {"once_value": once_key(request), **(context or {})}
    return render(request, template, values, status=status, using="jinja2")


def refused(request: HttpRequest, sentence: object, *, back: str = "") -> HttpResponse:
    """Answer that a rule said no, in its own sentence, where no form can show it."""
    return page(request, "refused.html", {"sentence": str(sentence), "back": back}, status=409)


def once_key(request: HttpRequest) -> str:
    """The key of this form: the one it was sent with, or a new one."""
    sent = request.POST.get("once", "") if request.method == "POST" else ""
    return sent if _is_key(sent) else str(uuid.uuid4())


def _is_key(text: str) -> bool:
    try:
        return str(uuid.UUID(text)) == text.lower()
    except ValueError:
        return False
