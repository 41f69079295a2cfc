"""Every read of finding people: the list, the approaching, the agreed, the yield (ID-5, ID-8).

Project workers see only people a GP agreed to invite; managers see counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Count, F, Prefetch, Q, QuerySet
from django.http import Http404
from django.utils import timezone

from unhurried.screening import default_criteria
from unhurried.service.accounts.models import Agreement, Organisation
from unhurried.service.accounts.policy import grant_for
from unhurried.service.audit import clock
from unhurried.service.audit.actor import Actor
from unhurried.service.audit.operations import saw, saw_many
from unhurried.service.identification.models import (
    Candidate,
    CandidateQuerySet,
    Conversation,
    Decision,
    Extract,
    Practice,
    Reason,
)
from unhurried.service.identification.queries.extracts import latest_extract, practice_of
from unhurried.service.identification.rules import PRACTICE_ROLES, UNDO_WITHIN
from unhurried.service.identification.tables import tier_words
from unhurried.service.identification.with_service import tell_with_service, with_service_q
from unhurried.service.patients.models import Restriction

PER_PAGE = 25
PER_WEEK = 5
Choice = Candidate.Choice


@dataclass(frozen=True, slots=True, kw_only=True)
class Workload:
    """How much there is to look at, before anyone commits to it."""

    people: int
    minutes: int
    per_week: int

    @property
    def weeks(self) -> int:
        """At this pace, how many weeks."""
        return -(-self.people // self.per_week)

    @property
    def words(self) -> str:
        """“12 people, about 2 hours; at 5 a week, 3 weeks”."""
        if not self.people:
            return "Nobody waits"
        people = "1 person" if self.people == 1 else f"{self.people:,} people"
        weeks = "1 week" if self.weeks == 1 else f"{self.weeks:,} weeks"
        return f"{people}, {_about(self.minutes)}; at {self.per_week} a week, {weeks}"


def _about(minutes: int) -> str:
    if minutes < 60:
        return f"about {minutes} minutes"
    halves = (minutes + 15) // 30
    hours = f"{halves // 2}{'½' if halves % 2 else ''}"
    return "about 1 hour" if hours == "1" else f"about {hours} hours"


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingForGP:
    """Counts for a practice's home page."""

    undecided: int
    this_week: int
    to_discuss: int
    look_again: int
    approaching: int
    workload: Workload


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortlist:
    """The people waiting for a GP: this week's first, the rest folded away."""

    waiting: WaitingForGP
    page: Page[Candidate]
    later: int  # how many wait beyond those shown
    whole: bool
    latest: Extract | None
    last: LastDecision | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LastDecision:
    """What this GP decided last, while it can be undone."""

    batch: UUID
    people: int
    choice: str
    until: datetime


def undecided(practice: Organisation | int, today: date) -> CandidateQuerySet:
    """The listed people a GP has yet to decide about, and those whose “not now” is over."""
    pk = practice if isinstance(practice, int) else practice.pk
    return Candidate.objects.filter(_undecided_q(today), practice_id=pk)


def waiting_for_gp(practice: Organisation) -> WaitingForGP:
    """How many wait for a GP, and how many of them are this week's."""
    today = clock.today()
    per_week = pace(practice)
    counts = Candidate.objects.filter(practice=practice).aggregate(
        undecided=Count("pk", filter=_undecided_q(today)),
        discuss=Count("pk", filter=_discuss_q()),
        again=Count("pk", filter=_look_again_q()),
        approaching=Count(
            "pk", filter=Q(standing=Candidate.Standing.APPROACHING, conversations=None)
        ),
    )
    left = max(0, per_week - _decided_this_week(practice, today))
    minutes = counts["undecided"] * default_criteria().minutes_per_record
    return WaitingForGP(
        undecided=counts["undecided"],
        this_week=min(left, counts["undecided"]),
        to_discuss=counts["discuss"],
        look_again=counts["again"],
        approaching=counts["approaching"],
        workload=Workload(people=counts["undecided"], minutes=minutes, per_week=per_week),
    )


def _undecided_q(today: date) -> Q:
    due = Q(choice=Choice.NONE) | Q(choice=Choice.NOT_NOW, not_before__lte=today)
    listed = Q(standing=Candidate.Standing.LISTED, enrolled_at=None)
    return due & listed & ~with_service_q()


def _discuss_q() -> Q:
    return Q(choice=Choice.DISCUSS) & ~with_service_q()


def _look_again_q() -> Q:
    """Agreed to and not yet invited, but the latest records no longer list them."""
    gone = ~Q(standing=Candidate.Standing.LISTED)
    return gone & Q(choice=Choice.INVITE, invited_at=None) & ~with_service_q()


