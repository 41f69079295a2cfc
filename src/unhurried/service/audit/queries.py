"""Who has looked at a person's record, in words for that person.

Carries the patient's right to see (reliability.md 3.5): every look and every change is there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from types import MappingProxyType

from django.db.models import QuerySet
from django.utils import timezone

from unhurried.service.audit.models import Entry
from unhurried.service.tables import rows

PARTS = {
    "outbox": "The service's post",
    "worker": "The service itself",
    "worksheet code": "Somebody with your worksheet's code",
}
SHORT = {"gp": "GP"}
_said: dict[str, str] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One thing someone saw or did in a person's record."""

    at: datetime
    who: str
    role: str
    did: str
    reason: str = ""  # typed, where opening the record needed one

    @property
    def sentence(self) -> str:
        """`Sam P., project worker, read your contact details, 3 May 2026 at 14:02`."""
        at = timezone.localtime(self.at)
        who = f"{self.who}, {self.role}," if self.role else self.who
        return f"{who} {self.did}, {at.day} {at:%B %Y} at {at:%H:%M}"


def describe(action: str, words: str) -> None:
    """Say what an action is to the person it was about: `describe("joining.enrolled", "...")`.

    `words` follow the name of who did it: "wrote a referral for you".
    """
    _said[action] = words


def who_looked(patient_id: int) -> QuerySet[Entry]:
    """Every row about this person, the newest first."""
    return Entry.objects.filter(patient_id=patient_id).order_by("-seq")


def looks(
    entries: Iterable[Entry], *, own_user_id: int | None = None,
    reasons: Mapping[str, str] = MappingProxyType({}),
) -> list[Look]:  # fmt: skip
    """These rows in words; what the person did with their own sign-in begins with "You".

    `reasons` are those typed for opening a record outside a relationship, by the opening's id.
    """
    return [_look(each, own_user_id, reasons) for each in entries]


def _look(entry: Entry, own_user_id: int | None, reasons: Mapping[str, str]) -> Look:
    mine = own_user_id is not None and entry.actor_id == own_user_id
    who, role = entry.actor_name, SHORT.get(entry.role, entry.role.replace("_", " "))
    if mine:
        who, role = "You", ""
    elif entry.role == "system":
        who, role = PARTS.get(entry.actor_name, "The service itself"), ""
    did = words_for(entry.action)
    if entry.outcome != "done":
        did = f"asked for something and was not shown it ({did})"
    reason = reasons.get(entry.object_id, "") if entry.object_type == "breakglass" else ""
    return Look(at=entry.at, who=who, role=role, did=_my(did) if mine else did, reason=reason)


def words_for(action: str) -> str:
    """What an action was, following the name of who did it."""
    known = _said.get(action) or _words().get(action)
    if known:
        return known
    app, _, what = action.partition(".")
    plain = what.replace("_", " ")
    return f"read your record ({plain})" if app == "read" else f"made a change ({plain})"


def _my(did: str) -> str:
    return did.replace("your ", "your own ", 1)


@cache
def _words() -> dict[str, str]:
    return {row["action"]: row["words"] for row in rows("unhurried.service.audit", "words.csv")}
