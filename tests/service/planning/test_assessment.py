"""The conversation: saved and resumed, its own words kept, seen by whom the person says."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from tests.service.conftest import World, actor_for
from tests.service.planning.conftest import own, page
from tests.service.planning.examples import PEEL

from unhurried.service.accounts.models import Membership
from unhurried.service.accounts.policy import roles
from unhurried.service.audit import clock
from unhurried.service.audit.models import Entry
from unhurried.service.audit.refused import Refused
from unhurried.service.patients import operations as patients
from unhurried.service.patients.conflict import ChangedMeanwhile
from unhurried.service.patients.models import Patient
from unhurried.service.planning import operations, queries
from unhurried.service.planning.models import PartSaid

SignIn = Callable[[Membership], Client]
CANARY = "the greenhouse at five in the morning"
SUMMARY = "Back pain since 2015. Would like to sleep better."


def say(by: Membership, person: Patient, code: str = "sleep", **given: Any) -> PartSaid:
    """One part written down."""
    given = {"after": 0, "words": "" if "left_out" in given else CANARY, **given}
    return operations.write_part(by=actor_for(by), patient=person, code=code, **given)


def test_it_is_written_over_two_meetings_and_nothing_is_lost(
    worker: Membership, person: Patient
) -> None:
    first, second = datetime(2026, 3, 2, 10, tzinfo=UTC), datetime(2026, 3, 16, 10, tzinfo=UTC)
    with clock.at(first):
        say(worker, person, words="I wake at four.")
        say(worker, person, "mood", left_out="not_today")
    with clock.at(second):
        say(worker, person, after=1, words="I wake at four, and lie there.", wants_help=True)
    talk = queries.conversation(person)
    assert talk.days == (first.date(), second.date())
    now = queries.part_now(person, "sleep")
    assert now.said is not None
    assert (now.number, now.said.words) == (2, "I wake at four, and lie there.")
    assert [each.words for each in now.earlier] == ["I wake at four."]
    mood = next(each for each in talk.parts if each.part.code == "mood")
    assert mood.why_left_out == "Not today"
    assert talk.talked == 1


def test_sent_twice_it_is_written_once(worker: Membership, person: Patient) -> None:
    given = {"words": "I wake at four.", "key": "k"}
    assert say(worker, person, **given) == say(worker, person, **given)
    assert PartSaid.objects.count() == 1
    rows = Entry.objects.filter(action="planning.part_written", patient_id=person.pk)
    assert [row.note for row in rows] == ["sleep"]


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"words": " "}, "Write a few words"),
        ({"words": "a", "left_out": "not_today"}, "keep one of the two"),
        ({"left_out": "because"}, "choose from the list"),
        ({"left_out": "other"}, "own words"),
        ({"words": "a\x00b"}, "cannot be kept"),
        ({"code": "politics", "words": "a"}, "no such part"),
    ],
)
def test_what_cannot_be_kept_is_refused(
    worker: Membership, person: Patient, given: dict[str, str], why: str
) -> None:
    with pytest.raises(Refused, match=why):
        say(worker, person, **given)
    assert not PartSaid.objects.exists()


def test_a_part_is_left_out_for_any_reason_and_opened_another_day(
    worker: Membership, person: Patient
) -> None:
    say(worker, person, "trauma", left_out="other", left_out_words="Ask me in spring")
    assert queries.part_now(person, "trauma").why_left_out == "Ask me in spring"
    say(worker, person, "trauma", after=1, words="My brother")
    assert queries.part_now(person, "trauma").why_left_out == ""


def test_the_second_of_two_sees_both_versions_and_keeps_what_they_typed(
    worker: Membership, person: Patient, signed_in: SignIn
) -> None:
    say(worker, person, words="As the first wrote it")
    with pytest.raises(ChangedMeanwhile):
        say(worker, person, words="As the second wrote it")
    answer = signed_in(worker).post(
        reverse("planning:part", args=[person.uuid, "sleep"]),
        {"do": "said", "version": "0", "words": "As the second wrote it"},
    )
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "As the first wrote it" in text
    assert text.count("As the second wrote it") == 2
    assert 'name="version" value="1"' in text


def test_nobody_writes_after_the_episode_has_ended(worker: Membership, person: Patient) -> None:
    say(worker, person)
    patients.end_episode(by=actor_for(worker), episode=person.episodes.get(), reason="moved on")
    with pytest.raises(Refused, match="not with the service now"):
        say(worker, person, after=1)
    assert queries.conversation(person).talked == 1


def test_the_person_reads_their_words_once_they_are_shared(
    worker: Membership, person: Patient, signed_in: SignIn
) -> None:
    client = signed_in(own(person))
    with clock.at(datetime.now(UTC) - timedelta(hours=2)):
        said = say(worker, person)
    assert CANARY not in page(client, "assessment", person)
    with clock.at(datetime.now(UTC) - timedelta(hours=1)):
        operations.share_with_person(by=actor_for(worker), assessment=said.assessment)
    assert CANARY in page(client, "assessment", person)
    say(worker, person, "mood", words="written after it was shared")
    assert "written after" not in page(client, "assessment", person)
    assert queries.conversation(person).newer


def test_the_gp_sees_the_summary_the_person_agreed_to_and_nothing_else(
    world: World, worker: Membership, person: Patient, signed_in: SignIn
) -> None:
    gp = signed_in(world.member("gp"))
    say(worker, person)
    by = actor_for(worker)
    with pytest.raises(Refused, match="tick"):
        operations.share_summary(by=by, patient=person, after=0, text=SUMMARY, agreed=False)
    assert "No summary is shared" in page(gp, "assessment", person)
    operations.share_summary(by=by, patient=person, after=0, text=SUMMARY, agreed=True)
    text = page(gp, "assessment", person)
    assert SUMMARY in text
    assert CANARY not in text
    for name in ("benefit", "baseline", "share_summary"):
        assert gp.get(reverse(f"planning:{name}", args=[person.uuid])).status_code == 404
    assert gp.get(reverse("planning:part", args=[person.uuid, "sleep"])).status_code == 404
    # The person takes it back themselves, at once.
    answer = signed_in(own(person)).post(reverse("planning:stop_summary", args=[person.uuid]))
    assert answer.status_code == 302
    assert SUMMARY not in page(gp, "assessment", person)


def test_a_form_open_since_before_the_person_took_it_back_shares_nothing(
    world: World, worker: Membership, person: Patient, signed_in: SignIn
) -> None:
    operations.share_summary(
        by=actor_for(worker), patient=person, after=0, text=SUMMARY, agreed=True
    )
    client, address = signed_in(worker), reverse("planning:share_summary", args=[person.uuid])
    form = {"version": "1", "text": SUMMARY, "agreed": "on"}
    signed_in(own(person)).post(reverse("planning:stop_summary", args=[person.uuid]))
    late = client.post(address, form)
    assert "taken the summary back" in late.content.decode()
    gp = signed_in(world.member("gp"))
    assert SUMMARY not in page(gp, "assessment", person)
    # Opened anew, after they agreed once more, it is shared.
    _, _, rest = client.get(address).content.decode().partition('name="version" value="')
    again = client.post(address, {**form, "version": rest.partition('"')[0]})
    assert again.status_code == 302
    assert SUMMARY in page(gp, "assessment", person)


def test_what_the_person_keeps_from_their_gp_stays_with_them(
    world: World, worker: Membership, person: Patient, signed_in: SignIn
) -> None:
    by = actor_for(worker)
    operations.share_summary(by=by, patient=person, after=0, text=SUMMARY, agreed=True)
    patients.record_consent(
        by=by, patient=person, kind="sharing", given=False, how="spoken", party="gp"
    )
    gp = signed_in(world.member("gp"))
    assert SUMMARY not in page(gp, "assessment", person)
    with pytest.raises(Refused, match="does not want"):
        operations.share_summary(by=by, patient=person, after=1, text="Again", agreed=True)


def test_the_audit_trail_says_that_and_never_what(worker: Membership, person: Patient) -> None:
    say(worker, person)
    for row in Entry.objects.all():
        assert CANARY not in " ".join(str(getattr(row, each.name)) for each in row._meta.fields)


def test_days_with_and_without_are_kept_side_by_side(
    worker: Membership, person: Patient, signed_in: SignIn
) -> None:
    by = actor_for(worker)
    numbers = {"pain_with": 0, "pain_without": 8, "doing_with": None, "doing_without": None}
    operations.record_benefit(by=by, patient=person, after=0, numbers=numbers, helps="some")
    text = page(signed_in(worker), "assessment", person)
    assert "0 with, 8 without" in text
    assert "Yes, in part" in text
    with pytest.raises(Refused, match="from 0 to 10"):
        operations.record_benefit(by=by, patient=person, after=1, numbers={"pain_with": 11})
    with pytest.raises(Refused, match="Nothing is filled in"):
        operations.record_benefit(by=by, patient=person, after=1, numbers={})


def test_the_baseline_holds_the_fields_of_table_1_and_gaps_stay_gaps(
    worker: Membership, person: Patient, signed_in: SignIn
) -> None:
    client = signed_in(worker)
    sent = {"version": "0", "employment": "not_working", "living": "not_known",
            "opioids": ["codeine", "tramadol"], "pain": ["other"]}  # fmt: skip
    where = reverse("planning:baseline", args=[person.uuid])
    assert client.post(where, sent).status_code == 302
    row = queries.table_1(person.episodes.get())
    assert (row.employment, row.living, row.mental_health) == ("not_working", "", "")
    assert row.opioids == ("codeine", "tramadol")
    assert row.other_medicines == ()
    assert (row.age, row.practice) == (66, person.practice.name) or row.age > 60
    both = {"version": "1", "mental_health": "no", "mental_health_kinds": ["anxiety"]}
    assert "choose yes, or untick" in client.post(where, both).content.decode().lower()


def test_words_that_were_not_shared_stand_on_no_page_of_anybody_else(
    world: World, worker: Membership, person: Patient, signed_in: SignIn
) -> None:
    by = actor_for(worker)
    say(worker, person, wants_help=True)
    operations.record_benefit(
        by=by, patient=person, after=0, numbers={}, wants=CANARY, words=CANARY
    )
    operations.share_summary(by=by, patient=person, after=0, text=SUMMARY, agreed=True)
    operations.add_item(by=by, patient=person, given=PEEL)
    operations.agree(
        by=by, patient=person, seen=queries.plan_mark(person), how="said", gp_may_see=True
    )
    names = ["patients:person", "patients:notes", "case:timeline", "sessions:sessions"]
    names += [f"planning:{each}" for each in ("assessment", "measures", "plan", "print_plan")]
    others = [world.member(role) for role in roles() if role not in {"project_worker", "patient"}]
    for who in (*others, world.member("project_worker"), own(person)):
        client = signed_in(who)
        for name in names:
            answer = client.get(reverse(name, args=[person.uuid]))
            assert CANARY not in answer.content.decode(errors="replace"), (who.role, name)
