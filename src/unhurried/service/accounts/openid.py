"""OpenID Connect for NHS CIS2 and NHS login: the conversation with the provider, and its checks.

The authorisation code flow with state, nonce and PKCE; we prove who we are with a signed JWT
(private_key_jwt). allauth has no nonce and no private_key_jwt, so this is ours. Nothing here
decides who somebody is to us: `operations.match_openid` does. Off until the settings name one.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import time
import urllib.error
import urllib.request
import uuid
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, RSAKey

from unhurried.service.audit.refused import Refused
from unhurried.service.tables import rows

ALGORITHMS = ["RS256", "RS512"]  # what the two providers sign with; never "none", never a secret
SCOPES = "openid profile email"
LEEWAY = 60  # seconds by which clocks may differ
TIMEOUT = 10
FOR_PATIENTS = frozenset({"nhs-login"})  # it says who a patient is, never a member of staff
AGAIN = "Start again from the sign-in page."
NOT_TRUSTED = f"The NHS sign-in service sent an answer that cannot be trusted. {AGAIN}"


@dataclass(frozen=True, slots=True)
class Provider:
    """One identity provider, as the settings name it."""

    name: str
    issuer: str
    client: str
    key: str  # file of our private key (PEM)


@dataclass(frozen=True, slots=True)
class Asked:
    """What we remember while somebody is at the provider."""

    address: str
    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True, slots=True)
class Person:
    """Who the provider says it is."""

    issuer: str
    subject: str
    email: str  # only when the provider verified it
    two_factors: bool
    patient: bool = False  # known there as a patient


def begin(provider: Provider, back: str) -> Asked:
    """The provider's page to go to, and what its answer is checked against; `back` is our page."""
    state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
    digest = hashlib.sha256(verifier.encode()).digest()
    query = urlencode(
        {
            "response_type": "code", "client_id": provider.client, "redirect_uri": back,
            "scope": SCOPES, "state": state, "nonce": nonce, "code_challenge_method": "S256",
            "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
        }
    )  # fmt: skip
    return Asked(f"{_found(provider, 'authorization_endpoint')}?{query}", state, nonce, verifier)


def finish(provider: Provider, back: str, *, code: str, nonce: str, verifier: str) -> Person:
    """Exchange the code and check the token. Raises Refused with a sentence for anything amiss."""
    answer = _fetch(
        _found(provider, "token_endpoint"),
        {
            "grant_type": "authorization_code", "code": code, "redirect_uri": back,
            "client_id": provider.client, "code_verifier": verifier,
            "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            "client_assertion": _assertion(provider),
        },
    )  # fmt: skip
    return _checked(provider, str(answer.get("id_token") or ""), nonce)


def _assertion(provider: Provider) -> str:
    """Our proof of who we are, for this provider and for one minute."""
    key = RSAKey.import_key(Path(provider.key).read_bytes())
    now = int(time.time())
    claims = {
        "iss": provider.client, "sub": provider.client, "jti": str(uuid.uuid4()), "iat": now,
        "exp": now + LEEWAY, "aud": _found(provider, "token_endpoint"),
    }  # fmt: skip
    header = {"alg": "RS512", "typ": "JWT", "kid": key.thumbprint()}
    return jwt.encode(header, claims, key, algorithms=ALGORITHMS)


def _checked(provider: Provider, token: str, nonce: str) -> Person:
    keys = KeySet.import_key_set(_fetch(_found(provider, "jwks_uri")))  # type: ignore[arg-type]  # JSON
    try:
        claims = jwt.decode(token, keys, algorithms=ALGORITHMS).claims
        jwt.JWTClaimsRegistry(
            leeway=LEEWAY,
            iss={"essential": True, "value": provider.issuer},
            aud={"essential": True, "value": provider.client},
            exp={"essential": True}, iat={"essential": True}, sub={"essential": True},
            nonce={"essential": True, "value": nonce},
        ).validate(claims)  # fmt: skip
    except (JoseError, ValueError, TypeError, KeyError) as error:
        raise Refused(NOT_TRUSTED) from error
    several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
    if (several or "azp" in claims) and claims.get("azp") != provider.client:
        raise Refused(NOT_TRUSTED)
    verified = claims.get("email_verified") is True
    return Person(
        issuer=provider.issuer, subject=str(claims["sub"])[:255],
        email=str(claims.get("email", "")).strip().lower() if verified else "",
        two_factors=any(str(claims.get(claim, "")) == value for claim, value in _assured()),
        patient=provider.name in FOR_PATIENTS,
    )  # fmt: skip


def _found(provider: Provider, what: str) -> str:
    """An address of the provider's discovery document, which must be the issuer's own."""
    document = _fetch(f"{provider.issuer.rstrip('/')}/.well-known/openid-configuration")
    if document.get("issuer") != provider.issuer or not isinstance(document.get(what), str):
        raise Refused(NOT_TRUSTED)
    return str(document[what])


def _fetch(address: str, form: dict[str, str] | None = None) -> dict[str, Any]:
    """JSON from the provider; HTTPS only, but for a provider on this machine (tests)."""
    parts = urlsplit(address)
    if parts.scheme != "https" and parts.hostname not in {"127.0.0.1", "localhost"}:
        raise Refused(NOT_TRUSTED)
    data = urlencode(form).encode() if form is not None else None
    asked = urllib.request.Request(address, data=data, headers={"Accept": "application/json"})  # noqa: S310 - scheme checked
    try:
        with urllib.request.urlopen(asked, timeout=TIMEOUT) as answer:  # noqa: S310 - the same
            found = json.loads(answer.read(1_000_000))
    except urllib.error.HTTPError as error:
        error.close()
        raise Refused(f"The NHS sign-in service did not accept this sign-in. {AGAIN}") from error
    except (OSError, ValueError) as error:
        raise Refused("The NHS sign-in service cannot be reached. Try again later.") from error
    if not isinstance(found, dict):
        raise Refused(NOT_TRUSTED)
    return found


@cache
def _assured() -> tuple[tuple[str, str], ...]:
    """Claims that say two factors were given there."""
    table = rows("unhurried.service.accounts", "openid_assurance.csv")
    return tuple((row["claim"], row["value"]) for row in table)
