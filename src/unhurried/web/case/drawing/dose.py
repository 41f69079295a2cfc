"""The upper panel: the dose as steps over time, with its range and what could not be counted."""

from __future__ import annotations

from datetime import date

from unhurried.web.case.drawing.content import Content, DoseStep
from unhurried.web.case.drawing.ink import (
    INK,
    INK_SOFT,
    LINE,
    LINE_STRONG,
    OCHRE_DEEP,
    OCHRE_PALE,
    TEAL,
    WHITE,
    Box,
    Sheet,
    Words,
    text_width,
)
from unhurried.web.case.drawing.scale import Days, Numbers, round_most

Lasting = tuple[DoseStep, date, date]
OPEN_ABOVE = 26.0  # how far "at least" reaches up


def dose_axis(content: Content, top: float, bottom: float) -> tuple[Numbers, float]:
    """The numbers up the side for all doses shown, and the step between those named."""
    shown = [step for step, _, _ in (*content.lasting(), *content.planning())]
    values = [each for step in shown for each in (step.least, step.most) if each is not None]
    most, step = round_most(max(values, default=0))
    return Numbers(most, top, bottom), step


def draw_axis(sheet: Sheet, days: Days, numbers: Numbers, step: float, size: float) -> None:
    """Level lines with their numbers at the left."""
    count = round(numbers.most / step)
    for each in range(count + 1):
        y = numbers.y(each * step)
        ink = LINE_STRONG if each == 0 else LINE
        sheet.line(days.left, y, days.right, y, stroke=ink)
        text = f"{each * step:g}"
        sheet.write(Words(days.left - 8, y + size * 0.34, text, size, "end", INK_SOFT), apart=-size)


def draw_dose(
    sheet: Sheet, content: Content, days: Days, numbers: Numbers, size: float, key: str
) -> None:
    """The steps, and their words where there is room. `key` keeps ids of two pictures apart."""
    lasting = content.lasting()
    for step, start, end in lasting:
        _area(sheet, step, days.x(start), days.x(end), numbers, key)
    _edges(sheet, content, lasting, days, numbers)
    for step, start, end in content.planning():
        if step.least is not None:
            y = numbers.y(step.most if step.most is not None else step.least)
            sheet.line(days.x(start), y, days.x(end), y, stroke=TEAL, stroke_width=2,
                       stroke_dasharray="2 5", stroke_linecap="round")  # fmt: skip
    _lists(sheet, content, days, numbers)
    _words(sheet, lasting, days, numbers, size)


def _area(
    sheet: Sheet, step: DoseStep, left: float, right: float, numbers: Numbers, key: str
) -> None:
    if step.least is None:
        if right - left >= 2:
            box = Box(left + 1, numbers.top, right - 1, numbers.bottom)
            sheet.rect(box, fill=WHITE, stroke=LINE_STRONG, stroke_dasharray="3 4")
        return
    low = numbers.y(step.least)
    if step.most is None:
        top = max(low - OPEN_ABOVE, numbers.top)
        sheet.rect(Box(left, top, right, low), fill=f"url(#{key}-open)")
    elif step.most > step.least:
        sheet.rect(Box(left, numbers.y(step.most), right, low), fill=TEAL, fill_opacity="0.17")


def _edges(
    sheet: Sheet, content: Content, lasting: list[Lasting], days: Days, numbers: Numbers
) -> None:
    """The line of the least and the line of the most: one, where they are the same.

    What a newer list does not bear out yet, after the day of the newest one, is drawn in dashes.
    """
    newest = content.steps[-1].start if content.steps else content.today
    borne = max(newest, content.first)
    for most in (False, True):
        path: list[str] = []
        joined = False
        for step, start, end in lasting:
            value = (step.most if step.most is not None else step.least) if most else step.least
            if value is None:
                joined = False
                continue
            y, left, right = numbers.y(value), days.x(start), days.x(min(end, max(borne, start)))
            path.append(f"{'L' if joined else 'M'}{left:.1f} {y:.1f}H{right:.1f}")
            joined = end <= borne
            if end > borne:
                begin = days.x(max(borne, start))
                sheet.line(begin, y, days.x(end), y, stroke=TEAL, stroke_width=2.5,
                           stroke_dasharray="7 5")  # fmt: skip
        if path:
            sheet.add("path", d="".join(path), fill="none", stroke=TEAL, stroke_width=2.5,
                      stroke_linejoin="round")  # fmt: skip


