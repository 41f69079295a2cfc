"""Codes on paper that stand in for a sign-in: long, random to others, never stored.

A code is made from what it is for and the service's key whenever it is shown; only a hash of it is
kept. Letters and figures that look alike are left out.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass

from django.conf import settings

ALPHABET = "2346789CDFGHJKMNPQRTVWXYZ"
LENGTH = 12  # 25^12: about 6 x 10^16
HIDDEN = "0000-0000-0000"  # what staff see in a code's place: it opens nothing


@dataclass(frozen=True, slots=True)
class Codes:
    """The codes of one purpose: `Codes("joining.reply")`. No code is of two purposes."""

    purpose: str

    def code_for(self, thing: object) -> str:
        """The code of a thing (its uuid, say), in groups of four."""
        number = int.from_bytes(self._keyed("code", str(thing)), "big")
        letters = []
        for _ in range(LENGTH):
            number, place = divmod(number, len(ALPHABET))
            letters.append(ALPHABET[place])
        text = "".join(letters)
        return "-".join(text[at : at + 4] for at in range(0, LENGTH, 4))

    def hash_of(self, code: str) -> str:
        """What is kept of a code; however it was typed."""
        plain = "".join(letter for letter in code.upper() if letter in ALPHABET)
        return self._keyed("hash", plain).hex()

    def hash_of_sender(self, address: str) -> str:
        """What is kept of the address a code was tried from."""
        return self._keyed("sender", address).hex()

    def _keyed(self, label: str, text: str) -> bytes:
        key = str(settings.SECRET_KEY).encode()
        return hmac.new(key, f"{self.purpose}-{label}:{text}".encode(), hashlib.sha256).digest()
