"""Rules of the conversation: nothing is compulsory, nothing is a gate (ASM-1 to 3, PLN-5)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from unhurried.service.audit.refused import Refused
from unhurried.service.patients.models import Patient
from unhurried.service.patients.rules import keeps_notes_from_gp
from unhurried.service.patients.words import check_text
from unhurried.service.planning.models import Summary
from unhurried.service.planning.rules.common import check_one_of, check_to_ten
from unhurried.service.planning.tables import baseline_choices, parts, words_of

LONGEST = 20_000
LONGEST_LINE = 300
LONGEST_SUMMARY = 2_000
NUMBERS = ("pain_with", "pain_without", "doing_with", "doing_without")
ONE = ("employment", "living", "mental_health", "pain_clinic")
SEVERAL = ("mental_health_kinds", "pain", "opioids", "other_medicines")


def check_part(code: str, words: str, left_out: str, left_out_words: str) -> None:
    """Refuse an unknown part, and one that holds neither words nor a reason to leave it out."""
    if code not in parts():
        raise Refused("There is no such part of the conversation.")
    check_text("What the person said", words, LONGEST, lines=True)
    check_text("The reason", left_out_words, LONGEST_LINE)
    check_one_of("Why it was left out", left_out, words_of("skip_reasons"))
    if words.strip() and left_out:
        raise Refused(
            "There are words and a reason to leave it out: keep one of the two. The other can be "
            "written another day."
        )
    if not words.strip() and not left_out:
        raise Refused("Write a few words, or choose why it is left for now.")
    if left_out == "other" and not left_out_words.strip():
        raise Refused("Write the reason in the person's own words, or choose another one.")


def check_benefit(numbers: Mapping[str, int | None], wants: str, helps: str, words: str) -> None:
    """Refuse numbers off the scale, and a form with nothing on it."""
    for name in NUMBERS:
        check_to_ten("Days with and days without", numbers.get(name))
    check_text("What the person wants", wants, LONGEST, lines=True)
    check_text("The person's words", words, LONGEST, lines=True)
    check_one_of("Whether they work", helps, words_of("helps"))
    given = any(numbers.get(name) is not None for name in NUMBERS)
    if not (given or wants.strip() or helps or words.strip()):
        raise Refused("Nothing is filled in yet: one line is enough.")


def check_baseline(given: Mapping[str, str | Sequence[str]]) -> None:
    """Refuse answers that Table 1 and its lists do not have."""
    known = {field: {each.code for each in rows} for field, rows in baseline_choices().items()}
    for field in ONE:
        check_one_of("The baseline", str(given.get(field) or ""), known[field])
    for field in SEVERAL:
        for each in given.get(field) or ():
            check_one_of("The baseline", each, known[field])
    if given.get("mental_health") == "no" and given.get("mental_health_kinds"):
        raise Refused(
            "Mental health: a kind is ticked and the answer is no. Choose yes, or untick it."
        )


def check_may_share_summary(patient: Patient, text: str, *, agreed: bool, now: datetime) -> None:
    """Refuse a summary the person did not agree to, or where they keep things from the GP."""
    if not text.strip():
        raise Refused("Write the short summary the GP practice may see.")
    check_text("The summary", text, LONGEST_SUMMARY, lines=True)
    if not agreed:
        raise Refused(
            "The GP practice sees only what the person agrees to: read it out together, then tick "
            "that they agree."
        )
    if keeps_notes_from_gp(patient, now):
        raise Refused(
            "The person does not want what is said here shared with their GP. Should they have "
            "changed their mind, record it on the consents page first."
        )


def check_not_taken_back(newest: Summary, after: int) -> None:
    """Refuse a summary written on a page opened before the person took back what was shared."""
    if newest.stopped_at is not None and newest.number == after:
        raise Refused(
            "The person has taken the summary back since this page was opened, so nothing was "
            "shared. Keep your words if they are of use, ask the person, and open this page anew."
        )
