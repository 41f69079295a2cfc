"""The library: every page kind to read, easy to read, whole on the screen and on paper."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client
from pypdf import PdfReader
from tests.service.conftest import World

from unhurried.clinical.wording import check, reading_age
from unhurried.service.accounts.models import Membership
from unhurried.service.audit.models import Entry
from unhurried.service.planning.tables import strategies
from unhurried.service.sessions import library
from unhurried.service.sessions.library import Resource
from unhurried.service.sessions.library_blocks import blocks, plain
from unhurried.service.sessions.library_pdf import resource_pdf

ALL = library.resources()
each_resource = pytest.mark.parametrize("resource", ALL, ids=lambda each: each.code)
# Who a link may lead to: named in the reference material, at an address that stays.
LINKS = {
    "https://www.nhs.uk", "https://versusarthritis.org", "https://painconcern.org.uk",
    "https://livewellwithpain.co.uk", "https://fpm.ac.uk",
}  # fmt: skip


def test_the_library_is_as_large_as_it_should_be() -> None:
    assert 10 <= len(ALL) <= 14
    assert {"page", "sheet"} <= {each.kind for each in ALL}
    assert {each.topic for each in ALL} == set(library.TOPICS)
    assert len({each.title for each in ALL}) == len(ALL)


@each_resource
def test_every_page_reads_for_eleven_years_at_most(resource: Resource) -> None:
    said = reading_age(plain(resource))
    assert said.words > 100
    assert said.meets("worksheet"), said.hardest_sentences


@each_resource
def test_no_page_hurts_or_presses(resource: Resource) -> None:
    found = check(plain(resource), kind="template")
    assert [(each.words, each.instead) for each in found] == []


@each_resource
def test_every_page_says_what_it_is(resource: Resource) -> None:
    assert resource.summary
    assert 1 <= resource.minutes <= 10
    assert resource.sources
    assert re.fullmatch(r"\d{4}\.\d+", resource.version)
    assert resource.sign_off
    assert set(resource.strategies) <= set(strategies())
    assert library.resource(resource.code) is resource


@each_resource
def test_links_lead_only_to_who_we_know(resource: Resource) -> None:
    runs = [run for block in blocks(resource) for row in block.rows for cell in row for run in cell]
    assert {run.href for run in runs if run.href} <= LINKS
    assert resource.body.count("](") == sum(bool(run.href) for run in runs)


@each_resource
@pytest.mark.parametrize("large", [False, True])
def test_it_prints_tagged_with_every_word(resource: Resource, large: bool) -> None:
    read = PdfReader(io.BytesIO(resource_pdf(resource, large_print=large)))
    root: Any = read.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en-GB"
    text = "".join("".join(page.extract_text() for page in read.pages).split())
    text = re.sub(r"Unhurried,\d+\.\d+;.*?signedoff\d+of\d+", "", text)  # the foot of each page
    for block in blocks(resource):
        for row in block.rows:
            for cell in row:
                for run in cell:
                    assert "".join(run.text.split()) in text


def test_what_matters_for_safety_is_said() -> None:
    reducing = plain(_of("talking-about-reducing"))
    for words in (
        "never stop an opioid suddenly", "It is your choice", "You can hold where you are",
        "naloxone", "can be too much for you, even deadly", "Pregnant",
        "Your GP will go on caring for you as before, whatever you decide",
    ):  # fmt: skip
        assert words in reducing, words
    assert "Your pain is real" in plain(_of("your-pain-is-real"))
    for code in ("setbacks", "feelings-and-stress", "talking-about-reducing"):
        assert "116 123" in plain(_of(code))


def _of(code: str) -> Resource:
    found = library.resource(code)
    assert found is not None
    return found


@pytest.mark.parametrize(
    "body",
    [
        "# One", "> said", "<b>bold</b>", "- [ ] tick", "one &nbsp; two", "- a\nb",
        "|a|b|\n|---|\n|c|", "## Head\ntext", "![](x)",
    ],
)  # fmt: skip
def test_markdown_that_would_be_lost_is_refused(body: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        blocks(replace(ALL[0], body=body))


def test_a_file_must_say_what_it_is() -> None:
    with pytest.raises(ValueError, match="front matter"):
        library._read("x", "Hello")
    with pytest.raises(ValueError, match="says its code"):
        library._read("x", '+++\ncode = "y"\n+++\nHello')


def test_blocks_are_what_was_written() -> None:
    body = "## A *b*\n\nOne **two**\nthree [f](https://x.y).\n\n1. one\n2. two\n\n___\n\n"
    body += "|a|b|\n|-|-|\n|c||"
    head, text, points, space, table = blocks(replace(ALL[0], body=body))
    assert (head.kind, head.level, [run.italic for run in head.runs]) == (
        "heading",
        2,
        [False, True],
    )
    assert "".join(run.text for run in text.runs) == "One two three f."
    assert [run.href for run in text.runs if run.href] == ["https://x.y"]
    assert (points.numbered, len(points.items)) == (True, 2)
    assert space.kind == "space"
    assert [len(row) for row in table.rows] == [2, 2]


@pytest.mark.parametrize("role", ["project_worker", "gp", "patient", "practice_staff"])
def test_everybody_may_read_it_and_nothing_is_noted(
    role: str, world: World, signed_in: Callable[[Membership], Client]
) -> None:
    client = signed_in(world.member(role))
    page = client.get("/resources/").content.decode()
    for each in ALL:
        assert f"/resources/{each.code}/" in page
    before = Entry.objects.count()
    answer = client.get("/resources/pacing/")
    assert "over-activity trap" in answer.content.decode()
    paper = client.get("/resources/pacing/print.pdf?size=large")
    assert paper["Content-Type"] == "application/pdf"
    assert "pacing-large-print.pdf" in paper["Content-Disposition"]
    assert Entry.objects.count() == before
    assert client.get("/resources/nothing-here/").status_code == 404
    assert client.get("/resources/nothing-here/print.pdf").status_code == 404


def test_a_role_that_has_no_part_in_it_finds_nothing(
    world: World, signed_in: Callable[[Membership], Client]
) -> None:
    assert signed_in(world.member("commissioner")).get("/resources/").status_code == 404
