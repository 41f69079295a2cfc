"""Whose record a specialist opens: who is related to them through what was asked (reliability 1.3).

Each source below gives the people of one kind of asking; any of them is enough. No source opens a
record of somebody who has not agreed, or no longer agrees, to sharing with specialists.
"""

from __future__ import annotations

from datetime import timedelta

from django.db.models import F, OuterRef, Q, QuerySet, Subquery

from unhurried.service.audit import clock
from unhurried.service.audit.actor import Actor
from unhurried.service.patients.access import Relation, opens_records
from unhurried.service.patients.models import Consent, Patient
from unhurried.service.shared_care.models.advice import AdviceRequest
from unhurried.service.tables import rows

SPECIALISTS = ("pain_consultant", "addiction_psychiatrist")
PARTY = "specialist"
_LIMITS = "data/advice_limits.csv"


def read_after_answer() -> timedelta:
    """For how long a specialist can still read a record after answering about it."""
    table = {row["key"]: row for row in rows("unhurried.service.shared_care", _LIMITS)}
    return timedelta(days=int(table["read_after_answer_days"]["value"]))


def sharing_people() -> QuerySet[Patient]:
    """The people whose newest answer about sharing with specialists is a yes that holds today."""
    answers = Consent.objects.filter(
        patient_id=OuterRef("pk"), kind=Consent.Kind.SHARING, party=PARTY
    )
    newest = Subquery(answers.order_by("-at", "-pk").values("pk")[:1])
    holding = Consent.objects.filter(
        Q(ends__isnull=True) | Q(ends__gt=clock.today()), given=True, withdrawn_at=None
    )
    return Patient.objects.alias(answer=newest).filter(answer__in=holding.values("pk"))


def addressed_to(actor: Actor) -> Q:
    """The condition on advice requests asked of this specialist, or of their role where they are;
    and those they answered."""
    here = Q(hospital_id=actor.organisation_id or 0, role=actor.role)
    by_name = Q(specialist_id=actor.membership_id or 0)
    theirs = here & (Q(specialist__isnull=True) | by_name)
    return theirs & (~Q(state="answered") | Q(answered_by_id=actor.membership_id or 0))


def advice_open_to(actor: Actor, action: str = "r") -> QuerySet[AdviceRequest]:
    """The requests `actor` may act on as the specialist; to read, those just answered, too.

    What was passed to somebody else, withdrawn, or said to be for another, is not theirs any more.
    The person is still with the practice that the question was asked at.
    """
    waits = Q(state__in=["with_specialist", "asked_back"])
    if action == "r":
        since = clock.now() - read_after_answer()
        waits |= Q(state="answered", answered_at__gt=since)
    found = AdviceRequest.objects.filter(addressed_to(actor), waits)
    return found.filter(practice_id=F("patient__practice_id"))


def related_by_advice(actor: Actor, action: str) -> Q:
    """The people about whom this specialist was asked for advice."""
    return Q(pk__in=advice_open_to(actor, action).values("patient_id"))


def related(actor: Actor, action: str) -> Q:
    """The people a specialist is related to today, by whatever was asked of them."""
    asked = Q(pk__in=[])
    for source in _sources:
        asked |= source(actor, action)
    return asked & Q(pk__in=sharing_people().values("pk"))


_sources: list[Relation] = [related_by_advice]


def related_through(source: Relation) -> None:
    """Another kind of asking that opens a record to a specialist, for people who agreed."""
    if source not in _sources:
        _sources.append(source)


for _role in SPECIALISTS:
    opens_records(_role, related)
