"""The step of signing in that asks for the second factor."""
# mypy: disable-error-code="misc"

from __future__ import annotations

from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.stages import AuthenticateStage
from django.http import HttpRequest

from unhurried.service.accounts.sessions import second_factor_of


class SecondFactorStage(AuthenticateStage):
    """Asked of everybody who has one, unless the NHS identity service just asked for two."""

    def _should_handle(self, request: HttpRequest) -> bool:
        given = second_factor_of(get_authentication_records(request, self.login.user))
        if given and given not in {"totp", "recovery_codes", "mfa"}:
            return False
        return bool(super()._should_handle(request))
