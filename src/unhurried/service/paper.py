"""Everything printed: tagged PDFs by typst; the same content gives the same bytes (INV-1, H14).

Typst enforces PDF/UA-1 and its warnings are errors here, so a missing font or title stops a paper.
Content comes as data: nothing anyone typed is typst's markup. Each step keeps its own templates.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import typst
from django.conf import settings

NO_SHAPE = (
    "The typeface has no shape for a character in this text. Offer it another way, or ask your "
    "administrator to add a typeface that has it."
)


class CannotRender(Exception):  # noqa: N818 - carries a sentence
    """A paper cannot be made; the sentence says why and what to do."""


def font_folder() -> Path:
    """The folder of the typeface, as the web's settings name it."""
    folder = getattr(settings, "UNHURRIED_FONTS", None) or getattr(settings, "FONTS", None)
    if folder is None or not Path(folder).is_dir():
        raise CannotRender("The typeface for printing is not installed yet: run make setup.")
    return Path(folder)


def pdf(package: str, template: str, data: Mapping[str, Any]) -> bytes:
    """The PDF of a template (`paper/plan.typ`) inside a step's package, filled with plain data.

    Raises CannotRender, with a sentence.
    """
    source = str(resources.files(package).joinpath(template))
    compiler = _compiler(source, str(font_folder()))
    try:
        made, warnings = compiler.compile_with_warnings(
            format="pdf",
            sys_inputs={"p": json.dumps(data, ensure_ascii=False, sort_keys=True)},
            pdf_standards="ua-1",
            timestamp=0,
        )
    except typst.TypstError as problem:
        raise CannotRender(_sentence(str(problem))) from problem
    if warnings:
        raise CannotRender(_sentence(str(warnings[0])))
    return bytes(made)


@cache
def _compiler(source: str, fonts: str) -> Any:
    return typst.Compiler(source, font_paths=[fonts], ignore_system_fonts=True)


def _sentence(problem: str) -> str:
    if "could not be displayed" in problem or "font" in problem:
        return NO_SHAPE
    return f"It could not be printed: {problem[:200]}"
