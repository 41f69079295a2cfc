"""The time ledger and claims (FUN-1): logged once, claimed once, priced only where a rate is."""

from __future__ import annotations

import contextlib
import csv
import io
import random
import re
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from pypdf import PdfReader
from tests.service.conftest import World, actor_for

from unhurried.service.accounts.models import Membership, Organisation
from unhurried.service.audit import clock
from unhurried.service.audit.models import Entry
from unhurried.service.audit.refused import Refused
from unhurried.service.patients.conflict import ChangedMeanwhile
from unhurried.service.team.models import Claim, TimeEntry
from unhurried.service.team.operations import ledger as operations
from unhurried.service.team.queries import ledger as queries
from unhurried.service.team.queries.today import to_do

SignIn = Callable[[Membership], Client]


@pytest.fixture
def gp(world: World) -> Membership:
    return world.member("gp")


@pytest.fixture
def manager(world: World) -> Membership:
    return world.member("service_manager")


def log(
    who: Membership, minutes: int = 30, activity: str = "prescription", **more: Any
) -> TimeEntry:
    return operations.log_time(by=actor_for(who), activity=activity, minutes=minutes, **more)


def claim(who: Membership, **more: Any) -> Claim:
    today = clock.today()
    return operations.make_claim(
        by=actor_for(who),
        since=today - timedelta(days=30),
        until=today,
        **more,
    )


def decide(manager: Membership, found: Claim, decision: str, question: str = "") -> Claim:
    return operations.decide_claim(
        by=actor_for(manager), claim=found, decision=decision, question=question,
        version=found.version,
    )  # fmt: skip


def rate(manager: Membership, role: str, pounds: str, days_ago: int = 0) -> None:
    operations.set_rate(
        by=actor_for(manager), role=role, pounds=Decimal(pounds), source="The contract",
        starts=clock.today() - timedelta(days=days_ago),
    )  # fmt: skip


def test_time_is_for_the_service_of_ones_practice(world: World, gp: Membership) -> None:
    made = log(gp)
    assert (made.provider, made.organisation, made.role) == (world.provider, world.practice, "gp")
    second = Organisation.objects.create(kind="provider", name="Second Provider")
    world.practice.agreements_as_practice.create(provider=second, starts=clock.today())
    with pytest.raises(Refused, match="Choose the service"):
        log(gp)
    assert log(gp, provider_id=second.pk).provider == second
    with pytest.raises(Refused, match="Choose the service"):
        log(gp, provider_id=world.other_provider.pk)


def test_a_person_is_named_only_by_who_may_open_their_record(world: World, gp: Membership) -> None:
    ours = world.enrolled(world.member("project_worker"))
    theirs = world.patient(practice=world.other_practice)
    assert log(gp, patient=ours).patient == ours
    assert Entry.objects.filter(action="team.time_logged", patient_id=ours.pk).exists()
    with pytest.raises(Refused, match="not open to you"):
        log(gp, patient=theirs)


@pytest.mark.parametrize(
    ("minutes", "days", "activity"),
    [(0, 0, "meeting"), (721, 0, "meeting"), (5, -1, "meeting"), (5, 400, "meeting"), (5, 0, "x")],
)
def test_what_nobody_can_mean_is_refused(
    gp: Membership, minutes: int, days: int, activity: str
) -> None:
    with pytest.raises(Refused):
        log(gp, minutes, activity, day=clock.today() - timedelta(days=days))


def test_a_line_is_corrected_by_a_line_once(gp: Membership) -> None:
    first = log(gp, 30)
    operations.take_back(by=actor_for(gp), entry=first, instead=("meeting", 20, clock.today()))
    assert sorted(TimeEntry.objects.values_list("minutes", flat=True)) == [-30, 20, 30]
    with pytest.raises(Refused, match="already"):
        operations.take_back(by=actor_for(gp), entry=first)
    back = TimeEntry.objects.get(cancels=first)
    with pytest.raises(Refused, match="already"):
        operations.take_back(by=actor_for(gp), entry=back)
    assert queries.time_totals(first.provider_id, clock.today()).minutes == 20


def test_nobody_corrects_anothers_line(world: World, gp: Membership) -> None:
    with pytest.raises(Refused, match="own lines"):
        operations.take_back(by=actor_for(world.member("gp")), entry=log(gp))


