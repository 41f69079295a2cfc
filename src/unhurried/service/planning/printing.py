"""The plan on paper: a tagged PDF, plain or in large print, in the person's own voice."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils import timezone

from unhurried.service.audit import clock
from unhurried.service.paper import pdf
from unhurried.service.patients.models import Patient
from unhurried.service.patients.words import day
from unhurried.service.planning.models import Agreement
from unhurried.service.planning.queries.assessment import episode_to_show
from unhurried.service.planning.queries.plan import ItemShown, PlanShown
from unhurried.service.planning.tables import help_now, words_of


def plan_pdf(
    patient: Patient, plan: PlanShown, agreement: Agreement | None, *, large: bool = False
) -> bytes:
    """The plan as a PDF. `agreement` is None while the plan as printed is not agreed to yet.

    Raises CannotRender, with a sentence, when the typeface is missing or lacks a character.
    """
    return pdf(
        __package__ or "", "paper/plan.typ", plan_data(patient, plan, agreement, large=large)
    )


def plan_data(
    patient: Patient, plan: PlanShown, agreement: Agreement | None, *, large: bool
) -> dict[str, Any]:
    """What stands on the paper, as plain text: nothing anybody typed is markup."""
    said = words_of("paper")
    episode = episode_to_show(patient)
    worker = episode.project_worker.user.full_name if episode and episode.project_worker else ""
    practice = patient.practice
    at_work = episode.provider.phone if episode else ""
    people = [
        (said["worker"], ", ".join(filter(None, (worker, at_work)))),
        (practice.name, practice.phone),
    ]
    agreed = timezone.localdate(agreement.at) if agreement else None
    help_lines = [f"{each.words}: {each.number}" for each in help_now("suicidality")]
    return {
        "large": large, "said": said, "name": f"{patient}",
        "printed": f"{said['printed']} {_day(clock.today())}",
        "matters": plan.matters, "helps": plan.helps, "pace": plan.pace,
        "sections": [
            {"title": title, "items": [_item(each, said) for each in items]}
            for _status, title, items in plan.groups
        ],
        "topics": [f"{what} ({when[:1].lower()}{when[1:]})" for what, when in plan.topics],
        "review": _review(plan.review_on, said),
        "agreed": f"{said['agreed']} {_day(agreed)}." if agreed else "",
        "people": [{"who": who, "how": how} for who, how in people if how],
        "help": help_lines,
    }  # fmt: skip


def _item(item: ItemShown, said: Mapping[str, str]) -> dict[str, Any]:
    facts = [item.where, item.who]
    if item.review_on:
        past = item.review_on < clock.today()
        on = f"{said['look_again']} {_day(item.review_on)}"
        facts.append(said["look_again_soon"] if past else on)
    ready = "" if item.readiness is None else f"{said['ready']} {item.readiness} {said['of_ten']}"
    return {
        "words": item.words, "kind": item.strategy.name, "facts": facts, "ready": ready,
        "dots": item.readiness,
    }  # fmt: skip


def _review(on: date | None, said: Mapping[str, str]) -> str:
    """When to look at it all again; a day gone by is no reproach, the next meeting is as good."""
    if on is None:
        return ""
    return said["review_soon"] if on < clock.today() else f"{said['review']} {_day(on)}."


def _day(value: date) -> str:
    """A date that stays on one line."""
    return day(value).replace(" ", "\N{NO-BREAK SPACE}")
