"""Reads of project workers and of people who joined (CON-2)."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q

from unhurried.service.accounts.models import Membership, Organisation
from unhurried.service.audit import clock
from unhurried.service.audit.refused import Refused
from unhurried.service.joining.models import (
    Enrolment,
)
from unhurried.service.patients.handing_on import given_nobody_new
from unhurried.service.patients.models import Episode, Patient


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """A project worker, and how many more people they have room for."""

    membership: Membership
    name: str
    people: int
    room: int | None
    languages: str
    about: str
    takes_nobody: bool = False  # they hand everybody over: nobody new begins with them

    @property
    def words(self) -> str:
        """“Sam Teal: room for 3; speaks Welsh”."""
        if self.takes_nobody:
            space = f"takes nobody new now ({self.people} people)"
        elif self.room is None:
            space = f"{self.people} people now, no number agreed"
        elif self.room <= 0:
            space = f"no room now ({self.people} people)"
        else:
            space = f"room for {self.room}"
        return f"{self.name}: {space}" + (f"; speaks {self.languages}" if self.languages else "")


def workers(provider: Organisation) -> list[Room]:
    """The provider's project workers somebody can begin with today, those with most room first."""
    return [each for each in everybody(provider) if not each.takes_nobody]


def everybody(provider: Organisation) -> list[Room]:
    """All the provider's project workers today, who takes nobody new among them."""
    joined = Q(episodes__state__in=[Episode.State.ENROLLED, Episode.State.PAUSED])
    rows = (
        Membership.objects.on(clock.today())
        .filter(organisation=provider, role="project_worker")
        .select_related("user", "joining_profile")
        .annotate(people=Count("episodes", filter=joined))
    )
    made = []
    frozen = set(given_nobody_new().values_list("pk", flat=True))
    people = dict(rows.values_list("pk", "people"))
    for each in rows:
        profile = getattr(each, "joining_profile", None)
        room = None if each.capacity is None else each.capacity - people[each.pk]
        made.append(
            Room(
                membership=each, name=each.user.full_name, people=people[each.pk], room=room,
                languages=profile.languages if profile else "",
                about=profile.about if profile else "", takes_nobody=each.pk in frozen,
            )
        )  # fmt: skip
    return sorted(made, key=lambda each: (-(1000 if each.room is None else each.room), each.name))


def enrolment_of(patient: Patient) -> Enrolment | None:
    """The person's latest joining."""
    rows = Enrolment.objects.filter(patient=patient).select_related(
        "project_worker__user", "episode__practice", "episode__provider"
    )
    return rows.order_by("-at").first()


def worker(provider: Organisation, pk: int) -> Membership:
    """One of the provider's project workers today. Raises Refused for anyone else."""
    for each in workers(provider):
        if each.membership.pk == pk:
            return each.membership
    raise Refused("Choose a project worker who works for this provider today.")
