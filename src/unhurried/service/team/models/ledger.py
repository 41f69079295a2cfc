"""Time spent for the service, what an hour is paid with, and claims (FUN-1)."""

from __future__ import annotations

import uuid
from decimal import ROUND_HALF_UP, Decimal
from typing import ClassVar

from django.db import models
from django.db.models import Q

from unhurried.service.accounts.models import Membership, Organisation, User
from unhurried.service.patients.models import Patient


def to_the_penny(pounds: Decimal) -> Decimal:
    """Pounds and whole pence; half a penny is rounded up, as on any bill."""
    return pounds.quantize(Decimal("0.01"), ROUND_HALF_UP)


class Rate(models.Model):
    """What an hour of a role is paid with, as the manager typed it, with its source.

    Rows are added, never changed: the newest whose day has come holds.
    """

    provider = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=40)  # a code of roles.csv
    pounds = models.DecimalField(max_digits=8, decimal_places=2)
    source = models.CharField(max_length=300)
    starts = models.DateField()
    set_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    set_at = models.DateTimeField()


class Claim(models.Model):
    """Time of a practice, or of a specialist, of which payment is asked for.

    What it comes to is kept in its lines as it was when it was made.
    """

    class State(models.TextChoices):
        SENT = "sent", "Sent"
        ASKED_BACK = "asked_back", "Question asked"
        ACCEPTED = "accepted", "Accepted"
        PAID = "paid", "Paid"
        WITHDRAWN = "withdrawn", "Taken back"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    provider = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    # A specialist claims for themselves; empty: the practice claims for everybody there.
    claimant = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, related_name="+")
    since = models.DateField()
    until = models.DateField()
    state = models.CharField(max_length=12, choices=State.choices, default=State.SENT)
    made_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    note = models.CharField(max_length=500, blank=True)  # for the manager, or their answer
    question = models.CharField(max_length=500, blank=True)
    decided_by = models.ForeignKey(
        Membership, on_delete=models.PROTECT, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)


class ClaimLine(models.Model):
    """Minutes of one role in one activity; the rate of then, if there was one."""

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="lines")
    role = models.CharField(max_length=40)
    activity = models.CharField(max_length=20)
    minutes = models.IntegerField()
    pounds = models.DecimalField(max_digits=8, decimal_places=2, null=True, blank=True)
    rate_source = models.CharField(max_length=300, blank=True)

    @property
    def amount(self) -> Decimal | None:
        """Hours times the rate, in pounds and pence; None without a rate."""
        return None if self.pounds is None else to_the_penny(self.pounds * self.minutes / 60)


class TimeEntry(models.Model):
    """Minutes somebody spent for the service. Never changed: a later line takes one back."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    who = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="time_entries")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    provider = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=40)
    activity = models.CharField(max_length=20)  # a code of activities.csv
    minutes = models.IntegerField()
    day = models.DateField()
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, null=True, related_name="+")
    note = models.CharField(max_length=300, blank=True)
    logged_at = models.DateTimeField()
    cancels = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="cancelled_by"
    )
    claim = models.ForeignKey(
        Claim, on_delete=models.PROTECT, null=True, blank=True, related_name="entries"
    )

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(cancels__isnull=True, minutes__gt=0)
                | Q(cancels__isnull=False, minutes__lt=0),
                name="time_is_spent_or_taken_back",
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["provider", "day"], name="time_for_a_provider"),
            models.Index(fields=["organisation", "day"], name="time_of_an_organisation"),
            models.Index(fields=["who", "day"], name="time_of_somebody"),
        ]
