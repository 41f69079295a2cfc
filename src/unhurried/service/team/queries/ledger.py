"""Reads of time: one's own lines, what it comes to, claims and their totals (FUN-1)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Exists, OuterRef, Q, QuerySet, Sum

from unhurried.service.accounts.policy import roles
from unhurried.service.audit import clock
from unhurried.service.audit.actor import Actor
from unhurried.service.audit.operations import saw, saw_many
from unhurried.service.patients.access import visible_patients
from unhurried.service.patients.models import Episode, Patient
from unhurried.service.sessions import times
from unhurried.service.team.models import Claim, ClaimLine, Rate, TimeEntry
from unhurried.service.team.models.ledger import to_the_penny
from unhurried.service.team.queries.ledger_rows import rates_on, unclaimed
from unhurried.service.team.rules.ledger import AT_PRACTICE, LOGS, SPECIALISTS
from unhurried.service.team.tables import names

State = Claim.State
AT_ONCE = 25
A_CHUNK = 1_000  # lines of a table held at a time


def hours(minutes: int) -> str:
    """`1 hour 15 minutes`; `less 15 minutes` for what is taken back."""
    return times.length(minutes) if minutes >= 0 else f"less {times.length(-minutes)}"


def money(pounds: Decimal | None) -> str:
    """`£1,250.00`, `less £5.00` for what is taken back, or that it is not known."""
    if pounds is None:
        return "Not known"
    return f"£{pounds:,.2f}" if pounds >= 0 else f"less £{-pounds:,.2f}"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of somebody's own time."""

    uuid: UUID
    day: date
    activity: str
    length: str
    note: str
    person: Patient | None  # as far as the reader may know of them
    taken_back: bool
    takes_back: bool
    claimed: bool


def own_lines(actor: Actor, page: int = 1) -> Page[TimeEntry]:
    """A page of one's own lines, the newest first."""
    rows: QuerySet[TimeEntry] = TimeEntry.objects.filter(who_id=actor.membership_id or 0).annotate(
        gone=Exists(TimeEntry.objects.filter(cancels=OuterRef("pk")))
    )
    return Paginator(rows.order_by("-day", "-pk"), AT_ONCE).get_page(page)


def as_lines(actor: Actor, found: Iterable[TimeEntry]) -> list[Line]:
    """The lines as their writer may read them today; those named in them are told."""
    rows = list(found)
    about = [each.patient_id for each in rows if each.patient_id]
    people = {each.pk: each for each in visible_patients(actor, "identity").filter(pk__in=about)}
    if people:
        saw_many("time_entry", by=actor, patient_ids=people)
    activities = names("activities")
    return [
        Line(
            uuid=each.uuid, day=each.day, activity=activities.get(each.activity, each.activity),
            length=hours(each.minutes), note=each.note, person=people.get(each.patient_id or 0),
            taken_back=getattr(each, "gone", False), takes_back=each.cancels_id is not None,
            claimed=each.claim_id is not None,
        )
        for each in rows
    ]  # fmt: skip


def own_line(actor: Actor, uuid: UUID) -> TimeEntry | None:
    """One of the actor's own lines."""
    return TimeEntry.objects.filter(who_id=actor.membership_id or 0, uuid=uuid).first()


def person_meant(actor: Actor, text: str) -> Patient | None:
    """The person whose uuid this is, if their record is open to the actor; the look is noted."""
    try:
        uuid = UUID(text)
    except ValueError:
        return None
    found = visible_patients(actor, "identity").filter(uuid=uuid).first()
    if found is not None:
        saw("time_entry", by=actor, patient_id=found.pk)
    return found


@dataclass(frozen=True, slots=True)
class Share:
    """Minutes of one kind."""

    name: str
    minutes: int

    @property
    def length(self) -> str:
        """In hours and minutes."""
        return hours(self.minutes)


