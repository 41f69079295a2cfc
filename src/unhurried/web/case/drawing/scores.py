"""The lower panel: pain and stress as the person gave them. Points only: between them is nothing
that anybody knows."""

from __future__ import annotations

from unhurried.web.case.drawing.content import Content
from unhurried.web.case.drawing.ink import INK, OCHRE_DEEP, OCHRE_PALE, Sheet, Words
from unhurried.web.case.drawing.scale import Days, Numbers

BESIDE = 1.6  # pain a little to the left, stress to the right: equal ones are both seen


def draw_scores(sheet: Sheet, content: Content, days: Days, numbers: Numbers, size: float) -> None:
    """A filled dot for pain, an open diamond for stress; the same point is drawn once."""
    drawn: set[tuple[str, int, int]] = set()
    shown = [each for each in content.scores if content.first <= each.on <= content.last]
    for score in shown:
        x, y = days.x(score.on), numbers.y(score.value)
        place = (score.of, round(x), round(y))
        if place in drawn:
            continue
        drawn.add(place)
        if score.of == "pain":
            pain_point(sheet, x - BESIDE, y)
        else:
            stress_point(sheet, x + BESIDE, y)
    if not shown:
        middle = (days.left + days.right) / 2
        sheet.write(
            Words(middle, (numbers.top + numbers.bottom) / 2 + 4, "Nothing noted in this time",
                  size, "middle", INK, halo=True)
        )  # fmt: skip


def pain_point(sheet: Sheet, x: float, y: float) -> None:
    """The point for pain."""
    sheet.add("circle", cx=x, cy=y, r=3.4, fill=INK)


def stress_point(sheet: Sheet, x: float, y: float) -> None:
    """The point for stress."""
    d = f"M{x:.1f} {y - 4.6:.1f}l4.6 4.6l-4.6 4.6l-4.6 -4.6z"
    sheet.add("path", d=d, fill=OCHRE_PALE, stroke=OCHRE_DEEP, stroke_width=1.6)
