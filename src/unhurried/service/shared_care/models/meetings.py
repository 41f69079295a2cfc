"""Review meetings: who meets, when it suits them, and whether it took place (MDT-1, MDT-2)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import ClassVar

from django.db import models
from django.db.models import Q

from unhurried.service.accounts.models import Membership, Organisation
from unhurried.service.shared_care.models.waiting import Waiting


class ReviewMeeting(Waiting):
    """One review meeting of a provider with some of its practices. When it is over, the next one
    is there to be planned; it is late from the day on which it should have been held.

    `sequence` grows with every change a calendar must know of (RFC 5545); `version` with every
    change at all.
    """

    class State(models.TextChoices):
        TO_PLAN = "to_plan", "Not planned yet"
        FINDING = "finding", "Finding a time"
        PLANNED = "planned", "Planned"
        WRITING = "writing", "In writing"
        HELD = "held", "Held"
        NOT_HELD = "not_held", "Not held"

    provider = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="review_meetings"
    )
    practices = models.ManyToManyField(Organisation, related_name="+")
    organiser = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=State.choices, default=State.TO_PLAN)
    should_by = models.DateField()  # the day by which it should be held
    starts_at = models.DateTimeField(null=True, blank=True)
    minutes = models.PositiveSmallIntegerField()
    where = models.CharField(max_length=200, blank=True)
    write_until = models.DateField(null=True, blank=True)
    # Was there ever a time or a last day for writing: then it counts as planned.
    was_planned = models.BooleanField(default=False)
    in_writing = models.BooleanField(default=False)
    also_there = models.CharField(max_length=300, blank=True)  # others who took part, with role
    reason = models.CharField(max_length=20, blank=True)  # a code of meeting_reasons.csv
    because = models.CharField(max_length=300, blank=True)
    follows = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="followed_by"
    )
    sequence = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(state="planned") | Q(starts_at__isnull=False),
                name="a_planned_meeting_has_a_time",
            ),
            models.CheckConstraint(
                condition=~Q(state="writing") | Q(write_until__isnull=False),
                name="a_meeting_in_writing_has_a_last_day",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["held", "not_held"], closed_at__isnull=False)
                | (~Q(state__in=["held", "not_held"]) & Q(closed_at__isnull=True)),
                name="a_meeting_is_over_at_a_time",
            ),
        ]

    @property
    def ends_at(self) -> datetime | None:
        """When it ends, once it has a time."""
        return self.starts_at + timedelta(minutes=self.minutes) if self.starts_at else None


class MeetingInvite(models.Model):
    """Somebody asked to a review meeting, in the role they hold; and whether they took part."""

    meeting = models.ForeignKey(ReviewMeeting, on_delete=models.PROTECT, related_name="invites")
    member = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    invited_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    took_part = models.BooleanField(null=True, blank=True)  # None: not said yet
    # Taken back: kept, so that what they saw stays explained.
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["meeting", "member"], name="one_invitation_to_a_meeting"
            )
        ]


class ProposedTime(models.Model):
    """A time somebody proposed for a meeting; earlier rounds are kept."""

    meeting = models.ForeignKey(ReviewMeeting, on_delete=models.PROTECT, related_name="times")
    starts_at = models.DateTimeField()
    proposed_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    taken_back_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["meeting", "starts_at"],
                condition=Q(taken_back_at__isnull=True),
                name="a_time_is_proposed_once",
            )
        ]


class TimeAnswer(models.Model):
    """Whether a proposed time suits somebody; amended when they change their mind."""

    class Suits(models.TextChoices):
        YES = "yes", "Yes"
        IF_NEED_BE = "if_need_be", "If need be"
        NO = "no", "No"

    time = models.ForeignKey(ProposedTime, on_delete=models.PROTECT, related_name="answers")
    invite = models.ForeignKey(MeetingInvite, on_delete=models.PROTECT, related_name="answers")
    suits = models.CharField(max_length=10, choices=Suits.choices)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["time", "invite"], name="one_answer_to_a_time")
        ]