def _decided_q() -> Q:
    """Decided about, or on the list and with the service already."""
    there = with_service_q() & Q(standing=Candidate.Standing.LISTED)
    return there | ~Q(choice__in=[Choice.NONE, Choice.DISCUSS])


def pace(practice: Organisation) -> int:
    """How many people a week this practice looks at."""
    known = Practice.objects.filter(organisation=practice).values_list("per_week", flat=True)
    return known.first() or PER_WEEK


def _decided_this_week(practice: Organisation, today: date) -> int:
    monday = today - timedelta(days=today.weekday())
    since = timezone.make_aware(datetime.combine(monday, time.min))
    return (
        Candidate.objects.filter(practice=practice, decided_at__gte=since)
        .exclude(choice=Choice.NONE)
        .count()
    )


def shortlist(actor: Actor, *, whole: bool = False, number: str | int = 1) -> Shortlist:
    """The list as the practice sees it; with `whole`, everyone who waits, 25 to a page."""
    practice = practice_of(actor)
    waiting = waiting_for_gp(practice)
    due = not_kept_from(actor, undecided(practice, clock.today()))
    rows = _with_all(due.order_by("rank", "pk"))
    shown = waiting.undecided if whole else waiting.this_week
    paginator = Paginator(rows if whole else rows[:shown], PER_PAGE)
    page = paginator.get_page(number)
    _saw_list(actor, "shortlist", page.object_list)
    return Shortlist(
        waiting=waiting, page=page, later=waiting.undecided - shown, whole=whole,
        latest=latest_extract(practice), last=last_decision(actor),
    )  # fmt: skip


def not_kept_from(actor: Actor, rows: QuerySet[Candidate]) -> QuerySet[Candidate]:
    """Without the people who asked that this member of staff does not see their record."""
    asked = Restriction.objects.filter(user_id=actor.user_id or 0, ended_at=None)
    return rows.exclude(patient_id__in=asked.values("patient_id"))


def _with_all(rows: QuerySet[Candidate]) -> QuerySet[Candidate]:
    current = Prefetch("reasons", Reason.objects.filter(current=True), to_attr="current_reasons")
    return rows.select_related("decided_by__user", "patient").prefetch_related(current)


def _saw_list(actor: Actor, what: str, rows: object) -> None:
    people = list(rows) if isinstance(rows, Sequence | QuerySet) else []
    keys = " ".join(str(each.pk) for each in people)
    saw("candidate", by=actor, object_id=what, note=f"{len(people)} people: {keys}"[:500])
    registered = [each.patient_id for each in people if each.patient_id]
    if registered:  # the others have no record here yet
        saw_many("candidate", by=actor, patient_ids=registered, note=f"list: {what}")


def last_decision(actor: Actor) -> LastDecision | None:
    """This GP's latest choice, while it can still be undone."""
    newest = (
        Decision.objects.filter(by_id=actor.membership_id or 0, undoes=None, undone_by=None)
        .order_by("-at", "-pk")
        .first()
    )
    if newest is None or clock.now() - newest.at > UNDO_WITHIN:
        return None
    people = Decision.objects.filter(batch=newest.batch, undone_by=None).count()
    words = str(Choice(newest.choice).label)
    return LastDecision(
        batch=newest.batch, people=people, choice=words, until=newest.at + UNDO_WITHIN
    )


def listed_as(
    actor: Actor, kind: str, number: str | int = 1
) -> tuple[Page[Candidate], Organisation]:
    """A page of one of the other lists: decided, to discuss, to look at again, approaching."""
    practice = practice_of(actor)
    mine = not_kept_from(actor, Candidate.objects.filter(practice=practice))
    rows = {
        "decided": mine.filter(_decided_q()).order_by(F("decided_at").desc(nulls_last=True), "pk"),
        "discuss": mine.filter(_discuss_q()).order_by("rank", "pk"),
        "look-again": mine.filter(_look_again_q()).order_by("-decided_at", "pk"),
        "approaching": mine.filter(standing=Candidate.Standing.APPROACHING).order_by(
            "-days_exposed", "pk"
        ),
    }
    if kind not in rows:
        raise Http404
    found = _with_all(rows[kind]).prefetch_related("conversations__by__user")
    page = Paginator(found.select_related("extract"), PER_PAGE).get_page(number)
    tell_with_service(page.object_list)
    _saw_list(actor, kind, page.object_list)
    return page, practice


