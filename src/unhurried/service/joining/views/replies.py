"""The page named in the letters: a person replies with their code, without signing in (INV-1).

It shows nothing about anybody; the same words for every code that does not work.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from unhurried.service.accounts.adapters import client_address
from unhurried.service.accounts.guard import open_to_all
from unhurried.service.accounts.pages import page
from unhurried.service.audit.refused import Refused
from unhurried.service.joining import operations
from unhurried.service.joining.forms import CodeForm


@open_to_all
@never_cache
@require_http_methods(["GET", "POST"])
def reply(request: HttpRequest, code: str = "") -> HttpResponse:
    """A box for the code and four answers; then a thank-you."""
    if request.method == "GET":
        form = CodeForm(initial={"code": code[:60]})
        return page(request, "joining/reply.html", {"form": form, "thanks": ""})
    form = CodeForm(request.POST)
    if not form.is_valid():
        return page(request, "joining/reply.html", {"form": form, "thanks": ""})
    answer = form.cleaned_data["reply"]
    try:
        operations.reply_online(
            code=form.cleaned_data["code"], reply=answer,
            sender=client_address(request),
        )  # fmt: skip
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return page(request, "joining/reply.html", {"form": form, "thanks": ""})
    return page(request, "joining/reply.html", {"form": None, "thanks": answer})
