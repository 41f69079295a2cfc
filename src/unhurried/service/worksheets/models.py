"""A worksheet, what was written on it, and the code that opens it without an account."""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from typing import ClassVar

from django.db import models
from django.db.models import Q

from unhurried.clinical.worksheets import Entry
from unhurried.service.accounts.models import User
from unhurried.service.patients.models import Episode, Patient

MOST_DAYS = 28


class Worksheet(models.Model):
    """Some days in a row on which a person writes down opioids beside pain, stress and sleep.

    The days of one person's worksheets never overlap, so a day belongs to one of them at most.
    """

    class Kept(models.TextChoices):
        TELEPHONE = "telephone", "On a telephone or computer"
        PAPER = "paper", "On paper"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="worksheets")
    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, related_name="worksheets")
    starts = models.DateField()
    days = models.PositiveSmallIntegerField(default=7)
    kept = models.CharField(max_length=12, choices=Kept.choices, default=Kept.TELEPHONE)
    what_i_make = models.TextField(blank=True)  # the person's own reading of it, in their words
    # Since when the pattern's sentences are there for the GP, on the person's wish.
    shared_at = models.DateTimeField(null=True, blank=True)
    shared_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    started_at = models.DateTimeField()
    started_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(days__gte=1, days__lte=MOST_DAYS), name="a_worksheet_has_1_to_28_days"
            ),
            models.UniqueConstraint(
                fields=["patient", "starts"], name="one_worksheet_starts_on_a_day"
            ),
        ]

    @property
    def last_day(self) -> date:
        """The last day of the worksheet."""
        return self.starts + timedelta(days=self.days - 1)


class Lines(models.QuerySet["Line"]):
    """Lines, those that stand among them."""

    def standing(self) -> Lines:
        """Those neither corrected since nor taken out."""
        return self.filter(corrected_by__isnull=True, taken_out_at__isnull=True)


class Line(models.Model):
    """One entry. Never changed: a correction is another line, and the old one is kept.

    Everything but the day may be missing; None and "" are "not written", never 0.
    """

    class How(models.TextChoices):
        TELEPHONE = "telephone", "on a telephone or computer"
        CODE = "code", "with the personal code"
        PAPER = "paper", "from paper"

    class Time(models.TextChoices):
        MORNING = "morning", "Morning"
        AFTERNOON = "afternoon", "Afternoon"
        EVENING = "evening", "Evening"
        NIGHT = "night", "Night"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    worksheet = models.ForeignKey(Worksheet, on_delete=models.PROTECT, related_name="lines")
    day = models.DateField()
    time = models.CharField(max_length=12, choices=Time.choices, blank=True)
    taken = models.CharField(max_length=8, blank=True)  # against the usual amount at that time
    product = models.CharField(max_length=300, blank=True)
    amount = models.CharField(max_length=100, blank=True)  # "2 tablets", as the person says it
    reasons = models.JSONField(default=list, blank=True)
    pain = models.PositiveSmallIntegerField(null=True, blank=True)
    stress = models.PositiveSmallIntegerField(null=True, blank=True)
    sleep = models.PositiveSmallIntegerField(null=True, blank=True)
    happening = models.TextField(blank=True)
    how = models.CharField(max_length=12, choices=How.choices)
    written_at = models.DateTimeField()
    written_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    corrects = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, related_name="corrected_by"
    )
    taken_out_at = models.DateTimeField(null=True, blank=True)
    taken_out_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    objects = Lines.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(**{f"{thing}__isnull": True}) | Q(**{f"{thing}__lte": 10}),
                name=f"{thing}_is_0_to_10_or_not_written",
            )
            for thing in ("pain", "stress", "sleep")
        ]
        indexes: ClassVar = [models.Index(fields=["worksheet", "day"])]

    def as_entry(self) -> Entry:
        """The same for `clinical.worksheets`; what was taken and how much stays here."""
        return Entry(
            day=self.day, time=self.time or None, taken=self.taken or None,  # type: ignore[arg-type]  # Entry checks the values
            reasons=tuple(self.reasons), pain=self.pain, stress=self.stress, sleep=self.sleep,
            happening=self.happening,
        )  # fmt: skip


class Code(models.Model):
    """A personal code: adds entries to one worksheet, opens nothing. Only its hash is kept."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    worksheet = models.ForeignKey(Worksheet, on_delete=models.PROTECT, related_name="codes")
    hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    stopped_at = models.DateTimeField(null=True, blank=True)
    stopped_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["worksheet"], condition=Q(stopped_at=None), name="one_code_of_a_worksheet"
            )
        ]


class CodeAttempt(models.Model):
    """A code that did not work, for the limit; the sender's address is kept hashed."""

    sender = models.CharField(max_length=64, db_index=True)
    at = models.DateTimeField(db_index=True)
