"""What a practice planned to learn, and what somebody there did (TRN-1)."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q

from unhurried.service.accounts.models import Membership, Organisation


class LearningPlan(models.Model):
    """A page to read, or an event, for a practice by a day."""

    class State(models.TextChoices):
        PLANNED = "planned", "Planned"
        CALLED_OFF = "called_off", "Called off"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    provider = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    practice = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=60, blank=True)  # of team/learning; empty: an event
    title = models.CharField(max_length=200)
    by_day = models.DateField()
    state = models.CharField(max_length=12, choices=State.choices, default=State.PLANNED)
    planned_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    planned_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["practice", "by_day"], name="learning_for_a_practice"),
        ]


class LearningDone(models.Model):
    """Somebody read a page or took part in an event; one line on what will change."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    plan = models.ForeignKey(
        LearningPlan, on_delete=models.PROTECT, null=True, blank=True, related_name="done"
    )
    who = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    practice = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=60, blank=True)
    title = models.CharField(max_length=200)
    minutes = models.PositiveSmallIntegerField()
    day = models.DateField()
    will_change = models.CharField(max_length=300, blank=True)
    logged_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(minutes__gt=0), name="learning_takes_time")
        ]
        indexes: ClassVar = [
            models.Index(fields=["practice", "day"], name="learning_done_at_a_practice"),
        ]
