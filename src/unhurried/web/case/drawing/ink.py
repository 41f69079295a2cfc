"""Colours, letters and the elements of SVG. Colours are those of styles/_colours.scss.

They stand in the picture itself, as attributes and never as styles: the policy of our pages forbids
styles within them, and the picture stays whole where no stylesheet goes along.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from markupsafe import Markup, escape

WHITE = "#ffffff"
PAPER = "#fcfaf5"
PAPER_DEEP = "#f4f0e6"
INK = "#20262b"
INK_SOFT = "#565e64"
LINE = "#e0dacb"
LINE_STRONG = "#b9b19e"
TEAL = "#0b5a5e"
TEAL_PALE = "#e3efee"
OCHRE = "#c98a16"
OCHRE_DEEP = "#80500a"
OCHRE_PALE = "#fbf0d6"
LETTERS = "Atkinson Hyperlegible Next, verdana, arial, sans-serif"

# Widths of our typeface's semi-bold, in hundredths of the letter size, as Chromium measures them.
_WIDTHS = {
    25: "j.,:;!|'", 28: "i", 30: "l ", 32: "()", 36: "ft", 39: "r-/", 43: "I1", 49: "z", 50: "csy",
    52: "vx–", 54: "ak7", 55: "eJL", 56: "hnuF", 57: "2o", 59: "3bdpqETg9", 61: "5SZ",
    63: "468PBVY", 66: "RCK0A", 68: "XD", 71: "UHGN", 74: "Ow", 85: "M", 88: "mWQ…%",
}  # fmt: skip
WIDTH = {letter: width / 100 for width, letters in _WIDTHS.items() for letter in letters}
WIDEST = 0.9


def text_width(text: str, size: float) -> float:
    """How wide these words are at most, in the units of the picture."""
    return sum(WIDTH.get(letter, WIDEST) for letter in text) * size


@dataclass(frozen=True, slots=True)
class Element:
    """One element of SVG. Attributes with None are left out; `_` in a name becomes `-`."""

    tag: str
    attributes: dict[str, object]
    text: str = ""
    within: tuple[Element, ...] = ()

    def __html__(self) -> str:
        """The element as markup, everything in it escaped."""
        given = "".join(
            f' {name.replace("_", "-")}="{escape(_plain(value))}"'
            for name, value in self.attributes.items()
            if value is not None
        )
        inner = escape(self.text) + Markup("").join(self.within)
        return f"<{self.tag}{given}>{inner}</{self.tag}>" if inner else f"<{self.tag}{given}/>"


def _plain(value: object) -> str:
    """Numbers short: a tenth of a pixel is finer than anybody sees."""
    return f"{round(value, 1):g}" if isinstance(value, float) else str(value)


@dataclass(frozen=True, slots=True)
class Box:
    """A place on the paper."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: Box, *, apart: float = 0) -> bool:
        """Do they overlap, or come nearer than `apart`?"""
        beside = self.right + apart <= other.left or other.right + apart <= self.left
        above = self.bottom + apart <= other.top or other.bottom + apart <= self.top
        return not (beside or above)

    def within(self, other: Box) -> bool:
        """Is it wholly inside?"""
        across = other.left <= self.left and self.right <= other.right
        return across and other.top <= self.top and self.bottom <= other.bottom


@dataclass(frozen=True, slots=True)
class Words:
    """Words at a place: `x` is their left, middle or right by `anchor`; `y` their baseline."""

    x: float
    y: float
    text: str
    size: float
    anchor: str = "start"
    ink: str = INK
    weight: int = 400
    turned: bool = False  # upwards, around its own middle
    halo: bool = False  # paper around the letters, where lines run behind them

    @property
    def box(self) -> Box:
        """The place the words take."""
        wide = text_width(self.text, self.size)
        if self.turned:
            half = wide / 2
            return Box(self.x - self.size * 0.8, self.y - half, self.x + self.size * 0.25,
                       self.y + half)  # fmt: skip
        left = self.x - {"start": 0.0, "middle": wide / 2, "end": wide}[self.anchor]
        return Box(left, self.y - self.size * 0.8, left + wide, self.y + self.size * 0.25)

    def element(self) -> Element:
        """The words as SVG."""
        given: dict[str, object] = {
            "x": self.x, "y": self.y, "font_size": self.size, "fill": self.ink,
            "font_weight": self.weight if self.weight != 400 else None,
            "text_anchor": "middle" if self.turned else self.anchor,
        }  # fmt: skip
        if self.turned:
            given["transform"] = f"rotate(-90 {self.x:.1f} {self.y:.1f})"
        if self.halo:
            given |= {"stroke": WHITE, "stroke_width": 4, "stroke_linejoin": "round",
                      "paint_order": "stroke"}  # fmt: skip
        return Element("text", given, self.text)


@dataclass(slots=True)
class Sheet:
    """The paper while it is drawn on: lines below, then words that never lie on one another."""

    box: Box
    elements: list[Element] = field(default_factory=list)
    words: list[Words] = field(default_factory=list)
    taken: list[Box] = field(default_factory=list)  # by words and markers
    lines: list[Box] = field(default_factory=list)  # words keep off these where they can

    def add(self, tag: str, **attributes: object) -> None:
        """Draw a line or an area."""
        self.elements.append(Element(tag, attributes))

    def line(self, x1: float, y1: float, x2: float, y2: float, **more: object) -> None:
        """Draw a straight line."""
        self.add("line", x1=x1, y1=y1, x2=x2, y2=y2, **more)

    def rect(self, box: Box, **more: object) -> None:
        """Fill an area."""
        width, height = box.right - box.left, box.bottom - box.top
        self.add("rect", x=box.left, y=box.top, width=width, height=height, **more)

    def write(self, words: Words, *, apart: float = 3, off_lines: bool = False) -> bool:
        """Write the words if there is room for them; say whether there was."""
        if not words.box.within(self.box):
            return False
        if off_lines and any(words.box.meets(each) for each in self.lines):
            return False
        if any(words.box.meets(each, apart=apart) for each in self.taken):
            return False
        self.words.append(words)
        self.taken.append(words.box)
        return True
