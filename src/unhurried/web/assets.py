"""What `make pages` builds beside the package's own files, and where it is.

`FONTS` holds Atkinson Hyperlegible Next as TTF (regular, italic, semibold, bold): pages, letters
and charts all take it from there (`settings.FONTS`).
"""

from __future__ import annotations

from pathlib import Path

BUILT = Path(__file__).resolve().parent / "static/built"
FONTS = BUILT / "fonts"


def missing() -> str:
    """A sentence that says what to do when the pages' styles were not built, or nothing."""
    if (BUILT / "unhurried.css").is_file() and any(FONTS.glob("*.ttf")):
        return ""
    return "The pages' styles and typeface are not built yet. Run: make pages"
