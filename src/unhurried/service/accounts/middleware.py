"""Who acts in this request: asked anew each time, so that an ended role ends at the next click."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.cache import add_never_cache_headers

from unhurried.service.accounts import sessions
from unhurried.service.accounts.models import User
from unhurried.service.accounts.policy import roles
from unhurried.service.accounts.queries import actor_of_membership, roles_held
from unhurried.service.audit.actor import Actor

# Names of the pages someone may use who still has to set up their second factor.
SET_UP = frozenset(
    {
        "accounts:second_factor", "accounts:sign_out", "accounts:sign_in", "accounts:choose_role",
        "accounts:no_role", "account_login", "account_logout", "account_reauthenticate",
        "mfa_reauthenticate", "mfa_reauthenticate_webauthn", "mfa_index", "mfa_activate_totp",
        "mfa_add_webauthn", "mfa_view_recovery_codes", "mfa_authenticate", "mfa_login_webauthn",
    }
)  # fmt: skip


class ActorMiddleware:
    """Put `request.actor` there: the person in the role they chose, or None.

    Someone whose role needs a second factor and who has none is led to set one up.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        signed_in = request.user.is_authenticated
        if signed_in and sessions.is_over(request):
            logout(request)
        actor = actor_of(request)
        request.actor = actor  # type: ignore[attr-defined]
        response = self.get_response(request)
        if signed_in:
            add_never_cache_headers(response)  # "back" after signing out shows nothing
        return response

    def process_view(
        self, request: HttpRequest, _view: object, _args: object, _kwargs: object
    ) -> HttpResponseBase | None:
        """Lead to the set-up page whoever must still set up a second factor."""
        if not lacks_second_factor(request):
            return None
        request.actor = None  # type: ignore[attr-defined]
        match = request.resolver_match
        if match is not None and match.view_name in SET_UP:
            return None
        return HttpResponseRedirect(reverse("accounts:second_factor"))


def lacks_second_factor(request: HttpRequest) -> bool:
    """Does the role acted in need a second factor that this session was not given?"""
    actor: Actor | None = getattr(request, "actor", None)
    role = roles().get(actor.role) if actor else None
    return role is not None and role.two_factors and not request.session.get(sessions.SECOND_FACTOR)


def actor_of(request: HttpRequest) -> Actor | None:
    """The actor of this request, from the session and the roles held today."""
    user = request.user
    if not isinstance(user, User) or not user.is_active:
        return None
    held = roles_held(user)
    chosen = request.session.get(sessions.MEMBERSHIP)
    membership = next((each for each in held if each.pk == chosen), held[0] if held else None)
    if membership is None:
        return None
    membership.user = user
    return actor_of_membership(membership, uuid.uuid4().hex[:16])
