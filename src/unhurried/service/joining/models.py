"""What joining keeps: referrals, letter wording and its approvals, invitations, enrolments.

Another step's rows are referred to by their uuid (candidates, messages of the outbox).
"""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from unhurried.service.accounts.models import Membership, Organisation
from unhurried.service.accounts.policy import grant_for
from unhurried.service.accounts.queries import practices_of
from unhurried.service.audit.actor import Actor
from unhurried.service.patients.models import Episode, Patient, Restriction

PRACTICE_ROLES = frozenset({"gp", "practice_staff"})
NOBODY = Q(pk__in=[])


def reach(actor: Actor, thing: str, action: str) -> Q:
    """The rows with a patient, a practice and a provider that `actor` may do `action` on.

    A provider sees those of practices it has an agreement with today; nobody sees those of a
    person who asked that they do not.
    """
    grant = grant_for(actor.role, thing, action)
    if grant is None:
        return NOBODY
    if grant.scope == "own":
        return Q(patient__user_id=actor.user_id) if actor.user_id else NOBODY
    if grant.scope != "organisation":
        return NOBODY
    asked = Restriction.objects.filter(user_id=actor.user_id or 0, ended_at=None)
    kept_from = Q(patient_id__in=asked.values("patient_id"))
    if actor.role in PRACTICE_ROLES:
        here = actor.organisation_id
        return Q(practice_id=here, patient__practice_id=here) & ~kept_from
    served = practices_of(actor.organisation_id or 0).order_by()
    return Q(provider_id=actor.organisation_id, practice__in=served.values("pk")) & ~kept_from


class ReferralQuerySet(models.QuerySet["Referral"]):
    """Referrals, in the words of the service."""

    def visible_to(self, actor: Actor, action: str = "r") -> ReferralQuerySet:
        """Those `actor` may do `action` on; a draft is its practice's alone."""
        found = self.filter(reach(actor, "referral", action))
        if actor.role in PRACTICE_ROLES:
            return found
        return found.exclude(state=Referral.State.DRAFT)

    def unallocated(self) -> ReferralQuerySet:
        """Those nobody has taken yet."""
        return self.filter(state=Referral.State.SENT)


class Referral(models.Model):
    """A GP's referral of one person to the service (REF-1). No screening hit is needed."""

    class State(models.TextChoices):
        DRAFT = "draft", "Draft"
        SENT = "sent", "Waiting for a project worker"
        TAKEN = "taken", "With a project worker"
        ENROLLED = "enrolled", "Joined"
        CLOSED = "closed", "Closed"

    class Readiness(models.TextChoices):
        WANTS_CHANGE = "wants_change", "Wants to change something now"
        CURIOUS = "curious", "Curious, would like to hear more"
        UNSURE = "unsure", "Unsure"
        NOT_DISCUSSED = "not_discussed", "We did not talk about it"

    class YesNoUnknown(models.TextChoices):
        YES = "yes", "Yes"
        NO = "no", "No"
        UNKNOWN = "unknown", "Not known"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="referrals")
    practice = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    provider = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="referrals")
    referred_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    candidate_uuid = models.UUIDField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    agrees = models.BooleanField(default=False)
    reason = models.TextField(blank=True)
    pain_condition = models.TextField(blank=True)
    concern = models.BooleanField(default=False)
    concern_words = models.TextField(blank=True)
    readiness = models.CharField(
        max_length=16, choices=Readiness.choices, default=Readiness.NOT_DISCUSSED
    )
    red_flags = models.JSONField(default=list, blank=True)  # codes of data/red_flags.csv
    benzodiazepine = models.CharField(
        max_length=10, choices=YesNoUnknown.choices, default=YesNoUnknown.UNKNOWN
    )
    made_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    ring_by = models.DateField(null=True, blank=True)
    project_worker = models.ForeignKey(
        Membership, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    taken_at = models.DateTimeField(null=True, blank=True)
    rang_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_because = models.CharField(max_length=300, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = ReferralQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["patient"],
                condition=Q(state__in=["draft", "sent", "taken"]),
                name="one_open_referral_per_patient",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "closed"]) | Q(agrees=True),
                name="a_sent_referral_is_agreed",
            ),
        ]


