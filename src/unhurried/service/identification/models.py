"""Extracts a practice gave, the people they list, and what GPs decided about each."""

from __future__ import annotations

import uuid
from datetime import date
from typing import ClassVar, NamedTuple

from django.db import models
from django.db.models import Q

from unhurried.service.accounts.models import Membership, Organisation
from unhurried.service.identification.tables import tier_words
from unhurried.service.identification.wording import figure_words
from unhurried.service.patients.models import Patient


class Medicine(NamedTuple):
    """A product as the records write it."""

    name: str
    directions: str
    issued: date
    superseded: bool


class Practice(models.Model):
    """How one practice finds people: its confirmed columns and its own pace."""

    organisation = models.OneToOneField(Organisation, on_delete=models.PROTECT, related_name="+")
    column_map = models.TextField(blank=True)  # TOML, as the command line saves it
    confirmed = models.BooleanField(default=False)
    per_week = models.PositiveSmallIntegerField(default=5)
    version = models.PositiveIntegerField(default=1)


class Extract(models.Model):
    """Records a practice handed in to be screened; its files lie under `FILES/extracts`."""

    class State(models.TextChoices):
        TO_CONFIRM = "to_confirm", "Columns to confirm"
        WAITING = "waiting", "Waiting to be screened"
        RUNNING = "running", "Being screened"
        DONE = "done", "Screened"
        UNUSABLE = "unusable", "Could not be used"
        PUT_ASIDE = "put_aside", "Put aside"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    practice = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    provided_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    provided_at = models.DateTimeField()
    name = models.CharField(max_length=120)  # as the person knows it, for the page only
    content = models.CharField(max_length=64)  # SHA-256 of what is in the files
    size = models.PositiveBigIntegerField()
    format = models.CharField(max_length=8)
    state = models.CharField(max_length=12, choices=State.choices, default=State.TO_CONFIRM)
    column_map = models.TextField(blank=True)
    looks_from = models.DateField(null=True, blank=True)  # asked for; else where the issues end
    job = models.UUIDField(null=True, blank=True)
    problem = models.TextField(blank=True)
    as_of = models.DateField(null=True, blank=True)
    screened_at = models.DateTimeField(null=True, blank=True)
    summary = models.JSONField(default=dict)
    rejects = models.JSONField(default=list)  # [reason in words, rows], the commonest first
    left_alone = models.TextField(blank=True)  # why a finished extract changed no list
    files_from = models.DateTimeField(null=True, blank=True)  # handed in again since then
    files_gone_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["-provided_at", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["practice", "content"], name="a_practice_hands_in_the_same_records_once"
            )
        ]

    def __str__(self) -> str:
        return self.name


class CandidateQuerySet(models.QuerySet["Candidate"]):
    """Candidates, narrowed in the words of the service."""

    def on_the_list(self) -> CandidateQuerySet:
        """Those the latest extract lists."""
        return self.filter(standing=Candidate.Standing.LISTED)

    def approaching(self) -> CandidateQuerySet:
        """Those on opioids now and nearing three months (ID-8)."""
        return self.filter(standing=Candidate.Standing.APPROACHING)

    def agreed(self) -> CandidateQuerySet:
        """Those a GP agreed to invite."""
        return self.filter(choice=Candidate.Choice.INVITE, patient__isnull=False)


