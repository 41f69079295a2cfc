"""Rules on answers: who may say, for the side that asked, that an answer was seen (COM-2)."""

from __future__ import annotations

from unhurried.service.audit.actor import Actor
from unhurried.service.audit.refused import Refused
from unhurried.service.patients.rules import is_with_a_service
from unhurried.service.shared_care.models.answers import Answer
from unhurried.service.shared_care.models.messages import Side
from unhurried.service.shared_care.task_kinds import side_of


def keeper_side(answer: Answer) -> str:
    """Who keeps it now: the side that asked; the practice once the person is with no service."""
    return answer.side if is_with_a_service(answer.patient_id) else str(Side.PRACTICE)


def check_may_see(by: Actor, answer: Answer) -> None:
    """Refuse anybody but the side that keeps it."""
    if by.membership_id is None or by.role == "practice_staff":
        raise Refused("A project worker or a GP says that they have seen an answer.")
    if side_of(by.role) != keeper_side(answer):
        raise Refused("This answer is for the other team.")
