"""The sections of a record: each page is headed by the words that led to it, and they fold away."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client
from tests.service.conftest import World

from unhurried.service.accounts.models import Membership
from unhurried.web.around import rooms_of_a_record

SignedIn = Callable[[Membership], Client]
HEADING = re.compile(r"<h1[^>]*>(.*?)</h1>", re.DOTALL)


@pytest.mark.parametrize("role", ["project_worker", "gp", "patient"])
def test_each_section_is_headed_by_its_name(world: World, signed_in: SignedIn, role: str) -> None:
    worker = world.member("project_worker")
    who = worker if role == "project_worker" else world.member(role)
    patient = world.enrolled(worker, user_id=who.user_id if role == "patient" else None)
    client = signed_in(who)
    places = rooms_of_a_record(role, f"/people/{patient.uuid}/")
    assert len(places) > 9
    headings = {}
    for place in places:
        found = HEADING.search(client.get(place.href, follow=True).content.decode())
        headings[place.text] = re.sub(r"<[^>]+>", "", found[1]).strip() if found else ""
    assert headings == {place.text: place.text for place in places}


def test_they_fold_away_without_a_script_and_say_where_one_is(
    world: World, signed_in: SignedIn
) -> None:
    worker = world.member("project_worker")
    patient = world.enrolled(worker)
    said = signed_in(worker).get(f"/people/{patient.uuid}/notes/").content.decode()
    folded = said.partition('<nav class="u-rooms')[2].partition("</nav>")[0]
    line, _, rest = folded.partition("</summary>")
    assert "<details>" in line
    assert "Sections of this record" in line
    assert "Notes" in line
    assert 'aria-current="page">Notes</a>' in rest
    assert said.index("</nav>") < said.index("<h1")
