"""The code on paper with which somebody gets into their own account the first time."""

from __future__ import annotations

from unhurried.service.accounts.codes import Codes
from unhurried.service.patients.models import OwnAccount

FIRST = Codes("patients.account")


def code_for(account: OwnAccount) -> str:
    """The newest code of this account, in groups of four: each start makes another."""
    return FIRST.code_for(f"{account.uuid}:{account.starts}")
