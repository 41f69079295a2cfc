"""What pages ask about the accounts of a person and of their carers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from unhurried.service.accounts.own_accounts import NO_MAILBOX, has_begun
from unhurried.service.audit import clock
from unhurried.service.patients.account_codes import code_for
from unhurried.service.patients.models import Carer, Consent, OwnAccount, Patient
from unhurried.service.patients.queries.consents import asked_about
from unhurried.service.patients.queries.page import CARER_MAY_SEE


@dataclass(frozen=True, slots=True)
class AccountNow:
    """How an account stands: `state` is none, elsewhere, waiting, late, begun or closed."""

    state: str
    account: OwnAccount | None
    signs_in_as: str
    code: str  # on paper, while it works
    has_mailbox: bool

    @property
    def state_name(self) -> str:
        """The state in words."""
        return STATES[self.state]


STATES = {
    "none": "No account", "elsewhere": "An account that was not opened on this page",
    "waiting": "Open, and waiting for them to get in the first time",
    "late": "Open, but the first link or code is too old now", "begun": "Open, and in use",
    "closed": "Closed",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Shared:
    """Something a person shares with a carer now."""

    words: str
    until: date | None


def account_of(patient: Patient, carer: Carer | None = None) -> OwnAccount | None:
    """The newest account of the person, or of one of their carers; perhaps closed."""
    rows = OwnAccount.objects.filter(patient_id=patient.pk, carer=carer)
    return rows.select_related("user", "opened_by", "closed_by", "patient", "carer").last()


def account_now(patient: Patient, carer: Carer | None = None) -> AccountNow:
    """How it stands now, with the code that may be handed over while it works."""
    found = account_of(patient, carer)
    if found is None:
        by_hand = (carer or patient).user_id is not None
        return AccountNow("elsewhere" if by_hand else "none", None, "", "", has_mailbox=True)
    state = _state(found, clock.now())
    code = code_for(found) if state == "waiting" and found.way == OwnAccount.Way.CODE else ""
    name = found.user.email
    return AccountNow(state, found, name, code, has_mailbox=not name.endswith(NO_MAILBOX))


def _state(account: OwnAccount, now: datetime) -> str:
    if account.closed_at is not None:
        return "closed"
    if has_begun(account.user):
        return "begun"
    if account.sure == OwnAccount.Sure.NHS_LOGIN or account.start_until > now:
        return "waiting"
    return "late"


def shared_with(patient: Patient, carer: Carer) -> list[Shared]:
    """What the person shares with this carer now, in words."""
    start = f"carer:{carer.pk}:"
    return [
        Shared(
            CARER_MAY_SEE.get(each.party.removeprefix(start), "something else"), _end(each.latest)
        )
        for each in asked_about(patient, [Consent.Kind.SHARING])
        if each.party.startswith(start) and each.state == "given"
    ]


def _end(answer: Consent | None) -> date | None:
    return answer.ends if answer else None
