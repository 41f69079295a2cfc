"""Five hundred letters: each holds one person and nobody else (H14)."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader
from tests.service.joining.conftest import Joining

from unhurried.service.joining import content
from unhurried.service.joining.markdown import parse
from unhurried.service.joining.models import Wording
from unhurried.service.joining.rendering import letter_pdf, letters_pdf
from unhurried.service.patients.models import Patient


def letter(joining: Joining, number: int, **more: Any) -> dict[str, Any]:
    wording: Wording = joining.wordings["invitation"]
    values = {
        "given_name": f"Canary{number:03d}", "family_name": f"Siskin{number:03d}",
        "address": f"{number} Finch Lane\nBristol", "postcode": "BS99 9ZZ",
    }  # fmt: skip
    frozen = content.make(
        patient=Patient(**(values | more)), practice=joining.world.practice,
        provider=joining.world.provider, signed_by="Dr Rowe", wording=wording,
        day=joining.wordings["sms"].written_at.date(), large_print=number % 50 == 0,
    )  # fmt: skip
    return content.letter_of(frozen, f"2346-789C-{number:04d}")


@pytest.mark.slow
def test_each_of_five_hundred_letters_is_one_persons(joining: Joining) -> None:
    for number in range(500):
        made = PdfReader(BytesIO(letter_pdf(letter(joining, number))))
        text = "".join(page.extract_text() for page in made.pages)
        assert text.count("Siskin") == 1
        assert f"Siskin{number:03d}" in text
        assert text.count("Canary") == text.count(f"Canary{number:03d}") == 2


def test_in_one_document_each_page_is_one_persons(joining: Joining) -> None:
    letters = [letter(joining, number) for number in range(1, 49)]
    cover = {"title": "48 letters to post", "text": "x", "lines": ["y"]}
    pages = PdfReader(BytesIO(letters_pdf(letters, cover=cover))).pages
    assert len(pages) == 49
    for number, page in enumerate(pages):
        text = page.extract_text()
        assert text.count("Siskin") == (1 if number else 0)
        assert not number or f"Siskin{number:03d}" in text


def test_a_name_is_never_markup_nor_a_placeholder(joining: Joining) -> None:
    odd = '#read("/etc/passwd") **x** {{ gp_name }} $x$ <b> \\ @a [y]'
    frozen = letter(joining, 1, given_name=odd, known_as="")
    text = PdfReader(BytesIO(letter_pdf(frozen))).pages[0].extract_text()
    assert "{{ gp_name }}" in text
    assert "#read(" in text
    assert "root:" not in text
    assert "**x**" in text


def test_markdown_knows_paragraphs_bold_and_lists_only() -> None:
    blocks = parse("One\ntwo\n\n- a **b**\n- c\n\n# not a heading <i>")
    assert [each["kind"] for each in blocks] == ["paragraph", "list", "paragraph"]
    assert blocks[1]["items"][0][1] == {"text": "b", "bold": True}
    assert blocks[2]["runs"][0]["text"] == "# not a heading <i>"
