"""A talk about a person: on the corridor, by telephone, in a room; written down quickly (COM-3)."""

from __future__ import annotations

from django.db import models

from unhurried.service.accounts.models import Membership, Organisation
from unhurried.service.patients.models import Patient
from unhurried.service.shared_care.models.presence import Presence
from unhurried.service.shared_care.models.waiting import Waiting


class Discussion(Presence, Waiting):
    """Never changed: a later line corrects it. It waits until the person has been told of it."""

    class How(models.TextChoices):
        CORRIDOR = "corridor", "In passing"
        TELEPHONE = "telephone", "By telephone"
        ROOM = "room", "In a room"
        VIDEO = "video", "By video"

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="discussions")
    practice = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    provider = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    on = models.DateField()
    at = models.TimeField(null=True, blank=True)  # on the clock where the service is
    how = models.CharField(max_length=12, choices=How.choices)
    minutes = models.PositiveSmallIntegerField(null=True, blank=True)
    about = models.CharField(max_length=200, blank=True)
    decided = models.CharField(max_length=600)
    written_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()


class TookPart(models.Model):
    """Somebody who took part: a member of the practice or the provider, or a name typed."""

    discussion = models.ForeignKey(Discussion, on_delete=models.PROTECT, related_name="took_part")
    member = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, related_name="+")
    name = models.CharField(max_length=200)
    role = models.CharField(max_length=100, blank=True)


class DiscussionLine(models.Model):
    """A later line that puts something right; what was written first stays beside it."""

    discussion = models.ForeignKey(Discussion, on_delete=models.PROTECT, related_name="lines")
    by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    text = models.TextField()
