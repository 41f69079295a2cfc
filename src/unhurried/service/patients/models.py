"""The person, how to reach them, what they consented to, and their time with the service."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.db import models, transaction
from django.db.models import Q

from unhurried.service.accounts.models import Membership, Organisation, User
from unhurried.service.patients.names import NAME_WORD_LENGTH, name_words


class Patient(models.Model):
    """Someone the service is for.

    One row a practice: NHS numbers are never compared across practices, so that nobody can learn
    from a refusal that another practice's patient is here.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    practice = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="patients")
    user = models.OneToOneField(User, on_delete=models.PROTECT, null=True, related_name="patient")
    nhs_number = models.CharField(max_length=10, blank=True)
    title = models.CharField(max_length=20, blank=True)
    given_name = models.CharField(max_length=100)
    family_name = models.CharField(max_length=100)
    known_as = models.CharField(max_length=100, blank=True)
    # Names folded for search and for the order of lists; the words themselves are NameWord rows.
    search_name = models.CharField(max_length=220, db_index=True, editable=False)
    date_of_birth = models.DateField(db_index=True)
    sex = models.CharField(max_length=12, blank=True)
    date_of_death = models.DateField(null=True, blank=True)
    address = models.TextField(blank=True)
    postcode = models.CharField(max_length=10, blank=True)
    phone = models.CharField(max_length=30, blank=True)
    email = models.EmailField(blank=True)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["practice", "nhs_number"],
                condition=~Q(nhs_number=""),
                name="one_patient_per_nhs_number_in_a_practice",
            )
        ]
        indexes: ClassVar = [models.Index(fields=["nhs_number"])]

    def __str__(self) -> str:
        return f"{self.given_name} {self.family_name}".strip()

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save, and keep what search looks in the same as the name."""
        words = name_words(self.given_name, self.family_name, self.known_as)
        self.search_name = " ".join(name_words(self.family_name, self.given_name))[:220]
        with transaction.atomic():
            super().save(*args, **kwargs)
            kept = set(self.name_words.values_list("word", flat=True))
            self.name_words.filter(word__in=kept - set(words)).delete()
            NameWord.objects.bulk_create(
                NameWord(patient=self, word=word) for word in words if word not in kept
            )


class NameWord(models.Model):
    """One word of a person's names, folded: what a few typed letters are compared with."""

    patient = models.ForeignKey(Patient, on_delete=models.CASCADE, related_name="name_words")
    word = models.CharField(max_length=NAME_WORD_LENGTH, db_index=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["patient", "word"], name="a_name_word_once")
        ]


class PracticeMove(models.Model):
    """The person registered with another practice: from `on` the old one sees nothing new."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="moves")
    from_practice = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    to_practice = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    on = models.DateField()
    recorded_at = models.DateTimeField()


class Restriction(models.Model):
    """The person asked that this member of staff does not see their record. It wins over all."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="restrictions")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)


class ContactPreference(models.Model):
    """How the person wants to be reached, and how not. One row a patient; amended, versioned."""

    patient = models.OneToOneField(Patient, on_delete=models.PROTECT, related_name="contact")
    do_not_contact = models.BooleanField(default=False)
    do_not_post = models.BooleanField(default=False)
    no_voicemail = models.BooleanField(default=False)
    reason = models.TextField(blank=True)  # shown to the worker and the person only
    by_letter = models.BooleanField(default=True)
    by_email = models.BooleanField(default=False)
    by_sms = models.BooleanField(default=False)
    by_phone = models.BooleanField(default=True)
    large_print = models.BooleanField(default=False)
    language = models.CharField(max_length=60, blank=True)
    interpreter = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)


