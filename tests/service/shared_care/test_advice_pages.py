"""Pages of advice: what a specialist is shown and what never, lists, paper, the person's own."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from html import unescape
from io import BytesIO

import pytest
from django.test import Client
from django.utils import timezone
from pypdf import PdfReader
from tests.service.access.story import Story
from tests.service.conftest import World, actor_for
from tests.service.planning.examples import PEEL, agreed
from tests.service.shared_care.examples_advice import answered, asked, shares
from tests.web.case import lives

from unhurried.service.accounts.models import Membership
from unhurried.service.audit.models import Entry
from unhurried.service.patients.models import Note
from unhurried.service.patients.operations import withdraw_consent
from unhurried.service.planning import operations as planning
from unhurried.service.planning.models import Agreement, Plan
from unhurried.service.sessions.models import ResourceGiven, Session, SessionComponent
from unhurried.service.shared_care.advice_packs import chosen_parts, make_pack
from unhurried.service.shared_care.models import AdviceRequest
from unhurried.service.worksheets.models import Line

SignIn = Callable[[Membership], Client]


@pytest.fixture
def story(world: World) -> Story:
    """A worker, their person with a year of records, and two specialists."""
    made = Story(world)
    today = timezone.localdate()
    lives.a_year(made.patient, made.worker, world.member("project_worker"), today)
    return made


def text_of(answer: object) -> str:
    """The words of a page, without its tags."""
    content: bytes = answer.content  # type: ignore[attr-defined]
    return unescape(re.sub(r"<[^>]+>", " ", content.decode()))


def address(found: AdviceRequest, *more: str) -> str:
    """The address of a question, or of something done with it."""
    rest = "".join(f"{each}/" for each in more)
    return f"/people/{found.patient.uuid}/advice/{found.uuid}/{rest}"


def ask(client: Client, story: Story, **changes: object) -> AdviceRequest:
    """Ask the story's consultant over the page."""
    sent = {
        "question": "Would you try something for the nights?", "wants": "next", "soon": "usual",
        "whom": f"{story.world.hospital.pk}:pain_consultant:{story.consultant.pk}",
        "share": ["medicines", "timeline", "tried", "plan"], **changes,
    }  # fmt: skip
    answer = client.post(f"/people/{story.patient.uuid}/advice/ask/", sent)
    assert answer.status_code == 302, text_of(answer)
    return AdviceRequest.objects.latest("pk")


def _in_sessions(story: Story) -> None:
    session = Session.objects.create(
        patient=story.patient, episode=story.patient.episodes.get(), worker=story.worker,
        named_worker=story.worker, at=timezone.now(), place="phone", recorded_at=timezone.now(),
        next_steps="Kestrel steps", recap="Kestrel recap",
    )  # fmt: skip
    SessionComponent.objects.create(session=session, code="pacing")
    ResourceGiven.objects.create(
        patient=story.patient, session=session, code="pacing", title="Pacing, gently",
        given_by=story.worker, given_at=timezone.now(),
    )  # fmt: skip


def _not_to_be_seen(story: Story) -> None:
    """Words that must reach no specialist, in every place that could leak them."""
    for visibility in Note.Visibility.values:
        Note.objects.create(
            patient=story.patient, author=story.worker, visibility=visibility,
            text=f"Kestrel {visibility}", at=timezone.now(),
        )  # fmt: skip
    Line.objects.update(happening="Kestrel happening", product="Kestrel product")
    agreed(story)
    planning.add_item(
        by=actor_for(story.worker), patient=story.patient,
        given=type(PEEL)(strategy="pacing", words="Kestrel, added later", where="community"),
    )  # fmt: skip
    Plan.objects.update(matters="Kestrel matters, not agreed to")


