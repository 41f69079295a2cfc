"""A person's own answers to the questions of consent, in words to them (EVA-4, CON-6)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from unhurried.service.accounts.policy import grant_for
from unhurried.service.patients.models import Consent, Patient
from unhurried.service.patients.queries.consents import AskedAbout, asked_about
from unhurried.service.patients.queries.episodes import open_episode_of
from unhurried.service.patients.queries.page import CONSENT_KINDS, sharing_parties
from unhurried.service.patients.tables import rows_of, wording_now


@dataclass(frozen=True, slots=True)
class Stopping:
    """What a question is called to the person, and what follows when they stop."""

    title: str
    what_follows: str
    source: str
    version: str
    sign_off: str


@dataclass(frozen=True, slots=True)
class OwnAnswer:
    """One question as the person sees it."""

    asked: AskedAbout
    title: str
    stopping: Stopping
    may_stop: bool
    may_agree: bool
    needs_end: bool  # sharing with a carer is for a time

    @property
    def kind(self) -> str:
        """Which of the five questions."""
        return self.asked.kind

    @property
    def party(self) -> str:
        """With whom, or which study; else empty."""
        return self.asked.party


@cache
def stopping() -> dict[tuple[str, str], Stopping]:
    """The rows of consent_stopping.csv by kind and party; every carer is one party there."""
    return {
        (row["kind"], row["party"]): Stopping(
            row["title"], row["what_follows"], row["source"], row["version"], row["sign_off"]
        )
        for row in rows_of("consent_stopping.csv")
    }


def own_answers(patient: Patient) -> list[OwnAnswer]:
    """Every question the person can answer here, with where it stands, in a constant order.

    With carers of now, and only what carers can see here at all.
    """
    parties = {
        party: words for party, words in sharing_parties(patient) if _can_be_seen(party)
    }  # fmt: skip
    asked = asked_about(patient, CONSENT_KINDS)
    known = {(each.kind, each.party) for each in asked}
    wording = wording_now(Consent.Kind.SHARING)
    asked += [
        AskedAbout("sharing", "Share with", party, "not_asked", None, wording)
        for party in parties
        if ("sharing", party) not in known
    ]
    here = open_episode_of(patient) is not None
    order = {kind: number for number, kind in enumerate(CONSENT_KINDS)}
    shown = [
        each for each in asked if each.kind != Consent.Kind.SHARING or each.party in parties
    ]  # fmt: skip
    shown.sort(key=lambda each: order[each.kind])
    return [_own(each, parties, here=here) for each in shown]


def own_answer(patient: Patient, kind: str, party: str) -> OwnAnswer | None:
    """One of them, or None when the person has no such question."""
    found = own_answers(patient)
    return next((each for each in found if (each.kind, each.party) == (kind, party)), None)


def _can_be_seen(party: str) -> bool:
    """May a carer see this kind of thing at all, when it is shared?"""
    if not party.startswith("carer:"):
        return True
    return grant_for("carer", party.rpartition(":")[2], "r") is not None


def _own(each: AskedAbout, parties: dict[str, str], *, here: bool) -> OwnAnswer:
    of_carer = each.party.startswith("carer:")
    row = stopping().get((each.kind, "carer" if of_carer else each.party))
    row = row or stopping()[each.kind, ""]
    title = row.title
    if of_carer:
        title = f"{row.title} {parties[each.party]}"
    elif each.kind == Consent.Kind.STUDY:
        title = f"{row.title} {each.party}"
    given = each.state == "given"
    asks = each.kind != Consent.Kind.STUDY and (each.kind != Consent.Kind.SERVICE or here)
    return OwnAnswer(
        each, title, row, may_stop=given, may_agree=asks and not given, needs_end=of_carer
    )