def test_a_claim_holds_each_line_once_and_keeps_its_price(
    world: World, gp: Membership, manager: Membership
) -> None:
    staff = world.member("practice_staff")
    log(gp, 90)
    log(staff, 20, "other")
    log(world.member("gp", world.other_practice), 45)
    log(world.member("project_worker"), 60)
    rate(manager, "gp", "80.00")
    made = claim(staff)
    seen = queries.claim_seen(actor_for(gp), made.uuid)
    assert seen is not None
    assert [(role, line.minutes, line.amount) for role, _, line in seen.lines] == [
        ("GP", 90, Decimal("120.00")), ("Practice staff", 20, None)
    ]  # fmt: skip
    assert seen.total is None
    assert "Hours only" in seen.amount
    rate(manager, "gp", "99.00")
    again = queries.claim_seen(actor_for(gp), made.uuid)
    assert again is not None
    assert again.lines[0][2].amount == Decimal("120.00")
    with pytest.raises(Refused, match="left to claim"):
        claim(gp)


def test_what_was_claimed_and_taken_back_is_in_the_next_claim(gp: Membership) -> None:
    first = log(gp, 30)
    claim(gp)
    operations.take_back(by=actor_for(gp), entry=first)
    with pytest.raises(Refused, match="left to claim"):
        claim(gp)
    log(gp, 50)
    assert queries.claims(actor_for(gp))[1][0].minutes == 30
    claim(gp)
    assert sorted(each.minutes for each in queries.claims(actor_for(gp))[1]) == [20, 30]


def test_the_way_of_a_claim(world: World, gp: Membership, manager: Membership) -> None:
    log(gp, 30)
    made = claim(gp)
    assert to_do(actor_for(manager)).claims_to_decide == 1
    with pytest.raises(Refused):
        decide(manager, made, "paid")
    with pytest.raises(Refused, match="ask back"):
        decide(manager, made, "asked_back")
    asked = decide(manager, made, "asked_back", "Which week was the meeting?")
    assert to_do(actor_for(gp)).claims_sent_back == 1
    with pytest.raises(ChangedMeanwhile):
        operations.answer_claim(by=actor_for(gp), claim=made, decision="sent", version=1)
    sent = operations.answer_claim(
        by=actor_for(world.member("practice_staff")), claim=asked, decision="sent", version=2,
        note="The second week",
    )  # fmt: skip
    done = decide(manager, decide(manager, sent, "accepted"), "paid")
    assert done.state == "paid"
    with pytest.raises(Refused):
        operations.answer_claim(
            by=actor_for(gp), claim=done, decision="withdrawn", version=done.version
        )


def test_a_claim_taken_back_can_be_made_anew(gp: Membership) -> None:
    log(gp, 30)
    made = claim(gp)
    operations.answer_claim(by=actor_for(gp), claim=made, decision="withdrawn", version=1)
    assert claim(gp).entries.count() == 1
    assert made.entries.count() == 0
    assert made.lines.count() == 1  # what it held is still to be seen


def test_a_specialist_claims_their_own_time_alone(world: World, manager: Membership) -> None:
    hospital = Organisation.objects.create(kind="hospital", name="Heron Hospital")
    one, two = (world.member("pain_consultant", hospital) for _ in range(2))
    log(one, 30, "advice", provider_id=world.provider.pk)
    log(two, 20, "advice", provider_id=world.provider.pk)
    made = claim(one, provider_id=world.provider.pk)
    assert made.entries.get().who == one
    assert queries.claim_seen(actor_for(two), made.uuid) is None
    assert queries.claim_seen(actor_for(manager), made.uuid) is not None
    other = world.member("service_manager", world.other_provider)
    assert queries.claim_seen(actor_for(other), made.uuid) is None
    with pytest.raises(Refused):
        decide(other, made, "accepted")


