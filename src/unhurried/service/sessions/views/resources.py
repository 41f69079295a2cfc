"""The library: pages to read and sheets to print, the same for everybody (SES-2, SES-4)."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from unhurried.service.accounts.guard import Request, guarded
from unhurried.service.accounts.pages import page
from unhurried.service.paper import CannotRender
from unhurried.service.sessions import library
from unhurried.service.sessions.library_blocks import blocks
from unhurried.service.sessions.library_pdf import resource_pdf


@require_safe
@guarded("resource", "r")
def resources(request: Request) -> HttpResponse:
    """Everything in the library, by topic."""
    topics = [
        (code, name, [each for each in library.resources() if each.topic == code])
        for code, name in library.TOPICS.items()
    ]
    return page(request, "sessions/resources.html", {"topics": [t for t in topics if t[2]]})


@require_safe
@guarded("resource", "r")
def resource(request: Request, code: str) -> HttpResponse:
    """One page or sheet; 404 for a code the library has not."""
    found = _found(code)
    return page(request, "sessions/resource.html", {"resource": found, "blocks": blocks(found)})


@require_safe
@guarded("resource", "r")
def resource_on_paper(request: Request, code: str) -> HttpResponse:
    """The same as a PDF to print; `?size=large` in large print."""
    found = _found(code)
    large = request.GET.get("size") == "large"
    try:
        made = resource_pdf(found, large_print=large)
    except CannotRender as problem:
        context = {"resource": found, "blocks": blocks(found), "problem": str(problem)}
        return page(request, "sessions/resource.html", context, status=503)
    name = f"{found.code}{'-large-print' if large else ''}.pdf"
    headers = {"Content-Disposition": f'inline; filename="{name}"'}
    return HttpResponse(made, content_type="application/pdf", headers=headers)


def _found(code: str) -> library.Resource:
    found = library.resource(code)
    if found is None:
        raise Http404
    return found
