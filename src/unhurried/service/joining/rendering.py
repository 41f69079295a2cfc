"""Letters and cards on paper: what of a wording goes where in the templates (INV-1)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from unhurried.service.paper import pdf

Letter = Mapping[str, Any]


def letter_pdf(letter: Letter) -> bytes:
    """One person's letter."""
    return letters_pdf([letter])


def letters_pdf(
    letters: Sequence[Letter], *, cover: Mapping[str, Any] | None = None
) -> bytes:  # fmt: skip
    """Some letters in one document to print, each beginning on its own page."""
    first = letters[0] if letters else {}
    language, _, region = str(first.get("language", "en-GB")).partition("-")
    one = len(letters) == 1 and cover is None
    return pdf(
        __package__ or "",
        "letters/letter.typ",
        {
            "title": first["subject"] if one else f"{len(letters)} letters to print",
            "author": first["letterhead_name"] if first else "",
            "lang": language,
            "region": region or "GB",
            "large_print": bool(first.get("large_print", False)),
            "cover": cover,
            "letters": list(letters),
        },
    )


def card_pdf(subject: str, blocks: Sequence[Mapping[str, Any]], author: str) -> bytes:
    """A card for inviting someone in conversation."""
    return pdf(
        "unhurried.service.joining", "letters/card.typ",
        {
            "title": subject, "author": author, "lang": "en", "region": "GB", "subject": subject,
            "blocks": list(blocks),
        },
    )  # fmt: skip
