"""The summary on paper: a tagged PDF, for a practice that files documents."""

from __future__ import annotations

from datetime import date

from unhurried.service.paper import pdf
from unhurried.service.patients.words import day, nhs_spaced
from unhurried.service.shared_care.documents.facts import Facts
from unhurried.service.shared_care.documents.text import moment
from unhurried.service.shared_care.summary_tables import PACKAGE


def summary_pdf(facts: Facts) -> bytes:
    """The summary as a PDF. Raises CannotRender, with a sentence."""
    return pdf(PACKAGE, "paper/summary.typ", {
        "title": facts.title, "name": facts.name,
        "born": f"Born {day(date.fromisoformat(facts.born))}",
        "number": f"NHS number {nhs_spaced(facts.nhs_number)}" if facts.nhs_number else "",
        "practice": facts.practice, "provider": facts.provider,
        "corrects": (
            f"This corrects the summary sent on {moment(facts.corrects_sent)}."
            if facts.corrects_sent else ""
        ),
        "lines": [{"label": each.label, "text": each.text} for each in facts.lines],
        "codes": [f"{each.code} {each.term}" for each in facts.codes],
        "written": f"Written by {facts.worker}, project worker, {moment(facts.written_at)}",
    })  # fmt: skip
