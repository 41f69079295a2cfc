"""Work done in the background, kept in the database so that a killed worker loses nothing."""

from __future__ import annotations

import uuid

from django.db import models


class Job(models.Model):
    """One piece of work: waiting, running under a lease, done, or parked after many failures."""

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        RUNNING = "running", "Running"
        DONE = "done", "Done"
        PARKED = "parked", "Stopped after failing"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=60)
    payload = models.JSONField(default=dict)
    asked_by = models.JSONField(default=dict)  # the fields of the Actor it runs for
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True, blank=True)
    fence = models.PositiveIntegerField(default=0)  # grows with each claim: an old holder is told
    done_steps = models.PositiveIntegerField(default=0)
    all_steps = models.PositiveIntegerField(default=0)
    message = models.CharField(max_length=500, blank=True)  # what is going on, or went wrong
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["state", "due_at"], name="jobs_by_state_and_due")]

    def __str__(self) -> str:
        return f"{self.kind} {self.uuid} ({self.state})"


class WorkerSeen(models.Model):
    """A worker's sign of life, so that pages can say when things were last checked."""

    name = models.CharField(max_length=120, unique=True)
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField(db_index=True)
    doing = models.CharField(max_length=60, blank=True)

    def __str__(self) -> str:
        return f"{self.name}, seen {self.seen_at}"
