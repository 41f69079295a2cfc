"""The door of every view: signed in, in a role held today, and the matrix allows it."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, NamedTuple, ParamSpec, cast

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponseBase, HttpResponseNotAllowed

from unhurried.service.accounts.policy import ACTIONS, grant_for, objects
from unhurried.service.audit.actor import Actor

P = ParamSpec("P")
VERBS = ("GET", "HEAD", "POST")  # what pages and forms use; nothing else is answered


class Request(HttpRequest):
    """A request that came through `guarded`: someone acts in it."""

    actor: Actor


class Access(NamedTuple):
    """What a view lets people do, for the generated access tests and the policy engine."""

    object: str
    action: str


View = Callable[Concatenate[Request, P], HttpResponseBase]
Guarded = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def guarded(thing: str, action: str) -> Callable[[View[P]], Guarded[P]]:
    """Let only roles through that the matrix gives `action` on `thing`; others meet "not found".

    The scope (own, relationship, organisation) is for the view to apply to what it loads, through
    `patients.access` and each app's `visible_to`.
    """
    if thing not in objects() or action not in ACTIONS:
        raise KeyError(f"the access matrix has no {action} on {thing}")

    def wrap(view: View[P]) -> Guarded[P]:
        @wraps(view)
        def inner(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if request.method not in VERBS:
                return HttpResponseNotAllowed(VERBS)
            actor: Actor | None = getattr(request, "actor", None)
            if actor is None:
                if request.user.is_authenticated:  # a role that ended: as if nothing were here
                    raise Http404
                return redirect_to_login(request.get_full_path())
            if grant_for(actor.role, thing, action) is None:
                raise Http404
            return view(cast(Request, request), *args, **kwargs)

        cast(Any, inner).access = Access(thing, action)
        return cast("Guarded[P]", inner)

    return wrap


def open_to_all(view: Callable[P, HttpResponseBase]) -> Callable[P, HttpResponseBase]:
    """Mark a view anyone may see (sign-in, help, health); it shows nothing of any record."""
    cast(Any, view).access = None
    return view
