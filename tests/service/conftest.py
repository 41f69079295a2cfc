"""A small fictional world for tests of the service: two practices, a provider, people in roles."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from unhurried.service.accounts.models import Agreement, Membership, Organisation, User
from unhurried.service.audit.actor import Actor
from unhurried.service.patients.models import Episode, Patient

_numbers = itertools.count(1)


def nhs_number() -> str:
    """A valid NHS number from the 999 test range, another one each time."""
    while True:
        base = f"999{next(_numbers) * 7:06d}"
        remainder = sum(
            int(digit) * weight for digit, weight in zip(base, range(10, 1, -1), strict=True)
        )
        if 11 - remainder % 11 != 10:
            return base + str((11 - remainder % 11) % 11)


@dataclass
class World:
    """Two practices, the provider that serves both, a hospital, and makers of people."""

    practice: Organisation
    other_practice: Organisation
    provider: Organisation
    other_provider: Organisation
    hospital: Organisation
    other_hospital: Organisation
    members: dict[tuple[str, int], Membership] = field(default_factory=dict)

    def member(
        self, role: str, organisation: Organisation | None = None, *, ended: bool = False,
        **more: Any,
    ) -> Membership:  # fmt: skip
        """Someone in `role`, at the usual organisation for it unless another is given."""
        organisation = organisation or self.usual(role)
        number = next(_numbers)
        user = User.objects.create(
            email=f"{role}{number}@example.org", full_name=f"{role} {number}"
        )
        today = timezone.localdate()
        return Membership.objects.create(
            user=user, organisation=organisation, role=role, starts=date(2024, 1, 1),
            ends=today if ended else None, **more,
        )  # fmt: skip

    def usual(self, role: str, *, other: bool = False) -> Organisation:
        """Where somebody in `role` works; or the other organisation of the same kind."""
        if role in {"gp", "practice_staff"}:
            return self.other_practice if other else self.practice
        if role in {"pain_consultant", "addiction_psychiatrist"}:
            return self.other_hospital if other else self.hospital
        return self.other_provider if other else self.provider

    def patient(self, practice: Organisation | None = None, **more: Any) -> Patient:
        """A fictional patient of a practice."""
        number = next(_numbers)
        values: dict[str, Any] = {
            "practice": practice or self.practice, "nhs_number": nhs_number(),
            "given_name": f"Canary{number}", "family_name": f"Siskin{number}",
            "date_of_birth": date(1960, 5, 17), "address": f"{number} Finch Lane\nBristol",
            "postcode": "BS99 9ZZ",
        }  # fmt: skip
        return Patient.objects.create(**{**values, **more})

    def enrolled(self, worker: Membership, **more: Any) -> Patient:
        """A patient enrolled with `worker`."""
        patient = self.patient(**more)
        Episode.objects.create(
            patient=patient, practice=patient.practice, provider=worker.organisation,
            project_worker=worker, state=Episode.State.ENROLLED, opened_at=timezone.now(),
            enrolled_at=timezone.now(),
        )  # fmt: skip
        return patient


def actor_for(membership: Membership) -> Actor:
    """The actor of someone acting in this role."""
    return Actor(
        user_id=membership.user_id, name=membership.user.full_name, role=membership.role,
        organisation_id=membership.organisation_id, membership_id=membership.pk,
    )  # fmt: skip


@pytest.fixture(autouse=True)
def _fictional_people(settings: Settings) -> None:
    """Everyone in the tests has an NHS number of the test range."""
    settings.UNHURRIED_TEST_NUMBERS = True


@pytest.fixture
def world(db: None) -> World:
    """The small world, with agreements between the provider and both practices."""
    make = Organisation.objects.create
    practice = make(kind="practice", name="Finch Lane Surgery", ods_code="Z99901")
    other = make(kind="practice", name="Heron Street Practice", ods_code="Z99902")
    provider = make(kind="provider", name="Unhurried Pain Service", service_name="Living with pain")
    elsewhere = make(kind="provider", name="Another Provider")
    hospital = make(kind="hospital", name="Avon Hospital")
    second = make(kind="hospital", name="Severn Hospital")
    for each in (practice, other):
        Agreement.objects.create(practice=each, provider=provider, starts=date(2024, 1, 1))
    return World(practice, other, provider, elsewhere, hospital, second)


@pytest.fixture
def signed_in() -> Callable[[Membership], Client]:
    """A browser-like client signed in as someone (both factors given)."""

    def make(membership: Membership) -> Client:
        client = Client()
        client.force_login(membership.user)
        session = client.session
        session["membership"] = membership.pk
        session["second_factor"] = "totp"
        session.save()
        return client

    return make
