"""What worker and practice ask of each other about a person, and what came of it (COM-1)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from unhurried.service.accounts.models import Membership, Organisation
from unhurried.service.patients.models import Patient
from unhurried.service.shared_care.models.messages import Side, Thread
from unhurried.service.shared_care.models.waiting import Waiting


class Task(Waiting):
    """One thing asked of a team about one person. Whoever of the team may take it, and over."""

    class State(models.TextChoices):
        OPEN = "open", "Nobody has taken it yet"
        TAKEN = "taken", "Somebody has it"
        DONE = "done", "Done"
        DECLINED = "declined", "Not possible"
        WITHDRAWN = "withdrawn", "No longer needed"

    class Knows(models.TextChoices):
        AGREES = "agrees", "Yes, and they agree"
        KNOWS = "knows", "Yes; they have not said what they think of it"
        RATHER_NOT = "rather_not", "Yes, and they would rather not"
        NOT_YET = "not_yet", "Not yet"

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="tasks")
    practice = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    provider = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    asked_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    to = models.CharField(max_length=10, choices=Side.choices)
    # For whom of the team it is meant; the others see it all the same.
    meant_for = models.ForeignKey(
        Membership, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    kind = models.CharField(max_length=20)  # a code of task_kinds.csv
    sentence = models.CharField(max_length=200)
    words = models.TextField(blank=True)
    due = models.DateField()
    person_knows = models.CharField(max_length=12, choices=Knows.choices)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    taken_by = models.ForeignKey(
        Membership, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    closed_by = models.ForeignKey(
        Membership, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    outcome = models.TextField(blank=True)  # what was done, or why not
    thread = models.ForeignKey(
        Thread, on_delete=models.PROTECT, null=True, blank=True, related_name="tasks"
    )
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(state="taken") | Q(taken_by__isnull=False),
                name="a_task_taken_is_somebodys",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["open", "taken"], closed_at__isnull=True)
                | Q(state__in=["done", "declined", "withdrawn"], closed_at__isnull=False),
                name="a_task_ends_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return self.sentence


class TaskStep(models.Model):
    """What happened with a task; rows are added, never changed."""

    class What(models.TextChoices):
        ASKED = "asked", "asked"
        TAKEN = "taken", "took it"
        PUT_BACK = "put_back", "gave it back to the team"
        MEANT_FOR = "meant_for", "said for whom it is meant"
        WORKER_CHANGED = "worker", "gave the person another project worker"
        DUE = "due", "changed the day"
        DONE = "done", "marked it done"
        DECLINED = "declined", "said that it is not possible"
        WITHDRAWN = "withdrawn", "said that it is no longer needed"

    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="steps")
    at = models.DateTimeField()
    by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    what = models.CharField(max_length=12, choices=What.choices)
    # In words: a reason, what was done; for whom; the day it was due before.
    words = models.TextField(blank=True)
    member = models.ForeignKey(
        Membership, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    due_before = models.DateField(null=True, blank=True)
