"""Shared by joining's reads."""

from __future__ import annotations

from unhurried.service.accounts.policy import grant_for
from unhurried.service.audit.actor import Actor

PER_PAGE = 25


def may_invite(actor: Actor) -> bool:
    """May this actor prepare invitations?"""
    return grant_for(actor.role, "invitation", "c") is not None
