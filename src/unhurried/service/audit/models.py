"""The audit trail: one row for every read and write of a person's record."""

from __future__ import annotations

from django.db import models


class Entry(models.Model):
    """One thing done or seen. Never changed, never deleted (triggers on both databases)."""

    seq = models.BigAutoField(primary_key=True)
    at = models.DateTimeField()
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=200)
    role = models.CharField(max_length=40)
    organisation_id = models.BigIntegerField(null=True)
    membership_id = models.BigIntegerField(null=True)
    action = models.CharField(max_length=80)
    object_type = models.CharField(max_length=60)
    object_id = models.CharField(max_length=60)
    patient_id = models.BigIntegerField(null=True)
    outcome = models.CharField(max_length=20, default="done")
    note = models.CharField(max_length=500, blank=True)
    request_id = models.CharField(max_length=40, blank=True)
    once_key = models.CharField(max_length=80, null=True, unique=True)
    once_body = models.CharField(max_length=64, blank=True)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        ordering = ["seq"]
        indexes = [models.Index(fields=["patient_id", "seq"], name="audit_by_patient")]

    def __str__(self) -> str:
        return f"{self.seq} {self.action}"
