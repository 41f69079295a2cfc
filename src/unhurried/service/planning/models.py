"""What a person and their project worker talk about, measure and plan, as it was written each time.

What is written in the assessment is added, never replaced: the newest number of a part counts and
the earlier ones stay. The plan changes in place, with a version; each agreement keeps a copy.
"""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q

from unhurried.service.accounts.models import Membership
from unhurried.service.patients.models import Episode, Patient


class Assessment(models.Model):
    """The conversation of one episode, over as many meetings as it takes."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    episode = models.OneToOneField(Episode, on_delete=models.PROTECT, related_name="assessment")
    begun_at = models.DateTimeField()
    begun_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    # What was written until then the person reads on their own page.
    shared_at = models.DateTimeField(null=True, blank=True)
    shared_by = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, related_name="+")


class Written(models.Model):
    """One version of something written: the next has the next number."""

    number = models.PositiveIntegerField()
    by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        abstract = True


class PartSaid(Written):
    """What the person said on one part, in their words, or why it was left out."""

    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="said")
    code = models.CharField(max_length=40)  # of parts.csv
    words = models.TextField(blank=True)
    left_out = models.CharField(max_length=20, blank=True)  # of skip_reasons.csv
    left_out_words = models.CharField(max_length=300, blank=True)
    wants_help = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["assessment", "code", "number"], name="a_version_of_a_part_once"
            ),
        ]


class BenefitCheck(Written):
    """Days with the opioids and days without, side by side, and what the person wants of them."""

    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="benefits")
    pain_with = models.PositiveSmallIntegerField(null=True, blank=True)
    pain_without = models.PositiveSmallIntegerField(null=True, blank=True)
    doing_with = models.PositiveSmallIntegerField(null=True, blank=True)
    doing_without = models.PositiveSmallIntegerField(null=True, blank=True)
    wants = models.TextField(blank=True)
    helps = models.CharField(max_length=20, blank=True)  # of helps.csv
    words = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["assessment", "number"], name="a_version_of_a_benefit_check_once"
            ),
            *(
                models.CheckConstraint(
                    condition=Q(**{f"{name}__lte": 10}) | Q(**{f"{name}__isnull": True}),
                    name=f"benefit_{name}_is_at_most_ten",
                )
                for name in ("pain_with", "pain_without", "doing_with", "doing_without")
            ),
        ]


class Baseline(Written):
    """The fields of the paper's Table 1 that the record does not hold; empty is not known."""

    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="baselines")
    employment = models.CharField(max_length=20, blank=True)
    living = models.CharField(max_length=20, blank=True)
    mental_health = models.CharField(max_length=20, blank=True)
    mental_health_kinds = models.JSONField(default=list)
    pain_clinic = models.CharField(max_length=20, blank=True)
    pain = models.JSONField(default=list)
    opioids = models.JSONField(default=list)
    other_medicines = models.JSONField(default=list)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["assessment", "number"], name="a_version_of_a_baseline_once"
            ),
        ]


TAKEN_BACK = 100_000_000  # more than any number of versions


class Summary(Written):
    """The short text the person agreed that their GP practice sees, until they take it back."""

    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="summaries")
    text = models.TextField()
    stopped_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["assessment", "number"], name="a_version_of_a_summary_once"
            ),
        ]

    @property
    def mark(self) -> int:
        """What a form is filled in from: its number, and another one once it is taken back."""
        return self.number + (TAKEN_BACK if self.stopped_at else 0)


class Result(models.Model):
    """One filling in of a measure: the answers as given, None where a question was left out."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="results")
    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, related_name="results")
    measure = models.CharField(max_length=20)  # a code of clinical.measures
    measure_version = models.CharField(max_length=20)
    answers = models.JSONField()
    # What the questions were about: the person's own goals, or a medicine.
    named = models.JSONField(default=dict)
    by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    by_person = models.BooleanField()
    at = models.DateTimeField()
    # Entered by mistake: kept, and no longer counted.
    put_aside_at = models.DateTimeField(null=True, blank=True)
    put_aside_because = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["patient", "measure", "at"])]


class NotAsked(models.Model):
    """A measure that was not asked this time, and why."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="not_asked")
    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, related_name="not_asked")
    measure = models.CharField(max_length=20)
    reason = models.CharField(max_length=20)  # of not_asked_reasons.csv
    words = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()


class Plan(models.Model):
    """The pain management plan of one episode, and what the person wants of the time together."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    episode = models.OneToOneField(Episode, on_delete=models.PROTECT, related_name="plan")
    begun_at = models.DateTimeField()
    matters = models.TextField(blank=True)
    helps = models.TextField(blank=True)  # what already helps: strengths first
    pace = models.CharField(max_length=20, blank=True)  # of choices.csv
    pace_words = models.CharField(max_length=300, blank=True)
    review_on = models.DateField(null=True, blank=True)
    changed_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=0)  # 0: its own words were never written


class Item(models.Model):
    """One thing of the plan. Those of the strategy "goals" may carry a readiness, 0 to 10."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="items")
    strategy = models.CharField(max_length=30)  # of strategies.csv
    words = models.CharField(max_length=300)
    where = models.CharField(max_length=20)  # session or community
    where_words = models.CharField(max_length=200, blank=True)
    who = models.CharField(max_length=20)
    who_words = models.CharField(max_length=200, blank=True)
    status = models.CharField(max_length=20, default="trying")
    readiness = models.PositiveSmallIntegerField(null=True, blank=True)
    review_on = models.DateField(null=True, blank=True)
    by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    by_person = models.BooleanField()
    added_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(where__in=["session", "community"]),
                name="an_item_is_within_session_or_community",
            ),
            models.CheckConstraint(
                condition=Q(readiness__lte=10) | Q(readiness__isnull=True),
                name="readiness_is_at_most_ten",
            ),
        ]


class Comment(models.Model):
    """What somebody said about an item; added, never changed."""

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="comments")
    text = models.TextField()
    by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    by_person = models.BooleanField()
    at = models.DateTimeField()


class Topic(models.Model):
    """Something the person wants to reach, and when they would like to."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="topics")
    code = models.CharField(max_length=30)  # of topics.csv
    words = models.CharField(max_length=300, blank=True)
    when = models.CharField(max_length=20)  # of choices.csv
    asked_at = models.DateTimeField()
    reached_at = models.DateTimeField(null=True, blank=True)


class Agreement(models.Model):
    """The person said "this is my plan": a copy of the plan as it was, for good."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="agreements")
    number = models.PositiveIntegerField()
    how = models.CharField(max_length=20)  # of choices.csv, or "online"
    gp_may_see = models.BooleanField()
    content = models.JSONField()
    by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["plan", "number"], name="a_version_of_a_plan_once"),
        ]