class ReferralMedicine(models.Model):
    """A medicine as the GP wrote it, and what we made of it."""

    referral = models.ForeignKey(Referral, on_delete=models.CASCADE, related_name="medicines")
    place = models.PositiveSmallIntegerField()
    product = models.CharField(max_length=300)
    directions = models.CharField(max_length=500, blank=True)
    understood = models.BooleanField()
    sentence = models.CharField(max_length=500)

    class Meta:
        ordering = ["place"]


class Settings(models.Model):
    """A provider's settings for inviting; the defaults hold where there is no row."""

    provider = models.OneToOneField(
        Organisation, on_delete=models.PROTECT, related_name="joining_settings"
    )
    reminders = models.PositiveSmallIntegerField(default=2)
    days_before_reminder_1 = models.PositiveSmallIntegerField(default=21)
    days_before_reminder_2 = models.PositiveSmallIntegerField(default=28)
    working_days_to_ring = models.PositiveSmallIntegerField(default=5)
    oldest_data_days = models.PositiveSmallIntegerField(default=42)
    reply_code_days = models.PositiveSmallIntegerField(default=180)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(reminders__lte=2), name="at_most_two_reminders"),
        ]


class Wording(models.Model):
    """One version of one text we send or say. Versions are added, never changed (INV-4, INV-5)."""

    class Kind(models.TextChoices):
        INVITATION = "invitation", "Invitation letter"
        REMINDER_1 = "reminder_1", "First reminder letter"
        REMINDER_2 = "reminder_2", "Second reminder letter"
        EMAIL = "email", "Invitation e-mail"
        SMS = "sms", "Invitation text message"
        SCRIPT_CARD = "script_card", "Card for inviting in conversation"
        WELCOME = "welcome", "Welcome letter"

    provider = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="wordings")
    kind = models.CharField(max_length=16, choices=Kind.choices)
    language = models.CharField(max_length=12, default="en-GB")
    number = models.PositiveIntegerField()
    subject = models.CharField(max_length=200, blank=True)
    body = models.TextField()
    written_by_name = models.CharField(max_length=200)
    written_by = models.ForeignKey(
        Membership, on_delete=models.PROTECT, null=True, related_name="+"
    )
    written_at = models.DateTimeField()

    class Meta:
        ordering = ["kind", "language", "-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["provider", "kind", "language", "number"], name="wording_version_is_unique"
            )
        ]


class WordingApproval(models.Model):
    """A GP signed one version for use on their practice's letterhead."""

    wording = models.ForeignKey(Wording, on_delete=models.PROTECT, related_name="approvals")
    practice = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    approved_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    approved_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["wording", "practice"], name="a_practice_approves_a_version_once"
            )
        ]


