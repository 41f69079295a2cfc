"""The timeline as a picture: dataclasses in, SVG out. Nothing here knows Django or the clock."""

from unhurried.web.case.drawing.content import (
    Content,
    DoseStep,
    Event,
    Score,
    Span,
)
from unhurried.web.case.drawing.draw import Drawing, Size, draw

__all__ = ["Content", "DoseStep", "Drawing", "Event", "Score", "Size", "Span", "draw"]
