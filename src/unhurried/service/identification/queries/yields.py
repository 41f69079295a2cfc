"""What came of the list: listed, agreed, invited, enrolled; how right each reason was (ID-5)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.http import Http404

from unhurried.service.accounts.models import Organisation
from unhurried.service.accounts.policy import grant_for
from unhurried.service.audit.actor import Actor
from unhurried.service.identification.disclosure import (
    NOT_SHOWN,
    Figure,
    exact,
    guarded_figure,
    share,
)
from unhurried.service.identification.models import Candidate, Reason
from unhurried.service.identification.queries.extracts import practice_of
from unhurried.service.identification.queries.people import practices_served
from unhurried.service.identification.rules import PRACTICE_ROLES
from unhurried.service.identification.tables import reason_labels

Choice = Candidate.Choice


@dataclass(frozen=True, slots=True, kw_only=True)
class YieldRow:
    """For one reason: how many were listed for it, decided about, and agreed to."""

    label: str
    listed: int
    decided: int
    agreed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Yield:
    """What became of everyone a practice's records ever listed."""

    listed: int
    decided: int
    agreed: int
    invited: int
    enrolled: int
    reasons: tuple[YieldRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownReason:
    """A row of reasons as somebody may see it."""

    label: str
    listed: Figure
    decided: Figure
    agreed: Figure
    percent: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownYield:
    """The yield as somebody may see it: each step with its figure and its share of the one before.

    `rounded` when the people are not of their own practice.
    """

    steps: tuple[tuple[str, Figure, str], ...]
    reasons: tuple[ShownReason, ...]
    rounded: bool

    @property
    def listed(self) -> Figure:
        """How many were ever listed."""
        return self.steps[0][1]


def shown(found: Yield, *, own: bool) -> ShownYield:
    """The yield with every figure exact for the practice itself, else guarded one by one."""
    figure = exact if own else guarded_figure
    names = ("Listed", "Decided", "A GP agreed to invite", "Invited", "Joined")
    counts = (found.listed, found.decided, found.agreed, found.invited, found.enrolled)
    figures = [figure(count) for count in counts]
    shares = [NOT_SHOWN, *(share(part, whole) for whole, part in pairwise(figures))]
    return ShownYield(
        steps=tuple(zip(names, figures, shares, strict=True)),
        reasons=tuple(_shown_reason(each, figure) for each in found.reasons),
        rounded=not own,
    )


def _shown_reason(row: YieldRow, figure: Callable[[int], Figure]) -> ShownReason:
    decided, agreed = figure(row.decided), figure(row.agreed)
    return ShownReason(
        label=row.label, listed=figure(row.listed), decided=decided, agreed=agreed,
        percent=share(agreed, decided),
    )  # fmt: skip


DECIDED = Q(choice__in=[Choice.INVITE, Choice.NOT_SUITABLE, Choice.NOT_NOW])
AGREED = Q(choice=Choice.INVITE) | Q(invited_at__isnull=False)


def yield_of(practices: QuerySet[Organisation] | Sequence[Organisation]) -> Yield:
    """Listed, agreed, invited, enrolled; and precision by reason."""
    ever = Candidate.objects.filter(practice__in=practices, first_listed_at__isnull=False)
    counts: dict[str, Any] = ever.aggregate(
        listed=Count("pk"),
        decided=Count("pk", filter=DECIDED | AGREED),
        agreed=Count("pk", filter=AGREED),
        invited=Count("pk", filter=Q(invited_at__isnull=False)),
        enrolled=Count("pk", filter=Q(enrolled_at__isnull=False)),
    )
    by_code = {
        row["code"]: row
        for row in Reason.objects.filter(candidate__in=ever)
        .values("code")
        .annotate(
            listed=Count("pk"),
            decided=Count("pk", filter=_about_candidate(DECIDED | AGREED)),
            agreed=Count("pk", filter=_about_candidate(AGREED)),
        )
    }
    rows = tuple(
        YieldRow(
            label=label,
            listed=by_code[code]["listed"],
            decided=by_code[code]["decided"],
            agreed=by_code[code]["agreed"],
        )
        for code, label in reason_labels().items()
        if code in by_code
    )
    return Yield(**counts, reasons=rows)


def _about_candidate(condition: Q) -> Q:
    """The same condition, asked of a reason's candidate."""
    turned = Q(_connector=condition.connector, _negated=condition.negated)
    for child in condition.children:
        if isinstance(child, Q):
            turned.children.append(_about_candidate(child))
        else:
            name, value = child  # type: ignore[misc]  # a plain look-up is a pair
            turned.children.append((f"candidate__{name}", value))
    return turned


def yield_for(actor: Actor, practice: str = "") -> tuple[ShownYield, list[Organisation]]:
    """The yield of one's own practice, or of those one's provider serves (one, or all)."""
    if actor.role in PRACTICE_ROLES:
        return shown(yield_of([practice_of(actor)]), own=True), []
    if grant_for(actor.role, "yield", "r") is None:
        raise Http404
    served = list(practices_served(actor))
    chosen = [each for each in served if not practice or str(each.uuid) == practice]
    return shown(yield_of(chosen), own=False), served
