"""A worker, or a whole provider, hands people over: who takes whom on, and that nobody is lost
(CON-1, FUN-4; hazard H23)."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q

from unhurried.service.accounts.models import Membership, Organisation
from unhurried.service.patients.models import Episode, Note, Patient
from unhurried.service.shared_care.models.waiting import Waiting


class Handover(models.Model):
    """Everybody of one project worker, or of one provider, on the way to somebody else.

    While it runs nobody new is given to who hands over. What was open when it began is kept, so
    that at the end counts in can be compared with counts out.
    """

    class Kind(models.TextChoices):
        WORKER = "worker", "A project worker hands over"
        PROVIDER = "provider", "A provider leaves the service"

    class State(models.TextChoices):
        RUNNING = "running", "Under way"
        CLOSED = "closed", "Finished"
        CALLED_OFF = "called_off", "Called off"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    state = models.CharField(max_length=12, choices=State.choices, default=State.RUNNING)
    provider = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    worker = models.ForeignKey(
        Membership, on_delete=models.PROTECT, null=True, blank=True, related_name="handovers"
    )
    # The provider that takes the people on; None when they stay with theirs.
    to_provider = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    # The first day the provider no longer runs the service.
    end_day = models.DateField(null=True, blank=True)
    because = models.CharField(max_length=200)
    begun_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    begun_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    before = models.JSONField(default=list)  # keys of what was open when it began
    certificate = models.JSONField(default=dict)
    manifest = models.TextField(blank=True)
    manifest_hash = models.CharField(max_length=64, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["worker"], condition=Q(state="running"), name="one_handover_of_a_worker"
            ),
            models.UniqueConstraint(
                fields=["provider"],
                condition=Q(kind="provider", state__in=["running", "closed"]),
                name="a_provider_leaves_once",
            ),
            models.CheckConstraint(
                condition=Q(kind="worker", worker__isnull=False, to_provider__isnull=True)
                | Q(kind="provider", worker__isnull=True, to_provider__isnull=False),
                name="a_handover_is_of_a_worker_or_a_provider",
            ),
        ]


class HandedPerson(Waiting):
    """One person of a handover. It waits from the moment somebody is asked to take them on."""

    class State(models.TextChoices):
        NEEDS = "needs", "Nobody is asked yet"
        ASKED = "asked", "Waits for a yes"
        ACCEPTED = "accepted", "Taken on"
        SETTLED = "settled", "Settled in another way"

    class How(models.TextChoices):
        MET = "met", "When we met"
        CALL = "call", "By telephone"
        LETTER = "letter", "By letter"

    handover = models.ForeignKey(Handover, on_delete=models.PROTECT, related_name="people")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="+")
    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, related_name="+")
    from_worker = models.ForeignKey(
        Membership, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    receiver = models.ForeignKey(
        Membership, on_delete=models.PROTECT, null=True, blank=True, related_name="receives"
    )
    state = models.CharField(max_length=10, choices=State.choices, default=State.NEEDS)
    over_reason = models.CharField(max_length=200, blank=True)
    not_possible_because = models.CharField(max_length=200, blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True)
    # What matters, in the person's words: an ordinary note, read as every other.
    note = models.ForeignKey(
        Note, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    told_at = models.DateTimeField(null=True, blank=True)
    told_by = models.ForeignKey(
        Membership, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    told_how = models.CharField(max_length=8, choices=How.choices, blank=True)
    wishes = models.CharField(max_length=300, blank=True)  # for somebody else, or another way
    # Their choice not to pass restricted notes on; None: not asked.
    keeps_back = models.BooleanField(null=True, blank=True)
    handed_at = models.DateTimeField(null=True, blank=True)  # notes before it are kept back

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["handover", "episode"], name="a_person_once_in_a_handover"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["asked"]) | Q(receiver__isnull=False),
                name="who_is_asked_has_a_name",
            ),
        ]
