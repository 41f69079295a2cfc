"""What a specialist is shown of the record, frozen when the question is asked (CON-7).

The pack needs the steps above (sessions, planning), so whoever stands above hands in how it is made
and drawn; here it is only kept. A pack is plain data: the parts below, each there only when the
asker may see it and the person lets it be shared.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from markupsafe import Markup

from unhurried.service.audit.actor import Actor
from unhurried.service.patients.models import Patient

Pack = dict[str, Any]
# The parts an asker can leave out: the key in the pack, and its words on the form.
PARTS = {
    "medicines": "Medicines and the daily dose, as the records say",
    "timeline": "The timeline: when they joined, met, paused",
    "tried": "What was tried in sessions, and what they were given",
    "plan": "The plan the person agreed to show their GP",
}


@dataclass(frozen=True, slots=True)
class PackMaker:
    """`make` gathers everything the actor may pass on; `draw` gives a pack's pictures, a wide and
    a narrow one; `suggest` what was tried and what matters, in words for the asker to change;
    `today` a frozen pack without what the person does not show any more, and why not."""

    make: Callable[[Actor, Patient], Pack]
    draw: Callable[[Pack], tuple[Markup, ...]]
    suggest: Callable[[Pack], dict[str, str]]
    today: Callable[[Patient, Pack], tuple[Pack, tuple[str, ...]]]


_makers: list[PackMaker] = []


def packs_come_from(maker: PackMaker) -> None:
    """Hand in how packs are made; the last one handed in counts."""
    _makers[:] = [maker]


def make_pack(actor: Actor, patient: Patient) -> Pack:
    """The pack as it would be now, whole; empty while nobody handed in how."""
    return _makers[0].make(actor, patient) if _makers else {}


def chosen_parts(pack: Pack, share: Iterable[str]) -> Pack:
    """The pack with only the parts that were chosen, and what every pack has."""
    keep = set(share)
    found = {key: value for key, value in pack.items() if key not in PARTS or key in keep}
    if "timeline" in found:
        timeline = dict(found["timeline"])
        if "medicines" not in keep:
            timeline |= {"steps": [], "shows_dose": False}
        if "plan" not in found:  # left out, or kept from the GP, who reads this too
            timeline["events"] = _without(timeline["events"], "plan")
        found["timeline"] = timeline
    return found


def allowed_today(patient: Patient, pack: Pack) -> tuple[Pack, tuple[str, ...]]:
    """A frozen pack as the person lets it be read today, and a sentence for each part withheld."""
    return _makers[0].today(patient, pack) if _makers and pack else (pack, ())


def without_plan(pack: Pack) -> Pack:
    """The pack without the plan, and without the days on which it was agreed."""
    found = {key: value for key, value in pack.items() if key != "plan"}
    if "timeline" in found:
        timeline = found["timeline"]
        found["timeline"] = {**timeline, "events": _without(timeline["events"], "plan")}
    return found


def _without(events: Iterable[dict[str, Any]], kind: str) -> list[dict[str, Any]]:
    """The numbered events but for one kind, numbered again."""
    left = (each for each in events if each["kind"] != kind)
    return [{**each, "number": number} for number, each in enumerate(left, 1)]


def draw_pack(pack: Pack) -> tuple[Markup, ...]:
    """The pictures of a pack; none where there is no timeline in it."""
    return _makers[0].draw(pack) if _makers and pack.get("timeline") else ()


def suggested(pack: Pack) -> dict[str, str]:
    """Words for `tried` and `matters` to begin from."""
    return _makers[0].suggest(pack) if _makers else {}


def readable(pack: Pack) -> Pack:
    """The pack for a page: its days as dates."""
    found = {**pack, "as_at": _day(pack.get("as_at", ""))}
    if "medicines" in pack:
        lines = pack["medicines"].get("lines", [])
        shown = [{**each, "issued": _day(each["issued"])} for each in lines]
        found["medicines"] = {**pack["medicines"], "lines": shown}
    if "timeline" in pack:
        events = [{**each, "on": _short(each["on"])} for each in pack["timeline"]["events"]]
        found["timeline"] = {**pack["timeline"], "events": events}
    if "plan" in pack:
        found["plan"] = {**pack["plan"], "agreed_on": _day(pack["plan"]["agreed_on"])}
    return found


def _short(text: str) -> str:
    """3 Nov 2026, for a narrow column."""
    on = date.fromisoformat(text)
    return f"{on.day} {on:%b} {on.year}"


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
