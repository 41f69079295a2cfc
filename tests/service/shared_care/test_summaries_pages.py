"""A summary from the session's page to the GP record, as each of them does it (COM-1)."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.service.conftest import World
from tests.service.shared_care.posts_summaries import LINES
from tests.service.shared_care.summary_story import After, after_a_session

from unhurried.service.accounts.models import Membership
from unhurried.service.shared_care.models import RecordSummary

SignIn = Callable[[Membership], Client]


@pytest.fixture
def after(world: World) -> After:
    found = after_a_session(world)
    found.shares()
    return found


def words(html: str) -> str:
    """A page without its tags."""
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def where(after: After, name: str, *args: object) -> str:
    """An address about the person."""
    return reverse(f"shared_care:{name}", args=[after.patient.uuid, *args])


def test_from_the_session_to_the_record(after: After, signed_in: SignIn) -> None:
    worker, gp = signed_in(after.worker), signed_in(after.gp)
    session = reverse("sessions:session", args=[after.patient.uuid, after.session.uuid])
    write = where(after, "write_summary", "session", after.session.uuid)
    assert write in worker.get(session).content.decode()
    sent = {**LINES, "text_asked": "Please look at the laxative", "version": "0"}
    answer = worker.post(write, sent, follow=True)
    row = RecordSummary.objects.get()
    page = where(after, "summary", row.uuid)
    assert answer.redirect_chain[-1][0] == page
    assert "As the GP will see it" in words(answer.content.decode())
    assert "Please look at the laxative" in answer.content.decode()
    assert gp.get(page).status_code == 404
    worker.post(where(after, "send_summary", row.uuid), {"version": "1"})
    waiting = gp.get(reverse("shared_care:summaries_waiting")).content.decode()
    assert page in waiting
    assert "Please look at the laxative" in gp.get(page).content.decode()
    gp.post(where(after, "file_summary", row.uuid))
    assert page not in gp.get(reverse("shared_care:summaries_waiting")).content.decode()
    assert "On the record" in words(worker.get(session).content.decode())


def test_the_person_reads_every_word(after: After, signed_in: SignIn) -> None:
    member = after.world.member("patient", after.world.practice)
    after.patient.user = member.user
    after.patient.save()
    draft = after.save(asked="Please look at the laxative")
    client = signed_in(member)
    assert client.get(where(after, "summary", draft.uuid)).status_code == 404
    row = after.send(draft)
    assert (
        where(after, "summary", row.uuid) in client.get(where(after, "summaries")).content.decode()
    )
    said = words(client.get(where(after, "summary", row.uuid)).content.decode())
    for line in row.facts["lines"]:
        assert line["text"] in said
    assert where(after, "summaries") in client.get("/").content.decode()


def test_both_versions_are_shown_and_what_was_typed_is_kept(
    after: After, signed_in: SignIn
) -> None:
    row = after.save(asked="Saved meanwhile")
    RecordSummary.objects.filter(pk=row.pk).update(version=2)
    sent = {**LINES, "text_asked": "Typed just now", "version": "1"}
    write = where(after, "write_summary", "session", after.session.uuid)
    answer = signed_in(after.worker).post(write, sent)
    assert answer.status_code == 409
    body = words(answer.content.decode())
    assert "Saved meanwhile" in body
    assert "Typed just now" in body


def test_a_refusal_keeps_what_was_typed(after: After, signed_in: SignIn) -> None:
    after.note("Her brother drinks; she calls him Kingfisher.")
    write = where(after, "write_summary", "session", after.session.uuid)
    sent = {**LINES, "text_asked": "Ask Kingfisher", "version": "0"}
    body = signed_in(after.worker).post(write, sent).content.decode()
    assert "kept from the GP" in body
    assert "Ask Kingfisher" in body
    assert not RecordSummary.objects.exists()


def test_unkind_words_are_pointed_out_and_may_go(after: After, signed_in: SignIn) -> None:
    row = after.save(asked="She is non-compliant")  # wording: allowed, what is pointed out
    body = words(signed_in(after.worker).get(where(after, "summary", row.uuid)).content.decode())
    assert "Could this be said more kindly?" in body
    assert after.send(row).state == "sent"


def test_sent_back_with_words(after: After, signed_in: SignIn) -> None:
    row = after.send(after.save())
    gp, worker = signed_in(after.gp), signed_in(after.worker)
    back = where(after, "return_summary", row.uuid)
    assert "please fill this in" in words(gp.post(back, {"because": ""}).content.decode())
    gp.post(back, {"because": "Whose dose is this?"})
    assert "Whose dose is this?" in worker.get(where(after, "summary", row.uuid)).content.decode()
    assert worker.post(back, {"because": "I may not"}).status_code == 404
    home = words(worker.get("/").content.decode())
    assert "summary came back from a practice" in home


def test_reception_and_the_manager_see_who_waits_and_no_more(
    after: After, signed_in: SignIn
) -> None:
    row = after.send(after.save(asked="Please look at the laxative"))
    for role in ("practice_staff", "service_manager"):
        member = after.world.member(role)
        client = signed_in(member)
        body = client.get(reverse("shared_care:summaries_waiting")).content.decode()
        assert str(after.patient) in body
        assert "laxative" not in body
        assert where(after, "summary", row.uuid) not in body
        assert client.get(where(after, "summary", row.uuid)).status_code == 404


def test_the_list_asks_as_often_for_one_as_for_many(after: After, signed_in: SignIn) -> None:
    client, page = signed_in(after.gp), reverse("shared_care:summaries_waiting")
    after.send(after.save())
    client.get(page)
    with CaptureQueriesContext(connection) as few:
        client.get(page)
    for _each in range(4):
        more = after_a_session(after.world)
        more.shares()
        more.send(more.save())
    with CaptureQueriesContext(connection) as many:
        client.get(page)
    assert len(many) <= len(few)