def _lists(sheet: Sheet, content: Content, days: Days, numbers: Numbers) -> None:
    """A dot on the day of each list the records gave."""
    for step in content.steps:
        if step.least is not None and content.first <= step.start <= content.last:
            y = numbers.y(step.most if step.most is not None else step.least)
            sheet.add("circle", cx=days.x(step.start), cy=y, r=3.5, fill=TEAL, stroke=WHITE)


def _words(sheet: Sheet, lasting: list[Lasting], days: Days, numbers: Numbers, size: float) -> None:
    """Each step's figure by its line; today's first, then the first, then those that last."""
    for step, start, end in lasting:
        if step.least is not None:
            upper = numbers.y(step.most if step.most is not None else step.least)
            lower = numbers.y(step.least)
            sheet.lines.append(Box(days.x(start), upper - 2, days.x(end), lower + 2))
    ranked = sorted(
        range(len(lasting)),
        key=lambda n: (n != len(lasting) - 1, n != 0, lasting[n][1] - lasting[n][2]),
    )
    for number in ranked:
        step, start, end = lasting[number]
        left, right = days.x(start), days.x(end)
        if step.least is None:
            _gap_words(sheet, step, left, right, numbers, size)
        elif number == len(lasting) - 1:
            _figure(sheet, step, left, right, numbers, size * 1.1, last=True)
        elif text_width(step.words, size) <= right - left + 30:
            # for too short a time its words would be far away: they are in the table
            _figure(sheet, step, left, right, numbers, size, last=False)


def _figure(
    sheet: Sheet, step: DoseStep, left: float, right: float, numbers: Numbers, size: float,
    *, last: bool,
) -> None:  # fmt: skip
    """A step's figure, off the lines where there is room; today's in any case."""
    upper = numbers.y(step.most if step.most is not None else step.least or 0)
    if step.most is None:
        upper = max(upper - OPEN_ABOVE * 0.6, numbers.top)
    lower = numbers.y(step.least or 0)
    text, weight = step.words + (" mg" if last else ""), 600 if last else 400
    above, below = upper - size * 0.5, lower + size * 1.15
    begin = [(left + 5, above, "start"), (left + 5, below, "start")]
    end = [(right - 4, above, "end"), (right - 4, below, "end")]
    tries = [*end, *begin] if last else [*begin, *end]
    for off_lines in (True, False):
        for x, y, anchor in tries:
            if y > numbers.bottom - 2 or y - size < numbers.top - size * 1.4:
                continue
            words = Words(x, y, text, size, anchor, INK, weight, halo=True)
            if sheet.write(words, off_lines=off_lines):
                return
        if not last:
            return


def _gap_words(
    sheet: Sheet, step: DoseStep, left: float, right: float, numbers: Numbers, size: float
) -> None:
    middle, level = (left + right) / 2, (numbers.top + numbers.bottom) / 2
    for turned in (False, True):
        words = Words(middle + (size * 0.28 if turned else 0), level, step.words, size, "middle",
                      INK_SOFT, turned=turned, halo=True)  # fmt: skip
        if words.box.right - words.box.left <= right - left + 8 and sheet.write(words):
            return


def draw_uncounted(
    sheet: Sheet, content: Content, days: Days, top: float, bottom: float, size: float
) -> None:
    """Under the panel: as long as a part is left out of the figure, a strip that names it."""
    shown: list[tuple[str, float, float]] = []
    for step, start, end in content.lasting():
        left, right = days.x(start), days.x(end)
        if shown and step.beside == shown[-1][0] and left <= shown[-1][2] + 0.1:
            shown[-1] = (step.beside, shown[-1][1], right)
        else:
            shown.append((step.beside, left, right))
    for beside, left, right in shown:
        if not beside:
            continue
        until = max(right, left + 3)
        sheet.rect(Box(left, top, until, bottom), fill=OCHRE_PALE, rx=3)
        sheet.line(left, top, until, top, stroke=OCHRE_DEEP)
        base = (top + bottom) / 2 + size * 0.34
        for text in (beside, "not counted"):
            tries = [Words(left + 5, base, text, size, ink=OCHRE_DEEP)]
            tries.append(Words(right, base, text, size, "end", OCHRE_DEEP))
            if any(sheet.write(words, apart=4) for words in tries):
                break
