"""The whole picture: markers above, dose, pain and stress below, the months at the foot.

    drawing = draw(content, WIDE, key="wide", title="...", description="...")
    drawing.svg         markup, with a title and a description for who does not see it

Sizes are in units that are pixels where the picture is as wide as its size says.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from unhurried.web.case.drawing.content import Content
from unhurried.web.case.drawing.dose import dose_axis, draw_axis, draw_dose, draw_uncounted
from unhurried.web.case.drawing.ink import (
    INK,
    INK_SOFT,
    LETTERS,
    LINE,
    LINE_STRONG,
    OCHRE_DEEP,
    OCHRE_PALE,
    PAPER_DEEP,
    TEAL,
    WHITE,
    Box,
    Element,
    Sheet,
    Words,
    text_width,
)
from unhurried.web.case.drawing.markers import Marker, markers
from unhurried.web.case.drawing.scale import Days, Numbers, roomy, ticks
from unhurried.web.case.drawing.scores import draw_scores, pain_point, stress_point

FILLS = {"alert": (OCHRE_PALE, OCHRE_DEEP, INK)}  # fill, edge, letters
QUIET = (WHITE, TEAL, INK)
LOUD = (TEAL, TEAL, WHITE)
CLOSE = 3  # more events than this under one marker, and only the ends of their lines show
LOUD_KINDS = frozenset({"joined", "ended", "plan", "pause", "resume", "worker"})


@dataclass(frozen=True, slots=True)
class Size:
    """How wide, how high the panels are, and how large the letters."""

    width: float
    letters: float
    left: float
    right: float
    dose: float
    scores: float


WIDE = Size(width=880, letters=15, left=46, right=14, dose=190, scores=112)
NARROW = Size(width=344, letters=14, left=38, right=8, dose=170, scores=112)


@dataclass(frozen=True, slots=True)
class Drawing:
    """The picture, and where its words and markers are (for who checks that none touch)."""

    svg: Markup
    width: float
    height: float
    words: Sequence[Words]
    markers: Sequence[Marker]


def draw(
    content: Content, size: Size, *, key: str, title: str = "", description: str = ""
) -> Drawing:
    """Draw it. `key` keeps the ids of two pictures on one page apart."""
    return _Picture(content, size, key).whole(title, description)


class _Picture:
    """One picture while it is made, from the top down."""

    def __init__(self, content: Content, size: Size, key: str) -> None:
        self.content, self.size, self.key = content, size, key
        first, last = roomy(content.first, content.last)
        self.days = Days(first, last, size.left, size.width - size.right)
        self.sheet = Sheet(Box(0, 0, size.width, 10_000))
        self.markers: list[Marker] = []

    def whole(self, title: str, description: str) -> Drawing:
        """Everything, in its order: what lies below is drawn first."""
        content, size, sheet = self.content, self.size, self.sheet
        events = [each for each in content.events if content.first <= each.on <= content.last]
        row = size.letters + 6
        marks = row * (2 if any(each.short for each in events) else 0)
        head = marks + (row + 16 if events else 4)
        dose_top = head + row
        dose_end = dose_top + (size.dose if content.shows_dose else 0)
        uncounted = any(step.beside for step, _, _ in content.lasting())
        strip_end = dose_end + (row + 2 if uncounted and content.shows_dose else 0)
        scored = content.shows_scores and size.scores > 0
        score_top = strip_end + row + 14
        score_end = score_top + size.scores if scored else strip_end
        foot = score_end
        self._spans(dose_top, foot)
        self._months(dose_top, foot)
        places = [self.days.x(each.on) for each in events]
        self.markers = markers(events, places, 2, size.width - 2, size.letters - 1)
        panels = [(dose_top, dose_end)] if content.shows_dose else []
        panels += [(score_top, score_end)] if scored else []
        if panels:
            self._hairlines(marks + row, dose_top - row + 2, panels)
        if content.shows_dose:
            self._dose(dose_top, dose_end)
        if scored:
            self._scores(score_top, score_end)
        if content.shows_dose and uncounted:
            draw_uncounted(sheet, content, self.days, dose_end + 4, strip_end, size.letters - 1)
        self._today(dose_top, foot)
        self._pills(marks, row)
        height = foot + 2 * row + 4
        over = min((each.box.top for each in sheet.words), default=marks) - 4
        top = max(0, min(over, marks if events else over))
        svg = self._svg(top, height - top, title, description)
        return Drawing(svg, size.width, height - top, sheet.words, self.markers)

    def _spans(self, top: float, foot: float) -> None:
        letters = self.size.letters
        for span in self.content.spans:
            if span.end < self.content.first or span.start > self.content.last:
                continue
            left, right = self.days.x(span.start), max(self.days.x(span.end), 0)
            self.sheet.rect(Box(left, top, max(right, left + 2), foot), fill=PAPER_DEEP)
            if text_width(span.words, letters - 1) <= right - left - 6:
                self.sheet.write(
                    Words((left + right) / 2, top + letters + 2, span.words, letters - 1, "middle",
                          INK_SOFT)
                )  # fmt: skip

    def _months(self, top: float, foot: float) -> None:
        letters, sheet = self.size.letters, self.sheet
        named = ticks(self.days, letters)
        for tick in named:
            x = self.days.x(tick.on)
            sheet.line(x, top, x, foot + 4, stroke=LINE_STRONG if tick.strong else LINE)
        year = None
        for tick in named:
            x = self.days.x(tick.on)
            base = foot + letters + 6
            if not sheet.write(self._kept_in(x, base, tick.words, letters), apart=2):
                continue
            if tick.on.year != year and sheet.write(
                self._kept_in(x, base + letters + 4, str(tick.on.year), letters, 600), apart=2
            ):
                year = tick.on.year

    def _kept_in(self, x: float, y: float, text: str, letters: float, weight: int = 400) -> Words:
        """Words under or over a place, moved in where they would leave the paper."""
        half = text_width(text, letters) / 2 + 1
        x = min(max(x, half), self.size.width - half)
        return Words(x, y, text, letters, "middle", INK if weight > 400 else INK_SOFT, weight)

    def _hairlines(self, top: float, turn: float, panels: Sequence[tuple[float, float]]) -> None:
        """From each marker to the days of its events, and down through both panels.

        Where sessions stand close only their ends show: many lines would hide what they cross.
        """
        foot = panels[-1][1]
        for marker in self.markers:
            crowded = len(marker.events) > CLOSE
            drawn: dict[int, bool] = {}
            for event, place in zip(marker.events, marker.places, strict=True):
                loud = event.kind in LOUD_KINDS or event.kind == "alert"
                drawn[round(place)] = drawn.get(round(place), False) or loud
            quiet = f"M{marker.middle:.1f} {top:.1f}V{top + 5:.1f}"
            for place, loud in drawn.items():
                quiet += f"M{marker.middle:.1f} {top + 5:.1f}L{place} {turn:.1f}"
                ends = [(turn, foot)]
                if crowded and not loud:
                    ends = [(turn, turn + 8), *((end - 6, end) for _, end in panels)]
                quiet += "".join(f"M{place} {y1:.1f}V{y2:.1f}" for y1, y2 in ends if not loud)
            self._stroke(quiet, TEAL, "0.35")
            for event, place in zip(marker.events, marker.places, strict=True):
                if event.kind in LOUD_KINDS:
                    self._stroke(f"M{round(place)} {turn:.1f}V{foot:.1f}", TEAL, "0.75")
                elif event.kind == "alert":
                    self._stroke(f"M{round(place)} {turn:.1f}V{foot:.1f}", OCHRE_DEEP, "0.9")

    def _stroke(self, path: str, ink: str, opacity: str) -> None:
        self.sheet.add("path", d=path, fill="none", stroke=ink, stroke_opacity=opacity)

    def _dose(self, top: float, bottom: float) -> None:
        content, size, sheet = self.content, self.size, self.sheet
        numbers, step = dose_axis(content, top, bottom)
        if content.steps or content.planned:
            draw_axis(sheet, self.days, numbers, step, size.letters)
        else:
            middle = (self.days.left + self.days.right) / 2
            sheet.line(self.days.left, bottom, self.days.right, bottom, stroke=LINE_STRONG)
            sheet.write(Words(middle, (top + bottom) / 2, "No medicines list yet", size.letters,
                              "middle", INK_SOFT, halo=True))  # fmt: skip
        self._heading(top, "OME, mg a day")
        draw_dose(sheet, content, self.days, numbers, size.letters, self.key)

    def _heading(self, top: float, text: str) -> float:
        letters = self.size.letters
        self.sheet.write(
            Words(2, top - letters * 0.75, text, letters, weight=600, halo=True), apart=0
        )
        return 2 + text_width(text, letters)

    def _scores(self, top: float, bottom: float) -> None:
        sheet, letters = self.sheet, self.size.letters
        numbers = Numbers(10, top, bottom)
        draw_axis(sheet, self.days, numbers, 5, letters)
        base = top - letters * 0.75
        end = self._heading(top, "Pain")
        pain_point(sheet, end + 10, base - letters * 0.33)
        words = Words(end + 20, base, "and stress", letters, weight=600, halo=True)
        sheet.write(words, apart=0)
        stress_point(sheet, words.box.right + 11, base - letters * 0.33)
        sheet.write(
            Words(words.box.right + 22, base, "0 to 10", letters, ink=INK_SOFT, halo=True), apart=0
        )
        draw_scores(sheet, self.content, self.days, numbers, letters)

    def _today(self, top: float, foot: float) -> None:
        today = self.content.today
        if self.content.planned and self.content.first <= today < self.content.last:
            x = self.days.x(today)
            self.sheet.line(x, top, x, foot, stroke=INK_SOFT, stroke_dasharray="1 3")
            self.sheet.write(
                Words(x, foot - 4, "today", self.size.letters - 1, "end", INK_SOFT, halo=True)
            )

    def _pills(self, marks: float, row: float) -> None:
        sheet, letters = self.sheet, self.size.letters - 1
        for marker in self.markers:
            fill, edge, ink = FILLS.get(marker.kind, LOUD if marker.kind in LOUD_KINDS else QUIET)
            box = Box(marker.left, marks, marker.right, marks + row)
            sheet.rect(box, rx=row / 2, fill=fill, stroke=edge, stroke_width=1.4)
            sheet.words.append(
                Words(marker.middle, marks + row / 2 + letters * 0.35, marker.text, letters,
                      "middle", ink, 600)
            )  # fmt: skip
            sheet.taken.append(box)
        if not marks:
            return
        told = [each for each in self.markers if each.short]
        for marker in sorted(told, key=lambda each: each.kind != "alert"):
            first, *more = marker.short
            together = ", ".join([first, *(each[:1].lower() + each[1:] for each in more)])
            for text in dict.fromkeys((together, *marker.short)):
                levels = [marks - 9, marks - row - 6]
                if any(
                    sheet.write(self._kept_in(marker.middle, y, text, letters), apart=3)
                    for y in levels
                ):
                    break

    def _svg(self, top: float, height: float, title: str, description: str) -> Markup:
        key, size = self.key, self.size
        stops = (
            Element("stop", {"offset": "0", "stop-color": TEAL, "stop-opacity": "0"}),
            Element("stop", {"offset": "1", "stop-color": TEAL, "stop-opacity": "0.3"}),
        )
        fade = Element("linearGradient", {"id": f"{key}-open", "x1": 0, "y1": 0, "x2": 0,
                                          "y2": 1}, within=stops)  # fmt: skip
        within = (
            Element("title", {"id": f"{key}-title"}, title),
            Element("desc", {"id": f"{key}-desc"}, description),
            Element("defs", {}, within=(fade,)),
            Element("rect", {"y": top, "width": size.width, "height": height, "fill": WHITE}),
            *self.sheet.elements,
            *(words.element() for words in self.sheet.words),
        )
        given: dict[str, object] = {
            "xmlns": "http://www.w3.org/2000/svg",
            "viewBox": f"0 {top:g} {size.width:g} {height:g}",
            "role": "img", "aria-labelledby": f"{key}-title {key}-desc", "font-family": LETTERS,
            "width": size.width, "height": height,
        }  # fmt: skip
        return Markup(Element("svg", given, within=within).__html__())  # noqa: S704 - escaped there
