"""A project worker, somebody enrolled with them, and a carer of theirs."""

from __future__ import annotations

import pytest
from tests.service.conftest import World
from tests.service.patients.accounts_opened import a_carer

from unhurried.service.accounts.models import Membership
from unhurried.service.patients.models import Carer, Patient


@pytest.fixture
def worker(world: World) -> Membership:
    return world.member("project_worker")


@pytest.fixture
def person(world: World) -> Membership:
    """Somebody with an account of their own; whose record is theirs says each test."""
    return world.member("patient")


@pytest.fixture
def patient(world: World, worker: Membership) -> Patient:
    return world.enrolled(worker)


@pytest.fixture
def carer(worker: Membership, patient: Patient) -> Carer:
    return a_carer(worker, patient)
