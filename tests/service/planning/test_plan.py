"""The plan: made by two, agreed to by one, "not yet" as good as any, seen by whom they say."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.service.conftest import World, actor_for
from tests.service.planning.conftest import own, page
from tests.service.planning.examples import PEEL

from unhurried.service.accounts.models import Membership
from unhurried.service.audit import clock
from unhurried.service.audit.models import Entry
from unhurried.service.audit.refused import Refused
from unhurried.service.patients import operations as patients
from unhurried.service.patients.conflict import ChangedMeanwhile
from unhurried.service.patients.models import Carer, Patient
from unhurried.service.planning import operations, queries, tables
from unhurried.service.planning.models import Comment, Item
from unhurried.service.planning.rules import ItemGiven, PlanWords

SignIn = Callable[[Membership], Client]
CANARY = "I do not want Malcolm to know"


def add(by: Membership, person: Patient, **changes: Any) -> Item:
    """One thing more in the plan."""
    status = changes.pop("status", "trying")
    given = ItemGiven(
        **{"strategy": "sleep", "words": "Tea at four", "where": "community", **changes}
    )
    return operations.add_item(by=actor_for(by), patient=person, given=given, status=status)


def agree(by: Membership, person: Patient, *, gp_may_see: bool = True) -> Any:
    """The person agrees to the plan as it is."""
    how = "online" if by.role == "patient" else "said"
    return operations.agree(
        by=actor_for(by), patient=person, seen=queries.plan_mark(person), how=how,
        gp_may_see=gp_may_see,
    )  # fmt: skip


def test_every_strategy_of_the_paper_is_there_with_where_it_happens() -> None:
    names = {each.component for each in tables.strategies().values()}
    # Kesten 2019: Figure 2, and the strategies of the plan (Figure 1).
    assert names >= {
        "Pain management book", "Opioid worksheets", "De-scripting", "Exercise planning",
        "Sleep hygiene", "Pacing", "Movement", "Strength", "Mindfulness", "Goal setting",
        "Thinking styles",
    }  # fmt: skip
    assert {each.usual_where for each in tables.strategies().values()} == {"session", "community"}


def test_not_yet_is_an_answer_and_a_goal_may_have_a_readiness(
    worker: Membership, person: Patient, signed_in: SignIn
) -> None:
    add(worker, person, strategy="goals", words="Sing again", readiness=2, status="not_yet")
    text = page(signed_in(own(person)), "plan", person)
    assert "Not yet" in text
    assert "Ready: 2 of 10" in text
    with pytest.raises(Refused, match="goal of their own"):
        add(worker, person, readiness=2)
    with pytest.raises(Refused, match="from 0 to 10"):
        add(worker, person, strategy="goals", readiness=11)


def test_a_day_gone_by_is_only_a_day(
    worker: Membership, person: Patient, signed_in: SignIn
) -> None:
    with clock.at(datetime.now(UTC) - timedelta(days=60)):
        item = add(worker, person, review_on=clock.today() + timedelta(days=14))
    for who in (worker, own(person)):
        text = page(signed_in(who), "plan", person).lower()
        assert "look again when we next meet" in text
        for word in ("overdue", "late", "missed", "u-danger", "u-attention"):
            assert word not in text.replace("plate", "").replace("latest", "")
    # The day may stay as it is; a new one has to be to come.
    given = ItemGiven("sleep", "Tea at three", "community", review_on=item.review_on)
    operations.change_item(by=actor_for(worker), item=item, version=1, given=given)
    past = ItemGiven("sleep", "Tea at two", "community", review_on=date(2020, 1, 1))
    with pytest.raises(Refused, match="past"):
        operations.change_item(by=actor_for(worker), item=item, version=2, given=past)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"words": " "}, "few words"), ({"strategy": "x"}, "what kind"), ({"where": "x"}, "where"),
        ({"who": "x"}, "who"), ({"status": "overdue"}, "how it is going"),
        ({"words": "a\nb"}, "cannot be kept"), ({"review_on": date(2999, 1, 1)}, "far off"),
    ],
)  # fmt: skip
def test_what_cannot_be_kept_is_refused(
    worker: Membership, person: Patient, changes: dict[str, Any], why: str
) -> None:
    with pytest.raises(Refused, match=why):
        add(worker, person, **changes)
    assert not Item.objects.exists()


def test_sent_twice_it_is_there_once(worker: Membership, person: Patient) -> None:
    for _ in range(2):
        operations.add_item(by=actor_for(worker), patient=person, given=PEEL, key="k")
        operations.agree(
            by=actor_for(worker), patient=person, seen=queries.plan_mark(person), how="said",
            gp_may_see=False, key="k",
        )  # fmt: skip
    assert Item.objects.count() == 1
    assert [each.number for each in queries.agreements(person)] == [1]
    actions = Entry.objects.filter(patient_id=person.pk).values_list("action", flat=True)
    assert sorted(actions) == ["planning.item_added", "planning.plan_agreed"]


def test_the_person_adds_changes_and_comments(
    worker: Membership, person: Patient, signed_in: SignIn
) -> None:
    client = signed_in(own(person))
    theirs = add(worker, person, words="Walk to the gate")
    where = reverse("planning:item", args=[person.uuid, theirs.uuid])
    sent = {"do": "went", "version": "1", "status": "doing_well", "comment": "And back!"}
    assert client.post(where, sent).status_code == 302
    assert Comment.objects.get().by_person
    change = {"do": "change", "version": "2", "words": "Walk to the shop", "strategy": "movement",
              "where": "community", "who": "me"}  # fmt: skip
    assert "Your project worker wrote this one" in client.post(where, change).content.decode()
    mine = add(own(person), person, words="Paint")
    where = reverse("planning:item", args=[person.uuid, mine.uuid])
    assert client.post(where, {**change, "version": "1"}).status_code == 302
    mine.refresh_from_db()
    assert mine.words == "Walk to the shop"


def test_the_second_of_two_sees_both_versions(
    worker: Membership, person: Patient, signed_in: SignIn
) -> None:
    item = add(own(person), person)
    first = ItemGiven("sleep", "Tea at three", "community")
    operations.change_item(by=actor_for(own(person)), item=item, version=1, given=first)
    with pytest.raises(ChangedMeanwhile):
        operations.change_item(by=actor_for(worker), item=item, version=1, given=PEEL)
    sent = {"do": "change", "version": "1", "words": "Tea at two", "strategy": "sleep",
            "where": "community", "who": "me"}  # fmt: skip
    answer = signed_in(worker).post(reverse("planning:item", args=[person.uuid, item.uuid]), sent)
    assert answer.status_code == 409
    text = answer.content.decode()
    assert "Tea at three" in text
    assert "Tea at two" in text
    words = PlanWords(matters="Ada")
    operations.change_plan_words(by=actor_for(worker), patient=person, version=0, given=words)
    with pytest.raises(ChangedMeanwhile):
        operations.change_plan_words(by=actor_for(worker), patient=person, version=0, given=words)


def test_agreeing_keeps_a_copy_and_only_of_what_was_on_the_screen(
    worker: Membership, person: Patient, signed_in: SignIn
) -> None:
    with pytest.raises(Refused, match="nothing in the plan"):
        agree(worker, person)
    item = add(worker, person)
    seen = queries.plan_mark(person)
    add(own(person), person, words="Paint")
    with pytest.raises(Refused, match="changed while"):
        operations.agree(
            by=actor_for(worker), patient=person, seen=seen, how="said", gp_may_see=False
        )
    agree(own(person), person)
    assert not queries.changed_since_agreed(person)
    operations.say_how_it_goes(by=actor_for(worker), item=item, version=1, status="put_aside")
    assert queries.changed_since_agreed(person)
    text = page(signed_in(worker), "agreed", person, 1)
    assert "Put aside" not in text
    assert "What I am trying" in text


def test_the_gp_sees_the_version_the_person_said_they_may(
    world: World, worker: Membership, person: Patient, signed_in: SignIn
) -> None:
    gp = signed_in(world.member("gp"))
    item = add(worker, person, words="Tea at four")
    operations.say_how_it_goes(
        by=actor_for(own(person)), item=item, version=1, status="trying", comment=CANARY
    )
    assert "No plan is shared" in page(gp, "plan", person)
    agree(worker, person)
    add(worker, person, words="Something newer")
    text = page(gp, "plan", person)
    assert "Tea at four" in text
    assert "Something newer" not in text
    assert CANARY not in text
    where = reverse("planning:item", args=[person.uuid, item.uuid])
    assert gp.get(where).status_code == 404
    agree(own(person), person, gp_may_see=False)
    assert "Tea at four" not in page(gp, "plan", person)
    assert gp.get(reverse("planning:print_plan", args=[person.uuid])).status_code == 404


def test_a_carer_reads_it_with_the_persons_consent_only(
    world: World, worker: Membership, person: Patient, signed_in: SignIn
) -> None:
    item = add(worker, person)
    operations.say_how_it_goes(
        by=actor_for(own(person)), item=item, version=1, status="trying", comment=CANARY
    )
    friend = world.member("carer")
    carer = Carer.objects.create(
        patient=person, name="Malcolm", relationship="Friend", user=friend.user
    )
    client = signed_in(friend)
    where = reverse("planning:plan", args=[person.uuid])
    assert client.get(where).status_code == 404
    patients.record_consent(
        by=actor_for(worker), patient=person, kind="sharing", given=True, how="spoken",
        party=f"carer:{carer.pk}:plan", ends=timezone.localdate() + timedelta(days=30),
    )  # fmt: skip
    text = page(client, "plan", person)
    assert "Tea at four" in text
    assert CANARY not in text
    for name in ("assessment", "measures", "agree", "add_item", "topics"):
        assert client.get(reverse(f"planning:{name}", args=[person.uuid])).status_code == 404
    patients.withdraw_consent(
        by=actor_for(worker), patient=person, kind="sharing", party=f"carer:{carer.pk}:plan"
    )
    assert client.get(where).status_code == 404


def test_what_may_help_is_offered_for_what_the_person_wants_help_with(
    worker: Membership, person: Patient, signed_in: SignIn
) -> None:
    by = actor_for(worker)
    for code, wants in (("sleep", True), ("money", False)):
        operations.write_part(
            by=by, patient=person, code=code, after=0, words="Hard", wants_help=wants
        )
    assert [each.about for each in queries.suggestions(by, person)] == ["Sleep"]
    assert "perhaps one small change to your nights" in page(signed_in(worker), "plan", person)
    # The person meets suggestions only from what they were shown themselves.
    assert queries.suggestions(actor_for(own(person)), person) == []
    add(worker, person)
    assert queries.suggestions(by, person) == []


def test_the_worker_is_reminded_of_a_topic_sessions_went_by(
    worker: Membership, person: Patient
) -> None:
    by, today = actor_for(worker), date(2026, 3, 2)
    with clock.at(datetime(2026, 3, 2, 10, tzinfo=UTC)):
        for code, when in (("hobbies", "in_time"), ("medicines", "soon"), ("work", "i_will_say")):
            operations.want_topic(by=by, patient=person, code=code, when=when)
    days = [today - timedelta(days=7), today, *(today + timedelta(days=7 * n) for n in (1, 2, 3))]

    def brought(held: int) -> list[str]:
        return [e.topic.code for e in queries.topics_to_bring_up(person, days[: 2 + held])]

    assert [brought(0), brought(1), brought(2)] == [[], ["medicines"], ["medicines"]]
    assert brought(3) == ["hobbies", "medicines"]
    found = queries.topics_to_bring_up(person, days)[0].topic
    operations.reach_topic(by=by, topic=found)
    assert brought(3) == ["medicines"]


def test_what_happened_is_on_the_timeline_of_whoever_may_see_it(
    world: World, worker: Membership, person: Patient
) -> None:
    add(worker, person)
    agree(worker, person, gp_may_see=False)
    operations.save_answers(
        by=actor_for(worker), patient=person, code="PEG", answers={"P": 1, "E": 1, "G": 1}
    )
    kinds = [each.kind for each in queries.happenings(actor_for(worker), person)]
    assert sorted(kinds) == ["measure", "plan"]
    gp = actor_for(world.member("gp"))
    assert [each.kind for each in queries.happenings(gp, person)] == ["measure"]
    assert queries.happenings(actor_for(world.member("gp", world.other_practice)), person) == []
