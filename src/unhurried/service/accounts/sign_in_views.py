"""allauth's pages, the few we use, with what the service adds: roles, and second factors kept."""
# mypy: disable-error-code="misc"

from __future__ import annotations

from typing import Any

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as passkeys
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse

from unhurried.service.accounts.sessions import SECOND_FACTOR


class SignIn(account.LoginView):
    """E-mail and password; somebody signed in without a role today is told so."""

    def dispatch(self, request: HttpRequest, *args: Any, **more: Any) -> HttpResponseBase:
        """Show the form, or lead on whoever is signed in already."""
        if request.user.is_authenticated and getattr(request, "actor", None) is None:
            return HttpResponseRedirect(reverse("accounts:no_role"))
        response: HttpResponseBase = super().dispatch(request, *args, **more)
        return response

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        """Add the ways in over the NHS identity services that are set up."""
        providers = [name for name, found in settings.OPENID.items() if found]
        return {**super().get_context_data(**more), "providers": providers}


class SetsUp:
    """A page that adds a second factor, for somebody who has none or has just given theirs."""

    request: HttpRequest

    def dispatch(self, request: HttpRequest, *args: Any, **more: Any) -> HttpResponseBase:
        """Refuse a session that was begun before the person's second factor was there."""
        if not request.session.get(SECOND_FACTOR) and has_second_factor(request):
            return HttpResponseRedirect(reverse("accounts:second_factor"))
        response: HttpResponseBase = super().dispatch(request, *args, **more)
        return response

    def form_valid(self, form: Any) -> HttpResponse:
        """The second factor just shown counts for this session."""
        response: HttpResponse = super().form_valid(form)
        self.request.session.setdefault(SECOND_FACTOR, "")
        self.request.session[SECOND_FACTOR] = self.request.session[SECOND_FACTOR] or "set up"
        return response


class AddApp(SetsUp, totp.ActivateTOTPView):
    """Set up an authenticator app."""


class AddPasskey(SetsUp, passkeys.AddWebAuthnView):
    """Set up a passkey."""


def has_second_factor(request: HttpRequest) -> bool:
    """Does the signed-in person have an app or a passkey?"""
    if not request.user.is_authenticated:
        return False
    own = Authenticator.objects.filter(user_id=request.user.pk)
    return bool(own.exclude(type=Authenticator.Type.RECOVERY_CODES).exists())


sign_in = SignIn.as_view()
add_app = AddApp.as_view()
add_passkey = AddPasskey.as_view()
sign_out = account.logout
inactive = account.account_inactive
password_again = account.reauthenticate
change_password = account.password_change
forgotten = account.password_reset
forgotten_sent = account.password_reset_done
choose_password = account.password_reset_from_key
password_chosen = account.password_reset_from_key_done
second_factor = mfa.authenticate
second_factor_again = mfa.reauthenticate
remove_app = totp.deactivate_totp
recovery_codes = codes.view_recovery_codes
new_recovery_codes = codes.generate_recovery_codes
list_passkeys = passkeys.list_webauthn
remove_passkey = passkeys.remove_webauthn
passkey_again = passkeys.reauthenticate_webauthn
sign_in_passkey = passkeys.login_webauthn
own_factors = mfa.index
