"""The words of worksheets: easy to read, no pressure, no label (SAW-2, SES-6)."""

from __future__ import annotations

import re
from io import BytesIO

import pytest
from django.test import Client
from pypdf import PdfReader
from tests.service.worksheets.conftest import Kept, SignIn

from unhurried.clinical.wording import check, reading_age
from unhurried.service.worksheets import operations, rendering

OLDEST_READER = 11.5


def said(page: str) -> str:
    """The sentences of a page: what ends with a full stop, without what people typed."""
    main = page[page.index("<main") : page.index("</main>")]
    main = re.sub(r"<bdi>.*?</bdi>|<svg.*?</svg>|<table.*?</table>|<option.*?</option>", "", main,
                  flags=re.S)  # fmt: skip
    blocks = re.findall(r"<(?:p|h1|h2|legend|label|li)[^>]*>(.*?)</(?:p|h1|h2|legend|label|li)>",
                        main, flags=re.S)  # fmt: skip
    plain = [re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", block)).strip() for block in blocks]
    return "\n".join(each for each in plain if each.endswith("."))


@pytest.mark.parametrize("rest", ["", "pattern/", "code/", "days/", "../", "../new/"])
def test_a_reader_of_eleven_can_read_the_page(kept: Kept, signed_in: SignIn, rest: str) -> None:
    kept.write(0, pain=4)
    operations.make_code(by=kept.by, worksheet=kept.sheet)
    where = f"/people/{kept.patient.uuid}/worksheets/{kept.sheet.uuid}/{rest}"
    text = said(signed_in(kept.person).get(where).content.decode())
    assert not list(check(text, kind="template"))
    age = reading_age(text)
    assert age.age_low is None or age.age_low <= OLDEST_READER, (age, text)
    for word in ("overdue", "missed", "failed", "should", "must", "reduce"):
        assert word not in text.lower()


def test_the_papers_are_easy_to_read(kept: Kept) -> None:
    kept.a_week()
    for make in (rendering.sheet_pdf, rendering.pattern_pdf):
        pages = PdfReader(BytesIO(make(kept.patient, kept.sheet, large=True))).pages
        lines = " ".join(page.extract_text() for page in pages)
        sentences = re.findall(r"[A-Z][^.]{10,}\.", " ".join(lines.split()))
        # The grid's own words run into a sentence beside it.
        text = "\n".join(each for each in sentences if not re.search("Morning|Mon ", each))
        assert len(text) > 200
        assert not list(check(text, kind="template"))
        age = reading_age(text)
        assert age.age_low is not None
        assert age.age_low <= OLDEST_READER, (age, text)


def test_the_page_for_a_code_says_nothing_of_pain_medicine_or_a_service() -> None:
    page = Client().get("/my-week/").content.decode()
    title = page[page.index("<title>") : page.index("</title>")]
    assert "How is it now?" in title
    # Tags left out: a form's random token may hold any two letters.
    shown = re.sub(r"<[^>]+>", " ", page[page.index("<body") :])
    assert "Pain now" in shown
    for word in ("opioid", "patient", "worksheet", "pain service", "GP"):
        assert word not in shown, word
