"""A project worker, somebody who signs in and works with them, and shorthands for pages."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from tests.service.conftest import World

from unhurried.service.accounts.models import Membership
from unhurried.service.patients.models import Patient


@pytest.fixture
def worker(world: World) -> Membership:
    """The project worker of `person`."""
    return world.member("project_worker")


@pytest.fixture
def person(world: World, worker: Membership) -> Patient:
    """Somebody enrolled who signs in."""
    patient = world.enrolled(worker)
    patient.user = world.member("patient").user
    patient.save()
    return patient


def own(person: Patient) -> Membership:
    """The person's own role."""
    assert person.user is not None
    return person.user.memberships.get(role="patient")


def page(client: Client, name: str, person: Patient, *more: object) -> str:
    """The page as text."""
    answer = client.get(reverse(f"planning:{name}", args=[person.uuid, *more]))
    assert answer.status_code == 200
    return answer.content.decode()