class Carer(models.Model):
    """A partner, parent or friend who supports the person."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="carers")
    user = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="cares_for")
    name = models.CharField(max_length=200)
    relationship = models.CharField(max_length=60)
    phone = models.CharField(max_length=30, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)


class Episode(models.Model):
    """One person's time with one provider. A person may return: then it is another episode."""

    class State(models.TextChoices):
        REFERRED = "referred", "Referred or invited"
        ENROLLED = "enrolled", "Enrolled"
        PAUSED = "paused", "Paused"
        ENDED = "ended", "Ended"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="episodes")
    practice = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    provider = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="episodes")
    project_worker = models.ForeignKey(
        Membership, on_delete=models.PROTECT, null=True, related_name="episodes"
    )
    state = models.CharField(max_length=12, choices=State.choices, default=State.REFERRED)
    opened_at = models.DateTimeField()
    enrolled_at = models.DateTimeField(null=True, blank=True)
    paused_at = models.DateTimeField(null=True, blank=True)
    paused_because = models.CharField(max_length=200, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_because = models.CharField(max_length=200, blank=True)
    # Why they came to a worker who had the agreed number of people already; the manager reads it.
    over_reason = models.CharField(max_length=200, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["patient"],
                condition=~Q(state="ended"),
                name="one_open_episode_per_patient",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["enrolled", "paused"]) | Q(project_worker__isnull=False),
                name="an_enrolled_person_has_a_project_worker",
            ),
        ]


class WorkerChange(models.Model):
    """One project worker handed a person over to another."""

    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, related_name="worker_changes")
    from_worker = models.ForeignKey(
        Membership, on_delete=models.PROTECT, null=True, related_name="+"
    )
    to_worker = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    reason = models.CharField(max_length=200)


class Cover(models.Model):
    """While a project worker is away, another looks after everyone they work with.

    From `starts` until the day before `ends`, as for roles; on no day when it was called off before
    it began (`ends` is then `starts`).
    """

    worker = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="covered_by")
    covering = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="covers")
    starts = models.DateField()
    ends = models.DateField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(ends__gte=models.F("starts")), name="cover_ends_after_it_starts"
            )
        ]


class Consent(models.Model):
    """One answer to one question of consent. Answers are added, never changed.

    "Not asked" is the absence of a row; "declined" is an answer. `withdrawn_at` ends an answer
    at once.
    """

    class Kind(models.TextChoices):
        SERVICE = "service", "Take part in the service"
        SHARING = "sharing", "Share with"
        RESEARCH_CONTACT = "research_contact", "Be contacted about research"
        STUDY = "study", "Take part in a study"
        EVALUATION = "evaluation", "Use of data for evaluation"

    class How(models.TextChoices):
        SIGNED = "signed", "Signed"
        SPOKEN = "spoken", "Said, and written down"
        RECORDED = "recorded", "Said, and recorded"
        ONLINE = "online", "Online"

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="consents")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    # With whom (gp, specialist, carer:<id>:<object>) for sharing; which study; else empty.
    party = models.CharField(max_length=60, blank=True)
    given = models.BooleanField()
    how = models.CharField(max_length=12, choices=How.choices)
    wording = models.CharField(max_length=40)  # key and version of consent_wording.csv
    language = models.CharField(max_length=20, default="en-GB")
    taken_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    # The first day it no longer holds; always there when it is with a carer.
    ends = models.DateField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")


class Note(models.Model):
    """Something written about a person; never changed once saved (a later note corrects it)."""

    class Visibility(models.TextChoices):
        ORDINARY = "ordinary", "Patient and project worker"
        SHARED_WITH_GP = "gp", "Shared with the GP"
        RESTRICTED = "restricted", "Restricted"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="notes")
    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, null=True, related_name="notes")
    author = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    visibility = models.CharField(max_length=12, choices=Visibility.choices)
    text = models.TextField()
    at = models.DateTimeField()
    corrects = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")


