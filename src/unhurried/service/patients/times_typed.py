"""A time of day as people in a surgery type it: read where only one can be meant, asked again else.

8 to 12 alone are the morning and midday; 1 to 7 alone can be morning or afternoon and are asked
again, for an appointment at the wrong end of the day is missed. A nought in front (02:30) is the
24-hour clock. Nothing typed is left out or rounded.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import time

HINT = "For example 14:30 or 2.30pm. From 1 to 7, give am or pm."
PLAIN = "Give the time, for example 14:30 or 2.30pm."
ONE = "Give one time, the one at which it begins, for example 14:30 or 2.30pm."
FIGURES = "Give the time in figures, for example 14:30 or 2.30pm."
MINUTES = "Give two figures for the minutes, for example 14:05 or 2.30pm."
NO_HOUR = "There is no such hour: hours go from 0 to 23, for example 14:30."
NO_MINUTE = "There is no such minute: minutes go from 00 to 59, for example 14:30."
MIDNIGHT = "Midnight begins one day and ends another: give 00:00, and check which day it begins."
NIGHT_OR_NOON = "12am is read in two ways: give 12:00 for midday, or 00:00 for the night."
BOTH = "An hour from 1 to 12 goes with am or pm; any other is written alone, for example 14:30."

MIDDAY = frozenset({"noon", "midday", "12 noon", "12 midday"})
HALF = r"\s*(?P<half>[ap])\.?\s?m\.?"
CLOCK = re.compile(
    r"(?P<hour>\d{1,2})(?:[:.h](?P<minute>\d{1,2})(?::00)?|\s?o['’]? ?clock)?(?:" + HALF + ")?"
)
RUN_ON = re.compile(r"(?P<hour>\d{1,2})(?P<minute>\d\d)(?:" + HALF + ")?")
TWO_TIMES = re.compile(r"\d.*(?:[-–—/]|\bto\b|\bor\b|\band\b|\d[.:]\d+\s+\d).*\d")
EITHER = range(1, 8)  # without am or pm: morning or afternoon?


class Unclear(ValueError):  # noqa: N818 - it is an answer, as Refused is
    """What was typed is no one time; the message asks for it in a sentence."""


def read_time(typed: str) -> time:
    """The time of day meant. Raises Unclear where that is not certain."""
    text = "".join(map(_plain, typed)).strip().casefold()
    if text in MIDDAY:
        return time(12)
    if text in {"midnight", "12 midnight"}:
        raise Unclear(MIDNIGHT)
    found = CLOCK.fullmatch(text) or RUN_ON.fullmatch(text)
    if found is None:
        raise Unclear(_why(text))
    if text in {"0", "00"} or re.fullmatch(r"0\d\d", text):
        raise Unclear(PLAIN)
    minutes = found["minute"] or "00"
    if len(minutes) != 2:
        raise Unclear(MINUTES)
    if int(minutes) > 59:
        raise Unclear(NO_MINUTE)
    return time(_hour(found["hour"], minutes, found["half"]), int(minutes))


def _plain(character: str) -> str:
    """A digit of any script as ours; a wide colon as a colon."""
    digit = unicodedata.decimal(character, None)
    return str(digit) if digit is not None else ":" if character == "\uff1a" else character


def _why(text: str) -> str:
    """The sentence for what is no time on its own."""
    if TWO_TIMES.search(text):
        return ONE
    return FIGURES if re.search(r"[a-z]{3}", text) or text in {"am", "pm"} else PLAIN


def _hour(typed: str, minutes: str, half: str | None) -> int:
    """The hour from 0 to 23. Raises Unclear."""
    hour = int(typed)
    if (hour, minutes) == (24, "00"):
        raise Unclear(MIDNIGHT)
    if hour > 23:
        raise Unclear(NO_HOUR)
    if half == "p" and hour > 0:
        return hour if hour >= 12 else hour + 12
    if half == "a" and hour == 12:
        raise Unclear(NIGHT_OR_NOON)
    if half and not 1 <= hour <= 11:
        raise Unclear(BOTH)
    if not half and hour in EITHER and not typed.startswith("0"):
        raise Unclear(
            f"Is that in the morning or the afternoon? Give {hour}.{minutes}am or "
            f"{hour}.{minutes}pm: am or pm is needed from 1 to 7."
        )
    return hour
