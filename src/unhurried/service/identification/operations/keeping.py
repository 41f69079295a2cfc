"""Keeping what an extract said: who is listed now, what changed, and all that was decided before.

Nobody is asked twice: a decision stays with the person from extract to extract (ID-5).
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable
from datetime import date, datetime
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import timezone

from unhurried.records.contacts import ContactDetails
from unhurried.screening.words import long_date
from unhurried.service.audit import clock
from unhurried.service.audit.actor import system_actor
from unhurried.service.audit.operations import write
from unhurried.service.identification.finding import Found, Results
from unhurried.service.identification.models import Candidate, Extract, Reason
from unhurried.service.identification.operations.medicines import note_medicines
from unhurried.service.identification.operations.registered import tell_their_records
from unhurried.service.identification.tables import tier_words
from unhurried.service.identification.with_service import ended_without_joining
from unhurried.service.identification.wording import dose_words

LISTED, APPROACHING, GONE = (
    Candidate.Standing.LISTED,
    Candidate.Standing.APPROACHING,
    Candidate.Standing.GONE,
)
CONTACT = ("title", "given_name", "family_name", "address", "postcode", "phone", "email")
FROM_RECORDS = (
    "extract", "nhs_number", "person_id", "standing", "rank", "tier", "age", "sex",
    "date_of_birth", "ome_min", "ome_max", "ome_status", "ome_as_at", "products", "flags",
    "episode_start", "episode_end", "days_exposed", "issues", "change", "change_words",
    "first_listed_at", "version", *CONTACT,
)  # fmt: skip
ROWS_AT_ONCE = 200
LONGEST_ID = 200


def keep_results(
    *, extract: Extract, results: Results, still_mine: Callable[[], bool] = lambda: True
) -> bool:
    """Keep what was found, all of it or none; False when another worker has the job by now."""
    by = system_actor("screening")
    with write("identification.screened", by=by) as doing:
        current = Extract.objects.select_for_update().get(pk=extract.pk)
        doing.about(current)
        if not still_mine() or current.job != extract.job:
            doing.note = "left to another worker"
            return False
        newer = _newer_than(current, results.as_of)
        if newer is None:
            noted = _Keeping(current, results).keep()
            tell_their_records(current, results, by, noted=noted)
        else:
            current.left_alone = newer
        current.state = Extract.State.DONE
        current.as_of = results.as_of
        current.screened_at = clock.now()
        current.summary = results.summary
        current.rejects = [list(each) for each in results.rejects]
        current.problem = ""
        current.version += 1
        current.save()
        doing.note = f"{len(results.people)} people kept"
    return True


def _newer_than(extract: Extract, as_of: date) -> str | None:
    """Why this extract changes no list: a later one was screened already."""
    latest = (
        Extract.objects.filter(
            practice_id=extract.practice_id, state=Extract.State.DONE, left_alone="",
            as_of__gt=as_of,
        )
        .exclude(pk=extract.pk).order_by("-as_of").first()
    )  # fmt: skip
    if latest is None:
        return None
    return f"Records that look from a later day ({latest.name}) were screened before."


class _Keeping:
    """One extract's people, matched with those the practice already knows."""

    def __init__(self, extract: Extract, results: Results) -> None:
        self.extract = extract
        self.results = results
        self.first_time = not Candidate.objects.filter(practice_id=extract.practice_id).exists()
        known = Candidate.objects.select_for_update().filter(practice_id=extract.practice_id)
        self.known = list(known.order_by("pk"))
        self.by_number = {each.nhs_number: each for each in self.known if each.nhs_number}
        self.by_id: dict[str, list[Candidate]] = defaultdict(list)
        for each in self.known:
            self.by_id[each.person_id].append(each)
        self.taken: set[int] = set()
        screened = Extract.objects.filter(practice_id=extract.practice_id)
        self.screened_at = dict(screened.values_list("pk", "screened_at"))

    def keep(self) -> set[int]:
        """Update those known, add those new, and mark those no longer listed.

        Returns the patients whose medicines were noted.
        """
        pairs = [(self._match(found), found) for found in self.results.people]
        new: list[Candidate] = []
        old: list[Candidate] = []
        self.found: list[tuple[Candidate, Found]] = []
        self.before: list[datetime | None] = []  # when each was listed last
        for match, found in pairs:
            candidate = match or self._new(found)
            self.before.append(self.screened_at.get(match.extract_id) if match else None)
            _update(candidate, found, self.extract, first_time=self.first_time)
            if not match:
                self._make_distinct(candidate)
            (old if match else new).append(candidate)
            self.found.append((candidate, found))
        self._note_ended_referrals()
        gone = [each for each in self.known if each.pk not in self.taken]
        for each in gone:
            self._mark_gone(each)
        Candidate.objects.bulk_create(new, batch_size=ROWS_AT_ONCE)
        Candidate.objects.bulk_update([*old, *gone], FROM_RECORDS, batch_size=ROWS_AT_ONCE)
        self._keep_reasons()
        joined = [each for each in old if each.patient_id is not None]
        for each in joined:
            note_medicines(each, system_actor("screening"))
        return {each.patient_id for each in joined if each.patient_id is not None}

    def _new(self, found: Found) -> Candidate:
        return Candidate(
            practice_id=self.extract.practice_id, nhs_number="", person_id=found.person.person_id
        )

    def _make_distinct(self, candidate: Candidate) -> None:
        """Give up a number or an id that somebody else of the practice goes by."""
        if candidate.nhs_number in self.by_number:
            candidate.nhs_number = ""
        if candidate.nhs_number:
            self.by_number[candidate.nhs_number] = candidate
        elif any(not each.nhs_number for each in self.by_id.get(candidate.person_id, [])):
            born = candidate.date_of_birth
            candidate.person_id = _short(f"{candidate.person_id} (born {born}, {uuid4().hex[:8]})")
        self.by_id[candidate.person_id].append(candidate)

    def _match(self, found: Found) -> Candidate | None:
        """The candidate this is, by NHS number, else by id where nothing contradicts it."""
        number = self.by_number.get(found.nhs_number) if found.nhs_number else None
        options = [number] if number else self.by_id.get(_short(found.person.person_id), [])
        for each in options:
            if each.pk not in self.taken and _may_be(each, found):
                self.taken.add(each.pk)
                return each
        return None

    def _note_ended_referrals(self) -> None:
        """Say of those who come back that a direct referral ended without their joining."""
        before = {id(each): day for (each, _), day in zip(self.found, self.before, strict=True)}
        for candidate, ended in ended_without_joining(each for each, _ in self.found):
            listed = before[id(candidate)]
            if listed is None or ended > listed:
                day = long_date(timezone.localdate(ended))
                words = f"Was referred directly; that ended on {day} without their joining."
                candidate.change = candidate.change or Candidate.Change.BACK
                candidate.change_words = f"{words} {candidate.change_words}".strip()

    def _mark_gone(self, candidate: Candidate) -> None:
        if candidate.standing == GONE:
            candidate.change = Candidate.Change.NONE
            return
        why = [words for _, words in self.results.out.get(candidate.person_id, [])]
        candidate.standing = GONE
        candidate.change = Candidate.Change.GONE
        candidate.change_words = _plain(
            ". ".join(why) + "." if why else "The latest records hold no opioid issues of theirs."
        )
        candidate.version += 1

    def _keep_reasons(self) -> None:
        Reason.objects.filter(candidate__practice_id=self.extract.practice_id, current=True).update(
            current=False
        )
        rows = [
            Reason(candidate=candidate, code=code, words=_plain(words), place=place, current=True)
            for candidate, found in self.found
            for place, (code, words) in enumerate(found.reasons)
        ]
        Reason.objects.bulk_create(
            rows, batch_size=ROWS_AT_ONCE, update_conflicts=True,
            unique_fields=["candidate", "code"], update_fields=["words", "place", "current"],
        )  # fmt: skip


