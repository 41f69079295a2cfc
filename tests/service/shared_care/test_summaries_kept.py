"""Nothing restricted gets into a summary; nobody learns from one that it is there (CON-6, H17)."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader
from tests.service.conftest import World, actor_for
from tests.service.shared_care.summary_story import After, after_a_session

from unhurried.service.accounts.models import Membership
from unhurried.service.audit.refused import Refused
from unhurried.service.patients.models import Cover, Note
from unhurried.service.planning.operations import record_benefit, write_part
from unhurried.service.sessions.models import Attendee
from unhurried.service.shared_care.rules.kept_words import kept_from, repeats
from unhurried.service.worksheets.models import Line as WorksheetLine
from unhurried.service.worksheets.models import Worksheet

SignIn = Callable[[Membership], Client]
FORMS = ("text", "paper", "fhir", "message")


@pytest.fixture
def after(world: World) -> After:
    found = after_a_session(world)
    found.shares()
    return found


def cover(after: After) -> Membership:
    """Somebody who stands in for the worker today, and may not read restricted notes."""
    other = after.world.member("project_worker")
    today = timezone.localdate()
    Cover.objects.create(
        worker=after.worker, covering=other, starts=today, ends=today + timedelta(days=9)
    )
    return other


@pytest.mark.parametrize(
    "typed",
    [
        "Kingfisher",
        "about kingfishers!",
        "her brother drinks",
        "KING\uff26isher",
        "Her  Brother\nDrinks",
    ],
)
def test_words_of_a_restricted_note_are_refused(after: After, typed: str) -> None:
    after.note("Her brother drinks; she calls him Kingfisher.")
    with pytest.raises(Refused, match="kept from the GP") as refused:
        after.save(asked=typed)
    assert "ingfisher" not in str(refused.value)
    assert "brother" not in str(refused.value).casefold()
    assert "note" not in str(refused.value)


def test_no_tick_lets_a_restricted_word_through(after: After) -> None:
    after.note("Her brother drinks; she calls him Kingfisher.")
    with pytest.raises(Refused, match="kept from the GP"):
        after.save(asked="Kingfisher", heard=True)


@pytest.mark.parametrize(
    "typed", ["She rests in the morning", "Please ring her", "Pacing, and sleep"]
)
def test_plain_words_go_beside_a_restricted_note(after: After, typed: str) -> None:
    after.note("Her brother drinks; she calls him Kingfisher. She is in pain and sleeps badly.")
    assert after.save(asked=typed).state == "draft"


def test_words_the_gp_has_anyway_are_no_secret(after: After) -> None:
    after.takes("Zomorph 10mg capsules", "One twice a day")
    after.note("She gives Zomorph to her brother")
    after.note("He lives in Lapwing House", "gp")
    after.note("Something happened in Lapwing House")
    assert after.save(asked="Zomorph: is it still right? See Lapwing House").state == "draft"


def test_who_may_not_see_the_note_gets_the_answer_as_if_there_were_none(after: After) -> None:
    other = actor_for(cover(after))
    typed = "Her brother drinks; she calls him Kingfisher"
    before = after.save(other, asked=typed)
    before.delete()
    after.note("Her brother drinks; she calls him Kingfisher.")
    after_it = after.save(other, asked=typed)
    assert after_it.lines == before.lines


def test_what_was_not_shared_needs_the_person_to_have_heard_it(after: After) -> None:
    after.note("He keeps the tablets in the shed", Note.Visibility.ORDINARY)
    with pytest.raises(Refused, match="Go through the text with the person"):
        after.save(asked="He keeps the tablets apart")
    assert after.save(asked="He keeps the tablets apart", heard=True).heard


def test_said_in_the_conversation_on_worksheets_or_before_others(after: After) -> None:
    plant(after)
    for typed in ("Goldcrest", "Dotterel", "Wheatear", "Whinchat"):
        with pytest.raises(Refused, match="nobody shared with the GP"):
            after.save(asked=f"Speak of {typed}")


def plant(after: After) -> None:
    """Words wherever they are kept from the GP."""
    write_part(by=after.by, patient=after.patient, code="pain", after=0, words="Goldcrest hurts")
    record_benefit(by=after.by, patient=after.patient, after=0, numbers={}, wants="A Dotterel")
    sheet = Worksheet.objects.create(
        patient=after.patient, episode=after.patient.episodes.get(), starts=timezone.localdate(),
        started_at=timezone.now(), what_i_make="A Wheatear",
    )  # fmt: skip
    WorksheetLine.objects.create(
        worksheet=sheet, day=timezone.localdate(), happening="Whinchat came", how="paper",
        written_at=timezone.now(),
    )  # fmt: skip
    Attendee.objects.create(session=after.session, name="Robin", limits="Never of Redstart")
    after.session.recap = "Take home Fieldfare"
    after.session.believed = "no"
    after.session.save()
    after.note("Kingfisher and more", Note.Visibility.RESTRICTED)
    after.note("Bullfinch and more", Note.Visibility.ORDINARY)


CANARIES = (
    "Goldcrest", "Dotterel", "Wheatear", "Whinchat", "Redstart", "Fieldfare", "Kingfisher",
    "Bullfinch", "Walk to the gate",
)  # fmt: skip


def test_nothing_kept_from_the_gp_stands_in_any_form(after: After, signed_in: SignIn) -> None:
    plant(after)
    row = after.send(after.save(asked="Please look at the laxative"))
    client, person = signed_in(after.gp), after.patient.uuid
    said = []
    for form in FORMS:
        answer = client.get(reverse("shared_care:summary_file", args=[person, row.uuid, form]))
        assert answer.status_code == 200
        said.append(read(form, answer.content))
    for name, args in (
        ("summaries", [person]), ("summary", [person, row.uuid]), ("summaries_waiting", []),
    ):  # fmt: skip
        said.append(client.get(reverse(f"shared_care:{name}", args=args)).content.decode())
    assert all("laxative" in each for each in said[:4])
    whole = "\n".join(said) + json.dumps(row.facts)
    assert [each for each in CANARIES if each.casefold() in whole.casefold()] == []


def read(form: str, content: bytes) -> str:
    """The words of a file."""
    if form == "paper":
        return " ".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages)
    return content.decode()


def test_the_first_words_are_not_the_restricted_note(after: After, signed_in: SignIn) -> None:
    after.session.note = after.note("Kingfisher and more")
    after.session.save()
    where = reverse(
        "shared_care:write_summary", args=[after.patient.uuid, "session", after.session.uuid]
    )
    for who in (after.worker, cover(after)):
        page = re.sub(r"<[^>]+>", " ", signed_in(who).get(where).content.decode())
        assert "Kingfisher" not in page


def test_rows_of_small_words_say_nothing() -> None:
    kept = kept_from(["And she was in it, Kingfisher"], [])
    assert not repeats("and she was in it", kept)
    assert repeats("in it, Kingfisher", kept)
    assert not repeats("", kept_from([""], [""]))
