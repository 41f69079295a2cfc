"""Who takes part: the organisations, the people who work there, and how they act."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from unhurried.demo.service.tables import rows
from unhurried.service.accounts import operations as accounts
from unhurried.service.accounts.models import Membership, Organisation
from unhurried.service.accounts.queries import actor_of_membership
from unhurried.service.audit.actor import Actor, system_actor

PRACTICES = ("linden", "beechcroft")
PASSWORD = "unhurried-demo"  # noqa: S105 - told on the terminal; the fictional service only


@dataclass(slots=True)
class Cast:
    """The organisations by key and the people by e-mail address."""

    organisations: dict[str, Organisation] = field(default_factory=dict)
    members: dict[str, Membership] = field(default_factory=dict)

    def member(self, role: str, organisation: str) -> Membership:
        """The first to hold this role there."""
        wanted = self.organisations[organisation].pk
        return next(
            each
            for each in self.members.values()
            if each.role == role and each.organisation_id == wanted
        )

    def actor(self, role: str, organisation: str) -> Actor:
        """The same person, acting."""
        return actor_of_membership(self.member(role, organisation))

    def workers(self) -> list[Membership]:
        """The project workers, in the order they joined."""
        return [each for each in self.members.values() if each.role == "project_worker"]


def gather(since: date) -> Cast:
    """Make the organisations, grant everybody their role since a day, agree who serves whom."""
    by, cast = system_actor("demo"), Cast()
    for row in rows("organisations"):
        details = {
            name: row[name] for name in ("service_name", "address", "phone", "email", "ods_code")
        }
        cast.organisations[row["key"]] = accounts.add_organisation(
            by=by, kind=row["kind"], name=row["name"], **details
        )
    for row in rows("staff"):
        user = accounts.add_user(
            by=by, email=row["email"], full_name=row["full_name"], password=PASSWORD
        )
        accounts.grant_role(
            by=by, user=user, organisation=cast.organisations[row["organisation"]],
            role=row["role"], starts=since,
            capacity=int(row["capacity"]) if row["capacity"] else None,
        )  # fmt: skip
        cast.members[row["email"]] = user.memberships.get(role=row["role"])
    for practice in PRACTICES:
        accounts.start_agreement(
            by=by, practice=cast.organisations[practice],
            provider=cast.organisations["provider"], starts=since,
        )  # fmt: skip
    return cast