def _may_be(candidate: Candidate, found: Found) -> bool:
    """Could they be one person? Never when NHS numbers or dates of birth differ."""
    numbers = {candidate.nhs_number, found.nhs_number} - {""}
    births = {candidate.date_of_birth, found.born} - {None}
    return len(numbers) < 2 and len(births) < 2


def _short(person_id: str) -> str:
    """An id as it fits a column; very long ones stay distinct."""
    plain = _plain(person_id)
    if len(plain) <= LONGEST_ID:
        return plain
    return f"{plain[: LONGEST_ID - 33]}~{hashlib.sha256(plain.encode()).hexdigest()[:32]}"


def _plain(text: str) -> str:
    """Text a database can hold: no NUL, no half characters."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")


def _update(candidate: Candidate, found: Found, extract: Extract, *, first_time: bool) -> None:
    """Put what the records say now in place of what they said, and say what is different."""
    was_known = candidate.pk is not None
    before = (candidate.standing, candidate.tier, _dose(candidate))
    old_dose = dose_words(*_dose(candidate), candidate.ome_as_at)
    person = found.person
    candidate.extract = extract
    candidate.nhs_number = found.nhs_number or candidate.nhs_number
    candidate.person_id = _short(person.person_id)
    candidate.standing = LISTED if found.listed else APPROACHING
    candidate.rank, candidate.tier = found.rank, found.tier
    candidate.age, candidate.sex = person.age, person.sex
    candidate.date_of_birth = found.born or candidate.date_of_birth
    candidate.ome_min, candidate.ome_max = person.ome_min, person.ome_max
    candidate.ome_status, candidate.ome_as_at = person.ome_status, person.ome_as_at
    candidate.products = [_plain_values(each) for each in found.products]
    candidate.flags = [_plain(each) for each in found.flags]
    candidate.episode_start, candidate.episode_end = person.episode_start, person.episode_end
    candidate.days_exposed, candidate.issues = person.days_exposed, person.issues
    if not candidate.typed_details:
        _take_contact(candidate, found.contact)
    if found.listed and candidate.first_listed_at is None:
        candidate.first_listed_at = clock.now()
    candidate.change, candidate.change_words = _change(
        candidate, before, old_dose, was_known=was_known, first_time=first_time
    )
    if was_known and before != (candidate.standing, candidate.tier, _dose(candidate)):
        candidate.version += 1


def _dose(candidate: Candidate) -> tuple[int | None, int | None, str]:
    return candidate.ome_min, candidate.ome_max, candidate.ome_status


def _change(
    candidate: Candidate, before: tuple[str, str, object], old_dose: str, *, was_known: bool,
    first_time: bool,
) -> tuple[str, str]:  # fmt: skip
    """What is different since the last extract, as a kind and in words."""
    kinds = Candidate.Change
    standing, tier, dose = before
    if not was_known:
        return (kinds.NONE, "") if first_time else (kinds.NEW, "New since the last records.")
    if standing == APPROACHING and candidate.standing == LISTED:
        return kinds.NEW, "Was nearing three months in the last records, and is now listed."
    if standing == GONE:
        return kinds.BACK, "Was no longer listed, and is listed again."
    words = []
    if dose != _dose(candidate):
        words.append(f"The dose was {old_dose}.")
    if tier != candidate.tier and standing == candidate.standing:
        words.append(f"Was under “{tier_words(tier)}”.")
    if not words:
        return kinds.NONE, ""
    return (kinds.DOSE if dose != _dose(candidate) else kinds.TIER), " ".join(words)


def _plain_values(values: dict[str, object]) -> dict[str, object]:
    return {key: _plain(each) if isinstance(each, str) else each for key, each in values.items()}


def _take_contact(candidate: Candidate, contact: ContactDetails) -> None:
    """Name and address as the records have them; what does not fit is not known, never cut off."""
    for name in CONTACT:
        text = _plain(getattr(contact, name))
        most = getattr(Candidate._meta.get_field(name), "max_length", None)
        setattr(candidate, name, text if most is None or len(text) <= most else "")
    if candidate.email:
        try:
            validate_email(candidate.email)
        except ValidationError:
            candidate.email = ""
