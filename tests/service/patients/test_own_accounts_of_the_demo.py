"""The fictional service's person and carer with accounts: found at its doors, with its password."""

from __future__ import annotations

from pathlib import Path

from django.test import Client
from pytest_django import Settings
from tests.service.conftest import World

from unhurried.demo.service.cast import PASSWORD, Cast
from unhurried.demo.service.own_accounts import CARER, PATIENT, open_some
from unhurried.service.accounts.queries import actor_of_membership, everyone_here_now
from unhurried.service.outbox.models import Message
from unhurried.service.patients.access import visible_patients


def test_one_can_be_a_person_and_their_carer(
    world: World, settings: Settings, tmp_path: Path
) -> None:
    settings.DATA, settings.FILES = tmp_path, tmp_path / "files"
    settings.OUTBOX = {**settings.OUTBOX, "email": "files"}
    cast = Cast({"provider": world.provider})
    worker = cast.members["worker"] = world.member("project_worker")
    open_some(cast)  # nobody has joined yet
    assert PATIENT not in cast.members
    patient = world.enrolled(worker)
    open_some(cast)
    doors = {each.user.email: each for each in everyone_here_now()}
    for email, role in ((PATIENT, "patient"), (CARER, "carer")):
        assert cast.members[email].role == doors[email].role == role
        answer = Client().post("/sign-in/", {"login": email, "password": PASSWORD})
        assert answer.status_code == 302
    carer = actor_of_membership(cast.members[CARER])
    for thing in ("plan", "worksheet", "appointment"):
        assert visible_patients(carer, thing).get() == patient
    assert not visible_patients(carer, "session").exists()
    assert list(Message.objects.values_list("state", flat=True)) == ["sent", "sent"]
