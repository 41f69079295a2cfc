"""The story of the access tests, with letters and uploads in a folder of the test."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings
from tests.service.access.story import Story
from tests.service.conftest import World

from unhurried.service.accounts.models import Membership
from unhurried.service.identification import storing

ISSUES = """NHS Number,Date of Birth,Issue Date,Drug,Dosage,Quantity
9990000018,02/03/1961,01/09/2026,Codeine 30mg tablets,One four times a day,112 tablet
"""
SignIn = Callable[[Membership], Client]


@pytest.fixture(autouse=True)
def _folders(settings: Settings, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Files go to a folder of the test; refusals need no line in the log."""
    caplog.set_level("CRITICAL", logger="django")
    settings.FILES = tmp_path / "files"
    settings.PUBLIC_URL = "https://service.example"
    settings.OUTBOX = {**settings.OUTBOX, "email": "files", "sms": "files", "letter": "files"}


@pytest.fixture
def story(world: World) -> Story:
    """A worker and the person they work with, with a thing of every kind."""
    world.practice.address = "4 Finch Lane\nBristol\nBS99 9AA"
    world.practice.phone = "01632 960 100"
    world.practice.email = "finch.lane@example.org"
    world.practice.save()
    world.provider.phone = "01632 960 001"
    world.provider.save()
    told = Story(world)
    records = storing.records_of(told.extract.uuid)
    records.mkdir(parents=True)
    (records / "issues.csv").write_text(ISSUES, encoding="utf-8")
    return told
