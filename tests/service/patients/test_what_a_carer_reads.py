"""A carer reads what was shared with them, and not who the person is beyond their name."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.service.conftest import World, actor_for

from unhurried.service.accounts.models import Membership
from unhurried.service.patients import operations
from unhurried.service.patients.models import Carer
from unhurried.service.patients.words import nhs_spaced


@pytest.mark.parametrize("thing", ["plan", "worksheet", "session", "appointment"])
def test_a_carer_reads_who_it_is_about_and_no_detail_that_was_not_shared(
    world: World, signed_in: Callable[[Membership], Client], thing: str
) -> None:
    """Neither the number nor the day of birth, nor a way to a page that is not theirs to open."""
    member, worker = world.member("carer"), world.member("project_worker")
    patient = world.enrolled(worker, date_of_birth=date(1961, 7, 23))
    carer = Carer.objects.create(
        patient=patient, user=member.user, name="Robin", relationship="Friend"
    )
    operations.record_consent(
        by=actor_for(worker), patient=patient, kind="sharing", given=True, how="spoken",
        party=f"carer:{carer.pk}:{thing}", ends=timezone.localdate() + timedelta(days=30),
    )  # fmt: skip
    pages = {
        "plan": "planning:plan", "worksheet": "worksheets:of_person", "session": "sessions:recaps",
    }  # fmt: skip
    client = signed_in(member)
    address = reverse(pages[thing], args=[patient.uuid]) if thing in pages else "/"
    answer = client.get(address)
    assert answer.status_code == 200
    said = answer.content.decode()
    assert patient.family_name in said
    assert "1961" not in said
    assert nhs_spaced(patient.nhs_number) not in said.replace("\xa0", " ")
    assert f'href="/people/{patient.uuid}/"' not in said
