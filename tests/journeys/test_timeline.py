"""The timeline in a browser: looked over at both widths, and on one printed page."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader
from tests.journeys.cast import Cast
from tests.web.case import lives

from unhurried.service.audit import clock
from unhurried.service.patients.models import Patient
from unhurried.web.case import gathering

# Words of a picture that lie over one another, by what the browser itself measures.
TOUCHING = """
figure => {
  const seen = [...figure.querySelectorAll("svg")].find(each => each.checkVisibility());
  const words = [...seen.querySelectorAll("text")].filter(each => each.textContent.trim());
  const boxes = words.map(each => [each.textContent, each.getBoundingClientRect()]);
  const paper = seen.getBoundingClientRect();
  const wrong = [];
  boxes.forEach(([text, a], i) => {
    const outside = a.left < paper.left - 1 || a.right > paper.right + 1;
    if (outside) wrong.push(text + " leaves the paper");
    for (const [other, b] of boxes.slice(i + 1)) {
      const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
      const high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
      // the box of letters has air above and below them
      if (wide > 1 && high > Math.min(a.height, b.height) * 0.35) wrong.push(text + " / " + other);
    }
  });
  return wrong;
}"""


@pytest.fixture
def patient(cast: Cast) -> Patient:
    """Somebody enrolled for a year, in which much happened."""
    worker = cast.member("project_worker")
    found = cast.world.enrolled(worker, given_name="Avril", family_name="Fictionby")
    lives.a_year(found, worker, cast.member("project_worker", "Wren Madeupson"), clock.today())
    return found


def told(monkeypatch: pytest.MonkeyPatch, days: int, every: int) -> None:
    """Let there be sessions for so many days."""
    today: date = clock.today()
    more = lives.telling(lives.sessions_of(today - timedelta(days=days), today, every))
    monkeypatch.setattr(gathering, "HAPPENINGS", (*gathering.HAPPENINGS, more))


@pytest.mark.parametrize(("days", "every"), [(290, 14), (720, 6)])
def test_a_gp_reads_it_on_a_screen_a_telephone_and_one_page_of_paper(
    days: int, every: int, page: Page, cast: Cast, patient: Patient, sign_in: Any,
    looked_over: Any, picture: Callable[..., Path], address: Any, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    told(monkeypatch, days, every)
    sign_in(page, cast.member("project_worker"))
    page.goto(address(f"/people/{patient.uuid}/"))
    page.get_by_role("link", name="Timeline").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Timeline")
    figure = page.locator(".u-case__figure")
    expect(figure.get_by_role("img")).to_have_count(1)
    assert figure.evaluate(TOUCHING) == []
    looked_over(page)
    picture(page, f"timeline-{days}")
    page.set_viewport_size({"width": 320, "height": 640})
    expect(figure.get_by_role("img")).to_have_count(1)
    assert figure.evaluate(TOUCHING) == []
    picture(page, f"timeline-{days}-320")
    figure.screenshot(path=picture(page, "x").parent / f"figure-{days}-320.png")
    page.set_viewport_size({"width": 1280, "height": 900})
    pdf = page.pdf(format="A4")
    (picture(page, f"timeline-{days}").parent / f"timeline-{days}.pdf").write_bytes(pdf)
    read = PdfReader(io.BytesIO(pdf))
    assert len(read.pages) == 1
    words = read.pages[0].extract_text()
    assert "Fictionby" in words
    assert "What the numbers are" in words
