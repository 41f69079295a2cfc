"""One's own account: the role acted in, the second step, what there is to set up."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme

from unhurried.service.accounts import openid_links, queries, sessions
from unhurried.service.accounts.guard import Request, guarded, open_to_all
from unhurried.service.accounts.models import User
from unhurried.service.accounts.pages import page
from unhurried.service.accounts.policy import roles
from unhurried.service.accounts.sign_in_views import has_second_factor


@guarded("own_account", "r")
def account(request: Request) -> HttpResponseBase:
    """Who one is here, and what can be changed about signing in."""
    user = _user(request)
    held = queries.roles_held(user)
    nhs = bool(openid_links.links_of(user) or openid_links.providers_open_to(user))
    return page(request, "accounts/account.html", {"held": held, "roles": roles(), "nhs": nhs})


@open_to_all
@login_required
def second_factor(request: HttpRequest) -> HttpResponseBase:
    """Where somebody whose role needs a second step sets one up."""
    given = bool(request.session.get(sessions.SECOND_FACTOR))
    context = {"given": given, "has": has_second_factor(request)}
    return page(request, "accounts/second_factor.html", context)


@open_to_all
@login_required
def choose_role(request: HttpRequest) -> HttpResponseBase:
    """Choose the role to act in; only one's own roles of today can be chosen."""
    held = queries.roles_held(_user(request))
    onward = _onward(request)
    wrong = ""
    if request.method == "POST":
        chosen = [each for each in held if str(each.pk) == request.POST.get("membership")]
        if chosen:
            request.session[sessions.MEMBERSHIP] = chosen[0].pk
            return HttpResponseRedirect(onward)
        wrong = "Choose one of your roles."
    actor = getattr(request, "actor", None)
    context = {
        "held": held, "roles": roles(), "next": onward, "wrong": wrong,
        "current": actor.membership_id if actor else None,
    }  # fmt: skip
    return page(request, "accounts/choose_role.html", context)


@open_to_all
@login_required
def no_role(request: HttpRequest) -> HttpResponseBase:
    """Told to somebody who is signed in and holds no role today."""
    return page(request, "accounts/no_role.html", {"held": queries.roles_held(_user(request))})


def _user(request: HttpRequest) -> User:
    user = request.user
    if not isinstance(user, User):
        raise TypeError("nobody is signed in")
    return user


def _onward(request: HttpRequest) -> str:
    """Where to go next: an address of ours, or the home page."""
    asked = request.POST.get("next", "") or request.GET.get("next", "")
    ours = url_has_allowed_host_and_scheme(
        asked, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return asked if ours and asked.startswith("/") else "/"
