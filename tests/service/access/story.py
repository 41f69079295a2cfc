"""The story of the access tests: a person, who works with them, a thing of every kind."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from typing import Any

from django.utils import timezone
from tests.service.conftest import World
from tests.service.identification.conftest import results

from unhurried.service.accounts.models import BreakGlass, Membership, RoleRequest
from unhurried.service.identification.models import Candidate, Extract
from unhurried.service.joining import content
from unhurried.service.joining.models import Batch, Enrolment, Invitation, Referral, Step, Wording
from unhurried.service.joining.models import WordingComplaint as Complaint
from unhurried.service.outbox.models import Message
from unhurried.service.patients.models import Carer, Episode, Patient, SafetyAlert


@dataclass
class Story:
    """A worker and the person they work with, at one practice, with a thing of every kind."""

    world: World
    made: dict[str, Any] = field(default_factory=dict)

    @cached_property
    def worker(self) -> Membership:
        """The project worker of `patient`."""
        return self.world.member("project_worker")

    @cached_property
    def patient(self) -> Patient:
        """Someone enrolled with the worker."""
        return self.world.enrolled(self.worker)

    @cached_property
    def person(self) -> Membership:
        """The patient, signed in themselves."""
        member = self.world.member("patient", self.world.practice)
        self.patient.user = member.user
        self.patient.save()
        return member

    @cached_property
    def gp(self) -> Membership:
        """A GP of the patient's practice."""
        return self.world.member("gp")

    @cached_property
    def staff(self) -> Membership:
        """Somebody at the practice's reception."""
        return self.world.member("practice_staff")

    @cached_property
    def manager(self) -> Membership:
        """The manager of the provider."""
        return self.world.member("service_manager")

    @cached_property
    def consultant(self) -> Membership:
        """A pain consultant of the hospital."""
        return self.world.member("pain_consultant")

    @cached_property
    def psychiatrist(self) -> Membership:
        """An addiction psychiatrist of the hospital."""
        return self.world.member("addiction_psychiatrist")

    @cached_property
    def administrator(self) -> Membership:
        """The administrator of the provider's own organisation."""
        return self.world.member("system_administrator")

    @cached_property
    def officer(self) -> Membership:
        """The privacy officer of the provider."""
        return self.world.member("privacy_officer")

    @cached_property
    def extract(self) -> Extract:
        """Records the practice handed in."""
        return Extract.objects.create(
            practice=self.world.practice, provided_by=self.staff, provided_at=timezone.now(),
            name="records.csv", content="0" * 64, size=1, format="csv", state="done",
            summary=results().summary, as_of=timezone.localdate(),
            screened_at=timezone.now(),
        )  # fmt: skip

    @cached_property
    def candidate(self) -> Candidate:
        """Somebody the extract listed, whom no GP has looked at yet."""
        return Candidate.objects.create(
            practice=self.world.practice, extract=self.extract, nhs_number="", person_id="1",
            standing="listed", rank=1, given_name="Canarybird", family_name="Goldfinch",
            address="9 Finch Lane", postcode="BS99 9ZZ", first_listed_at=timezone.now(),
        )  # fmt: skip

    @cached_property
    def referral(self) -> Referral:
        """A referral waiting for a project worker."""
        return Referral.objects.create(
            patient=self.world.patient(), practice=self.world.practice,
            provider=self.world.provider, referred_by=self.gp, state="sent", agrees=True,
            sent_at=timezone.now(), made_at=timezone.now(),
        )  # fmt: skip

    @cached_property
    def newcomer(self) -> Patient:
        """The person referred, who has not joined yet."""
        patient: Patient = self.referral.patient
        Episode.objects.create(
            patient=patient, practice=self.world.practice, provider=self.world.provider,
            state="referred", opened_at=timezone.now(),
        )  # fmt: skip
        return patient

    @cached_property
    def joined(self) -> Patient:
        """The patient, with how they joined."""
        Enrolment.objects.create(
            patient=self.patient, episode=self.patient.episodes.get(), at=timezone.now(),
            project_worker=self.worker, statement="1", enrolled_by=self.worker,
        )  # fmt: skip
        return self.patient

    @cached_property
    def invitation(self) -> Invitation:
        """An invitation nobody has answered yet."""
        return Invitation.objects.create(
            patient=self.world.patient(), practice=self.world.practice,
            provider=self.world.provider, endorsed_by=self.gp, opened_at=timezone.now(),
            reply_hash="0" * 64, reply_until=timezone.now() + timedelta(days=90),
        )  # fmt: skip

    @cached_property
    def batch(self) -> Batch:
        """Letters to look at."""
        return Batch.objects.create(
            practice=self.world.practice, provider=self.world.provider, made_by=self.staff,
            made_at=timezone.now(),
        )  # fmt: skip

    @cached_property
    def step(self) -> Step:
        """One letter of the batch."""
        about = self.invitation
        words = content.make(
            patient=about.patient, practice=about.practice, provider=about.provider,
            signed_by="Dr Example", wording=self.wording, day=timezone.localdate(),
        )  # fmt: skip
        return Step.objects.create(
            invitation=about, number=0, batch=self.batch, channel="letter", content=words,
            wording=self.wording, prepared_at=timezone.now(),
        )  # fmt: skip

    @cached_property
    def wording(self) -> Wording:
        """The words of an invitation."""
        found = Wording.objects.filter(provider=self.world.provider, kind="invitation").first()
        return found or Wording.objects.create(
            provider=self.world.provider, kind="invitation", number=1, subject="Hello",
            body="Hello.", written_by_name="A", written_at=timezone.now(),
        )  # fmt: skip

    @cached_property
    def complaint(self) -> Complaint:
        """Somebody was unhappy with a letter's words."""
        return Complaint.objects.create(
            wording=self.wording, practice=self.world.practice, text="Not kind.", logged_by=self.gp,
            logged_at=timezone.now(),
        )  # fmt: skip

    @cached_property
    def role_request(self) -> RoleRequest:
        """A role that waits for a second person."""
        somebody = self.world.member("project_worker").user
        return RoleRequest.objects.create(
            user=somebody, organisation=self.world.provider, role="evaluator",
            starts=timezone.localdate(), asked_by=self.manager.user, asked_at=timezone.now(),
        )  # fmt: skip

    @cached_property
    def opening(self) -> BreakGlass:
        """A record that was opened by break-glass."""
        other = self.world.member("project_worker")
        return BreakGlass.objects.create(
            user=other.user, membership=other, patient_id=self.patient.pk, purpose="cover",
            reason="Covering for a colleague today", opened_at=timezone.now(),
            until=timezone.now() + timedelta(hours=1),
        )  # fmt: skip

    @cached_property
    def carer(self) -> Carer:
        """Somebody who supports the patient."""
        return Carer.objects.create(
            patient=self.patient, name="Robin Canary", relationship="Friend"
        )

    @cached_property
    def alert(self) -> SafetyAlert:
        """A risk the practice answers for."""
        return SafetyAlert.objects.create(
            patient=self.patient, kind="self_harm", raised_by=self.worker,
            raised_at=timezone.now(), responsible=self.world.practice,
        )  # fmt: skip

    @cached_property
    def message(self) -> Message:
        """A letter that could not be sent."""
        return Message.objects.create(
            purpose="a.letter", about="1", channel="email", to="canary@example.org", body="Hello",
            state="failed", due_at=timezone.now(), next_try_at=timezone.now(),
            patient_id=self.patient.pk, practice_id=self.world.practice.pk,
            provider_id=self.world.provider.pk,
        )  # fmt: skip


@dataclass(frozen=True)
class Example:
    """What stands in the address, and a person in a role who may open it."""

    kwargs: dict[str, Any]
    may: Membership
    # Whose record it is: then a person's request that `may` does not look must close it, too.
    patient: Patient | None = None
    # The same role in the same organisation may open it too (no relationship needed).
    shared: bool = False


Factory = Callable[[Story], Example]


def by_uuid(thing: str, role: str, name: str = "uuid") -> Factory:
    def make(story: Story) -> Example:
        found = getattr(story, thing)
        whose = found if isinstance(found, Patient) else None
        return Example({name: found.uuid}, getattr(story, role), patient=whose, shared=True)

    return make


def of_patient(role: str, *, shared: bool = False, **things: str) -> Factory:
    """A page of the patient's record; `things` are uuids or numbers that stand in it, too."""

    def make(story: Story) -> Example:
        more = {
            name: getattr(getattr(story, thing), "uuid", getattr(story, thing).pk)
            for name, thing in things.items()
        }
        kwargs = {"uuid": story.patient.uuid, **more}
        return Example(kwargs, getattr(story, role), patient=story.patient, shared=shared)

    return make
