"""Appointments, sessions as they were held, resources given, and a worker's agreed hours."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import ClassVar

from django.db import models
from django.db.models import Q

from unhurried.service.accounts.models import Membership, Organisation, User
from unhurried.service.patients.models import Carer, Episode, Note, Patient
from unhurried.service.sessions import times


class Appointment(models.Model):
    """A time agreed with a person. Times are kept in UTC and shown on the clock of the place.

    `sequence` grows with every change a calendar must know of (RFC 5545); `version` with every
    change at all.
    """

    class State(models.TextChoices):
        BOOKED = "booked", "Booked"
        CANCELLED = "cancelled", "Cancelled"
        MISSED = "missed", "Did not meet"
        HELD = "held", "Met"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="appointments")
    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, related_name="appointments")
    worker = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="appointments")
    starts_at = models.DateTimeField()
    minutes = models.PositiveSmallIntegerField()
    place = models.CharField(max_length=12)  # a code of places.csv
    where = models.CharField(max_length=200, blank=True)
    series = models.UUIDField(null=True, blank=True)  # booked together: every two weeks, four times
    state = models.CharField(max_length=10, choices=State.choices, default=State.BOOKED)
    # What was gone over when it was booked (codes of rules/capacity.py), and why all the same.
    over = models.CharField(max_length=60, blank=True)
    over_agreed = models.BooleanField(default=False)  # more than a clash: the manager is told
    over_reason = models.CharField(max_length=300, blank=True)
    cancelled_by = models.CharField(max_length=12, blank=True)  # a code of cancelled_by.csv
    cancelled_because = models.CharField(max_length=300, blank=True)
    missed_because = models.CharField(max_length=20, blank=True)  # a code of missed_reasons.csv
    found_out = models.TextField(blank=True)
    booked_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    sequence = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(minutes__gt=0), name="an_appointment_takes_time"),
            models.CheckConstraint(
                condition=~Q(state="cancelled") | ~Q(cancelled_by=""),
                name="a_cancelled_appointment_says_by_whom",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["worker", "starts_at"], name="appointments_of_a_worker"),
            models.Index(fields=["patient", "starts_at"], name="appointments_of_a_person"),
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
        """`1 hour 15 minutes`."""
        return times.length(self.minutes)


class Session(models.Model):
    """What was done when two people met. Never changed once saved; corrections are added."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="sessions")
    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, related_name="sessions")
    appointment = models.OneToOneField(
        Appointment, on_delete=models.PROTECT, null=True, blank=True, related_name="session"
    )
    worker = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="sessions_held")
    # Who was the person's project worker that day: continuity is counted from it (CON-1).
    named_worker = models.ForeignKey(
        Membership, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    at = models.DateTimeField()
    minutes = models.PositiveSmallIntegerField(null=True, blank=True)
    place = models.CharField(max_length=12)  # a code of places.csv
    note = models.ForeignKey(
        Note, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    leaving = models.CharField(max_length=12, blank=True)  # a code of leaving.csv
    believed = models.CharField(max_length=8, blank=True)  # a code of believed.csv
    next_steps = models.TextField(blank=True)
    # What the person takes home; read by them, and by a carer they share sessions with if ticked.
    recap = models.TextField(blank=True)
    recap_for_carers = models.BooleanField(default=False)
    recorded_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["patient", "at"], name="sessions_of_a_person")]

    @property
    def when(self) -> str:
        """`Tuesday 1 December 2026 at 10:00`."""
        return " at ".join(times.day_and_time(self.at))


class Attendee(models.Model):
    """Somebody who comes with the person, and what the person said they may hear (CON-5)."""

    appointment = models.ForeignKey(
        Appointment, on_delete=models.PROTECT, null=True, blank=True, related_name="attendees"
    )
    session = models.ForeignKey(
        Session, on_delete=models.PROTECT, null=True, blank=True, related_name="attendees"
    )
    carer = models.ForeignKey(
        Carer, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    name = models.CharField(max_length=200)
    relationship = models.CharField(max_length=60, blank=True)
    hears = models.CharField(max_length=10, default="not_asked")  # a code of hears.csv
    limits = models.CharField(max_length=300, blank=True)  # what is not spoken of before them
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(appointment__isnull=False) ^ Q(session__isnull=False),
                name="an_attendee_comes_to_one_thing",
            )
        ]


class Correction(models.Model):
    """What was wrong in the record of a session, and what is right; the record itself stays."""

    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="corrections")
    by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    text = models.TextField()


class SessionComponent(models.Model):
    """Something that was done in a session; taken out only by a correction, and still kept."""

    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="components")
    code = models.CharField(max_length=40, db_index=True)  # of the service's catalogue
    added_by = models.ForeignKey(
        Correction, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    taken_out_by = models.ForeignKey(
        Correction, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["session", "code"],
                condition=Q(taken_out_by__isnull=True),
                name="a_component_once_in_a_session",
            )
        ]


class Component(models.Model):
    """One line of a service's catalogue of what is done in sessions; begun from components.csv."""

    provider = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=40)
    name = models.CharField(max_length=80)
    hint = models.CharField(max_length=160, blank=True)
    place = models.PositiveSmallIntegerField()
    offered = models.BooleanField(default=True)  # no: kept for what was recorded, not offered now
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["provider", "code"], name="one_component_per_code"),
            models.UniqueConstraint(fields=["provider", "name"], name="one_component_per_name"),
        ]


class ResourceGiven(models.Model):
    """A resource somebody was given, and what they thought of it (SES-2, SES-4)."""

    class Opinion(models.TextChoices):
        NOT_SAID = "", "Not said yet"
        LIKED = "liked", "Liked it"
        NOT_FOR_ME = "not_for_me", "Not for me"
        DROPPED = "dropped", "Put aside"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="resources_given")
    session = models.ForeignKey(
        Session, on_delete=models.PROTECT, null=True, blank=True, related_name="resources_given"
    )
    code = models.CharField(max_length=60)  # of sessions/resources
    title = models.CharField(max_length=200)  # as it was called when given
    given_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField()
    opinion = models.CharField(max_length=12, choices=Opinion.choices, blank=True)
    opinion_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["patient", "code"], name="a_resource_given_once")
        ]


class Limits(models.Model):
    """What was agreed with a project worker: hours and lengths, in minutes (CON-2).

    How many people at a time is `Membership.capacity`, which joining asks too.
    """

    worker = models.OneToOneField(
        Membership, on_delete=models.PROTECT, related_name="agreed_limits"
    )
    weekly_minutes = models.PositiveSmallIntegerField()
    least_minutes = models.PositiveSmallIntegerField()
    longest_day_minutes = models.PositiveSmallIntegerField()
    gap_minutes = models.PositiveSmallIntegerField()
    set_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    set_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)
