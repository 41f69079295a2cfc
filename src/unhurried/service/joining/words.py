"""Checks on what is written: nothing that hurts or presses in a template (INV-4, INV-5, INV-6)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from unhurried.clinical import wording as clinical_wording
from unhurried.clinical.opioids.vocabulary import vocabulary
from unhurried.service.joining.markdown import parse, placeholders, plain
from unhurried.service.joining.models import Wording
from unhurried.service.joining.tables import placeholders as known_placeholders
from unhurried.service.joining.tables import shown_to_others

# Beside every name of a medicine that clinical.opioids knows.
MEDICINE_WORDS = r"opioids?|opiates?|painkillers?|pain[ -]?killers?|benzodiazepines?"
LONGEST_SMS = 612  # four parts


@dataclass(frozen=True, slots=True)
class Remark:
    """Something about a text: the words, why, what to write instead, and whether it blocks."""

    words: str
    why: str
    instead: str
    blocks: bool


def look_over(kind: str, subject: str, body: str) -> list[Remark]:
    """Everything to say about a template, what blocks it first."""
    remarks = [
        Remark(found.words, found.why, found.instead, found.blocks)
        for text in (subject, body)
        for found in clinical_wording.check(text, kind="template")
    ]
    remarks += _unknown(subject + "\n" + body)
    remarks += _missing(body)
    remarks += medicines_shown(kind, subject, body)
    remarks += _too_long(kind, body)
    remarks += _reading_age(body)
    return sorted(remarks, key=lambda each: not each.blocks)


def look_over_note(text: str) -> list[Remark]:
    """What to say about free text: it only ever warns."""
    return [
        Remark(found.words, found.why, found.instead, False)
        for found in clinical_wording.check(text, kind="free_text")
    ]


def _unknown(text: str) -> list[Remark]:
    unknown = sorted(placeholders(text) - set(known_placeholders()))
    return [
        Remark(
            f"{{{{ {name} }}}}", "There is nothing by this name to put in the letter.",
            "Use one of the names in the list beside the text.", True,
        )
        for name in unknown
    ]  # fmt: skip


def _missing(body: str) -> list[Remark]:
    text = plain(parse(body))
    return [
        Remark("", each.why, f"For example: {each.offer}", True)
        for each in clinical_wording.missing_statements(text)
    ]


def medicines_shown(kind: str, subject: str, body: str) -> list[Remark]:
    """Each medicine named where somebody else may read it (rows of shown_to_others.csv)."""
    remarks = []
    for place in shown_to_others():
        if place.kind != kind:
            continue
        text = subject if place.place == "subject" else plain(parse(body))
        for found in _names().finditer(text[: place.first].casefold()):
            why = f"Someone else may read {place.words}."
            remarks.append(Remark(found[0], why, "Leave the medicine out.", True))
    return remarks


@cache
def _names() -> re.Pattern[str]:
    """Every name of a medicine we know, however its words are joined."""
    phrases = sorted(
        {
            "[^a-z0-9]{0,2}".join(pieces)
            for found in vocabulary().phrases.values()
            for pieces, _medicine in found
        },
        key=len,
        reverse=True,
    )
    return re.compile(rf"(?<![a-z0-9])(?:{MEDICINE_WORDS}|{'|'.join(phrases)})(?![a-z0-9])")


def _too_long(kind: str, body: str) -> list[Remark]:
    if kind != Wording.Kind.SMS or len(body) <= LONGEST_SMS:
        return []
    why = f"A text message may have {LONGEST_SMS} characters; this has {len(body)}."
    return [Remark("", why, "Say less; the person can ring to hear more.", True)]


def _reading_age(body: str) -> list[Remark]:
    found = clinical_wording.reading_age(plain(parse(body)))
    if found.meets("letter"):
        return []
    aim = clinical_wording.aims()["letter"]
    hardest = found.hardest_sentences[0].words if found.hardest_sentences else ""
    why = f"It asks for a reader of about {found.age:.0f}; the aim is {aim:.0f} at most."
    # Few words say little about reading age: then it only warns.
    return [Remark(hardest, why, "Use shorter sentences and everyday words.", not found.too_short)]


def reading_age(body: str) -> str:
    """How old a reader a text asks for, in words."""
    found = clinical_wording.reading_age(plain(parse(body)))
    if found.age is None:
        return "not known"
    return f"about {found.age:.0f} ({found.age_low:.0f} to {found.age_high:.0f})"
