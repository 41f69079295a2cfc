"""Messages between worker and practice about one person, and who read them when (COM-2)."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models

from unhurried.service.accounts.models import Membership, Organisation
from unhurried.service.patients.models import Patient
from unhurried.service.shared_care.models.waiting import Waiting


class Side(models.TextChoices):
    """The two teams that ask things of each other: a team's inbox, never one person's pocket."""

    PRACTICE = "practice", "The practice"
    PROVIDER = "provider", "The pain service"


class Thread(models.Model):
    """A conversation about one person under a subject; its messages are never changed."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="threads")
    practice = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    provider = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    subject = models.CharField(max_length=120)
    opened_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.subject


class ThreadMessage(Waiting):
    """One message. It waits until somebody of the other side has read it."""

    thread = models.ForeignKey(Thread, on_delete=models.PROTECT, related_name="messages")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    side = models.CharField(max_length=10, choices=Side.choices)  # whose message it is
    text = models.TextField()


class ReadReceipt(models.Model):
    """A member opened the thread and saw this message, for the first time."""

    message = models.ForeignKey(ThreadMessage, on_delete=models.PROTECT, related_name="receipts")
    member = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["message", "member"], name="a_message_is_read_once")
        ]
