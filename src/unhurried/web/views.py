"""Pages that belong to no step: today's page of each role, and whether the service is well."""

from __future__ import annotations

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from unhurried.service.accounts.guard import open_to_all
from unhurried.service.accounts.pages import page
from unhurried.service.audit import clock
from unhurried.service.audit.actor import Actor
from unhurried.service.jobs.queries import staleness, worker_seen
from unhurried.web.around import address
from unhurried.web.home import today_of
from unhurried.web.own_place import THEIR_OWN, carers_place, own_place


@open_to_all
@require_safe
def home(request: HttpRequest) -> HttpResponseBase:
    """Today's page for whoever is signed in; for others the way in, in the demo its doors."""
    actor: Actor | None = getattr(request, "actor", None)
    if actor is None:
        user = getattr(request, "user", None)
        signed_in = user is not None and user.is_authenticated
        return redirect(address("accounts:no_role") if signed_in else settings.LOGIN_URL)
    if actor.role in THEIR_OWN:
        place = (own_place if actor.role == "patient" else carers_place)(actor, clock.now())
        return page(request, "home_person.html", {"place": place, "role": actor.role})
    return page(request, "home.html", {"today": today_of(actor, clock.now()), "role": actor.role})


@open_to_all
@require_safe
def health(request: HttpRequest) -> HttpResponseBase:  # noqa: ARG001 - Django's call
    """For monitoring: 200 when the database answers and background work goes on, else 503."""
    try:
        seen, quiet = worker_seen(), staleness(clock.now())
    except DatabaseError:
        return JsonResponse({"database": "no answer", "worker_last_seen": None}, status=503)
    said = {"database": "ok", "worker_last_seen": seen.isoformat() if seen else None}
    return JsonResponse(said, status=503 if quiet else 200)
