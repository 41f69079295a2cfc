"""Reads what leads from one step of a regimen to the next: "then", "increase to", "first day"."""

from __future__ import annotations

from unhurried.clinical.opioids.directions.asides import set_duration
from unhurried.clinical.opioids.directions.draft import NUMBERS, Abstain, Reader
from unhurried.clinical.opioids.directions.numbers import number_range
from unhurried.clinical.opioids.directions.vocabulary import SCALE


def on_then(reader: Reader) -> None:
    """ "Then", "thereafter": the next step, or a later part of the same day."""
    onward = reader.tokens[reader.at].name == "onward"
    reader.at += 1
    ahead = reader.at
    while reader.kinds[ahead] in {"separator", "dash"}:
        ahead += 1
    if reader.kinds[ahead] == "end" and not onward:
        raise Abstain("cut_off")
    if not reader.draft.empty():
        reader.next_draft()


def on_start(reader: Reader) -> None:
    """ "Start with": a next step must follow, or what comes later is not known."""
    reader.at += 1
    reader.draft.waits = True


def on_change_to(reader: Reader) -> None:
    """ "Increase to", "reduce to": the next step."""
    reader.at += 1
    if not reader.draft.empty():
        reader.next_draft()
    reader.draft.changed = True


def on_stop(reader: Reader) -> None:
    """ "Then stop": the end, after a step of stated length."""
    reader.at += 1
    if not reader.draft.duration and not (reader.draft.empty() and len(reader.drafts) > 1):
        raise Abstain("changes", "stop")
    reader.draft.ended = True


def on_first(reader: Reader) -> None:
    """ "On the first day", "week 1": how long the step lasts."""
    days = reader.tokens[reader.at].number
    reader.at += 1
    if not reader.draft.empty() and reader.draft.duration:
        raise Abstain("two_lengths")
    reader.draft.labelled = True
    set_duration(reader, days)


def on_later(reader: Reader) -> None:
    """ "Day 2": the step after a first day."""
    reader.at += 1
    if not (reader.draft.labelled and reader.draft.duration == 1 and len(reader.drafts) == 1):
        raise Abstain("two_lengths")
    reader.next_draft()
    reader.draft.labelled = True
    reader.draft.duration = 1


def on_after_span(reader: Reader) -> None:
    """ "After 1 week": when the next step begins."""
    reader.at += 1
    if reader.kinds[reader.at] not in NUMBERS:
        raise Abstain("word_unclear", "after")
    low, high = number_range(reader)
    span = reader.tokens[reader.at]
    if span.kind != "span" or span.number == 1 or low != high or low % SCALE:
        raise Abstain("length_unclear", span.written)
    reader.at += 1
    days = low // SCALE * span.number // 24
    if len(reader.drafts) > 1 and not reader.drafts[-2].duration:
        reader.drafts[-2].duration = days
        return
    set_duration(reader, days)
    reader.draft.waits = True
