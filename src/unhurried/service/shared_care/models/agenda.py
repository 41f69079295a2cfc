"""What a review meeting talks about: a person, why, what was decided, and who does it (MDT-1)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from unhurried.service.accounts.models import Membership
from unhurried.service.patients.models import Patient
from unhurried.service.shared_care.models.meetings import ReviewMeeting
from unhurried.service.shared_care.models.presence import Presence
from unhurried.service.shared_care.models.tasks import Task
from unhurried.service.shared_care.models.waiting import Waiting


class MeetingItem(Presence, Waiting):
    """One person on the agenda. It waits, once decided, until the person was told.

    `present` is said when it is recorded; before that it is no.
    """

    meeting = models.ForeignKey(ReviewMeeting, on_delete=models.PROTECT, related_name="items")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="meeting_items")
    added_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    why = models.CharField(max_length=300)
    question = models.CharField(max_length=300)
    # The worker told them that they are on the agenda.
    they_know = models.BooleanField(default=False)
    they_know_at = models.DateTimeField(null=True, blank=True)
    said = models.TextField(blank=True)
    decision = models.CharField(max_length=600, blank=True)
    decided_by = models.ForeignKey(
        Membership, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    # Not reached: it stands on the next agenda again.
    put_off_at = models.DateTimeField(null=True, blank=True)
    carried_from = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="carried_to"
    )
    taken_off_at = models.DateTimeField(null=True, blank=True)
    taken_off_because = models.CharField(max_length=200, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["meeting", "patient"],
                condition=Q(taken_off_at__isnull=True),
                name="a_person_once_on_an_agenda",
            ),
            models.CheckConstraint(
                condition=Q(decided_at__isnull=True) | Q(decided_by__isnull=False),
                name="a_decision_was_written_by_somebody",
            ),
        ]


class ItemComment(models.Model):
    """What somebody wrote about a person on the agenda; never changed."""

    item = models.ForeignKey(MeetingItem, on_delete=models.PROTECT, related_name="comments")
    by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    text = models.TextField()


class MeetingAction(models.Model):
    """Something decided to be done: a task of a team, which says who has it and what came of it."""

    item = models.ForeignKey(MeetingItem, on_delete=models.PROTECT, related_name="actions")
    task = models.OneToOneField(Task, on_delete=models.PROTECT, related_name="+")
