"""Who supervises whom, meetings of supervision and their private content, asking for support."""

from __future__ import annotations

import uuid
from datetime import date, datetime, timedelta
from typing import ClassVar

from django.db import models
from django.db.models import Q

from unhurried.service.accounts.models import Membership, User
from unhurried.service.patients.models import Patient
from unhurried.service.sessions import times
from unhurried.service.shared_care.models.waiting import Waiting


class SupervisesQuerySet(models.QuerySet["Supervises"]):
    """Supervision as assigned, narrowed by when it holds."""

    def on(self, day: date) -> SupervisesQuerySet:
        """Those that hold on `day`, with a supervisor who still works here."""
        held = self.filter(starts__lte=day).filter(Q(ends__isnull=True) | Q(ends__gt=day))
        return held.filter(supervisor__user__is_active=True, supervisor__starts__lte=day).filter(
            Q(supervisor__ends__isnull=True) | Q(supervisor__ends__gt=day)
        )


class Supervises(models.Model):
    """A clinical supervisor for a project worker from `starts` until the day before `ends`."""

    worker = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="supervised_by")
    supervisor = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="supervises")
    starts = models.DateField()
    ends = models.DateField(null=True, blank=True)
    assigned_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    assigned_at = models.DateTimeField()

    objects = SupervisesQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["worker"], condition=Q(ends__isnull=True), name="one_supervisor_at_a_time"
            )
        ]


class SupervisionClock(Waiting):
    """By when a worker's supervision is late: kept up to date by every write about it, and daily.

    `opened_at` is when supervision was last held, or when counting began.
    """

    worker = models.OneToOneField(
        Membership, on_delete=models.PROTECT, related_name="supervision_clock"
    )
    interval_weeks = models.PositiveSmallIntegerField(null=True, blank=True)  # None: the usual
    version = models.PositiveIntegerField(default=1)


class SupervisionMeeting(models.Model):
    """A time of supervision, and what was said in it: for the two of them only."""

    class State(models.TextChoices):
        PLANNED = "planned", "Planned"
        HELD = "held", "Held"
        NOT_HELD = "not_held", "Not held"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    worker = models.ForeignKey(
        Membership, on_delete=models.PROTECT, related_name="supervision_meetings"
    )
    supervisor = models.ForeignKey(
        Membership, on_delete=models.PROTECT, related_name="meetings_as_supervisor"
    )
    starts_at = models.DateTimeField()
    minutes = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.PLANNED)
    not_held_because = models.CharField(max_length=24, blank=True)  # of not_held_reasons.csv
    planned_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    planned_at = models.DateTimeField()
    discussed = models.TextField(blank=True)
    worker_is = models.TextField(blank=True)  # how the worker is, in their own words
    agreed = models.TextField(blank=True)
    signed_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(minutes__gt=0), name="supervision_takes_time"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["worker", "starts_at"], name="supervision_of_a_worker"),
            models.Index(fields=["supervisor", "starts_at"], name="supervision_by_a_supervisor"),
        ]

    @property
    def ends_at(self) -> datetime:
        """When it ends."""
        return self.starts_at + timedelta(minutes=self.minutes)

    @property
    def when(self) -> str:
        """`Tuesday 1 December 2026 at 10:00`."""
        return " at ".join(times.day_and_time(self.starts_at))

    @property
    def length(self) -> str:
        """`1 hour`."""
        return times.length(self.minutes)


class SupervisionMove(models.Model):
    """A meeting was moved, and who asked for it."""

    meeting = models.ForeignKey(SupervisionMeeting, on_delete=models.PROTECT, related_name="moves")
    from_at = models.DateTimeField()
    to_at = models.DateTimeField()
    asked_by = models.CharField(max_length=12)  # a code of asked_by.csv
    at = models.DateTimeField()


class SupervisionCase(models.Model):
    """Somebody who was talked about in supervision."""

    meeting = models.ForeignKey(SupervisionMeeting, on_delete=models.PROTECT, related_name="cases")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["meeting", "patient"], name="a_case_once_a_meeting")
        ]


class SupportRequest(Waiting):
    """A worker asks for support today. The words are for their supervisor, never the manager."""

    worker = models.ForeignKey(
        Membership, on_delete=models.PROTECT, related_name="support_requests"
    )
    supervisor = models.ForeignKey(
        Membership, on_delete=models.PROTECT, null=True, related_name="+"
    )
    words = models.TextField(blank=True)
    answered_by = models.ForeignKey(
        Membership, on_delete=models.PROTECT, null=True, related_name="+"
    )
    answer = models.TextField(blank=True)  # what happens next, for the worker

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["worker"], condition=Q(closed_at__isnull=True),
                name="one_open_request_for_support",
            )
        ]  # fmt: skip
