"""What went along with a question was frozen; whether it may be read is asked anew each time."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pypdf import PdfReader
from tests.service.access.story import Story
from tests.service.conftest import actor_for
from tests.service.planning.examples import agreed
from tests.service.shared_care.examples_advice import shares
from tests.service.shared_care.test_advice_pages import SignIn, address, ask, story, text_of

from unhurried.service.patients.models import Note
from unhurried.service.patients.operations import write_note
from unhurried.service.planning.models import Agreement, Plan
from unhurried.service.shared_care.advice_packs import draw_pack
from unhurried.service.shared_care.models import AdviceRequest
from unhurried.service.shared_care.queries.advice_today import as_of_today
from unhurried.service.worksheets.models import Worksheet

__all__ = ["story"]
MATTERS = "To sit through a whole film with my granddaughter again"


def read(client: Client, found: AdviceRequest) -> tuple[str, str]:
    """The page and the paper, in words."""
    paper = client.get(address(found, "paper"))
    pages = PdfReader(BytesIO(paper.content)).pages
    return text_of(client.get(address(found))), " ".join(each.extract_text() for each in pages)


def flat(text: str) -> str:
    """With single spaces, as lines end elsewhere on paper."""
    return " ".join(text.split())


@pytest.fixture
def found(story: Story, signed_in: SignIn) -> AdviceRequest:
    """A question with a plan and worksheets that were shown."""
    shares(story)
    Worksheet.objects.filter(patient=story.patient).update(shared_at=timezone.now())
    agreed(story)
    newest = Agreement.objects.latest("pk")
    Agreement.objects.filter(pk=newest.pk).update(content={**newest.content, "matters": MATTERS})
    return ask(
        signed_in(story.worker), story, matters=f"{MATTERS}.", tried="Went through the heron walks"
    )


def test_while_all_of_it_is_shown_nothing_is_withheld(
    story: Story, found: AdviceRequest, signed_in: SignIn
) -> None:
    for said in read(signed_in(story.consultant), found):
        assert "not shown here" not in flat(said)
        assert "Peel potatoes" in flat(said)
        assert "heron walks" in flat(said)


def test_a_plan_no_longer_shown_is_withheld_with_its_words(
    story: Story, found: AdviceRequest, signed_in: SignIn
) -> None:
    old = Agreement.objects.latest("pk")
    Agreement.objects.create(
        plan=Plan.objects.get(), number=old.number + 1, how=old.how, gp_may_see=False,
        content=old.content, by=old.by, at=timezone.now(),
    )  # fmt: skip
    for said in read(signed_in(story.consultant), found):
        assert "Peel potatoes" not in flat(said)
        assert "granddaughter" not in flat(said)
        assert "Plan agreed" not in flat(said)
        assert "the person does not show it any more" in flat(said)
        assert "heron walks" in flat(said)
    assert "Peel potatoes" not in text_of(signed_in(story.gp).get(address(found)))
    found.refresh_from_db()
    assert "plan" in found.pack  # what was sent then stays on record


def test_worksheets_no_longer_shown_are_withheld(
    story: Story, found: AdviceRequest, signed_in: SignIn
) -> None:
    signed_in(story.consultant).get(address(found))
    before = as_of_today(actor_for(story.consultant), found)
    assert before.pack["timeline"]["scores"]
    Worksheet.objects.update(shared_at=None)
    found.refresh_from_db()
    assert as_of_today(actor_for(story.consultant), found).pack["timeline"]["scores"] == []
    for said in read(signed_in(story.consultant), found):
        assert "worksheets said of pain and stress is not all shown" in flat(said)


def test_words_restricted_since_are_withheld_from_the_specialist_alone(
    story: Story, found: AdviceRequest, signed_in: SignIn
) -> None:
    write_note(
        by=actor_for(story.worker), patient=story.patient, visibility=Note.Visibility.RESTRICTED,
        text="Nobody is to know that we went through the heron walks",
    )  # fmt: skip
    for said in read(signed_in(story.consultant), found):
        assert "heron" not in flat(said)
        assert "What was tried is not shown here" in flat(said)
        assert "Would you try something for the nights?" in flat(said)
    worker = text_of(signed_in(story.worker).get(address(found)))
    assert "heron walks" in worker
    assert "is not shown here" not in worker


def test_the_paper_has_the_picture_the_page_has(
    story: Story, found: AdviceRequest, signed_in: SignIn
) -> None:
    client = signed_in(story.consultant)
    client.get(address(found))
    paper = client.get(address(found, "paper"))
    assert _figures(paper.content) == 1
    AdviceRequest.objects.filter(pk=found.pk).update(
        pack={key: value for key, value in found.pack.items() if key != "timeline"}
    )
    assert _figures(client.get(address(found, "paper")).content) == 0
    assert draw_pack(found.pack)


def _figures(content: bytes) -> int:
    """How many pictures the tags of a PDF name, each with words in its place."""
    trailer: Any = PdfReader(BytesIO(content)).trailer

    def count(node: Any) -> int:
        node = node.get_object() if hasattr(node, "get_object") else node
        if isinstance(node, list):
            return sum(count(each) for each in node)
        if not isinstance(node, dict):
            return 0
        own = node.get("/S") == "/Figure" and bool(node.get("/Alt"))
        return int(own) + (count(node["/K"]) if "/K" in node else 0)

    return count(trailer["/Root"]["/StructTreeRoot"])
