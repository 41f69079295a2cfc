"""Advice asked of a specialist, what was said to and fro, and what the specialist saw (MDT-3)."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q

from unhurried.service.accounts.models import Membership, Organisation
from unhurried.service.patients.models import Patient
from unhurried.service.shared_care.models.waiting import Waiting


class AdviceRequest(Waiting):
    """One question about one person, to a named specialist or to a role of a hospital.

    The clock of `Waiting` runs on whoever is to act: the specialist, or after a question back the
    asker. `pack` is what the specialist sees of the record, as it was when the question was asked.
    """

    class State(models.TextChoices):
        WITH_SPECIALIST = "with_specialist", "Waits for the specialist"
        ASKED_BACK = "asked_back", "The specialist asked something back"
        NOT_FOR_ME = "not_for_me", "The specialist cannot answer this"
        ANSWERED = "answered", "Answered"
        WITHDRAWN = "withdrawn", "Withdrawn"

    class Wants(models.TextChoices):
        MEDICINES = "medicines", "What to think about with the medicines"
        NEXT = "next", "What else could be tried"
        SAFE = "safe", "Whether something is safe"
        SEE = "see", "Whether somebody should see the person"
        UNDERSTAND = "understand", "Help to understand what is going on"

    class Soon(models.TextChoices):
        USUAL = "usual", "In the usual time"
        SOONER = "sooner", "Sooner, because"

    class MayRead(models.TextChoices):
        YES = "yes", "Yes, as it is"
        AFTER_TALK = "after_talk", "After somebody has talked it through with them"

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="+")
    practice = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    provider = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, related_name="+"
    )
    asked_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    hospital = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=40)  # pain_consultant or addiction_psychiatrist
    specialist = models.ForeignKey(
        Membership, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    question = models.TextField()
    tried = models.TextField(blank=True)
    matters = models.TextField(blank=True)
    wants = models.CharField(max_length=12, choices=Wants.choices)
    soon = models.CharField(max_length=8, choices=Soon.choices, default=Soon.USUAL)
    soon_because = models.CharField(max_length=300, blank=True)
    pack = models.JSONField(default=dict)
    state = models.CharField(max_length=16, choices=State.choices, default=State.WITH_SPECIALIST)
    answer = models.TextField(blank=True)
    if_then = models.TextField(blank=True)
    may_read = models.CharField(max_length=12, choices=MayRead.choices, blank=True)
    answered_by = models.ForeignKey(
        Membership, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    answered_at = models.DateTimeField(null=True, blank=True)
    # The side that asked has read the answer; the person may read it from `released_at` on.
    read_by = models.ForeignKey(
        Membership, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    read_at = models.DateTimeField(null=True, blank=True)
    released_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["hospital", "role", "state"]),
            models.Index(fields=["patient", "state"]),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state__in=["answered", "withdrawn"]) | Q(closed_at__isnull=True),
                name="advice_waits_until_it_is_closed",
            ),
            models.CheckConstraint(
                condition=~Q(state="answered")
                | Q(answered_by__isnull=False, answered_at__isnull=False),
                name="advice_is_somebodys_answer",
            ),
        ]


class AdviceStep(models.Model):
    """Something that happened with a request, or was written to and fro. Never changed."""

    class Kind(models.TextChoices):
        ASKED = "asked", "Asked"
        ASKED_BACK = "asked_back", "Asked something back"
        REPLIED = "replied", "Replied"
        PASSED_ON = "passed_on", "Passed on to a colleague"
        NOT_FOR_ME = "not_for_me", "Said that they cannot answer this"
        REASSIGNED = "reassigned", "Asked another specialist"
        ANSWERED = "answered", "Answered"
        WITHDRAWN = "withdrawn", "Withdrawn"
        RELEASED = "released", "Talked it through: the person can read it"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    request = models.ForeignKey(AdviceRequest, on_delete=models.PROTECT, related_name="steps")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    at = models.DateTimeField()
    by = models.ForeignKey(
        Membership, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    text = models.TextField(blank=True)
    # Whom it was asked of from then on: a role of a hospital, and a name where one was given.
    to_hospital = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    to_role = models.CharField(max_length=40, blank=True)
    to = models.ForeignKey(
        Membership, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    # The state of the clock that ended with this step, for honest figures.
    was_late = models.BooleanField(default=False)
