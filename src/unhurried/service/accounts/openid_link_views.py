"""Your account and the NHS sign-in: link it, come back from there, take the link away."""

from __future__ import annotations

import secrets

from allauth.account.internal.flows.reauthentication import is_reauthentication_required
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from unhurried.service.accounts import openid, openid_links
from unhurried.service.accounts.guard import Request, guarded
from unhurried.service.accounts.models import User
from unhurried.service.accounts.pages import once_key, page, refused
from unhurried.service.audit.refused import Refused

KEPT = "openid_linking"  # in the session, from leaving to coming back
HERE = "accounts:nhs_sign_in"
NOT_BEGUN = "This was not begun here, or took too long: begin again below."


@require_safe
@guarded("own_account", "r")
def own(request: Request) -> HttpResponse:
    """The links one has, and the identity service one could link."""
    user = _user(request)
    context = {
        "links": openid_links.links_of(user),
        "offered": openid_links.providers_open_to(user),
    }
    return page(request, "accounts/nhs_sign_in.html", context)


@require_POST
@guarded("own_account", "u")
def link(request: Request) -> HttpResponseBase:
    """The way to the identity service, to say there who one is.

    A link, not a redirect: the content security policy lets no form lead to another address.
    """
    user = _user(request)
    provider = request.POST.get("provider", "")
    if provider not in dict(openid_links.providers_open_to(user)):
        return refused(request, "There is nothing to link here now.", back=reverse(HERE))
    if is_reauthentication_required(request, app="account"):  # type: ignore[no-untyped-call, unused-ignore]
        onward = urlencode({"next": reverse(HERE)})
        return redirect(f"{reverse('account_reauthenticate')}?{onward}")
    try:
        asked = openid.begin(_provider(provider), _back())
    except Refused as refusal:
        return refused(request, refusal, back=reverse(HERE))
    request.session[KEPT] = {
        "provider": provider, "state": asked.state, "nonce": asked.nonce,
        "verifier": asked.verifier, "user": user.pk,
    }  # fmt: skip
    context = {"where": asked.address, "name": openid_links.name_of(provider)}
    return page(request, "accounts/leave_to_link.html", context)


@require_safe
@never_cache
@guarded("own_account", "u")
def back(request: Request) -> HttpResponseBase:
    """Come back from it: check the answer as at signing in, then link."""
    kept = request.session.pop(KEPT, None)
    state, user = request.GET.get("state", ""), _user(request)
    ours = kept is not None and kept["user"] == user.pk
    if not ours or not secrets.compare_digest(kept["state"].encode(), state.encode()):
        messages.warning(request, NOT_BEGUN)
        return redirect(HERE)
    provider, code = kept["provider"], request.GET.get("code", "")
    try:
        if not code or not settings.OPENID.get(provider):
            raise Refused("The NHS sign-in was stopped: nothing was linked.")
        person = openid.finish(
            _provider(provider), _back(), code=code, nonce=kept["nonce"],
            verifier=kept["verifier"],
        )  # fmt: skip
        openid_links.link_own(by=request.actor, user=user, provider=provider, person=person)
    except Refused as refusal:
        return refused(request, refusal, back=reverse(HERE))
    messages.success(request, f"Linked. You can sign in with {openid_links.name_of(provider)}.")
    return redirect(HERE)


@require_POST
@guarded("own_account", "u")
def unlink(request: Request) -> HttpResponseBase:
    """Take a link away."""
    text = request.POST.get("link", "")
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
    try:
        openid_links.unlink_own(by=request.actor, number=number, key=once_key(request))
    except Refused as refusal:
        return refused(request, refusal, back=reverse(HERE))
    messages.success(request, "The link is taken away. Your password goes on working.")
    return redirect(HERE)


def _user(request: Request) -> User:
    return User.objects.get(pk=request.actor.user_id or 0)


def _provider(name: str) -> openid.Provider:
    found = settings.OPENID[name]
    return openid.Provider(name, found["issuer"], found["client"], found["key"])


def _back() -> str:
    return f"{settings.ADDRESS}{reverse('accounts:nhs_sign_in_back')}"
