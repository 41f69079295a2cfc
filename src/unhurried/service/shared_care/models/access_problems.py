"""Somebody could not get to their GP because they are with the service (COM-4)."""

from __future__ import annotations

from django.db import models

from unhurried.service.accounts.models import Membership, Organisation, User
from unhurried.service.patients.models import Patient
from unhurried.service.shared_care.models.waiting import Waiting


class AccessProblem(Waiting):
    """The practice answers for it until it is put right and the person has been told how."""

    class State(models.TextChoices):
        OPEN = "open", "Nobody looks at it yet"
        LOOKED_AT = "looked_at", "Being looked at"
        PUT_RIGHT = "put_right", "Put right"

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="access_problems")
    practice = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    provider = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=40)  # a code of access_problem_kinds.csv
    on = models.DateField()
    words = models.TextField()  # what happened, in the person's own words
    reported_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    reported_at = models.DateTimeField()
    own_report = models.BooleanField()  # the person reported it themself
    state = models.CharField(max_length=12, choices=State.choices, default=State.OPEN)
    looking = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, related_name="+")
    version = models.PositiveIntegerField(default=1)


class AccessProblemStep(models.Model):
    """What happened to it, one row each; never changed."""

    class What(models.TextChoices):
        LOOKED_AT = "looked_at", "Somebody looks at it"
        PUT_RIGHT = "put_right", "Put right"
        REOPENED = "reopened", "It was not put right"

    problem = models.ForeignKey(AccessProblem, on_delete=models.PROTECT, related_name="steps")
    what = models.CharField(max_length=12, choices=What.choices)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    text = models.TextField(blank=True)  # what was done, or what is still wrong
    told_how = models.CharField(max_length=300, blank=True)  # how the person was told
