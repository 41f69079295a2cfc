"""Who acts: a signed-in person in one role, or a named part of the system."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """The one in whose name something is read or written.

    `role` is a code of `accounts/roles.csv`; `organisation_id` and `membership_id` say in which
    organisation the role is held. Someone with two roles acts in one of them at a time.
    """

    user_id: int | None
    name: str
    role: str
    organisation_id: int | None = None
    membership_id: int | None = None
    request_id: str = ""


def system_actor(part: str) -> Actor:
    """The actor for work no person started, such as the outbox's or a nightly command's."""
    return Actor(user_id=None, name=part, role="system")
