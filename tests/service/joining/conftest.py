"""A practice with approved wording, and people a GP agreed to invite."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import Settings
from tests.service.conftest import World, actor_for

from unhurried.service.accounts.models import Membership
from unhurried.service.audit.actor import Actor
from unhurried.service.jobs.worker import run_until_idle
from unhurried.service.joining import operations
from unhurried.service.joining.models import Batch, Invitation, Step, Wording
from unhurried.service.joining.operations.invitations import Asked
from unhurried.service.outbox.worker import send_due
from unhurried.service.patients.models import ContactPreference, Patient

DAY = timedelta(days=1)


@dataclass
class Joining:
    """The world of joining: someone in each role, wording approved, helpers."""

    world: World
    gp_role: Membership
    worker_role: Membership
    staff_role: Membership
    manager_role: Membership
    wordings: dict[str, Wording] = field(default_factory=dict)

    @property
    def gp(self) -> Actor:
        """The GP."""
        return actor_for(self.gp_role)

    @property
    def worker(self) -> Actor:
        """The project worker."""
        return actor_for(self.worker_role)

    @property
    def staff(self) -> Actor:
        """Practice staff."""
        return actor_for(self.staff_role)

    @property
    def manager(self) -> Actor:
        """The service manager."""
        return actor_for(self.manager_role)

    def patient(self, **more: Any) -> Patient:
        """A patient with contact preferences of their own."""
        wishes = {k: more.pop(k) for k in list(more) if hasattr(ContactPreference, k)}
        patient = self.world.patient(**more)
        ContactPreference.objects.create(patient=patient, **wishes)
        return patient

    def prepared(self, *patients: Patient, channel: str = "") -> Batch:
        """Invitations prepared for these people."""
        made = operations.prepare_invitations(
            by=self.staff, practice=self.world.practice,
            asked=[
                Asked(patient=each, endorsed_by=self.gp_role, channel=channel)
                for each in patients
            ],
        )  # fmt: skip
        assert made.batch is not None
        assert not made.left_out
        return made.batch

    def invited(self, patient: Patient, channel: str = "") -> Invitation:
        """This person's invitation, sent."""
        operations.approve_batch(by=self.staff, batch=self.prepared(patient, channel=channel))
        run_until_idle()
        send_due(timezone.now())
        return Invitation.objects.get(patient=patient, state=Invitation.State.OPEN)

    def step(self, patient: Patient, number: int = 0) -> Step:
        """A step of this person's invitation."""
        return Step.objects.get(invitation__patient=patient, number=number)


@pytest.fixture(autouse=True)
def _settings(settings: Settings, tmp_path: Path) -> None:
    """Letters go to a folder of the test."""
    settings.FILES = tmp_path / "files"
    settings.PUBLIC_URL = "https://service.example"
    settings.OUTBOX = {**settings.OUTBOX, "email": "files", "sms": "files", "letter": "files"}


@pytest.fixture
def joining(world: World) -> Joining:
    """The world of joining, with every text approved by the GP."""
    world.practice.address = "4 Finch Lane\nBristol\nBS99 9AA"
    world.practice.phone = "01632 960 100"
    world.practice.email = "finch.lane@example.org"
    world.practice.save()
    world.provider.phone = "01632 960 001"
    world.provider.save()
    made = Joining(
        world, world.member("gp"), world.member("project_worker", capacity=2),
        world.member("practice_staff"), world.member("service_manager"),
    )  # fmt: skip
    operations.begin_with_first_wording(by=made.manager, provider=world.provider)
    for wording in Wording.objects.filter(provider=world.provider):
        operations.approve_wording(by=made.gp, wording=wording)
        made.wordings[wording.kind] = wording
    return made
