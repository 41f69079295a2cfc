"""What planning adds to a person's timeline: measures answered, the plan agreed."""

from __future__ import annotations

from datetime import date

from django.urls import reverse
from django.utils import timezone

from unhurried.clinical import measures as clinical
from unhurried.service.audit.actor import Actor
from unhurried.service.patients.happenings import Happening
from unhurried.service.patients.models import Patient
from unhurried.service.planning.queries.measures import results_of
from unhurried.service.planning.queries.plan import agreements
from unhurried.service.planning.queries.seeing import PRACTICE, may_see


def happenings(actor: Actor, patient: Patient) -> list[Happening]:
    """Days on which measures were answered or the plan was agreed, as far as `actor` may see."""
    found = []
    if may_see(actor, patient, "measure"):
        by_day: dict[date, list[str]] = {}
        for each in results_of(patient):
            names = by_day.setdefault(timezone.localdate(each.at), [])
            names.append(clinical.measure(each.measure).name)
        where = reverse("planning:measures", args=[patient.uuid])
        for on, names in by_day.items():
            said = ", ".join(dict.fromkeys(names))
            found.append(Happening(on, "measure", f"Questions answered: {said}", where))
    if may_see(actor, patient, "plan"):
        rows = agreements(patient)
        if actor.role in PRACTICE:  # the newest word counts for what they may read
            rows = rows if rows and rows[0].gp_may_see else []
        for made in rows:
            words = (
                "Plan agreed" if made.number == 1 else f"Plan agreed again, version {made.number}"
            )
            where = reverse("planning:plan", args=[patient.uuid])
            found.append(Happening(timezone.localdate(made.at), "plan", words, where))
    return sorted(found, key=lambda each: each.on)
