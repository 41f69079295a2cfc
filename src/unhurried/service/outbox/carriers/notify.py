"""GOV.UK Notify: e-mail, text messages and letters (as our own PDF) over its web interface.

Each request is signed with a short-lived token (JSON Web Token, HS256) made of the API key; our
reference travels with the message, so that Notify can be asked for it.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Mapping
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from unhurried.service.outbox.carriers.contract import (
    Answer,
    NotAccepted,
    Parcel,
    PerhapsAccepted,
    Unreachable,
)

TIMEOUT = 10
KINDS = {"email": "email", "sms": "sms", "letter": "letter"}


class _NoRedirects(HTTPRedirectHandler):
    """The token goes to Notify and nowhere else."""

    def redirect_request(self, *_: Any) -> None:
        """Refuse every redirect."""


class NotifyCarrier:
    """Sends through GOV.UK Notify with an API key and one template for each channel.

    The e-mail template holds ((subject)) and ((body)), the text template ((body)).
    """

    name = "notify"
    at_hand = False

    def __init__(self, *, url: str, key: str, templates: Mapping[str, str]) -> None:
        if urlsplit(url).scheme not in {"http", "https"} or len(key) < 73:
            raise ValueError("UNHURRIED_NOTIFY_URL or UNHURRIED_NOTIFY_KEY is not usable.")
        self._url = url.rstrip("/")
        self._service, self._secret = key[-73:-37], key[-36:]
        self._templates = templates
        self._open = build_opener(_NoRedirects).open

    def find(self, parcel: Parcel) -> str | Answer:
        """Notify's id of the message with this reference."""
        answer = self._ask("GET", "/v2/notifications?" + urlencode({"reference": parcel.reference}))
        for each in answer.get("notifications", []):
            if each.get("reference") == parcel.reference:
                return str(each["id"])
        return Answer.NEVER_SEEN

    def send(self, parcel: Parcel) -> str:
        """Hand the message over; Notify's id of it."""
        body: dict[str, Any] = {"reference": parcel.reference}
        if parcel.channel == "letter":
            body["content"] = base64.b64encode(parcel.document).decode("ascii")
        else:
            address = "email_address" if parcel.channel == "email" else "phone_number"
            words = {"subject": parcel.subject, "body": parcel.body}
            body |= {
                address: parcel.to,
                "template_id": self._templates[parcel.channel],
                "personalisation": words if parcel.channel == "email" else {"body": parcel.body},
            }
        return str(self._ask("POST", f"/v2/notifications/{KINDS[parcel.channel]}", body)["id"])

    def _ask(self, method: str, path: str, body: object = None) -> dict[str, Any]:
        data = None if body is None else json.dumps(body).encode("ascii")
        request = Request(  # noqa: S310 - the scheme was checked when the carrier was made
            self._url + path, data=data, method=method,
            headers={"Authorization": f"Bearer {token(self._service, self._secret)}",
                     "Content-Type": "application/json", "User-Agent": "unhurried"},
        )  # fmt: skip
        lost = PerhapsAccepted if method == "POST" else Unreachable
        try:
            with self._open(request, timeout=TIMEOUT) as reply:
                found = json.loads(reply.read(1_000_000))
        except HTTPError as error:
            error.close()
            raise _refusal(error, lost) from error
        except URLError as error:
            never = isinstance(error.reason, ConnectionRefusedError) or "resolution" in str(error)
            raise (Unreachable if never else lost)("GOV.UK Notify could not be reached.") from error
        except (OSError, HTTPException, ValueError) as error:
            raise lost("GOV.UK Notify's answer did not arrive.") from error
        if not isinstance(found, dict) or (method == "POST" and "id" not in found):
            raise lost("GOV.UK Notify's answer could not be read.")
        return found


def token(service: str, secret: str) -> str:
    """The signed token of one request, as Notify's documents describe it."""
    head = _part({"typ": "JWT", "alg": "HS256"})
    claims = _part({"iss": service, "iat": int(time.time())})
    signed = hmac.new(secret.encode(), f"{head}.{claims}".encode(), hashlib.sha256).digest()
    return f"{head}.{claims}.{_plain(signed)}"


def _part(value: Mapping[str, object]) -> str:
    return _plain(json.dumps(value, separators=(",", ":")).encode())


def _plain(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode("ascii")


def _refusal(error: HTTPError, lost: type[Exception]) -> Exception:
    """Which failure an HTTP status is; Notify's own words are not shown (they echo addresses)."""
    if error.code == 429:
        return Unreachable("GOV.UK Notify asked to try again later (its limit is reached).")
    if error.code in {401, 403}:
        return Unreachable("GOV.UK Notify did not accept the key: check the settings.")
    if error.code >= 500:
        return lost(f"GOV.UK Notify had a fault of its own (code {error.code}).")
    return NotAccepted(
        f"GOV.UK Notify did not accept the message (code {error.code}); check the address."
    )