class WordingComplaint(models.Model):
    """Someone was unhappy with how a text was worded; kept with the version they received."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    wording = models.ForeignKey(Wording, on_delete=models.PROTECT, related_name="complaints")
    practice = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, related_name="+"
    )
    text = models.TextField()
    logged_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    logged_at = models.DateTimeField()
    done = models.TextField(blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, related_name="+")


class InvitationQuerySet(models.QuerySet["Invitation"]):
    """Invitations, in the words of the service."""

    def visible_to(self, actor: Actor, action: str = "r") -> InvitationQuerySet:
        """Those `actor` may do `action` on; none for those who may know counts only."""
        return self.filter(reach(actor, "invitation", action))

    def to_ring_back(self) -> InvitationQuerySet:
        """Those who said yes or asked for more, and whom nobody has rung yet."""
        return self.filter(
            state=Invitation.State.REPLIED, rang_at__isnull=True,
            reply__in=[Invitation.Reply.YES, Invitation.Reply.MORE],
        )  # fmt: skip


class Invitation(models.Model):
    """One person asked once, with at most two reminders, until they reply."""

    class State(models.TextChoices):
        OPEN = "open", "Waiting for a reply"
        REPLIED = "replied", "Replied"
        NO_REPLY = "no_reply", "No reply after the reminders"
        STOPPED = "stopped", "Stopped"
        ENROLLED = "enrolled", "Joined"

    class Reply(models.TextChoices):
        YES = "yes", "Yes please"
        MORE = "more", "Tell me more"
        NOT_NOW = "not_now", "Not now"
        NO = "no", "No thank you"

    class How(models.TextChoices):
        PHONE = "phone", "By phone"
        POST = "post", "By post"
        ONLINE = "online", "Online, with the code on the letter"
        IN_PERSON = "in_person", "In person"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="invitations")
    practice = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    provider = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="invitations")
    candidate_uuid = models.UUIDField(null=True, blank=True)
    endorsed_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    endorsed_how = models.CharField(max_length=12, default="list")  # list, verbal
    # Why they are asked again after an earlier answer: they, or their GP, wanted it.
    again_because = models.CharField(max_length=300, blank=True)
    data_as_at = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    stopped_because = models.CharField(max_length=300, blank=True)
    opened_at = models.DateTimeField()
    reply_hash = models.CharField(max_length=64, unique=True)
    reply_until = models.DateTimeField()
    reply = models.CharField(max_length=10, choices=Reply.choices, blank=True)
    reply_how = models.CharField(max_length=12, choices=How.choices, blank=True)
    replied_at = models.DateTimeField(null=True, blank=True)
    ask_again_on = models.DateField(null=True, blank=True)
    # What a yes to this invitation opened: all that a later no may end.
    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, null=True, related_name="+")
    rang_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["patient"],
                condition=Q(state="open"),
                name="one_open_invitation_per_patient",
            ),
        ]


class Batch(models.Model):
    """Letters and messages prepared together, looked at, then approved or put aside."""

    class State(models.TextChoices):
        PREPARED = "prepared", "To be looked at"
        APPROVED = "approved", "Approved"
        PUT_ASIDE = "put_aside", "Put aside"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    practice = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    provider = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    made_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.PREPARED)
    decided_by = models.ForeignKey(
        Membership, on_delete=models.PROTECT, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    job_uuid = models.UUIDField(null=True, blank=True)


class Step(models.Model):
    """One message to one person in one invitation: 0 the invitation, 1 and 2 the reminders.

    `content` holds the words exactly as shown for approval; what is sent is made from it alone.
    """

    class Channel(models.TextChoices):
        LETTER = "letter", "Letter"
        EMAIL = "email", "E-mail"
        SMS = "sms", "Text message"
        VERBAL = "verbal", "In conversation"

    class State(models.TextChoices):
        PREPARED = "prepared", "To be looked at"
        APPROVED = "approved", "Approved"
        POSTED = "posted", "Handed over for sending"
        SAID = "said", "Said in conversation"
        STOPPED = "stopped", "Stopped"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    invitation = models.ForeignKey(Invitation, on_delete=models.PROTECT, related_name="steps")
    number = models.PositiveSmallIntegerField()
    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, null=True, related_name="steps")
    channel = models.CharField(max_length=8, choices=Channel.choices)
    state = models.CharField(max_length=10, choices=State.choices, default=State.PREPARED)
    wording = models.ForeignKey(Wording, on_delete=models.PROTECT, null=True, related_name="steps")
    content = models.JSONField(default=dict)
    large_print = models.BooleanField(default=False)
    document = models.CharField(max_length=300, blank=True)
    document_hash = models.CharField(max_length=64, blank=True)
    message_uuid = models.UUIDField(null=True, blank=True, db_index=True)
    prepared_at = models.DateTimeField()
    posted_at = models.DateTimeField(null=True, blank=True)
    explanation = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["invitation", "number"], name="each_step_of_an_invitation_once"
            ),
            models.CheckConstraint(
                condition=Q(number__lte=2), name="an_invitation_and_two_reminders_at_most"
            ),
        ]


class ReplyAttempt(models.Model):
    """A code tried on the reply page, for the rate limit; the sender's address is kept hashed."""

    sender = models.CharField(max_length=64, db_index=True)
    network = models.CharField(max_length=64, db_index=True, blank=True)  # see codes.network_of
    wrong = models.BooleanField(default=True)  # until the code has been found
    at = models.DateTimeField(db_index=True)


class WorkerProfile(models.Model):
    """What helps a person choose their project worker."""

    membership = models.OneToOneField(
        Membership, on_delete=models.PROTECT, related_name="joining_profile"
    )
    languages = models.CharField(max_length=200, blank=True)
    about = models.TextField(blank=True)


class Enrolment(models.Model):
    """How a person came to join, with whom, and what they were told (INV-4, CON-2)."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="enrolments")
    episode = models.OneToOneField(Episode, on_delete=models.PROTECT, related_name="enrolment")
    project_worker = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, null=True, related_name="+")
    invitation = models.ForeignKey(
        Invitation, on_delete=models.PROTECT, null=True, related_name="+"
    )
    statement = models.CharField(max_length=20)  # version of the standing statement given
    enrolled_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
