"""Tables of shared care, a file for each room."""

from __future__ import annotations

from unhurried.service.shared_care.models.access_problems import AccessProblem, AccessProblemStep
from unhurried.service.shared_care.models.advice import AdviceRequest, AdviceStep
from unhurried.service.shared_care.models.agenda import ItemComment, MeetingAction, MeetingItem
from unhurried.service.shared_care.models.answers import Answer
from unhurried.service.shared_care.models.discussions import Discussion, DiscussionLine, TookPart
from unhurried.service.shared_care.models.meetings import (
    MeetingInvite,
    ProposedTime,
    ReviewMeeting,
    TimeAnswer,
)
from unhurried.service.shared_care.models.messages import (
    ReadReceipt,
    Side,
    Thread,
    ThreadMessage,
)
from unhurried.service.shared_care.models.summaries import RecordSummary
from unhurried.service.shared_care.models.tasks import Task, TaskStep

__all__ = [
    "AccessProblem",
    "AccessProblemStep",
    "AdviceRequest",
    "AdviceStep",
    "Answer",
    "Discussion",
    "DiscussionLine",
    "ItemComment",
    "MeetingAction",
    "MeetingInvite",
    "MeetingItem",
    "ProposedTime",
    "ReadReceipt",
    "RecordSummary",
    "ReviewMeeting",
    "Side",
    "Task",
    "TaskStep",
    "Thread",
    "ThreadMessage",
    "TimeAnswer",
    "TookPart",
]
