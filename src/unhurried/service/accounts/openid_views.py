"""Signing in over NHS CIS2 or NHS login: there, back, and who that is here."""

from __future__ import annotations

import secrets

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from unhurried.service.accounts import openid, operations
from unhurried.service.accounts.guard import open_to_all
from unhurried.service.accounts.pages import page
from unhurried.service.audit.refused import Refused

KEPT = "openid"  # in the session, from leaving to coming back


@open_to_all
@require_GET
@never_cache
def start(request: HttpRequest, provider: str) -> HttpResponseBase:
    """Leave for the provider's sign-in page."""
    named = _provider(provider)
    try:
        asked = openid.begin(named, _back(provider))
    except Refused as refusal:
        return _refused(request, refusal)
    request.session[KEPT] = {
        "provider": provider, "state": asked.state, "nonce": asked.nonce,
        "verifier": asked.verifier,
    }  # fmt: skip
    return redirect(asked.address)


@open_to_all
@require_GET
@never_cache
def back(request: HttpRequest, provider: str) -> HttpResponseBase:
    """Come back from it: check the answer, find who that is here, sign them in."""
    named = _provider(provider)
    kept = request.session.pop(KEPT, None)
    code, state = request.GET.get("code", ""), request.GET.get("state", "")
    try:
        ours = kept is not None and kept["provider"] == provider
        if not ours or not secrets.compare_digest(kept["state"].encode(), state.encode()):
            raise Refused(f"This sign-in was not begun here, or took too long. {openid.AGAIN}")
        if not code:
            raise Refused(f"The NHS sign-in was stopped. {openid.AGAIN}")
        person = openid.finish(
            named, _back(provider), code=code, nonce=kept["nonce"], verifier=kept["verifier"]
        )
        user = operations.match_openid(person=person)
    except Refused as refusal:
        return _refused(request, refusal)
    record_authentication(
        request, user, "openid", provider=provider, two_factors=person.two_factors
    )
    answer: HttpResponseBase = perform_login(request, Login(user=user))
    return answer


def _provider(name: str) -> openid.Provider:
    found = settings.OPENID.get(name)
    if not found:
        raise Http404
    return openid.Provider(name, found["issuer"], found["client"], found["key"])


def _back(provider: str) -> str:
    return f"{settings.ADDRESS}{reverse('accounts:openid_back', kwargs={'provider': provider})}"


def _refused(request: HttpRequest, refusal: Refused) -> HttpResponseBase:
    context = {"sentence": str(refusal), "back": reverse("account_login")}
    return page(request, "refused.html", context, status=403)
