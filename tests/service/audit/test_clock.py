"""A story may be told in any time zone; the trail is written in one."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from unhurried.service.audit import clock
from unhurried.service.audit.actor import system_actor
from unhurried.service.audit.chain import hash_of_facts
from unhurried.service.audit.operations import saw
from unhurried.service.audit.verifying import verify


@pytest.mark.django_db
def test_a_trail_written_in_summer_time_verifies() -> None:
    moment = datetime(2026, 7, 1, 0, 30, tzinfo=ZoneInfo("Europe/London"))
    with clock.at(moment):
        assert clock.now() == moment
        assert clock.now().tzinfo is UTC
        assert clock.today() == date(2026, 7, 1)
        saw("identity", by=system_actor("story"))
    assert verify().problems == ()


@pytest.mark.django_db
def test_a_row_written_in_another_zone_verifies(monkeypatch: pytest.MonkeyPatch) -> None:
    for zone in ("Europe/London", "Asia/Kathmandu", "America/New_York"):
        moment = datetime(2026, 7, 1, 0, 30, 0, 120, tzinfo=ZoneInfo(zone))
        monkeypatch.setattr(clock, "now", lambda moment=moment: moment)
        saw("identity", by=system_actor("story"))
    assert not [each for each in verify().problems if each.kind == "changed"]
    assert hash_of_facts([moment]) == hash_of_facts([moment.astimezone(UTC)])
    assert hash_of_facts([moment]) == hash_of_facts([moment.astimezone(UTC).isoformat()])
