"""The doors of the fictional service: choose who to be. There only when UNHURRIED_DEMO is set.

Real services never have these addresses (`urls.py` leaves them out).
"""

from __future__ import annotations

from itertools import groupby

from django.conf import settings
from django.contrib.auth import login, logout
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path
from django.views.decorators.http import require_GET, require_POST

from unhurried.demo.service.cast import PASSWORD
from unhurried.service.accounts import sessions
from unhurried.service.accounts.guard import open_to_all
from unhurried.service.accounts.models import Membership
from unhurried.service.accounts.pages import page
from unhurried.service.accounts.policy import roles
from unhurried.service.accounts.queries import everyone_here_now


@open_to_all
@require_GET
def who_to_be(request: HttpRequest) -> HttpResponse:
    """Everybody of the fictional service, by organisation, each with a button."""
    houses = [
        (organisation, [(each, roles()[each.role].name) for each in members])
        for organisation, members in groupby(everyone_here_now(), lambda each: each.organisation)
    ]
    return page(request, "demo/who_to_be.html", {"houses": houses, "password": PASSWORD})


@open_to_all
@require_POST
def enter(request: HttpRequest, membership: int) -> HttpResponse:
    """Become this person, both factors taken as given."""
    held: Membership | None = everyone_here_now().filter(pk=membership).first()
    if held is None:
        raise Http404
    logout(request)
    login(request, held.user, backend=settings.AUTHENTICATION_BACKENDS[0])
    sessions.begin(request, second_factor="demo")
    request.session[sessions.MEMBERSHIP] = held.pk
    return HttpResponseRedirect("/")


urlpatterns = [
    path("demo/", who_to_be, name="demo_doors"),
    path("demo/<int:membership>/", enter, name="demo_enter"),
]
