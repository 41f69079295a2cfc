"""Settings of signing in, kept together; `settings.py` takes them all.

| variable | what | default |
|---|---|---|
| UNHURRIED_ADDRESS | the address people type, for links in e-mails | `http://127.0.0.1:8000` |
| UNHURRIED_IDLE_MINUTES | minutes without a click until a session ends | 30 |
| UNHURRIED_PROXIES | how many proxies stand before the service (for limits by address) | 0 |
| UNHURRIED_CIS2_ISSUER, UNHURRIED_CIS2_CLIENT, UNHURRIED_CIS2_KEY | NHS CIS2: issuer, client id, file of the private key (PEM) | off |
| UNHURRIED_NHS_LOGIN_ISSUER, UNHURRIED_NHS_LOGIN_CLIENT, UNHURRIED_NHS_LOGIN_KEY | the same for NHS login | off |
"""  # noqa: E501 - a table

from __future__ import annotations

import os
from typing import Any

SIGN_IN_APPS = ["allauth", "allauth.account", "allauth.mfa"]
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "/sign-in/"
LOGIN_REDIRECT_URL = "/"

ADDRESS = os.environ.get("UNHURRIED_ADDRESS", "http://127.0.0.1:8000").rstrip("/")
IDLE_MINUTES = int(os.environ.get("UNHURRIED_IDLE_MINUTES", "30"))
SESSION_HOURS = 8  # a working day
PASSWORD_RESET_TIMEOUT = 3 * 24 * 60 * 60

# Limits are counted here, so that they hold over several processes. The table is made by a
# migration of accounts; it must hold so much that nobody can push a count out of it.
CACHES: dict[str, dict[str, Any]] = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "accounts_cache",
        "OPTIONS": {"MAX_ENTRIES": 200_000},
    }
}

ALLAUTH_TRUSTED_PROXY_COUNT = int(os.environ.get("UNHURRIED_PROXIES", "0"))
ACCOUNT_ADAPTER = "unhurried.service.accounts.adapters.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_REDIRECT_URL = LOGIN_URL
ACCOUNT_LOGIN_TIMEOUT = 10 * 60
ACCOUNT_REAUTHENTICATION_TIMEOUT = 10 * 60
# Cyber Essentials: no more than 10 wrong tries in 5 minutes on any way in.
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "50/5m/ip,8/5m/key",
    "reset_password": "20/5m/ip,5/5m/key",
    "reset_password_from_key": "10/5m/ip",
    "reauthenticate": "8/5m/user",
    "change_password": "8/5m/user",
}

MFA_ADAPTER = "unhurried.service.accounts.adapters.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True  # addresses are proved by the invitation
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TOTP_ISSUER = "Unhurried"
MFA_TOTP_TOLERANCE = 1
MFA_RATE_LIMITS = {"webauthn_login": "10/5m/ip"}
MFA_FORMS = {
    "authenticate": "unhurried.service.accounts.sign_in_forms.SecondFactorForm",
    "reauthenticate": "unhurried.service.accounts.sign_in_forms.SecondFactorAgainForm",
}


def provider(name: str) -> dict[str, str]:
    """The OpenID Connect provider's settings from the environment; empty when it is off."""
    issuer = os.environ.get(f"UNHURRIED_{name}_ISSUER", "")
    return {
        "issuer": issuer,
        "client": os.environ.get(f"UNHURRIED_{name}_CLIENT", ""),
        "key": os.environ.get(f"UNHURRIED_{name}_KEY", ""),
    } if issuer else {}  # fmt: skip


OPENID = {"cis2": provider("CIS2"), "nhs-login": provider("NHS_LOGIN")}
