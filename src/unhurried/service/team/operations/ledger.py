"""Writing time: minutes by activity, what an hour is paid with, claims and what becomes of them."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime
from decimal import Decimal

from django.db.models import QuerySet, Sum

from unhurried.service.audit import clock
from unhurried.service.audit.actor import Actor
from unhurried.service.audit.operations import write
from unhurried.service.audit.refused import Refused
from unhurried.service.patients.access import visible_patients
from unhurried.service.patients.conflict import ChangedMeanwhile
from unhurried.service.patients.models import Patient
from unhurried.service.team.models import Claim, ClaimLine, Rate, TimeEntry
from unhurried.service.team.queries.ledger_rows import (
    providers_open_to,
    providers_to_claim_from,
    unclaimed,
)
from unhurried.service.team.rules import ledger as rules

State = Claim.State


def log_time(
    *, by: Actor, activity: str, minutes: int, day: date | None = None,
    patient: Patient | None = None, note: str = "", provider_id: int | None = None, key: str = "",
) -> TimeEntry:  # fmt: skip
    """Minutes the actor spent for a service, on a day (today).

    `provider_id` is needed only by who works with several services. A person is never needed.
    """
    on = day or clock.today()
    body = (activity, minutes, on, patient and patient.pk, note, provider_id)
    with write("team.time_logged", by=by, key=key, body=body) as doing:
        if doing.replay_of:
            return TimeEntry.objects.get(pk=doing.replay_of)
        made = _entry(by, activity, minutes, on, patient, note, provider_id)
        doing.about(made, patient_id=made.patient_id, note=activity)
    return made


def _entry(
    by: Actor, activity: str, minutes: int, day: date, patient: Patient | None, note: str,
    provider_id: int | None,
) -> TimeEntry:  # fmt: skip
    rules.check_may_log(by, activity, minutes, day, note, clock.today())
    offered = list(providers_open_to(by).values_list("pk", flat=True))
    if patient is not None and not visible_patients(by, "identity").filter(pk=patient.pk).exists():
        raise Refused("That person's record is not open to you: leave the person out.")
    return TimeEntry.objects.create(
        who_id=by.membership_id or 0, organisation_id=by.organisation_id or 0, role=by.role,
        provider_id=rules.check_provider(provider_id, offered), activity=activity,
        minutes=minutes, day=day, note=note.strip(), logged_at=clock.now(),
        patient=patient,
    )  # fmt: skip


def take_back(
    *, by: Actor, entry: TimeEntry, instead: tuple[str, int, date] | None = None, note: str = "",
    key: str = "",
) -> TimeEntry:  # fmt: skip
    """A line that takes this one back; with `instead` (activity, minutes, day) the right one, too.

    The line itself stays. If it was claimed, the difference is in the next claim.
    """
    with write("team.time_corrected", by=by, key=key, body=(entry.pk, instead, note)) as doing:
        if doing.replay_of:
            return TimeEntry.objects.get(pk=doing.replay_of)
        found = TimeEntry.objects.select_for_update(of=("self",)).get(pk=entry.pk)
        rules.check_may_take_back(by, found)
        back = TimeEntry.objects.create(
            who_id=found.who_id, organisation_id=found.organisation_id, role=found.role,
            provider_id=found.provider_id, activity=found.activity, minutes=-found.minutes,
            day=found.day, patient_id=found.patient_id, logged_at=clock.now(), cancels=found,
        )  # fmt: skip
        if instead is not None:
            activity, minutes, day = instead
            rules.check_may_log(by, activity, minutes, day, note, clock.today())
            TimeEntry.objects.create(
                who_id=found.who_id, organisation_id=found.organisation_id, role=found.role,
                provider_id=found.provider_id, activity=activity, minutes=minutes, day=day,
                patient_id=found.patient_id, note=note.strip(), logged_at=clock.now(),
            )  # fmt: skip
        doing.about(back, patient_id=found.patient_id, note="replaced" if instead else "taken back")
    return back


def set_rate(
    *, by: Actor, role: str, pounds: Decimal, source: str, starts: date, key: str = ""
) -> Rate:
    """What an hour of a role is paid with from a day on; claims made before keep theirs."""
    body = (role, str(pounds), source, starts)
    with write("team.rate_set", by=by, key=key, body=body) as doing:
        if doing.replay_of:
            return Rate.objects.get(pk=doing.replay_of)
        rules.check_rate(by, role, pounds, source, starts, clock.today())
        made = Rate.objects.create(
            provider_id=by.organisation_id or 0, role=role, pounds=pounds, source=source.strip(),
            starts=starts, set_by_id=by.user_id, set_at=clock.now(),
        )  # fmt: skip
        doing.about(made, note=role)
    return made


def make_claim(
    *, by: Actor, since: date, until: date, provider_id: int | None = None, note: str = "",
    key: str = "",
) -> Claim:  # fmt: skip
    """Gather what is not claimed yet and send it to the service's manager.

    Each line is priced with the rate of its day; what takes a claimed line back, as that was.
    """
    body = (since, until, provider_id, note)
    with write("team.claim_made", by=by, key=key, body=body) as doing:
        if doing.replay_of:
            return Claim.objects.get(pk=doing.replay_of)
        rules.check_may_claim(by, since, until, note, clock.today())
        offered = list(providers_to_claim_from(by).values_list("pk", flat=True))
        provider = rules.check_provider(provider_id, offered)
        held = unclaimed(by, provider, since, until).select_for_update(of=("self",))
        keys = [each.pk for each in held]
        rows = TimeEntry.objects.filter(pk__in=keys)
        rules.check_adds_up(rows.aggregate(all=Sum("minutes"))["all"] or 0)
        alone = by.role in rules.SPECIALISTS
        made = Claim.objects.create(
            provider_id=provider, organisation_id=by.organisation_id or 0, since=since,
            until=until, claimant_id=by.membership_id if alone else None, note=note.strip(),
            made_by_id=by.membership_id or 0, made_at=clock.now(),
        )  # fmt: skip
        _lines(made, rows)
        rows.update(claim=made)
        doing.about(made, note=f"{len(keys)} lines")
    return made


def _lines(claim: Claim, rows: QuerySet[TimeEntry]) -> None:
    rates = list(Rate.objects.filter(provider_id=claim.provider_id).order_by("starts", "pk"))
    sums = rows.values("role", "activity", "day", "cancels__claim__made_at")
    priced: Counter[tuple[str, str, Rate | None]] = Counter()
    for each in sums.annotate(all=Sum("minutes")).order_by("role", "activity", "day"):
        known_at = each["cancels__claim__made_at"] or claim.made_at
        rate = _rate_of(rates, each["role"], each["day"], known_at)
        priced[each["role"], each["activity"], rate] += each["all"]
    ClaimLine.objects.bulk_create(
        ClaimLine(
            claim=claim, role=role, activity=activity, minutes=minutes,
            pounds=rate.pounds if rate else None, rate_source=rate.source if rate else "",
        )
        for (role, activity, rate), minutes in priced.items() if minutes
    )  # fmt: skip


def _rate_of(rates: list[Rate], role: str, day: date, known_at: datetime) -> Rate | None:
    """The rate that held on the day, of those set by then."""
    held = [
        each for each in rates
        if each.role == role and each.starts <= day and each.set_at <= known_at
    ]  # fmt: skip
    return held[-1] if held else None


def decide_claim(
    *, by: Actor, claim: Claim, decision: str, version: int, question: str = "", key: str = ""
) -> Claim:
    """The manager accepts, asks something back, or notes that it is paid."""
    body = (claim.pk, decision, question, version)
    with write("team.claim_decided", by=by, key=key, body=body) as doing:
        if doing.replay_of:
            return Claim.objects.get(pk=doing.replay_of)
        found = _locked(claim, version)
        rules.check_may_decide(by, found, decision, question)
        found.state, found.decided_at = decision, clock.now()
        found.decided_by_id = by.membership_id
        if decision == State.ASKED_BACK:
            found.question = question.strip()
        found.version += 1
        found.save()
        doing.about(found, note=decision)
    return found


def answer_claim(
    *, by: Actor, claim: Claim, decision: str, version: int, note: str = "", key: str = ""
) -> Claim:
    """Who claims sends it again with an answer, or takes it back: then its lines can be claimed
    anew."""
    body = (claim.pk, decision, note, version)
    with write("team.claim_answered", by=by, key=key, body=body) as doing:
        if doing.replay_of:
            return Claim.objects.get(pk=doing.replay_of)
        found = _locked(claim, version)
        rules.check_may_answer_claim(by, found, decision, note)
        found.state, found.note = decision, note.strip() or found.note
        found.version += 1
        found.save()
        if decision == State.WITHDRAWN:
            TimeEntry.objects.filter(claim=found).update(claim=None)
        doing.about(found, note=decision)
    return found


def _locked(claim: Claim, version: int) -> Claim:
    found = Claim.objects.select_for_update(of=("self",)).get(pk=claim.pk)
    if found.version != version:
        raise ChangedMeanwhile(found)
    return found