class SafetyAlert(models.Model):
    """The fact of a risk and who must act, whatever note it came with (the safety floor)."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="alerts")
    kind = models.CharField(max_length=40)  # a code of safety_kinds.csv
    raised_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    raised_at = models.DateTimeField()
    responsible = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    # Who saw to it that somebody acts; until then the organisation answers for it.
    acknowledged_by = models.ForeignKey(
        Membership, on_delete=models.PROTECT, null=True, related_name="+"
    )
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    action_taken = models.TextField(blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    # From when it is late, and passed on, unless acknowledged (alert_times.csv). Those raised
    # before there were times have none: they are late at once.
    late_from = models.DateTimeField(null=True, blank=True)
    passed_on_from = models.DateTimeField(null=True, blank=True)
    # Which of the two the practice was reminded of: "", late, passed_on.
    reminded = models.CharField(max_length=12, blank=True)


class KnownMedicine(models.Model):
    """An opioid (or co-prescribed) medicine as the GP's records or a referral stated it.

    Rows of one `source` and `as_at` are one list; the newest list is the current one.
    """

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="medicines")
    product = models.CharField(max_length=300)
    directions = models.CharField(max_length=500, blank=True)
    last_issued = models.DateField(null=True, blank=True)
    as_at = models.DateField()
    source = models.CharField(max_length=40)  # "screening" or "referral"
    recorded_at = models.DateTimeField(auto_now_add=True)


class NoMedicines(models.Model):
    """A list of medicines with nothing on it: the records name no current opioid product."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="empty_lists")
    as_at = models.DateField()
    source = models.CharField(max_length=40)
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["patient", "source", "as_at"], name="an_empty_list_a_source_and_day"
            )
        ]


class RecordsSay(models.Model):
    """What the practice's records say of the person's death, or of leaving the practice.

    What later records no longer say is marked with their day, never taken back by itself.
    """

    class Answer(models.TextChoices):
        NONE = "", "Not answered"
        REGISTERED = "registered", "Still registered"
        LEFT = "left", "Has left"

    patient = models.OneToOneField(Patient, on_delete=models.PROTECT, related_name="records_say")
    as_at = models.DateField()  # the newest records that were read for this person
    died = models.DateField(null=True, blank=True)
    died_no_longer = models.DateField(null=True, blank=True)
    left = models.DateField(null=True, blank=True)
    left_no_longer = models.DateField(null=True, blank=True)
    answer = models.CharField(max_length=12, choices=Answer.choices, blank=True)
    answered_by = models.ForeignKey(
        Membership, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    answered_at = models.DateTimeField(null=True, blank=True)


class OwnAccount(models.Model):
    """An account a person, or a carer of theirs, was given: how one made sure of them, and until
    when. Opened again it is another row of the same user."""

    class Sure(models.TextChoices):
        DOCUMENT = "document", "I met them and saw a document with their name"
        KNOWN = "known", "They are known to me, and I spoke with them"
        NHS_LOGIN = "nhs_login", "NHS login will make sure when they first sign in"

    class Way(models.TextChoices):
        EMAIL = "email", "By a link, sent to their e-mail address"
        CODE = "code", "With a code on paper, which I hand to them"

    class Because(models.TextChoices):
        ASKED = "asked", "They asked for it"
        LOST = "lost", "A telephone or a password is lost, or somebody else has it"
        UNSAFE = "unsafe", "It is not safe for them now"
        OVER = "over", "It is not needed any more"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="own_accounts")
    # None: the person's own.
    carer = models.ForeignKey(Carer, on_delete=models.PROTECT, null=True, related_name="+")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    sure = models.CharField(max_length=12, choices=Sure.choices)
    way = models.CharField(max_length=8, choices=Way.choices)
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    # The first way in: how many were made, until when the newest works, and what is kept of it.
    starts = models.PositiveSmallIntegerField(default=1)
    start_until = models.DateTimeField()
    code_hash = models.CharField(max_length=64, blank=True, db_index=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    # None beside a time: the record said that the person has died, or the carer's part ended.
    closed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    closed_because = models.CharField(max_length=8, choices=Because.choices, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["patient"],
                condition=Q(carer__isnull=True, closed_at__isnull=True),
                name="one_open_account_per_patient",
            ),
            models.UniqueConstraint(
                fields=["carer"],
                condition=Q(closed_at__isnull=True),
                name="one_open_account_per_carer",
            ),
        ]


class AccountCodeTry(models.Model):
    """A first code that did not work, to slow down whoever guesses from one place."""

    sender = models.CharField(max_length=64)
    at = models.DateTimeField(db_index=True)