@dataclass(frozen=True, slots=True)
class TimeTotals:
    """Time since a day, by what it was for, whose, where and when; what it cost, where known."""

    since: date
    minutes: int
    by_activity: tuple[Share, ...]
    by_role: tuple[Share, ...]
    by_organisation: tuple[Share, ...]
    by_month: tuple[Share, ...]
    cost: Decimal | None  # None: the rate of some of it is not known
    people: int
    without_rate: tuple[str, ...]  # roles with time and no rate

    @property
    def length(self) -> str:
        """All of it."""
        return hours(self.minutes)

    @property
    def per_person(self) -> Decimal | None:
        """Hours times rates, shared among everybody who was with the service."""
        if self.cost is None or not self.people:
            return None
        return to_the_penny(self.cost / self.people)


def time_totals(provider_id: int, since: date, only: Q | None = None) -> TimeTotals:
    """What the time for a service comes to since a day; three questions, however much there is."""
    rows = TimeEntry.objects.filter(only or Q(), provider_id=provider_id, day__gte=since)
    summed = rows.values("role", "organisation__name", "activity", "day").annotate(
        all=Sum("minutes")
    )
    rates = list(Rate.objects.filter(provider_id=provider_id).order_by("starts", "pk"))
    counts: dict[str, Counter[str]] = {
        name: Counter() for name in ("activity", "role", "organisation", "month")
    }
    cost, unknown = Decimal(0), set()
    for row in summed.order_by("day", "role"):
        minutes, day = row["all"], row["day"]
        counts["activity"][names("activities").get(row["activity"], row["activity"])] += minutes
        counts["role"][_role(row["role"])] += minutes
        counts["organisation"][row["organisation__name"]] += minutes
        counts["month"][f"{day:%B %Y}"] += minutes
        rate = _rate(rates, row["role"], day)
        if rate is None and minutes:
            unknown.add(_role(row["role"]))
        elif rate is not None:
            cost += rate * minutes / 60
    joined = Episode.objects.filter(
        Q(ended_at__isnull=True) | Q(ended_at__date__gte=since), provider_id=provider_id,
        enrolled_at__isnull=False,
    )  # fmt: skip
    return TimeTotals(
        since=since, minutes=sum(counts["role"].values()), by_activity=_shares(counts["activity"]),
        by_role=_shares(counts["role"]), by_organisation=_shares(counts["organisation"]),
        by_month=tuple(Share(name, n) for name, n in counts["month"].items()),
        cost=None if unknown or not rates else to_the_penny(cost),
        people=joined.values("patient").distinct().count(),
        without_rate=tuple(sorted(unknown)),
    )  # fmt: skip


def _rate(rates: list[Rate], role: str, day: date) -> Decimal | None:
    held = [each.pounds for each in rates if each.role == role and each.starts <= day]
    return held[-1] if held else None


def _role(code: str) -> str:
    known = roles().get(code)
    return known.name if known else code


def _shares(counted: Counter[str]) -> tuple[Share, ...]:
    return tuple(Share(name, minutes) for name, minutes in counted.most_common())


def rate_rows(actor: Actor) -> list[tuple[str, str, Rate | None]]:
    """Code and name of each role that logs time, and its rate today."""
    now = rates_on(actor.organisation_id or 0, clock.today())
    return [(code, _role(code), now.get(code)) for code in roles() if code in LOGS]


def claims_seen(actor: Actor) -> QuerySet[Claim]:
    """The claims of one's practice, one's own, or those sent to the manager; newest first."""
    rows = Claim.objects.select_related("organisation", "provider", "claimant__user")
    rows = rows.order_by("-made_at", "-pk")
    if actor.role == "service_manager":
        return rows.filter(provider_id=actor.organisation_id or 0)
    if actor.role in AT_PRACTICE:
        return rows.filter(organisation_id=actor.organisation_id or 0, claimant=None)
    if actor.role in SPECIALISTS:
        return rows.filter(claimant_id=actor.membership_id or 0)
    return rows.none()


