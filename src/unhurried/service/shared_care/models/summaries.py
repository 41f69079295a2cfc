"""The record summary: what a practice is told of a session, or later of another step (COM-1)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from unhurried.service.accounts.models import Membership, Organisation
from unhurried.service.patients.models import Patient
from unhurried.service.shared_care.models.waiting import Waiting


class RecordSummary(Waiting):
    """One screen of text for the GP record. Once sent it never changes: a correction is another.

    `lines` are the fields as the worker filled them in, with whether each goes; `facts` are what
    was sent, and every form of it (text, paper, FHIR, message) is made of them alone.
    """

    class State(models.TextChoices):
        DRAFT = "draft", "Not sent yet"
        SENT = "sent", "Waits for the practice"
        FILED = "filed", "On the record"
        RETURNED = "returned", "Sent back by the practice"
        CORRECTED = "corrected", "A newer one takes its place"
        LEFT = "left", "Left as it is"

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="summaries")
    practice = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    provider = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    source_kind = models.CharField(max_length=30)  # session; later a reduction step
    source_id = models.UUIDField(db_index=True)
    state = models.CharField(max_length=12, choices=State.choices, default=State.DRAFT)
    lines = models.JSONField(default=dict)  # code of summary_fields.csv: {text, goes}
    codes = models.JSONField(default=list)  # codes of summary_codes.csv the worker ticked
    facts = models.JSONField(default=dict)
    # Some of it may be read whatever the person answered about sharing: the fact of an alert.
    safety = models.BooleanField(default=False)
    # The worker went through the words with the person.
    heard = models.BooleanField(default=False)
    corrects = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="corrected_by"
    )
    written_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()
    sent_by = models.ForeignKey(
        Membership, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    sent_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(
        Membership, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    answered_at = models.DateTimeField(null=True, blank=True)
    returned_because = models.CharField(max_length=300, blank=True)
    left_because = models.CharField(max_length=300, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["source_kind", "source_id"],
                condition=Q(state="draft"),
                name="one_summary_being_written_per_source",
            ),
            models.CheckConstraint(
                condition=Q(state="draft") | Q(sent_at__isnull=False),
                name="a_summary_sent_says_when",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["patient", "sent_at"], name="summaries_of_a_person")
        ]
