"""The worker fails at each place of handing a batch over: everyone still gets one letter (H12)."""

from __future__ import annotations

import pytest
import time_machine
from django.utils import timezone
from tests.service.joining.conftest import DAY, Joining

from unhurried.service.jobs import faults
from unhurried.service.jobs.worker import run_until_idle
from unhurried.service.joining import operations
from unhurried.service.joining.models import Step
from unhurried.service.outbox.models import Message
from unhurried.service.outbox.worker import send_due

PLACES = ["joining.letter_written", "joining.rendered", "joining.posted"]


@pytest.mark.parametrize("place", [f"{name}:{time}" for name in PLACES for time in (1, 2)])
def test_each_person_gets_exactly_one_letter(
    joining: Joining, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    people = [joining.patient() for _ in range(3)]
    operations.approve_batch(by=joining.staff, batch=joining.prepared(*people))
    monkeypatch.setattr(faults, "_passed", {})
    monkeypatch.setattr(faults, "_WANTED", f"raise:{place}")
    run_until_idle()
    assert not Message.objects.exists()  # what was begun was taken back
    assert set(Step.objects.values_list("state", flat=True)) == {"approved"}
    with time_machine.travel(timezone.now() + DAY, tick=False):
        run_until_idle()
        send_due(timezone.now())
    sent = Message.objects.filter(state="sent").values_list("patient_id", flat=True)
    assert sorted(each or 0 for each in sent) == sorted(each.pk for each in people)
