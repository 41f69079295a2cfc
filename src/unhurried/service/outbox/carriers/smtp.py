"""E-mail through the organisation's own mail server.

A mail server cannot be asked whether it took a message: where the line broke after handing over,
someone has to look, and nothing is sent again by itself.
"""

from __future__ import annotations

import smtplib
from email.utils import parseaddr
from typing import Any

from django.core.mail import EmailMessage, get_connection

from unhurried.service.outbox.carriers.contract import (
    Answer,
    NotAccepted,
    Parcel,
    PerhapsAccepted,
    Unreachable,
)

TIMEOUT = 10


class SmtpCarrier:
    """Sends e-mail by SMTP. `address` has host, port, username, password, tls ("", tls, ssl)."""

    name = "smtp"
    at_hand = False

    def __init__(
        self, *, host: str, port: int, username: str = "", password: str = "", tls: str = "",
        sender: str,
    ) -> None:  # fmt: skip
        self._connect: dict[str, Any] = {
            "host": host, "port": port, "username": username, "password": password,
            "use_tls": tls == "tls", "use_ssl": tls == "ssl", "timeout": TIMEOUT,
        }  # fmt: skip
        self._sender = sender

    def find(self, parcel: Parcel) -> str | Answer:  # noqa: ARG002 - the contract
        """A mail server cannot be asked."""
        return Answer.CANNOT_TELL

    def send(self, parcel: Parcel) -> str:
        """Hand the e-mail to the server; its Message-ID."""
        domain = parseaddr(self._sender)[1].rpartition("@")[2] or "localhost"
        number = f"<{parcel.reference}@{domain}>"
        mail = EmailMessage(
            subject=parcel.subject, body=parcel.body, from_email=self._sender, to=[parcel.to],
            headers={"Message-ID": number, "Auto-Submitted": "auto-generated"},
        )  # fmt: skip
        if parcel.is_calendar:
            mail.attach("meeting.ics", parcel.document.decode(), "text/calendar")
        elif parcel.document:
            mail.attach("letter.pdf", parcel.document, "application/pdf")
        connection = get_connection("django.core.mail.backends.smtp.EmailBackend", **self._connect)
        try:
            connection.open()
        except (OSError, smtplib.SMTPException) as error:
            raise Unreachable("The mail server could not be reached.") from error
        try:
            connection.send_messages([mail])
        except smtplib.SMTPServerDisconnected as error:
            raise PerhapsAccepted("The mail server hung up while taking the message.") from error
        except smtplib.SMTPException as error:
            raise _refusal(error) from error
        except OSError as error:
            raise PerhapsAccepted("The line to the mail server broke.") from error
        finally:
            connection.close()
        return number


def _refusal(error: smtplib.SMTPException) -> Exception:
    """A temporary no (4xx) may be tried again; any other no will stay one."""
    codes = [getattr(error, "smtp_code", 0)]
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        codes = [code for code, _ in error.recipients.values()]
    if codes and all(400 <= code < 500 for code in codes):
        return Unreachable("The mail server asked to try again later.")
    return NotAccepted("The mail server did not accept the message; check the address.")