def test_the_cost_is_known_only_with_every_rate(
    world: World, gp: Membership, manager: Membership
) -> None:
    world.enrolled(world.member("project_worker"))
    world.enrolled(world.member("project_worker"))
    since = clock.today() - timedelta(days=90)
    log(gp, 60, day=clock.today() - timedelta(days=40))
    log(gp, 60)
    log(world.member("project_worker"), 30, "meeting")
    rate(manager, "gp", "60.00", days_ago=50)
    rate(manager, "gp", "80.00", days_ago=10)
    totals = queries.time_totals(world.provider.pk, since)
    assert (totals.minutes, totals.cost, totals.per_person) == (150, None, None)
    assert totals.without_rate == ("Project worker",)
    rate(manager, "project_worker", "20.00", days_ago=50)
    totals = queries.time_totals(world.provider.pk, since)
    assert (totals.cost, totals.people, totals.per_person) == (
        Decimal("150.00"), 2, Decimal("75.00")
    )  # fmt: skip
    assert [(each.name, each.minutes) for each in totals.by_activity] == [
        ("Reviewing a prescription", 120), ("Meeting", 30)
    ]  # fmt: skip
    assert sum(each.minutes for each in totals.by_month) == 150


def test_only_the_manager_sets_a_rate_and_says_where_it_is_written(
    gp: Membership, manager: Membership
) -> None:
    with pytest.raises(Refused):
        rate(gp, "gp", "80")
    with pytest.raises(Refused, match="comes from"):
        operations.set_rate(
            by=actor_for(manager), role="gp", pounds=Decimal(80), source=" ",
            starts=clock.today(),
        )  # fmt: skip


def test_the_table_for_a_spreadsheet(
    world: World, gp: Membership, manager: Membership, signed_in: SignIn
) -> None:
    patient = world.enrolled(world.member("project_worker"))
    log(gp, 30, note="=cmd|' /C calc'!A0", patient=patient)
    for who, note in ((gp, "'=cmd|' /C calc'!A0"), (manager, "")):
        text = signed_in(who).get("/time/lines.csv").getvalue().decode()
        (row,) = csv.DictReader(io.StringIO(text))
        assert (row["minutes"], row["note"]) == ("30", note)
        assert patient.family_name not in text


def test_one_press_logs_it(world: World, gp: Membership, signed_in: SignIn) -> None:
    client = signed_in(gp)
    sent = {"activity": "person", "minutes": "5", "day": clock.today().isoformat(), "person": ""}
    assert client.post("/time/add/", sent).status_code == 302
    assert TimeEntry.objects.get().minutes == 5
    wrong = client.post("/time/add/", sent | {"other_minutes": "7"})
    assert "not both" in wrong.content.decode()
    stranger = world.patient(practice=world.other_practice)
    hidden = client.post("/time/add/", sent | {"person": str(stranger.uuid)}).content.decode()
    assert "not open to you" in hidden
    assert stranger.family_name not in hidden
    assert TimeEntry.objects.count() == 1


def test_the_pages_of_each(
    world: World, gp: Membership, manager: Membership, signed_in: SignIn
) -> None:
    patient = world.enrolled(world.member("project_worker"))
    log(gp, 30, patient=patient)
    made = claim(gp)
    client = signed_in(gp)
    assert patient.family_name in client.get("/time/").content.decode()
    assert client.get(f"/time/?person={patient.uuid}").status_code == 200
    assert client.get("/time/claims/make/").status_code == 200
    for who in (gp, manager):
        shown = signed_in(who).get(f"/time/claims/{made.uuid}/").content.decode()
        assert "Hours only" in shown
        assert patient.family_name not in shown
    totals = re.sub(r"<[^>]+>", " ", signed_in(manager).get("/time/").content.decode())
    assert "Not known" in totals
    assert patient.family_name not in totals
    assert signed_in(manager).get("/time/rates/").status_code == 200


def test_a_claim_on_paper(gp: Membership, manager: Membership, signed_in: SignIn) -> None:
    rate(manager, "gp", "80.00")
    log(gp, 90)
    answer = signed_in(gp).get(f"/time/claims/{claim(gp).uuid}/paper/")
    assert answer["Content-Type"] == "application/pdf"
    text = PdfReader(io.BytesIO(answer.content)).pages[0].extract_text()
    assert "£120.00" in text
    assert "1 hour 30 minutes" in text


def days_ago(number: int) -> Any:
    return clock.today() - timedelta(days=number)


