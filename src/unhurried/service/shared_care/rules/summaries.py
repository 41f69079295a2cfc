"""Rules of the record summary: one screen, nothing kept from the GP, sent once (COM-1, CON-6)."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from unhurried.service.audit.actor import Actor
from unhurried.service.audit.refused import Refused
from unhurried.service.patients.rules import is_with_a_service
from unhurried.service.patients.words import check_text
from unhurried.service.shared_care.models import RecordSummary
from unhurried.service.shared_care.rules.kept_words import RESTRICTED, Kept, repeats
from unhurried.service.shared_care.summary_tables import codes, fields, limit

State = RecordSummary.State
LONGEST_REASON = 300
LAST_OF_LATIN = 0xFF
NO_SIGN = "“{}” holds a picture or sign that GP systems and paper cannot show: write it in words."
NOBODY_THERE = (
    "The person is not with the service any more, so nobody would answer. Put it on the record as "
    "it is, or ring the service."
)

NO_CONSENT = (
    "The person has not said yes to sharing with their GP practice, or has stopped it. Only the "
    "line about safety can go. Ask them; their answer is recorded on the consents page."
)
RESTRICTED_REASON = (
    "Some of these words are kept from the GP, as the record stands. Say why in other words."
)
NOT_SHARED = (
    "Some words of “{}” stand in what the person told you and nobody shared with the GP. Go "
    "through the text with the person, then tick that you did; or say it in other words."
)


@dataclass(frozen=True, slots=True)
class Line:
    """One line as filled in: its words, and whether it goes."""

    text: str
    goes: bool


Lines = Mapping[str, Line]


def check_writer(by: Actor) -> int:
    """The membership of the project worker who writes. Raises Refused for another role."""
    if by.membership_id is None or by.role != "project_worker":
        raise Refused("A summary is written by a project worker.")
    return by.membership_id


def check_lines(lines: Lines, chosen: Iterable[str], kind: str) -> None:
    """Refuse a line that is too long or cannot be kept, and a code that is not offered."""
    for code, field in fields().items():
        line = lines.get(code)
        if line is not None and field.typed:
            check_text(f"“{field.label}”", line.text, field.most, lines=True)
            if any(_is_no_letter(each) for each in line.text):
                raise Refused(NO_SIGN.format(field.label))
    if set(chosen) - set(codes(kind)):
        raise Refused("Choose codes from the list.")


def _is_no_letter(char: str) -> bool:
    """A picture, or a code that stands for nothing: no typeface, GP system or document takes it."""
    kind = unicodedata.category(char)
    return kind in {"Cn", "Co"} or (kind == "So" and ord(char) > LAST_OF_LATIN)


def check_consent(lines: Lines, chosen: Iterable[str], *, shares: bool) -> None:
    """Refuse all but the fact of an alert where the person does not share with their GP."""
    if shares:
        return
    held = [code for code, line in lines.items() if line.goes and line.text.strip()]
    if any(not fields()[code].without_consent for code in held) or any(chosen):
        raise Refused(NO_CONSENT)


def check_nothing_kept(lines: Lines, restricted: Kept, not_shared: Kept, *, heard: bool) -> None:
    """Refuse words that repeat a restricted note, or, unless gone through with the person, words of
    a text nobody shared with the GP."""
    for code, line in lines.items():
        field = fields()[code]
        if not field.typed:
            continue
        if repeats(line.text, restricted):
            raise Refused(RESTRICTED.format(field.label))
        if line.goes and not heard and repeats(line.text, not_shared):
            raise Refused(NOT_SHARED.format(field.label))


def check_may_send(row: RecordSummary, text: str, lines: Lines) -> None:
    """Refuse what was sent before, holds nothing, or is more than one screen."""
    if row.state != State.DRAFT:
        raise Refused("This summary was sent already. To change something, write a new one.")
    if not any(line.goes and line.text.strip() for line in lines.values()):
        raise Refused("Nothing is ticked to go. Tick at least one line that holds words.")
    check_one_screen(text)


def check_one_screen(text: str) -> None:
    """Refuse a text a GP could not read on one screen."""
    most, rows = limit("characters"), limit("lines")
    if len(text) > most:
        raise Refused(
            f"The whole text has {len(text)} characters, and {most} fit on one screen: shorten a "
            "line, or leave one out."
        )
    if len(text.splitlines()) > rows:
        raise Refused(f"The whole text has more than {rows} lines: put some of them together.")


def check_may_answer(by: Actor, row: RecordSummary) -> int:
    """The membership of the GP who answers. Refused where there is nothing to answer."""
    if by.membership_id is None or by.role != "gp":
        raise Refused("The practice answers a summary.")
    if not waits_for_practice(row):
        raise Refused("This summary does not wait for the practice any more.")
    return by.membership_id


def waits_for_practice(row: RecordSummary) -> bool:
    """Was it sent, or sent back to a service the person is no longer with?"""
    sent_back = row.state == State.RETURNED
    return row.state == State.SENT or (sent_back and not is_with_a_service(row.patient_id))


def check_somebody_there(row: RecordSummary) -> None:
    """Refuse to send back what nobody could answer."""
    if not is_with_a_service(row.patient_id):
        raise Refused(NOBODY_THERE)


def check_because(text: str) -> None:
    """Refuse a reason without words."""
    if not text.strip():
        raise Refused("Say why, in a few words.")
    check_text("The reason", text, LONGEST_REASON)


def check_reason_keeps(because: str, restricted: Kept) -> None:
    """Refuse a reason the practice reads that repeats what is kept from it."""
    if repeats(because, restricted):
        raise Refused(RESTRICTED_REASON)


def check_may_leave(by: Actor, row: RecordSummary) -> int:
    """The membership of the worker who leaves a returned one as it is."""
    if row.state != State.RETURNED:
        raise Refused("Only a summary the practice sent back can be left as it is.")
    return check_writer(by)