def candidate(actor: Actor, uuid: UUID) -> Candidate:
    """One candidate for this actor, with history; the look is audited.

    Raises Http404, the same for nobody and for someone who is not theirs to see.
    """
    found = visible(actor).filter(uuid=uuid).select_related("extract", "practice").first()
    if found is None:
        raise Http404
    tell_with_service([found])
    saw("candidate", by=actor, object_id=found.uuid, patient_id=found.patient_id)
    return found


def visible(actor: Actor) -> QuerySet[Candidate]:
    """The candidates this actor may see one by one."""
    everyone = _with_all(not_kept_from(actor, Candidate.objects.all()))
    grant = grant_for(actor.role, "candidate", "r")
    if grant is None or grant.scope == "metadata":
        return everyone.none()
    if actor.role in PRACTICE_ROLES:
        return everyone.filter(practice_id=actor.organisation_id)
    if actor.role == "project_worker":
        served = practices_served(actor)
        return everyone.filter(practice__in=served, patient__isnull=False, choice=Choice.INVITE)
    return everyone.none()


def practices_served(actor: Actor) -> QuerySet[Organisation]:
    """The practices this actor's provider serves today."""
    today = clock.today()
    agreements = Agreement.objects.filter(
        Q(ends__isnull=True) | Q(ends__gt=today),
        provider_id=actor.organisation_id or 0,
        starts__lte=today,
    )
    return Organisation.objects.filter(pk__in=agreements.values("practice_id")).order_by("name")


def history(found: Candidate) -> list[Decision]:
    """Every decision about someone, the latest first."""
    rows = found.decisions.select_related("by__user", "undoes").order_by("-at", "-pk")
    return list(rows)


def conversations(found: Candidate) -> list[Conversation]:
    """When someone was told about dependence, and by whom."""
    return list(found.conversations.select_related("by__user").order_by("-on", "-pk"))


def agreed_waiting_for_invitation(organisation: Organisation) -> CandidateQuerySet:
    """Those a GP agreed to who have no invitation yet, of a practice or of all a provider serves.

    People the latest records no longer list wait for the GP to look again, and are not among them.
    """
    rows = Candidate.objects.agreed().on_the_list().filter(invited_at=None, enrolled_at=None)
    rows = rows.exclude(with_service_q())
    if organisation.kind == Organisation.Kind.PRACTICE:
        rows = rows.filter(practice=organisation)
    else:
        today = clock.today()
        served = Agreement.objects.filter(
            Q(ends__isnull=True) | Q(ends__gt=today), provider=organisation, starts__lte=today
        )
        rows = rows.filter(practice_id__in=served.values("practice_id"))
    return rows.select_related("patient", "practice", "decided_by__user").order_by(
        "decided_at", "pk"
    )


def agreed(actor: Actor, number: str | int = 1) -> Page[Candidate]:
    """For a project worker: names and dates of those GPs agreed to invite."""
    served = Candidate.objects.agreed().filter(practice__in=practices_served(actor))
    rows = not_kept_from(actor, served).select_related("patient", "practice", "decided_by__user")
    page = Paginator(rows.order_by("-decided_at", "pk"), PER_PAGE).get_page(number)
    _saw_list(actor, "agreed", page.object_list)
    return page


@dataclass(frozen=True, slots=True, kw_only=True)
class PracticeCounts:
    """What a manager sees of a practice: counts, nobody."""

    practice: Organisation
    waiting: int
    agreed: int
    invited: int
    enrolled: int


def counts_of_practices(actor: Actor) -> list[PracticeCounts]:
    """Counts for every practice this actor's provider serves."""
    today = clock.today()
    practices = list(practices_served(actor))
    rows = {
        row["practice_id"]: row
        for row in Candidate.objects.filter(practice__in=practices)
        .values("practice_id")
        .annotate(
            waiting=Count("pk", filter=_undecided_q(today)),
            agreed=Count("pk", filter=Q(choice=Choice.INVITE)),
            invited=Count("pk", filter=Q(invited_at__isnull=False)),
            enrolled=Count("pk", filter=Q(enrolled_at__isnull=False)),
        )
    }
    counted = []
    for each in practices:
        row = rows.get(each.pk)
        counted.append(
            PracticeCounts(
                practice=each,
                waiting=row["waiting"] if row else 0,
                agreed=row["agreed"] if row else 0,
                invited=row["invited"] if row else 0,
                enrolled=row["enrolled"] if row else 0,
            )
        )
    return counted


def reasons_by_tier(rows: Iterable[Candidate]) -> list[tuple[str, list[Candidate]]]:
    """A page of the list in its groups, in order."""
    groups: list[tuple[str, list[Candidate]]] = []
    for each in rows:
        words = tier_words(each.tier)
        if not groups or groups[-1][0] != words:
            groups.append((words, []))
        groups[-1][1].append(each)
    return groups