def test_a_specialist_answers_from_one_page(story: Story, signed_in: SignIn) -> None:
    shares(story)
    agreed(story)
    _in_sessions(story)
    found = ask(signed_in(story.worker), story)
    client = signed_in(story.consultant)
    home = text_of(client.get("/"))
    assert "person waits for your advice" in home
    assert str(story.patient) in text_of(client.get("/advice/"))
    answer = client.get(address(found))
    shown = text_of(answer)
    for words in (
        "Would you try something for the nights?", "Morphine 15mg modified-release tablets",
        "Take 5ml up to twice a day when required", "30 mg a day, up to 50", "Joined the service",
        "Pacing, gently", "Peel potatoes sitting down", "Your advice",
    ):  # fmt: skip
        assert words in shown
    assert answer.content.count(b"<svg") >= 2
    assert client.get(f"/people/{story.patient.uuid}/").status_code == 200
    assert client.get(f"/people/{story.patient.uuid}/timeline/").status_code == 404
    sent = {"answer": "Look at sleep first.", "if_then": "", "may_read": "yes", "version": "1"}
    done = client.post(address(found, "answer"), sent)
    assert done.status_code == 302
    assert "Look at sleep first." in text_of(client.get(address(found)))
    worker = signed_in(story.worker)
    assert "answer of a specialist to read" in text_of(worker.get("/"))
    assert "This is advice; a prescriber decides" in text_of(worker.get(address(found)))
    worker.post(address(found, "read"), {})
    assert "answer of a specialist to read" not in text_of(worker.get("/"))


def test_nothing_private_is_in_the_pack_the_page_or_the_paper(
    story: Story, signed_in: SignIn
) -> None:
    shares(story)
    _in_sessions(story)
    _not_to_be_seen(story)
    found = ask(signed_in(story.worker), story)
    client = signed_in(story.consultant)
    paper = client.get(address(found, "paper"))
    read = " ".join(page.extract_text() for page in PdfReader(BytesIO(paper.content)).pages)
    assert "Would you try something" in read
    for said in (json.dumps(found.pack), text_of(client.get(address(found))), read):
        assert "Kestrel" not in said
        assert "suicide" not in said  # the safety alert of their year
        assert "Peel potatoes" in said
    assert found.pack["timeline"]["scores"] == []  # no worksheet was shown to anybody


def test_of_worksheets_only_the_numbers_of_those_the_person_showed(
    story: Story, signed_in: SignIn
) -> None:
    newest = story.patient.worksheets.latest("starts")
    newest.shared_at = timezone.now()
    newest.save()
    signed_in(story.worker).get("/")  # the pages are there, so packs are made
    pack = make_pack(actor_for(story.worker), story.patient)
    days = {each["on"] for each in pack["timeline"]["scores"]}
    assert min(days) == newest.starts.isoformat()
    kept = chosen_parts(pack, ["timeline"])
    assert "medicines" not in kept
    assert kept["timeline"]["steps"] == []


def test_the_pack_stays_as_it_was_when_asked(story: Story, signed_in: SignIn) -> None:
    shares(story)
    found = ask(signed_in(story.worker), story)
    lives.list_of(story.patient, timezone.localdate(), ("Codeine 30mg tablets", "one at night"))
    assert "Codeine" not in text_of(signed_in(story.consultant).get(address(found)))


def test_without_a_yes_the_page_says_how_to_ask_the_person(story: Story, signed_in: SignIn) -> None:
    page = signed_in(story.worker).get(f"/people/{story.patient.uuid}/advice/ask/")
    assert "May we ask a specialist" in text_of(page)
    assert b"<textarea" not in page.content


def test_once_consent_is_withdrawn_the_next_click_finds_nothing(
    story: Story, signed_in: SignIn
) -> None:
    found = asked(story)
    client = signed_in(story.consultant)
    assert client.get(address(found)).status_code == 200
    withdraw_consent(
        by=actor_for(story.worker), patient=story.patient, kind="sharing", party="specialist"
    )
    for part in ((), ("paper",), ("answer",)):
        assert client.get(address(found, *part)).status_code in {404, 405}
    assert client.get(f"/people/{story.patient.uuid}/").status_code == 404
    assert "does not share with specialists" in text_of(signed_in(story.worker).get(address(found)))


def test_what_was_typed_is_kept_when_something_happened_meanwhile(
    story: Story, signed_in: SignIn
) -> None:
    found = asked(story)
    client = signed_in(story.consultant)
    client.post(address(found, "ask-back"), {"back": "How is sleep?", "version": "1"})
    late = client.post(
        address(found, "answer"),
        {"answer": "Typed for ten minutes", "if_then": "", "may_read": "yes", "version": "1"},
    )
    assert late.status_code == 409
    assert "Typed for ten minutes" in late.content.decode()
    assert "How is sleep?" in text_of(late)


