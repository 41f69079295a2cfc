"""Everything that leaves the service: letters, e-mail, SMS, acknowledgements."""

from __future__ import annotations

import uuid

from django.db import models


class Message(models.Model):
    """One thing to send, once. Its `uuid` is the reference the carrier is given."""

    class Channel(models.TextChoices):
        LETTER = "letter", "Letter"
        EMAIL = "email", "E-mail"
        SMS = "sms", "Text message"

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        SENDING = "sending", "Being sent"
        SENT = "sent", "Sent"
        STOPPED = "stopped", "Stopped before sending"
        FAILED = "failed", "Could not be sent"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    purpose = models.CharField(max_length=60)  # what it is, e.g. joining.invitation
    # The same purpose and subject leave at most once.
    about = models.CharField(max_length=120)
    patient_id = models.BigIntegerField(null=True, db_index=True)
    practice_id = models.BigIntegerField(null=True)
    provider_id = models.BigIntegerField(null=True)
    channel = models.CharField(max_length=10, choices=Channel.choices)
    to = models.CharField(max_length=300)
    subject = models.CharField(max_length=300, blank=True)
    body = models.TextField(blank=True)
    document = models.CharField(max_length=300, blank=True)  # a file under settings.FILES
    document_hash = models.CharField(max_length=64, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    due_at = models.DateTimeField()
    next_try_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True, blank=True)
    fence = models.PositiveIntegerField(default=0)
    # It may have reached the carrier: ask there before sending it (again).
    at_door = models.BooleanField(default=False)
    attempts = models.PositiveSmallIntegerField(default=0)
    explanation = models.CharField(max_length=500, blank=True)  # why stopped, failed or waiting
    carrier_id = models.CharField(max_length=120, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["purpose", "about"], name="a_message_leaves_once")
        ]
        indexes = [
            models.Index(fields=["state", "next_try_at"], name="outbox_by_state_and_try"),
            models.Index(fields=["practice_id", "state"], name="outbox_by_practice"),
            models.Index(fields=["provider_id", "state"], name="outbox_by_provider"),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.uuid} ({self.state})"
