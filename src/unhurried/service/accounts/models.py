"""People who sign in, the organisations they work in, and the roles they hold there for a time."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q


class Users(BaseUserManager["User"]):
    """Look-ups of users by e-mail, whatever its capitals."""

    def get_by_natural_key(self, username: str | None) -> User:
        """The user who signs in with this e-mail address."""
        return self.get(email__iexact=username)


class User(AbstractBaseUser):
    """Someone who can sign in: staff, or a patient or carer with an account."""

    email = models.EmailField(unique=True)
    full_name = models.CharField(max_length=200)
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(auto_now_add=True)

    objects = Users()
    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["full_name"]

    def __str__(self) -> str:
        return self.full_name

    def get_full_name(self) -> str:
        """The name shown to others."""
        return self.full_name

    def get_short_name(self) -> str:
        """The first of their names."""
        return self.full_name.split(" ")[0]


class Organisation(models.Model):
    """A practice, a provider of the service, a commissioner or a university."""

    class Kind(models.TextChoices):
        PRACTICE = "practice", "GP practice"
        PROVIDER = "provider", "Service provider"
        HOSPITAL = "hospital", "Hospital or trust"
        COMMISSIONER = "commissioner", "Commissioner"
        UNIVERSITY = "university", "University"
        HOST = "host", "Host of the system"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    name = models.CharField(max_length=200)
    ods_code = models.CharField(max_length=12, blank=True)
    # What letters and pages call the service this organisation runs or takes part in.
    service_name = models.CharField(max_length=120, blank=True)
    address = models.TextField(blank=True)
    phone = models.CharField(max_length=40, blank=True)
    email = models.EmailField(blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["ods_code"], condition=~Q(ods_code=""), name="one_organisation_per_ods_code"
            )
        ]

    def __str__(self) -> str:
        return self.name


class MembershipQuerySet(models.QuerySet["Membership"]):
    """Roles, narrowed by when they are held."""

    def on(self, day: date) -> MembershipQuerySet:
        """Those held on `day`: begun, and not ended before or on it."""
        return self.filter(starts__lte=day).filter(Q(ends__isnull=True) | Q(ends__gt=day))


class Membership(models.Model):
    """One person's role in one organisation from `starts` until the day before `ends`."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="memberships"
    )
    role = models.CharField(max_length=40)  # a code of roles.csv
    starts = models.DateField()
    ends = models.DateField(null=True, blank=True)
    # A project worker's agreed number of people at a time; empty for other roles.
    capacity = models.PositiveSmallIntegerField(null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["user", "organisation", "role"],
                condition=Q(ends__isnull=True),
                name="a_role_is_held_once_at_a_time",
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} ({self.role}, {self.organisation})"


class Agreement(models.Model):
    """A provider runs the service for a practice from `starts` until the day before `ends`."""

    practice = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="agreements_as_practice"
    )
    provider = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="agreements_as_provider"
    )
    starts = models.DateField()
    ends = models.DateField(null=True, blank=True)


class BreakGlass(models.Model):
    """An opening of a record outside one's relationship, with its typed reason, for one hour."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    patient_id = models.BigIntegerField(db_index=True)
    reason = models.TextField()
    purpose = models.CharField(max_length=40)
    opened_at = models.DateTimeField()
    until = models.DateTimeField()
    reviewed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    reviewed_at = models.DateTimeField(null=True)
    review = models.TextField(blank=True)

    def covers(self, now: datetime) -> bool:
        """Is the record still open by this at `now`?"""
        return self.opened_at <= now < self.until


class RoleRequest(models.Model):
    """A role that needs a second person's approval before anybody holds it."""

    class Decision(models.TextChoices):
        WAITING = "waiting", "Waiting"
        APPROVED = "approved", "Approved"
        DECLINED = "declined", "Declined"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=40)
    starts = models.DateField()
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    decision = models.CharField(max_length=10, choices=Decision.choices, default=Decision.WAITING)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["user", "organisation", "role"],
                condition=Q(decision="waiting"),
                name="a_role_is_asked_for_once_at_a_time",
            )
        ]


class OpenIdLink(models.Model):
    """Who a person is to an NHS identity service: its name for them, once matched."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    issuer = models.CharField(max_length=300)
    subject = models.CharField(max_length=255)
    linked_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["issuer", "subject"], name="one_person_per_subject")
        ]


class SecondStepCleared(models.Model):
    """An administrator took somebody's lost second steps away; how they made sure who it was."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    # None: the host's own command line.
    cleared_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    reason = models.TextField()
    steps = models.PositiveSmallIntegerField()
    sessions = models.PositiveIntegerField()
