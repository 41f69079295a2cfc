"""Who takes part in the journeys: one practice, one service, somebody in every role."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from tests.service.conftest import World, actor_for

from unhurried.service.accounts.models import Membership, Organisation
from unhurried.service.jobs.worker import run_until_idle
from unhurried.service.joining import operations as joining
from unhurried.service.joining.models import Wording
from unhurried.service.outbox.worker import send_due
from unhurried.service.patients.models import ContactPreference, Patient

PEOPLE = {
    "gp": "Dr Hazel Pretendham", "practice_staff": "Robin Samplefield",
    "project_worker": "Sam Placeholme", "service_manager": "Ivyleaf Imaginford",
    "privacy_officer": "Oakley Testerton", "system_administrator": "Thistle Makebeliefe",
    "commissioner": "Violetta Unpersonby", "evaluator": "Dr Juniper Nonesuch",
    "pain_consultant": "Dr Saffron Demoworth", "addiction_psychiatrist": "Dr Flaxen Fabelton",
    "clinical_supervisor": "Barley Inventsley",
}  # fmt: skip
ELSEWHERE = {
    "system_administrator": "host", "commissioner": "commissioner", "evaluator": "university",
    "pain_consultant": "hospital", "addiction_psychiatrist": "hospital",
}  # fmt: skip


@dataclass
class Cast:
    """The world, with people who have names."""

    world: World
    members: dict[str, Membership] = field(default_factory=dict)

    def member(self, role: str, name: str = "", **more: Any) -> Membership:
        """The one who holds this role; or somebody more, by a name of their own."""
        key = name or PEOPLE[role]
        if key not in self.members:
            where = self._where(role)
            made = self.world.member(role, where, **more)
            made.user.full_name = key
            made.user.save()
            self.members[key] = made
        return self.members[key]

    def _where(self, role: str) -> Organisation | None:
        if role not in ELSEWHERE:
            return None
        kind = ELSEWHERE[role]
        return Organisation.objects.get_or_create(kind=kind, name=f"A {kind}")[0]

    def patient(self, **more: Any) -> Patient:
        """Somebody registered at the practice, whom letters may reach."""
        patient = self.world.patient(**more)
        ContactPreference.objects.create(patient=patient)
        return patient

    def letters(self) -> list[Path]:
        """The letters that have left."""
        return sorted((Path(settings.DATA) / "outbox/letters").rglob("*.pdf"))


def work() -> None:
    """What the worker process does while people look at pages."""
    run_until_idle()
    send_due()


def gathered(world: World) -> Cast:
    """The practice and the service with their names, and the texts a GP approved."""
    practice, provider = world.practice, world.provider
    practice.name, practice.ods_code = "Linden Surgery", "Y99901"
    practice.address = "1 Orchard Row\nLindenford\nZZ1 1AA"
    practice.phone, practice.email = "01632 960101", "linden@example.org"
    practice.save()
    provider.name, provider.service_name = "Larkfield Community Health", "Living well with pain"
    provider.phone, provider.email = "01632 960303", "service@example.org"
    provider.save()
    cast = Cast(world)
    manager = actor_for(cast.member("service_manager"))
    joining.begin_with_first_wording(by=manager, provider=provider)
    for wording in Wording.objects.filter(provider=provider):
        joining.approve_wording(by=actor_for(cast.member("gp")), wording=wording)
    return cast
