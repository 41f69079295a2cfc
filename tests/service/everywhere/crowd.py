"""Many people at once, in every list there is: as a large practice and a busy provider have them.

Rows are made in bulk, without operations: what matters here is how pages behave with many.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils import timezone
from tests.service.access.story import Story
from tests.service.worksheets.examples import sheet_of

from unhurried.service.accounts.models import BreakGlass, Membership, User
from unhurried.service.identification.models import Candidate, Conversation, Decision, Reason
from unhurried.service.joining.models import Enrolment, Invitation, Referral, Step
from unhurried.service.joining.models import WordingComplaint as Complaint
from unhurried.service.outbox.models import Message
from unhurried.service.patients.models import (
    Carer,
    Consent,
    ContactPreference,
    Episode,
    KnownMedicine,
    NameWord,
    Note,
    Patient,
    SafetyAlert,
)
from unhurried.service.patients.names import name_words
from unhurried.service.worksheets.models import Line, Worksheet

FAMILIES = ("Marsh", "Heron", "Finch", "Alder", "Ó Briain", "Smith-Jones", "Wren", "Okafor")
STANDINGS = (("listed", ""), ("listed", "not_now"), ("approaching", ""), ("listed", "invite"),
             ("gone", ""), ("listed", "discuss"), ("listed", "not_suitable"))  # fmt: skip


def nhs_number(number: int) -> str:
    """A valid NHS number of the test range, the same for the same number (below 900,000)."""
    base = f"9991{number:05d}" if number < 100_000 else f"999{number:06d}"
    total = sum(int(digit) * weight for digit, weight in zip(base, range(10, 1, -1), strict=True))
    check = (11 - total % 11) % 11
    return "" if check == 10 else f"{base}{check}"


@dataclass
class Crowd:
    """Grows the world of a story; each call adds people to every list."""

    story: Story
    made: int = 0

    def grow(self, people: int) -> None:
        """So many more people: a quarter enrolled, referred, invited and listed, each."""
        numbers = range(self.made, self.made + people)
        self.made += people
        patients = self._patients(numbers)
        self._enrolled(patients[0::4])
        self._referred(patients[1::4])
        self._invited(patients[2::4])
        self._listed(numbers, patients)
        self._messages(numbers, patients)

    def grow_record(self, rows: int) -> None:
        """So many more rows in the record of the story's patient."""
        story, now = self.story, timezone.now()
        one = story.patient
        _bulk(Note, rows, lambda n: Note(
            patient=one, author=story.worker, visibility=("ordinary", "gp", "restricted")[n % 3],
            text="hello", at=now,
        ))  # fmt: skip
        _bulk(KnownMedicine, rows, lambda _: KnownMedicine(
            patient=one, product="Codeine 30mg tablets", directions="One four times a day",
            as_at=date(2026, 1, 1), source="screening",
        ))  # fmt: skip
        _bulk(Carer, rows, lambda n: Carer(patient=one, name=f"Robin {n}", relationship="Friend"))
        _bulk(Consent, rows, lambda _: Consent(
            patient=one, kind="sharing", party="gp", given=True, how="spoken", wording="sharing:1",
            taken_by=story.worker.user, at=now,
        ))  # fmt: skip
        _bulk(SafetyAlert, rows, lambda _: self._alert(one))
        sheet = sheet_of(story)
        _bulk(Line, rows, lambda n: Line(
            worksheet=sheet, day=sheet.starts, taken="extra", pain=n % 11, happening="hello",
            how=("telephone", "paper")[n % 2], time="evening", written_at=now,
        ))  # fmt: skip

    def grow_offices(self, people: int) -> None:
        """So many more members of staff, openings by break-glass, complaints about wording."""
        story = self.story
        for place, role in (
            (story.world.practice, "gp"), (story.world.practice, "practice_staff"),
            (story.world.provider, "project_worker"), (story.world.provider, "evaluator"),
        ):  # fmt: skip
            users = _bulk(User, people, lambda n: User(
                email=f"{uuid.uuid4().hex}@example.org", full_name=f"Person {n}"
            ))  # fmt: skip
            members = [
                Membership(
                    user=each, organisation=place, role=role, starts=date(2024, 1, 1), capacity=20
                )
                for each in users
            ]
            Membership.objects.bulk_create(members)
        now = timezone.now()
        _bulk(BreakGlass, people, lambda _: BreakGlass(
            user=story.worker.user, membership=story.worker, patient_id=story.patient.pk,
            purpose="cover", reason="Covering for a colleague", opened_at=now,
            until=now + timedelta(hours=1),
        ))  # fmt: skip
        _bulk(Complaint, people, lambda _: Complaint(
            wording=story.wording, practice=story.world.practice, text="Not kind.",
            logged_by=story.gp, logged_at=now,
        ))  # fmt: skip

    def _patients(self, numbers: range) -> list[Patient]:
        made = []
        for n in numbers:
            family, given = f"{FAMILIES[n % 8]}{n // 40}", f"Given{n % 50}"
            words = " ".join(name_words(family, given))
            made.append(
                Patient(
                    practice=self.story.world.practice, given_name=given, family_name=family,
                    nhs_number=nhs_number(n), search_name=words,
                    date_of_birth=date(1940 + n % 50, 1 + n % 12, 1 + n % 28),
                    address=f"{n} Finch Lane\nBristol", postcode="BS99 9ZZ",
                )
            )  # fmt: skip
        found = Patient.objects.bulk_create(made, batch_size=500)
        NameWord.objects.bulk_create(
            (NameWord(patient=each, word=word) for each in found
             for word in name_words(each.family_name, each.given_name)),
            batch_size=2_000,
        )  # fmt: skip
        ContactPreference.objects.bulk_create(
            (ContactPreference(patient=each) for each in found), batch_size=1_000
        )
        return found

    def _episodes(self, people: Sequence[Patient], **values: Any) -> list[Episode]:
        story = self.story
        return Episode.objects.bulk_create(
            (
                Episode(
                    patient=each, practice=story.world.practice, provider=story.world.provider,
                    opened_at=timezone.now(), **values,
                )
                for each in people
            ),
            batch_size=500,
        )  # fmt: skip

    def _enrolled(self, people: Sequence[Patient]) -> None:
        story, now = self.story, timezone.now()
        made = self._episodes(
            people, state="enrolled", project_worker=story.worker, enrolled_at=now
        )
        Enrolment.objects.bulk_create(
            (
                Enrolment(
                    patient=each.patient, episode=each, at=now, project_worker=story.worker,
                    statement="1", enrolled_by=story.worker,
                )
                for each in made
            ),
            batch_size=500,
        )  # fmt: skip
        SafetyAlert.objects.bulk_create([self._alert(each) for each in people[::3]])
        Worksheet.objects.bulk_create(
            Worksheet(
                patient=each.patient, episode=each, starts=timezone.localdate(), started_at=now
            )
            for each in made
        )

    def _alert(self, patient: Patient) -> SafetyAlert:
        return SafetyAlert(
            patient=patient, kind="suicidality", raised_by=self.story.worker,
            raised_at=timezone.now(), responsible=self.story.world.practice,
        )  # fmt: skip

    def _referred(self, people: Sequence[Patient]) -> None:
        story, now = self.story, timezone.now()
        self._episodes(people, state="referred")
        Referral.objects.bulk_create(
            (
                Referral(
                    patient=each, practice=story.world.practice, provider=story.world.provider,
                    referred_by=story.gp, state="taken" if n % 2 else "sent", agrees=True,
                    sent_at=now, made_at=now, ring_by=date(2026, 1, 1),
                    project_worker=story.worker if n % 2 else None,
                )
                for n, each in enumerate(people)
            ),
            batch_size=500,
        )  # fmt: skip

    def _invited(self, people: Sequence[Patient]) -> None:
        story, now = self.story, timezone.now()
        made = Invitation.objects.bulk_create(
            (
                Invitation(
                    patient=each, practice=story.world.practice, provider=story.world.provider,
                    endorsed_by=story.gp, opened_at=now - timedelta(days=40),
                    reply_hash=f"{each.pk:064}",
                    reply_until=now + timedelta(days=90),
                    **({"state": "replied", "reply": "yes"} if n % 3 == 0 else {}),
                )
                for n, each in enumerate(people)
            ),
            batch_size=500,
        )  # fmt: skip
        Step.objects.bulk_create(
            (
                Step(
                    invitation=each, number=0, batch=story.batch, channel="letter",
                    wording=story.wording, prepared_at=now, state="posted",
                    posted_at=now - timedelta(days=40), message_uuid=uuid.uuid4(),
                    content=story.step.content,
                )
                for each in made
            ),
            batch_size=200,
        )  # fmt: skip

    def _listed(self, numbers: range, patients: Sequence[Patient]) -> None:
        story, now = self.story, timezone.now()
        made = []
        for n, patient in zip(numbers, patients, strict=True):
            standing, choice = STANDINGS[n % len(STANDINGS)]
            agreed = patient if choice == "invite" else None
            made.append(
                Candidate(
                    practice=story.world.practice, extract=story.extract, nhs_number="",
                    person_id=f"many{n}", standing=standing, rank=n + 10, tier="long_term",
                    choice=choice, decided_at=now if choice else None, patient=agreed,
                    decided_by=story.gp if choice else None, given_name=patient.given_name,
                    family_name=patient.family_name, first_listed_at=now, age=66,
                )
            )  # fmt: skip
        found = Candidate.objects.bulk_create(made, batch_size=300)
        Reason.objects.bulk_create(
            (
                Reason(candidate=each, code="meets_definition", words="On opioids", place=0)
                for each in found
            ),
            batch_size=500,
        )
        Decision.objects.bulk_create(
            (
                Decision(
                    candidate=each, choice=each.choice, by=story.gp, at=now, extract=story.extract
                )
                for each in found
                if each.choice
            ),
            batch_size=500,
        )
        Conversation.objects.bulk_create(
            Conversation(candidate=each, by=story.gp, at=now, on=now.date(), how="said")
            for each in found[2::7]
        )

    def _messages(self, numbers: range, patients: Sequence[Patient]) -> None:
        story, now = self.story, timezone.now()
        states = ("failed", "waiting", "sent", "stopped")
        Message.objects.bulk_create(
            (
                Message(
                    purpose="many", about=str(n), channel="email", to="canary@example.org",
                    state=states[n % 4], due_at=now, next_try_at=now, patient_id=patient.pk,
                    practice_id=story.world.practice.pk, provider_id=story.world.provider.pk,
                )
                for n, patient in zip(numbers, patients, strict=True)
            ),
            batch_size=300,
        )  # fmt: skip


def _bulk(model: Any, rows: int, make: Callable[[int], Any]) -> list[Any]:
    return list(model.objects.bulk_create((make(n) for n in range(rows)), batch_size=300))
