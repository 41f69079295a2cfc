"""Tables of the team, a file for each room."""

from __future__ import annotations

from unhurried.service.team.models.handover import HandedPerson, Handover
from unhurried.service.team.models.learning import LearningDone, LearningPlan
from unhurried.service.team.models.ledger import Claim, ClaimLine, Rate, TimeEntry
from unhurried.service.team.models.supervision import (
    Supervises,
    SupervisionCase,
    SupervisionClock,
    SupervisionMeeting,
    SupervisionMove,
    SupportRequest,
)

__all__ = [
    "Claim",
    "ClaimLine",
    "HandedPerson",
    "Handover",
    "LearningDone",
    "LearningPlan",
    "Rate",
    "Supervises",
    "SupervisionCase",
    "SupervisionClock",
    "SupervisionMeeting",
    "SupervisionMove",
    "SupportRequest",
    "TimeEntry",
]
