"""The pack a specialist sees beside a question: made of every step, handed in from above (CON-7).

It holds what the asker may see and the person shares, and nothing else: medicines and dose as the
records say, days and kinds of what happened, what was tried, and the plan the person agreed to show
their GP. Never a note, an alert or a worksheet's words; of worksheets the daily numbers of those
that the person showed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from datetime import date, timedelta
from typing import Any

from django.utils import timezone
from markupsafe import Markup

from unhurried.service.audit import clock
from unhurried.service.audit.actor import Actor
from unhurried.service.patients import queries as patients
from unhurried.service.patients.models import Patient
from unhurried.service.patients.queries import DoseLine
from unhurried.service.patients.words import day
from unhurried.service.planning import queries as planning
from unhurried.service.sessions import queries as sessions
from unhurried.service.shared_care.advice_packs import (
    Pack,
    PackMaker,
    packs_come_from,
    without_plan,
)
from unhurried.web.case.drawing import Content, DoseStep, Event, Score, Span, draw
from unhurried.web.case.drawing.draw import NARROW, WIDE
from unhurried.web.case.gathering import IN_THE_PICTURE, Gathered, gather

# What of the timeline is told: that and when, never what was said, and no alert.
TOLD = frozenset({"joined", "session", "plan", "pause", "resume", "ended"})


def make_pack(actor: Actor, patient: Patient) -> Pack:
    """Everything `actor` may pass on about this person today, as plain data."""
    found = gather(actor, patient)
    pack: Pack = {"as_at": clock.today().isoformat()}
    if found.sees_dose and found.doses:
        pack["medicines"] = _medicines(patients.dose_line(patient))
    pack["timeline"] = _timeline(found, patient)
    tried = _tried(actor, patient)
    if tried["sessions"]:
        pack["tried"] = tried
    plan = _plan(actor, patient)
    if plan:
        pack["plan"] = plan
    return pack


def _medicines(line: DoseLine | None) -> dict[str, Any]:
    if line is None:
        return {}
    return {
        "as_at": line.as_at.isoformat(), "ome": line.sentence, "factor_set": line.factor_set,
        "warnings": list(line.warnings),
        "lines": [
            {
                "product": each.product, "directions": each.directions,
                "issued": each.last_issued.isoformat() if each.last_issued else "",
                "figure": each.figure, "reason": each.reason,
            }
            for each in line.medicines
        ],
    }  # fmt: skip


def _timeline(found: Gathered, patient: Patient) -> dict[str, Any]:
    content = found.content
    told = [each.told for each in found.events if each.told.kind in TOLD]
    shown = _days_shown(patient)
    return {
        "first": content.first.isoformat(), "last": content.last.isoformat(),
        "shows_dose": content.shows_dose,
        "steps": [{**asdict(each), "start": each.start.isoformat()} for each in content.steps],
        "events": [
            {"number": number, "on": each.on.isoformat(), "kind": each.kind, "text": each.text}
            for number, each in enumerate(told, 1)
        ],
        "scores": [
            {"on": each.on.isoformat(), "of": each.of, "value": each.value}
            for each in content.scores if each.on in shown
        ],
        "spans": [
            {"start": each.start.isoformat(), "end": each.end.isoformat(), "words": each.words}
            for each in content.spans
        ],
    }  # fmt: skip


def _days_shown(patient: Patient) -> frozenset[date]:
    """The days of worksheets the person showed, without those of a worksheet they did not."""
    shown: set[date] = set()
    kept: set[date] = set()
    for sheet in patient.worksheets.all():
        days = {sheet.starts + timedelta(days=number) for number in range(sheet.days)}
        (shown if sheet.shared_at else kept).update(days)
    return frozenset(shown - kept)


def _tried(actor: Actor, patient: Patient) -> dict[str, Any]:
    """What sessions were about and what was given; nothing for who reads only summaries."""
    if not sessions.reads_all(actor):
        return {"sessions": 0, "components": [], "resources": []}
    touched = sessions.touched(patient)
    names = sessions.component_names(actor.organisation_id)
    often = sorted(touched.by_component.items(), key=lambda each: (-each[1], each[0]))
    given = dict.fromkeys(each.title for each in sessions.resources_given(patient)[:50])
    return {
        "sessions": touched.sessions,
        "components": [[names.get(code, code), times] for code, times in often],
        "resources": list(given),
    }


def _plan(actor: Actor, patient: Patient) -> dict[str, Any]:
    """The plan as the person agreed to show their GP; nothing when they do not."""
    if not planning.may_see(actor, patient, "plan"):
        return {}
    agreed = next(iter(planning.agreements(patient)), None)
    if agreed is None or not agreed.gp_may_see:
        return {}
    plan = planning.shown_plan(agreed.content)
    return {
        "agreed_on": timezone.localdate(agreed.at).isoformat(),
        "matters": plan.matters, "helps": plan.helps,
        "items": [[title, [each.words for each in items]] for _, title, items in plan.groups],
    }  # fmt: skip


PLAN_WITHHELD = "The plan is not shown here: the person does not show it any more."
SCORES_WITHHELD = (
    "What worksheets said of pain and stress is not all shown here: the person does not show all "
    "of them any more."
)


def allowed_today(patient: Patient, pack: Pack) -> tuple[Pack, tuple[str, ...]]:
    """The frozen pack without the plan and the days of worksheets the person no longer shows."""
    withheld = []
    agreed = next(iter(planning.agreements(patient)), None)
    if "plan" in pack and (agreed is None or not agreed.gp_may_see):
        pack = without_plan(pack)
        withheld.append(PLAN_WITHHELD)
    scores = pack.get("timeline", {}).get("scores", [])
    if scores:
        shown = _days_shown(patient)
        kept = [each for each in scores if date.fromisoformat(each["on"]) in shown]
        if len(kept) < len(scores):
            pack = {**pack, "timeline": {**pack["timeline"], "scores": kept}}
            withheld.append(SCORES_WITHHELD)
    return pack, tuple(withheld)


def suggest(pack: Pack) -> dict[str, str]:
    """Words to begin from, out of what the pack holds; the asker changes them."""
    tried = pack.get("tried") or {"components": [], "resources": []}
    said = [f"{name} ({_times(times)})" for name, times in tried["components"]]
    lines = [", ".join(said)] if said else []
    if tried["resources"]:
        lines.append(f"Given to take home: {', '.join(tried['resources'])}")
    return {
        "tried": "\n".join(lines)[:2000],
        "matters": pack.get("plan", {}).get("matters", "")[:1000],
    }


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"


def content_of(pack: Pack) -> Content:
    """The timeline of a pack, to draw again as it was."""
    kept = pack["timeline"]
    on = date.fromisoformat
    return Content(
        first=on(kept["first"]), last=on(kept["last"]), today=on(kept["last"]),
        steps=tuple(DoseStep(**{**each, "start": on(each["start"])}) for each in kept["steps"]),
        events=tuple(
            Event(each["number"], on(each["on"]), each["kind"],
                  IN_THE_PICTURE.get(each["kind"], ""))
            for each in kept["events"]
        ),
        scores=tuple(Score(on(e["on"]), e["of"], e["value"]) for e in kept["scores"]),
        spans=tuple(Span(on(e["start"]), on(e["end"]), e["words"]) for e in kept["spans"]),
        shows_dose=kept["shows_dose"], shows_scores=bool(kept["scores"]),
    )  # fmt: skip


def draw_pack(pack: Pack) -> tuple[Markup, ...]:
    """The picture in its two widths; none where nothing is there to draw."""
    content = content_of(pack)
    if not (content.steps or content.events or content.scores):
        return ()
    said = " ".join(_said(content, pack))
    return tuple(
        draw(content, size, key=key, title="Timeline of what is shared", description=said).svg
        for size, key in ((WIDE, "wide"), (NARROW, "narrow"))
    )


def _said(content: Content, pack: Pack) -> Iterator[str]:
    yield f"From {day(content.first)} to {day(content.last)}."
    if pack.get("medicines"):
        yield f"OME: {pack['medicines']['ome']}."
    yield f"{len(content.events)} numbered events, listed below."


def make_known() -> None:
    """Hand it in where questions to specialists are kept."""
    packs_come_from(PackMaker(make_pack, draw_pack, suggest, allowed_today))