class Candidate(models.Model):
    """One person of a practice whom an extract listed, as the latest extract knows them."""

    class Standing(models.TextChoices):
        LISTED = "listed", "On the list"
        APPROACHING = "approaching", "Nearing three months"
        GONE = "gone", "No longer listed"

    class Choice(models.TextChoices):
        NONE = "", "Not decided"
        INVITE = "invite", "Invite"
        NOT_NOW = "not_now", "Not now"
        NOT_SUITABLE = "not_suitable", "Not suitable"
        DISCUSS = "discuss", "To discuss"

    class Change(models.TextChoices):
        NONE = "", "No change"
        NEW = "new", "New on the list"
        BACK = "back", "Back on the list"
        DOSE = "dose", "Dose changed"
        TIER = "tier", "Moved to another group"
        GONE = "gone", "No longer on the list"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    practice = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    extract = models.ForeignKey(Extract, on_delete=models.PROTECT, related_name="candidates")
    first_listed_at = models.DateTimeField(null=True, blank=True)
    nhs_number = models.CharField(max_length=10, blank=True)
    person_id = models.CharField(max_length=200)  # the extract's own
    standing = models.CharField(max_length=12, choices=Standing.choices)
    rank = models.PositiveIntegerField(default=0)
    tier = models.CharField(max_length=40, blank=True)
    age = models.PositiveSmallIntegerField(null=True)
    sex = models.CharField(max_length=12, blank=True)
    date_of_birth = models.DateField(null=True, blank=True)
    # Oral morphine equivalent in micrograms a day, as the screening counts it.
    ome_min = models.PositiveBigIntegerField(null=True)
    ome_max = models.PositiveBigIntegerField(null=True)
    ome_status = models.CharField(max_length=16, blank=True)
    ome_as_at = models.DateField(null=True)
    products = models.JSONField(default=list)  # [{name, directions, issued, superseded}]
    flags = models.JSONField(default=list)
    episode_start = models.DateField(null=True)
    episode_end = models.DateField(null=True)
    days_exposed = models.PositiveIntegerField(default=0)
    issues = models.PositiveIntegerField(default=0)
    change = models.CharField(max_length=8, choices=Change.choices, blank=True)
    change_words = models.TextField(blank=True)
    # Name and address, from the extract's patient file or typed by the practice.
    title = models.CharField(max_length=20, blank=True)
    given_name = models.CharField(max_length=100, blank=True)
    family_name = models.CharField(max_length=100, blank=True)
    address = models.TextField(blank=True)
    postcode = models.CharField(max_length=10, blank=True)
    phone = models.CharField(max_length=30, blank=True)
    email = models.EmailField(blank=True)
    typed_details = models.BooleanField(default=False)
    # What the latest decision left standing.
    choice = models.CharField(max_length=14, choices=Choice.choices, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        Membership, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    not_before = models.DateField(null=True, blank=True)
    patient = models.ForeignKey(
        Patient, on_delete=models.PROTECT, null=True, blank=True, related_name="candidates"
    )
    invited_at = models.DateTimeField(null=True, blank=True)
    enrolled_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    with_service = ""  # said by `with_service.tell_with_service`, not kept

    objects = CandidateQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["practice", "nhs_number"],
                condition=~Q(nhs_number=""),
                name="one_candidate_per_nhs_number_in_a_practice",
            ),
            models.UniqueConstraint(
                fields=["practice", "person_id"],
                condition=Q(nhs_number=""),
                name="one_candidate_per_person_id_without_number",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["practice", "standing", "choice", "rank"], name="candidate_list")
        ]

    def __str__(self) -> str:
        return self.name or "Name not in the records"

    @property
    def name(self) -> str:
        """The person's name as far as it is known here, else nothing."""
        return " ".join(part for part in (self.title, self.given_name, self.family_name) if part)

    @property
    def who(self) -> str:
        """Age and sex as far as they are known: “66, female”."""
        age = "age not known" if self.age is None else str(self.age)
        return f"{age}, {self.sex}" if self.sex and self.sex != "not known" else age

    @property
    def missing(self) -> str:
        """What must be known before they can be registered, in words; else nothing."""
        parts = [] if self.given_name or self.family_name else ["name"]
        parts += [] if self.date_of_birth else ["date of birth"]
        return " and ".join(parts)

    @property
    def dose(self) -> str:
        """Oral morphine equivalent as a range, without its day."""
        return figure_words(self.ome_min, self.ome_max, self.ome_status)

    @property
    def has_figure(self) -> bool:
        """Is there a figure of oral morphine equivalent at all?"""
        return self.ome_status != "not_converted" and (self.ome_min, self.ome_max) != (None, None)

    @property
    def group(self) -> str:
        """The group of the list, in words."""
        return tier_words(self.tier)

    @property
    def medicines(self) -> list[Medicine]:
        """What they take, as the records state it; the newest of each kind first."""
        return [
            Medicine(
                str(each["name"]), str(each["directions"]),
                date.fromisoformat(str(each["issued"])), bool(each["superseded"]),
            )
            for each in self.products
        ]  # fmt: skip


class Reason(models.Model):
    """One reason an extract gave for listing someone; kept when a later extract says it no more."""

    candidate = models.ForeignKey(Candidate, on_delete=models.CASCADE, related_name="reasons")
    code = models.CharField(max_length=40)
    words = models.TextField()
    place = models.PositiveSmallIntegerField()
    current = models.BooleanField(default=True)

    class Meta:
        ordering = ["place", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["candidate", "code"], name="a_reason_is_given_once")
        ]


class Decision(models.Model):
    """What someone decided about a candidate. Rows are added, never changed; undoing adds one."""

    candidate = models.ForeignKey(Candidate, on_delete=models.PROTECT, related_name="decisions")
    choice = models.CharField(max_length=14, choices=Candidate.Choice.choices, blank=True)
    by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    not_before = models.DateField(null=True, blank=True)
    reason = models.CharField(max_length=40, blank=True)  # a code of not_suitable.csv
    text = models.TextField(blank=True)
    batch = models.UUIDField(default=uuid.uuid4, db_index=True)  # decided together, undone together
    extract = models.ForeignKey(Extract, on_delete=models.PROTECT, related_name="+")
    undoes = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, related_name="undone_by"
    )

    class Meta:
        ordering = ["at", "id"]


class Conversation(models.Model):
    """That someone nearing three months was told what to know about dependence (ID-8)."""

    class How(models.TextChoices):
        SAID = "said", "Talked about"
        LEAFLET = "leaflet", "Written information given"
        BOTH = "both", "Talked about, and written information given"

    candidate = models.ForeignKey(Candidate, on_delete=models.PROTECT, related_name="conversations")
    by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    on = models.DateField()
    how = models.CharField(max_length=10, choices=How.choices)
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["at", "id"]
