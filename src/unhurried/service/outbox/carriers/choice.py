"""Which carrier takes which channel: `settings.OUTBOX`, made from the environment."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from unhurried.service.outbox.carriers.contract import Carrier
from unhurried.service.outbox.carriers.files import FilesCarrier

ALLOWED = {
    "email": ("files", "smtp", "notify"),
    "sms": ("files", "notify"),
    "letter": ("files", "notify"),
}


def carrier_for(channel: str) -> Carrier:
    """The carrier that takes this channel. Raises ImproperlyConfigured with a sentence."""
    chosen = settings.OUTBOX.get(channel, "files")
    if chosen not in ALLOWED[channel]:
        raise ImproperlyConfigured(
            f"The carrier for {channel} may be {' or '.join(ALLOWED[channel])}, not {chosen!r}."
        )
    return _MAKERS[chosen](settings.OUTBOX)


def _files(_: Mapping[str, Any]) -> Carrier:
    return FilesCarrier(Path(settings.DATA) / "outbox")


def _smtp(chosen: Mapping[str, Any]) -> Carrier:
    from unhurried.service.outbox.carriers.smtp import SmtpCarrier

    parts = urlsplit(chosen.get("smtp", ""))
    tls = {"smtp": "", "smtp+tls": "tls", "smtps": "ssl"}.get(parts.scheme)
    if tls is None or not parts.hostname or not chosen.get("sender"):
        raise ImproperlyConfigured(
            "Set UNHURRIED_SMTP (smtp+tls://user:password@host:587) and UNHURRIED_MAIL_FROM."
        )
    return SmtpCarrier(
        host=parts.hostname, port=parts.port or {"": 25, "tls": 587, "ssl": 465}[tls], tls=tls,
        username=unquote(parts.username or ""), password=unquote(parts.password or ""),
        sender=chosen["sender"],
    )  # fmt: skip


def _notify(chosen: Mapping[str, Any]) -> Carrier:
    from unhurried.service.outbox.carriers.notify import NotifyCarrier

    try:
        return NotifyCarrier(
            url=chosen["notify_url"], key=chosen["notify_key"],
            templates={"email": chosen["notify_email"], "sms": chosen["notify_sms"]},
        )  # fmt: skip
    except ValueError as error:
        raise ImproperlyConfigured(str(error)) from error


_MAKERS = {"files": _files, "smtp": _smtp, "notify": _notify}