def test_hours_are_paid_as_on_their_day_and_taken_back_as_they_were_claimed(
    gp: Membership, manager: Membership
) -> None:
    rate(manager, "gp", "60.00", days_ago=60)
    rate(manager, "gp", "80.00", days_ago=10)
    wrong = log(gp, 60, day=days_ago(20))
    log(gp, 60)
    made = claim(gp)
    assert [(each.minutes, each.amount) for each in made.lines.order_by("pounds")] == [
        (60, Decimal("60.00")), (60, Decimal("80.00"))
    ]  # fmt: skip
    rate(manager, "gp", "70.00", days_ago=25)  # found out later; what was claimed keeps its price
    operations.take_back(by=actor_for(gp), entry=wrong)
    log(gp, 120)
    assert {(each.minutes, each.amount) for each in claim(gp).lines.all()} == {
        (-60, Decimal("-60.00")), (120, Decimal("160.00"))
    }  # fmt: skip
    assert queries.money(Decimal("-60")) == "less £60.00"


def test_what_was_claimed_and_taken_back_is_in_the_next_claim_of_any_days(gp: Membership) -> None:
    old = log(gp, 60, day=days_ago(45))
    by = actor_for(gp)
    operations.make_claim(by=by, since=days_ago(60), until=days_ago(31))
    operations.take_back(by=by, entry=old, instead=("meeting", 10, days_ago(45)))
    log(gp, 90)
    assert sorted(claim(gp).lines.values_list("minutes", flat=True)) == [30]


def test_a_claim_begins_with_the_oldest_line_that_nobody_claimed(
    gp: Membership, signed_in: SignIn
) -> None:
    log(gp, 25, day=days_ago(150))
    text = signed_in(gp).get("/time/claims/make/").content.decode()
    assert "Together: 25 minutes" in text


def test_time_can_be_claimed_of_a_service_that_left(
    world: World, gp: Membership, signed_in: SignIn
) -> None:
    log(gp, 30)
    world.practice.agreements_as_practice.update(ends=clock.today())
    with pytest.raises(Refused):
        log(gp, 30)
    assert "Together: 30 minutes" in signed_in(gp).get("/time/claims/make/").content.decode()
    assert claim(gp).provider == world.provider


def test_half_a_penny_is_rounded_up_and_no_time_costs_nothing(
    world: World, gp: Membership, manager: Membership
) -> None:
    rate(manager, "gp", "10.01")
    staff = world.member("practice_staff")
    operations.take_back(by=actor_for(staff), entry=log(staff, 30))
    log(gp, 30)
    assert claim(gp).lines.get().amount == Decimal("5.01")
    totals = queries.time_totals(world.provider.pk, clock.today())
    assert (totals.cost, totals.without_rate) == (Decimal("5.01"), ())


@pytest.mark.parametrize("seed", range(3))
def test_nothing_is_lost_or_paid_twice(
    gp: Membership, manager: Membership, world: World, seed: int
) -> None:
    chance = random.Random(seed)  # noqa: S311 - a story, no secret
    who = [gp, world.member("practice_staff")]
    for pounds in ("33.33", "71.05", "0.07"):
        rate(manager, chance.choice(["gp", "practice_staff"]), pounds, chance.randrange(30))
    for _ in range(40):
        member = chance.choice(who)
        match chance.randrange(4):
            case 0 | 1:
                activity = chance.choice(["meeting", "other"])
                log(member, chance.randint(1, 99), activity, day=days_ago(chance.randrange(30)))
            case 2:
                own = TimeEntry.objects.filter(who=member, cancels=None, cancelled_by=None)
                if own.exists():
                    operations.take_back(by=actor_for(member), entry=chance.choice(list(own)))
            case _:
                with contextlib.suppress(Refused):
                    made = claim(member)
                    if chance.random() < 0.3:
                        operations.answer_claim(
                            by=actor_for(member), claim=made, decision="withdrawn", version=1
                        )
    seen = [each for each in queries.claims(actor_for(gp))[1] if each.claim.state != "withdrawn"]
    left = sum(TimeEntry.objects.filter(claim=None).values_list("minutes", flat=True))
    totals = queries.time_totals(world.provider.pk, days_ago(30))
    assert sum(each.minutes for each in seen) + left == totals.minutes
    for each in seen:
        amounts = [line.amount for _, _, line in each.lines]
        assert each.total == (None if None in amounts else sum(amounts))  # type: ignore[arg-type]
    for shares in (totals.by_activity, totals.by_role, totals.by_organisation, totals.by_month):
        assert sum(each.minutes for each in shares) == totals.minutes
