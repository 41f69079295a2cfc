"""What one message will say: frozen when it is prepared, so that what was looked at is what leaves.

Wording stays apart from the person's values until the moment of rendering (H14): one person's
content is made from that person's row alone.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from django.conf import settings
from django.urls import reverse

from unhurried.service.accounts.codes import HIDDEN
from unhurried.service.accounts.models import Membership, Organisation
from unhurried.service.joining.codes import REPLY
from unhurried.service.joining.markdown import fill, filled, parse, plain
from unhurried.service.joining.models import Invitation, Step, Wording
from unhurried.service.patients.models import Patient

CHOICES = ["Yes please", "Tell me more", "Not now", "No thank you"]


def first_name(patient: Patient) -> str:
    """What a letter calls the person."""
    return patient.known_as or patient.given_name or patient.family_name


def address_lines(patient: Patient) -> list[str]:
    """The one address block of a letter: name, address, postcode."""
    name = " ".join(filter(None, (patient.title, patient.given_name, patient.family_name)))
    lines = [name, *patient.address.splitlines(), patient.postcode]
    return [line.strip() for line in lines if line.strip()]


def address_line(patient: Patient) -> str:
    """The same in one line, as the outbox keeps it."""
    return ", ".join(address_lines(patient))[:300]


def in_words(day: date) -> str:
    """A date as letters write it."""
    return f"{day.day} {day:%B} {day.year}"


def public_address() -> str:
    """Where people reach the service's pages, or "" when no one has said."""
    return str(getattr(settings, "PUBLIC_URL", "") or "").rstrip("/")


def service_name(provider: Organisation) -> str:
    """What letters and pages call the service."""
    return provider.service_name or provider.name


def make(  # noqa: PLR0913 - what a letter is made of
    *, patient: Patient, practice: Organisation, provider: Organisation, signed_by: str,
    wording: Wording, day: date, large_print: bool = False, project_worker: str = "",
    with_slip: bool = True,
) -> dict[str, Any]:  # fmt: skip
    """Everything a message to one person is made from, but for their reply code."""
    return {
        "subject": wording.subject,
        "body": wording.body,
        "language": wording.language,
        "large_print": large_print,
        "date": in_words(day),
        "address": address_lines(patient),
        "practice": {"name": practice.name, "lines": _practice_lines(practice)},
        "signature": {"name": signed_by, "lines": [practice.name]},
        "slip": with_slip,
        "values": {
            "first_name": first_name(patient),
            "service_name": service_name(provider),
            "practice_name": practice.name,
            "gp_name": signed_by,
            "service_phone": provider.phone,
            "practice_phone": practice.phone,
            "project_worker": project_worker,
        },
    }


def _practice_lines(practice: Organisation) -> list[str]:
    lines = [*practice.address.splitlines(), practice.phone]
    return [line.strip() for line in lines if line.strip()]


def example(wording: Wording, practice: Organisation, provider: Organisation) -> dict[str, Any]:
    """A letter to nobody, for looking at wording before it is used."""
    nobody = Patient(
        given_name="Sam", family_name="Example", address="1 Example Road\nBristol",
        postcode="BS99 9ZZ",
    )  # fmt: skip
    return make(
        patient=nobody, practice=practice, provider=provider, signed_by="Dr Example",
        wording=wording, day=date(2026, 1, 1), project_worker="Alex Example",
        with_slip=wording.kind != Wording.Kind.WELCOME,
    )  # fmt: skip


def values_of(content: dict[str, Any], code: str) -> dict[str, str]:
    """The placeholders' values, the person's own reply link among them."""
    values: dict[str, str] = dict(content["values"])
    if code and public_address():
        values["reply_link"] = public_address() + reverse("joining:reply_with_code", args=[code])
    return values


def letter_of(content: dict[str, Any], code: str) -> dict[str, Any]:
    """The letter as the typst template wants it."""
    values = values_of(content, code)
    return {
        "subject": typographic(fill(content["subject"], values)),
        "letterhead_name": content["practice"]["name"],
        "language": content["language"],
        "large_print": content["large_print"],
        "practice": content["practice"],
        "address": content["address"],
        "date": content["date"],
        "blocks": [_typographic_block(b) for b in filled(parse(content["body"]), values)],
        "signature": content["signature"],
        "slip": _slip(content, code) if content["slip"] else None,
    }


def _slip(content: dict[str, Any], code: str) -> dict[str, Any]:
    online: list[dict[str, Any]] = []
    if public_address():
        shown = public_address().split("//")[-1] + reverse("joining:reply")
        online = [
            {"text": "Or reply online at ", "bold": False},
            {"text": shown.rstrip("/"), "bold": True},
            {"text": " with this code: ", "bold": False},
            {"text": code, "bold": True},
        ]
    return {
        "heading": "Your reply",
        "choices": CHOICES,
        "post": f"Tick one, then hand in or post this slip to {content['practice']['name']}.",
        "online_runs": online,
        "code": "" if online else f"Our reference: {code}",
    }


def text_of(content: dict[str, Any], code: str) -> tuple[str, str]:
    """Subject and words of an e-mail or text message, or of a letter read on the page."""
    values = values_of(content, code)
    return fill(content["subject"], values), plain(filled(parse(content["body"]), values))


def masked(step: Step) -> tuple[dict[str, Any], str]:
    """The same for looking at: the code that lets somebody answer for the person is not shown."""
    return step.content, HIDDEN


def of_step(step: Step) -> tuple[dict[str, Any], str]:
    """A step's content and its invitation's reply code: for what leaves, or is printed to leave."""
    return step.content, REPLY.code_for(step.invitation.uuid)


def _typographic_block(block: Any) -> Any:
    def runs(items: Any) -> Any:
        return [{**run, "text": typographic(run["text"])} for run in items]

    return {**block, "runs": runs(block["runs"]), "items": [runs(i) for i in block["items"]]}


def typographic(text: str) -> str:
    """Straight quotation marks and apostrophes as print has them."""
    text = re.sub(r"(?<=\w)'|'(?=\d\ds\b)", "’", text)
    text = re.sub(r'(^|[\s(\[])"', r"\1“", text)
    return text.replace('"', "”")


def signer(membership: Membership) -> str:
    """How a GP signs."""
    return membership.user.full_name


def endorser_of(invitation: Invitation) -> str:
    """The GP in whose name an invitation went."""
    return signer(invitation.endorsed_by)
