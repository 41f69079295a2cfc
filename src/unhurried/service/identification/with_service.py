"""People on a list who are with the service already, referred directly by their GP (ID-6, REF-1).

They are known by NHS number and date of birth at their practice, or because a GP said that they are
the same person. While they are with the service, once they have joined, and until the next extract
after a referral that ended, nobody is asked to decide about them.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from unhurried.screening.words import long_date
from unhurried.service.identification.models import Candidate
from unhurried.service.patients.models import Episode, Patient

OPEN = "Already with the service (referred directly)"
ENDED = Episode.State.ENDED
MANY = 500  # more values than a database is asked to compare with at once


def with_service_q() -> Q:
    """The condition on candidates; those invited from the list are not meant."""
    counts = _counts(OuterRef("extract__screened_at"))
    at_practice = Episode.objects.filter(
        counts, patient__practice_id=OuterRef("practice_id"),
        patient__nhs_number=OuterRef("nhs_number"),
        patient__date_of_birth=OuterRef("date_of_birth"),
    ).exclude(patient__nhs_number="")  # fmt: skip
    said = Episode.objects.filter(counts, patient_id=OuterRef("patient_id"))
    return Q(invited_at=None) & (Q(Exists(at_practice)) | Q(Exists(said)))


def _counts(screened_at: object) -> Q:
    """Episodes that keep someone off the list: open, once joined, or ended since the extract."""
    return ~Q(state=ENDED) | Q(enrolled_at__isnull=False) | Q(ended_at__gt=screened_at)


def tell_with_service(candidates: Iterable[Candidate]) -> None:
    """Say of each of these whether they are with the service, in `with_service`."""
    rows = [each for each in candidates if each.invited_at is None]
    for each, episodes in _episodes_of(rows):
        found = [_words(row, each.extract.screened_at) for row in episodes]
        each.with_service = next(filter(None, found), "")


def with_service(candidate: Candidate) -> str:
    """Whether this person is with the service, in words; "" when they are not."""
    tell_with_service([candidate])
    return candidate.with_service


def ended_without_joining(
    candidates: Iterable[Candidate],
) -> list[tuple[Candidate, datetime]]:
    """Whose latest direct referral ended without their joining, and when."""
    rows = [each for each in candidates if each.invited_at is None]
    latest = [(each, episodes[0]) for each, episodes in _episodes_of(rows) if episodes]
    return [
        (each, row.ended_at)
        for each, row in latest
        if row.state == ENDED and row.enrolled_at is None and row.ended_at is not None
    ]


def _episodes_of(candidates: Iterable[Candidate]) -> list[tuple[Candidate, list[Episode]]]:
    """Each person's episodes, the latest first, in two queries."""
    rows = list(candidates)
    if not rows:
        return []
    numbers = {each.nhs_number for each in rows if each.nhs_number}
    linked = {each.patient_id for each in rows if each.patient_id}
    practices = {each.practice_id for each in rows}
    people = _people(practices, numbers, linked)
    by_number = {(each.practice_id, each.nhs_number): each for each in people}
    episodes: dict[int, list[Episode]] = {each.pk: [] for each in people}
    for row in Episode.objects.filter(patient__in=episodes).order_by("-opened_at", "-pk"):
        episodes[row.patient_id].append(row)
    found: list[tuple[Candidate, list[Episode]]] = []
    for each in rows:
        person = by_number.get((each.practice_id, each.nhs_number)) if each.nhs_number else None
        if person and person.date_of_birth == each.date_of_birth:
            found.append((each, episodes[person.pk]))
        elif each.patient_id in episodes:
            found.append((each, episodes[each.patient_id]))
    return found


def _people(practices: set[int], numbers: set[str], linked: set[int]) -> QuerySet[Patient]:
    """Those with one of these numbers, or pointed out; of a whole list, all with an episode."""
    if len(numbers) + len(linked) > MANY:
        everyone = Patient.objects.filter(practice__in=practices)
        return everyone.filter(pk__in=Episode.objects.values("patient_id"))
    with_number = Q(practice__in=practices, nhs_number__in=numbers)
    return Patient.objects.filter(with_number | Q(pk__in=linked))


def _words(episode: Episode, screened_at: datetime | None) -> str:
    if episode.state != ENDED:
        return OPEN
    if episode.ended_at is None:
        return ""
    day = long_date(timezone.localdate(episode.ended_at))
    if episode.enrolled_at is not None:
        return f"Was with the service until {day} (referred directly)"
    if screened_at is not None and episode.ended_at > screened_at:
        return f"The direct referral ended on {day}: may be listed again with the next records"
    return ""