@dataclass(frozen=True, slots=True)
class ClaimSeen:
    """A claim with what it comes to."""

    claim: Claim
    lines: tuple[tuple[str, str, ClaimLine], ...]  # role, activity, line
    minutes: int
    total: Decimal | None  # None: some of it has no rate, so it is hours only

    @property
    def who(self) -> str:
        """Who claims."""
        claimant = self.claim.claimant
        return claimant.user.full_name if claimant else self.claim.organisation.name

    @property
    def length(self) -> str:
        """All its hours."""
        return hours(self.minutes)

    @property
    def amount(self) -> str:
        """What it comes to, or that it is hours only."""
        return "Hours only: no rate is set" if self.total is None else money(self.total)


def _claim(claim: Claim) -> ClaimSeen:
    lines = sorted(claim.lines.all(), key=lambda each: (each.role, each.activity, each.pk))
    amounts = [each.amount for each in lines]
    known = [each for each in amounts if each is not None]
    activities = names("activities")
    return ClaimSeen(
        claim=claim, minutes=sum(each.minutes for each in lines),
        lines=tuple(
            (_role(each.role), activities.get(each.activity, each.activity), each) for each in lines
        ),
        total=sum(known, Decimal(0)) if len(known) == len(amounts) else None,
    )  # fmt: skip


def claims(actor: Actor, page: int = 1) -> tuple[Page[Claim], list[ClaimSeen]]:
    """A page of the claims and what each comes to."""
    rows = claims_seen(actor).prefetch_related("lines")
    found: Page[Claim] = Paginator(rows, AT_ONCE).get_page(page)
    return found, [_claim(each) for each in found]


def claim_seen(actor: Actor, uuid: UUID) -> ClaimSeen | None:
    """One claim; None for one that is not theirs to see."""
    found = claims_seen(actor).filter(uuid=uuid).first()
    return None if found is None else _claim(found)


@dataclass(frozen=True, slots=True)
class ToClaim:
    """What a claim of these days would hold."""

    minutes: int
    by_role: tuple[tuple[str, str, int], ...]  # role, activity, minutes

    @property
    def length(self) -> str:
        """All its hours."""
        return hours(self.minutes)


def to_claim(actor: Actor, provider_id: int | None, since: date, until: date) -> ToClaim:
    """What is left to claim of these days."""
    rows = unclaimed(actor, provider_id, since, until).values("role", "activity")
    found = list(rows.annotate(all=Sum("minutes")).order_by("role", "activity"))
    activities = names("activities")
    return ToClaim(
        sum(each["all"] for each in found),
        tuple(
            (_role(each["role"]), activities.get(each["activity"], each["activity"]), each["all"])
            for each in found
        ),
    )


HEADINGS = ("day", "organisation", "role", "who", "activity", "minutes", "note", "claimed")


def rows_to_export(actor: Actor, since: date) -> Iterator[tuple[object, ...]]:
    """Every line as a row of a table: one's own, a practice's, or a service's; nobody's patient.

    Notes are in it for their writer alone. Rows are read as they are asked for, some at a time.
    """
    saw("time_entry", by=actor, note="table")
    rows = TimeEntry.objects.select_related("who__user", "organisation").filter(day__gte=since)
    if actor.role == "service_manager":
        rows = rows.filter(provider_id=actor.organisation_id or 0)
    elif actor.role in AT_PRACTICE:
        rows = rows.filter(organisation_id=actor.organisation_id or 0, role__in=AT_PRACTICE)
    else:
        rows = rows.filter(who_id=actor.membership_id or 0)
    activities = names("activities")
    return (
        (
            each.day, each.organisation.name, _role(each.role), each.who.user.full_name,
            activities.get(each.activity, each.activity), each.minutes,
            each.note if each.who_id == actor.membership_id else "",
            "yes" if each.claim_id else "no",
        )
        for each in rows.order_by("day", "pk").iterator(A_CHUNK)
    )  # fmt: skip


def counts_of_claims(actor: Actor) -> tuple[int, int]:
    """How many wait for the manager; how many came back with a question to who claims."""
    rows = claims_seen(actor)
    if actor.role == "service_manager":
        return rows.filter(state=State.SENT).count(), 0
    return 0, rows.filter(state=State.ASKED_BACK).count()