def test_a_specialist_keeps_the_words_when_the_question_is_gone_meanwhile(
    story: Story, signed_in: SignIn
) -> None:
    shares(story)
    anybody = f"{story.world.hospital.pk}:pain_consultant:"
    withdrawn = ask(signed_in(story.worker), story, whom=anybody)
    by_a_colleague = ask(signed_in(story.worker), story, whom=anybody)
    client, colleague = signed_in(story.consultant), story.world.member("pain_consultant")
    elsewhere = story.world.member("pain_consultant", story.world.other_hospital)
    given = {"answer": "Typed for <ten> minutes", "may_read": "yes", "version": "1"}
    signed_in(story.worker).post(address(withdrawn, "withdraw"), {"because": "No", "version": "1"})
    signed_in(colleague).post(address(by_a_colleague, "answer"), {**given, "answer": "Quicker."})
    for found in (withdrawn, by_a_colleague):
        late = client.post(address(found, "answer"), given)
        assert late.status_code == 409
        assert "Typed for <ten> minutes" in text_of(late)
        for kept in (str(story.patient), found.question, "Quicker."):
            assert kept not in text_of(late)
        found.refresh_from_db()
        assert found.answer in {"", "Quicker."}
        for part, sent in (("ask-back", "back"), ("pass-on", "words"), ("not-for-me", "because")):
            other = client.post(address(found, part), {sent: "Other words", "version": "1"})
            assert (other.status_code, "Other words" in text_of(other)) == (409, True), part
        assert client.get(address(found)).status_code == 404
        for member in (elsewhere, story.psychiatrist):
            assert signed_in(member).post(address(found, "answer"), given).status_code == 404


def test_a_manager_knows_that_it_waits_and_nothing_of_it(story: Story, signed_in: SignIn) -> None:
    found = asked(story)
    client = signed_in(story.manager)
    page = text_of(client.get("/advice/"))
    assert str(story.patient) in page
    assert found.question not in page
    assert client.get(address(found)).status_code == 404


def test_the_person_sees_what_is_awaited_and_no_more_than_is_theirs(
    story: Story, signed_in: SignIn
) -> None:
    made = answered(story)
    client = signed_in(story.person)
    where = f"/people/{story.patient.uuid}/advice/"
    assert "Questions to specialists" in text_of(client.get("/"))
    page = text_of(client.get(where))
    assert "Your project worker asked" in page
    assert made.answer not in page
    assert client.get(address(made)).status_code == 404
    signed_in(story.worker).post(address(made, "talked"), {})
    page = text_of(client.get(where))
    assert made.answer in page
    assert "You and your GP decide together" in page


def test_a_gp_asks_and_shares_only_what_a_gp_sees(story: Story, signed_in: SignIn) -> None:
    shares(story)
    _in_sessions(story)
    client = signed_in(story.gp)
    found = ask(client, story)
    assert "tried" not in found.pack
    assert "medicines" in found.pack
    assert "In 1 session" not in text_of(signed_in(story.consultant).get(address(found)))


def test_a_question_nobody_can_open_says_so_to_who_asked(story: Story, signed_in: SignIn) -> None:
    found = asked(story)
    worker = signed_in(story.worker)
    assert "Ask another specialist, or withdraw" not in text_of(worker.get(address(found)))
    Membership.objects.filter(pk=story.consultant.pk).update(ends=timezone.localdate())
    assert "Ask another specialist, or withdraw" in text_of(worker.get(address(found)))


def test_a_manager_who_sees_whose_question_waits_is_kept_in_the_trail(
    story: Story, signed_in: SignIn
) -> None:
    asked(story)
    assert story.patient.family_name in text_of(signed_in(story.manager).get("/advice/"))
    looks = Entry.objects.filter(action="read.advice_request", patient_id=story.patient.pk)
    assert looks.filter(role="service_manager").exists()


def test_a_plan_kept_from_the_gp_or_left_out_is_on_no_timeline_either(
    story: Story, signed_in: SignIn
) -> None:
    agreed(story)
    signed_in(story.worker).get("/")  # the pages are there, so packs are made
    worker = actor_for(story.worker)

    def told(*share: str) -> list[tuple[int, str]]:
        events = chosen_parts(make_pack(worker, story.patient), share)["timeline"]["events"]
        return [(each["number"], each["kind"]) for each in events]

    assert "plan" in {kind for _, kind in told("timeline", "plan")}
    left_out = told("timeline")
    assert "plan" not in {kind for _, kind in left_out}
    assert [number for number, _ in left_out] == list(range(1, len(left_out) + 1))
    Agreement.objects.update(gp_may_see=False)
    assert told("timeline", "plan") == left_out
