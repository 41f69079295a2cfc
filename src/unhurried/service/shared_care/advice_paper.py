"""A question to a specialist on paper, with what they see and what they answered."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils import timezone

from unhurried.service.audit import clock
from unhurried.service.paper import pdf
from unhurried.service.patients.words import day, nhs_spaced
from unhurried.service.shared_care.advice_packs import draw_pack
from unhurried.service.shared_care.models.advice import AdviceRequest, AdviceStep
from unhurried.service.shared_care.queries.advice import asked_whom, in_words
from unhurried.service.shared_care.queries.advice_today import AsOfToday

MOST_EVENTS = 40  # the newest; the page on the screen has all


def advice_pdf(request: AdviceRequest, steps: Iterable[AdviceStep], today: AsOfToday) -> bytes:
    """The question as a PDF. Raises CannotRender, with a sentence."""
    return pdf(__package__ or "", "paper/advice.typ", paper_data(request, steps, today))


def paper_data(
    request: AdviceRequest, steps: Iterable[AdviceStep], today: AsOfToday
) -> dict[str, Any]:
    """What stands on the paper, as plain text: nothing anybody typed is markup."""
    patient, pack = request.patient, today.pack
    pictures = draw_pack(pack)
    asker = request.asked_by.user.full_name
    answered_by = request.answered_by.user.full_name if request.answered_by else ""
    open_now = request.closed_at is None
    where = f"Now with {asked_whom(request)}." if open_now else f"{request.get_state_display()}."
    return {
        "name": str(patient),
        "facts": [
            f"Born {day(patient.date_of_birth)}",
            f"NHS number {nhs_spaced(patient.nhs_number) or 'not known'}", request.practice.name,
        ],
        "asked": f"Asked by {asker} on {_on(request.asked_at)}. {where}",
        "printed": f"Printed {day(clock.today())}",
        "withheld": list(today.withheld),
        "picture": str(pictures[0]) if pictures else "",
        "question": today.question, "wants": request.get_wants_display(),
        "matters": today.matters, "tried": today.tried,
        "as_at": f"What follows is as the record was on {_day(pack.get('as_at', ''))}."
        if pack.get("as_at") else "",
        "medicines": _medicines(pack.get("medicines") or {}),
        "events": [
            [_day(each["on"]), each["text"], each["number"]]
            for each in pack.get("timeline", {}).get("events", [])[-MOST_EVENTS:]
        ],
        "plan": [
            [title, list(words)] for title, words in pack.get("plan", {}).get("items", [])
        ],
        "talk": [_said(each) for each in steps if each.text],
        "answer": request.answer, "if_then": request.if_then,
        "answered": f"{answered_by}, {_on(request.answered_at)}" if request.answered_at else "",
    }  # fmt: skip


def _medicines(kept: dict[str, Any]) -> dict[str, Any]:
    return {
        "ome": kept.get("ome", ""),
        "lines": [
            [each["product"], each["directions"] or "Not known", each["figure"] or each["reason"]]
            for each in kept.get("lines", [])
        ],
    }


def _said(step: AdviceStep) -> list[str]:
    who = step.by.user.full_name if step.by else ""
    what = step.get_kind_display()
    if step.to_role:
        what = f"{what}: {in_words(step.to_role, step.to_hospital, step.to)}"
    return [f"{_on(step.at)}, {who}. {what}", step.text]


def _on(at: Any) -> str:
    return day(timezone.localdate(at)) if at else ""


def _day(text: str) -> str:
    return day(date.fromisoformat(text)) if text else ""
