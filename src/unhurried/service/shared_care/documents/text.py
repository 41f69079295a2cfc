"""The summary as plain text, to paste into EMIS or SystmOne: one screen, no special characters."""

from __future__ import annotations

from datetime import date, datetime

from django.utils import timezone

from unhurried.service.patients.words import day, nhs_spaced
from unhurried.service.shared_care.documents.facts import Facts


def plain_text(facts: Facts) -> str:
    """The whole text, a line for each thing."""
    said = [facts.title, _patient(facts)]
    if facts.corrects_sent:
        said.append(f"This corrects the summary sent on {moment(facts.corrects_sent)}.")
    said += [f"{each.label}: {each.text}" for each in facts.lines]
    if facts.codes:
        coded = "; ".join(f"{each.code} {each.term}" for each in facts.codes)
        said.append(f"SNOMED CT: {coded}")
    said.append(f"Written by {facts.worker}, project worker, {moment(facts.written_at)}.")
    return "\n".join(said).replace("\N{NO-BREAK SPACE}", " ")


def moment(iso: str) -> str:
    """`3 November 2026 at 14:05`, on the clock here."""
    local = timezone.localtime(datetime.fromisoformat(iso))
    return f"{day(local)} at {local:%H:%M}"


def _patient(facts: Facts) -> str:
    number = f", NHS number {nhs_spaced(facts.nhs_number)}" if facts.nhs_number else ""
    return f"About: {facts.name}, born {day(date.fromisoformat(facts.born))}{number}"
