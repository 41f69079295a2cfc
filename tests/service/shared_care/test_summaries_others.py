"""Other ways round: hidden characters, short words, other boxes, another provider (CON-6, H17)."""

from __future__ import annotations

import re
from collections.abc import Callable
from xml.etree import ElementTree

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.service.conftest import World, actor_for
from tests.service.shared_care.summary_story import After, after_a_session

from unhurried.service.accounts.models import Agreement, Membership
from unhurried.service.audit.refused import Refused
from unhurried.service.patients.handing_on import worker_changed
from unhurried.service.patients.operations import end_episode, raise_alert
from unhurried.service.shared_care.documents.facts import unpacked
from unhurried.service.shared_care.documents.fhir import fhir_document
from unhurried.service.shared_care.models import RecordSummary
from unhurried.service.shared_care.operations import summaries as operations
from unhurried.service.shared_care.queries import summaries as queries
from unhurried.service.shared_care.rules.kept_words import kept_from, repeats

SignIn = Callable[[Membership], Client]


@pytest.fixture
def after(world: World) -> After:
    found = after_a_session(world)
    found.shares()
    return found


@pytest.mark.parametrize(
    "typed",
    [
        "King\u00adfisher", "King\u200bfisher", "King\u2060fisher", "\u200fKingfisher",
        "K\u00edngfisher", "her bro\u00adther drinks",
    ],
)  # fmt: skip
def test_no_hidden_mark_or_accent_lets_a_kept_word_through(after: After, typed: str) -> None:
    after.note("Her brother drinks; she calls him Kingfisher.")
    with pytest.raises(Refused, match="kept from the GP"):
        after.save(asked=typed)


@pytest.mark.parametrize(
    ("note", "typed"),
    [("She has HIV", "Test for hiv"), ("PTSD", "Is PTSD known?"), ("A rape.", "after a rape")],
)  # fmt: skip
def test_short_words_that_say_much_are_kept_too(after: After, note: str, typed: str) -> None:
    after.note(note)
    with pytest.raises(Refused, match="kept from the GP"):
        after.save(asked=typed)


def test_capitals_of_plain_words_and_of_what_the_gp_has_say_nothing() -> None:
    kept = kept_from(["SHE HAS TENS"], ["The practice gave TENS"])
    assert not repeats("She was seen, and TENS helps", kept)


def returned(after: After) -> RecordSummary:
    """One the practice sent back."""
    row = after.send(after.save(asked="Please look at the laxative"))
    return operations.return_summary(by=after.doctor, summary=row, because="Not ours")


def test_why_it_is_left_as_it_is_cannot_say_what_is_kept(after: After) -> None:
    row = returned(after)
    after.note("Her brother drinks; she calls him Kingfisher.")
    with pytest.raises(Refused, match="kept from the GP") as refused:
        operations.leave_summary(by=after.by, summary=row, because="Kingfisher asked me to")
    assert "ingfisher" not in str(refused.value)
    assert operations.leave_summary(by=after.by, summary=row, because="Ring me").state == "left"


def test_a_practice_that_is_not_shared_with_reads_no_reason(
    after: After, signed_in: SignIn
) -> None:
    raise_alert(by=after.by, patient=after.patient, kind="overdose")
    row = returned(after)
    operations.leave_summary(by=after.by, summary=row, because="The Nuthatch knows")
    where = reverse("shared_care:summary", args=[after.patient.uuid, row.uuid])
    page = signed_in(after.gp).get(where)
    assert "Nuthatch" in page.content.decode()
    after.shares(given=False)
    page = signed_in(after.gp).get(where)
    assert page.status_code == 200
    assert "Nuthatch" not in re.sub(r"<[^>]+>", " ", page.content.decode())


def test_with_another_provider_what_waits_and_what_is_begun_goes_along(after: After) -> None:
    world, row = after.world, returned(after)
    draft = after.save(asked="Please look at it again")
    other, episode = world.other_provider, after.patient.episodes.get()
    Agreement.objects.create(practice=world.practice, provider=other, starts=timezone.localdate())
    worker = world.member("project_worker", other)
    episode.provider, episode.project_worker = other, worker
    episode.save()
    worker_changed(episode, after.worker, worker, actor_for(world.member("service_manager", other)))
    by = actor_for(worker)
    assert list(queries.waiting_seen(by)) == [row]
    draft.refresh_from_db()
    assert draft.provider == other
    again = operations.leave_summary(by=by, summary=row, because="Answered by letter")
    assert unpacked(again.facts).provider == world.provider.name  # what was sent stays as it was


def test_the_document_says_of_nobody_that_they_met_who_only_wrote(after: After) -> None:
    row = after.send(after.save(asked="Please look at the laxative"))
    made = [each["resource"] for each in fhir_document(unpacked(row.facts))["entry"]]
    met = next(each for each in made if each["resourceType"] == "Encounter")
    assert "participant" not in met


@pytest.mark.parametrize("sign", ["\U0001f600", "\u263a", "\ufffe", "\ue000"])
def test_what_no_paper_can_show_is_said_in_words(after: After, sign: str) -> None:
    with pytest.raises(Refused, match="write it in words"):
        after.save(asked=f"Please look {sign}")
    assert after.save(asked="5 °C \u2192 warm; \u20ac 3, na\u00efve").state == "draft"


def test_the_document_is_well_formed_whatever_a_list_of_medicines_holds(after: After) -> None:
    after.takes("Morphine\x07 \ufffe", "One \x0b twice")
    row = after.send(after.save(asked="Please look at the laxative"))
    for each in fhir_document(unpacked(row.facts))["entry"]:
        ElementTree.fromstring(each["resource"]["text"]["div"])  # noqa: S314 - our own


def test_nothing_is_sent_back_to_a_service_the_person_left(after: After) -> None:
    row = after.send(after.save(asked="Please look at the laxative"))
    manager = actor_for(after.world.member("service_manager"))
    end_episode(by=manager, episode=after.patient.episodes.get(), reason="Moved on")
    with pytest.raises(Refused, match="nobody would answer"):
        operations.return_summary(by=after.doctor, summary=row, because="Not ours")
    assert operations.file_summary(by=after.doctor, summary=row).state == "filed"
