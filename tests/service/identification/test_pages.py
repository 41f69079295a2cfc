"""The pages: what each role sees, what a GP can do from them, and what strangers cannot."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from tests.service.conftest import World
from tests.service.identification.conftest import at, found, person, post, text

from unhurried.service.accounts.models import Membership
from unhurried.service.audit import clock
from unhurried.service.audit.models import Entry
from unhurried.service.identification.models import Candidate, Decision, Extract
from unhurried.service.patients.models import KnownMedicine, Patient, Restriction

SignedIn = Callable[[Membership], Client]
Listed = Callable[..., list[Candidate]]
Screened = Callable[..., Extract]


def test_the_shortlist_says_the_work_first(gp_client: Client, listed: Listed) -> None:
    listed(12)
    seen = text(gp_client.get(at("shortlist")))
    assert "12 people, about 2 hours; at 5 a week, 3 weeks." in seen
    assert "This week: 5 people" in seen
    assert "7 more people wait" in seen
    assert seen.count("data-candidate") == 5
    assert "Canary1 Siskin" in seen
    assert "66, female" in seen
    assert "40 to 60 mg a day" in seen
    assert "as at 1 November 2026" in seen
    assert "Zomorph 20mg capsules: one twice a day" in seen
    assert "On opioids for 300 days (since 5 January 2025)." in seen
    assert text(gp_client.get(at("shortlist") + "?show=all")).count("data-candidate") == 12


def test_a_choice_is_one_press(gp_client: Client, listed: Listed, world: World) -> None:
    one, *_ = listed(2)
    answer = post(gp_client, at("decide", one.uuid), version=one.version, choice="invite")
    assert answer.status_code == 302
    one.refresh_from_db()
    assert (one.choice, str(one.patient)) == ("invite", "Canary1 Siskin")
    medicine = KnownMedicine.objects.get(patient=one.patient)
    assert (medicine.source, medicine.product) == ("screening", "Zomorph 20mg capsules")
    seen = text(gp_client.get(at("shortlist")))
    assert "You chose “Invite” for 1 person." in seen
    assert "Canary1" not in seen
    assert post(gp_client, at("undo", Decision.objects.get().batch)).status_code == 302
    assert "Canary1" in text(gp_client.get(at("shortlist")))


def test_sent_twice_is_done_once(gp_client: Client, listed: Listed) -> None:
    one, two = listed(2)
    once = str(uuid.uuid4())
    sent = {"once": once, "version": one.version, "choice": "discuss"}
    for _ in range(2):
        assert gp_client.post(at("decide", one.uuid), sent).status_code == 302
    assert Decision.objects.count() == 1
    sent["version"] = two.version  # the form beside it, of the same page
    assert gp_client.post(at("decide", two.uuid), sent).status_code == 302
    assert Decision.objects.count() == 2


def test_the_second_of_two_gps_sees_what_the_first_chose(
    world: World, signed_in: SignedIn, listed: Listed
) -> None:
    one = listed(1)[0]
    first, second = signed_in(world.member("gp")), signed_in(world.member("gp"))
    post(first, at("decide", one.uuid), version=one.version, choice="discuss")
    sent = {"version": one.version, "choice": "not_suitable", "reason": "other", "text": "My words"}
    answer = post(second, at("decide", one.uuid), **sent)
    assert answer.status_code == 409
    seen = text(answer)
    assert "Someone decided about them before you" in seen
    assert "“To discuss”" in seen
    assert "My words" in seen
    one.refresh_from_db()
    assert (one.choice, Decision.objects.count()) == ("discuss", 1)
    sent["version"] = one.version
    assert post(second, at("decide", one.uuid), **sent).status_code == 302
    history = text(second.get(at("person", one.uuid)))
    assert "To discuss" in history
    assert "Another reason. " in history


def test_what_was_typed_is_kept(gp_client: Client, listed: Listed) -> None:
    one = listed(1)[0]
    answer = post(
        gp_client, at("decide", one.uuid), version=one.version, choice="not_suitable",
        text="Typed words",
    )  # fmt: skip
    assert answer.status_code == 200
    assert "Choose why it is not suitable for them." in text(answer)
    assert "Typed words" in text(answer)


@pytest.mark.parametrize(
    "values",
    [
        {"choice": "nonsense"},
        {"choice": ""},
        {"choice": "not_now", "months": "99"},
        {"choice": "not_now", "not_before": "31/02/2027"},
        {"choice": "not_now", "not_before": "2020-01-01"},
        {"choice": "not_now", "months": "", "not_before": ""},
        {"choice": "not_suitable", "reason": "'; DROP TABLE"},
        {"choice": "not_suitable", "reason": "other"},
        {"choice": "discuss", "text": "x" * 3000},
        {"choice": "discuss", "text": "a\x00b"},
        {"choice": "discuss", "version": "٣"},
        {"choice": "discuss", "version": "9" * 400},
    ],
)
def test_bad_input_gets_a_sentence(
    gp_client: Client, listed: Listed, values: dict[str, str]
) -> None:
    one = listed(1)[0]
    answer = post(gp_client, at("decide", one.uuid), **{"version": str(one.version), **values})
    assert answer.status_code in (200, 400, 409)
    assert not Decision.objects.exists()


def test_many_at_once_and_undone_at_once(gp_client: Client, listed: Listed) -> None:
    people = listed(4)
    ticked = [f"{each.uuid}:{each.version}" for each in people[:3]]
    post(gp_client, at("decide_many"), person=ticked, choice="not_now", months="3")
    assert Candidate.objects.filter(choice="not_now").count() == 3
    batch = Decision.objects.values_list("batch", flat=True).distinct().get()
    assert "for 3 people" in text(gp_client.get(at("shortlist")))
    post(gp_client, at("undo", batch))
    assert Candidate.objects.filter(choice="").count() == 4
    assert Decision.objects.count() == 6  # undoing adds, and takes nothing away


def test_nobody_ticked(gp_client: Client, listed: Listed) -> None:
    listed(1)
    answer = post(gp_client, at("decide_many"), choice="discuss")
    assert "Tick at least one person first." in text(answer)
    assert post(gp_client, at("decide_many"), choice="discuss", person="x:1").status_code == 404


def test_staff_prepare_and_do_not_decide(
    staff_client: Client, gp_client: Client, screened: Screened
) -> None:
    from unhurried.records.contacts import ContactDetails

    screened(found("1", born=None, contact=ContactDetails()))
    one = Candidate.objects.get()
    seen = text(staff_client.get(at("shortlist")))
    assert "Name not in the records" in seen
    assert "Type their name and date of birth" in seen
    assert "Invite" not in seen
    assert post(staff_client, at("decide", one.uuid), choice="invite").status_code == 404
    refused = post(gp_client, at("decide", one.uuid), version=one.version, choice="invite")
    assert "first type their name and date of birth" in text(refused)
    sent = {
        "version": one.version, "given_name": "Ada", "family_name": "O’Wren",
        "date_of_birth": "17/5/1960", "postcode": "BS99 9ZZ",
    }  # fmt: skip
    assert post(staff_client, at("details", one.uuid), **sent).status_code == 302
    stale = post(staff_client, at("details", one.uuid), **{**sent, "given_name": "Ida"})
    assert stale.status_code == 409
    assert "Ida" in text(stale)
    assert "Ada O’Wren" in text(stale)
    one.refresh_from_db()
    post(gp_client, at("decide", one.uuid), version=one.version, choice="invite")
    assert Patient.objects.get().family_name == "O’Wren"


def test_a_first_conversation_is_recorded(gp_client: Client, screened: Screened) -> None:
    screened(found("1"), found("2", listed=False, rank=0, tier="", person=person("2")))
    seen = text(gp_client.get(at("list", "approaching")))
    assert "Canary2 Siskin" in seen
    assert "Canary1" not in seen
    two = Candidate.objects.approaching().get()
    assert "Never stop suddenly" in text(gp_client.get(at("conversation", two.uuid)))
    sent = {"on": "2099-01-01", "how": "both", "note": "Kept words"}
    assert "Kept words" in text(post(gp_client, at("conversation", two.uuid), **sent))
    sent["on"] = "2026-11-02"
    assert post(gp_client, at("conversation", two.uuid), **sent).status_code == 302
    assert "2 November 2026" in text(gp_client.get(at("list", "approaching")))


def test_project_workers_see_only_those_agreed(
    world: World, signed_in: SignedIn, gp_client: Client, listed: Listed
) -> None:
    one, _ = listed(2)
    worker = signed_in(world.member("project_worker"))
    assert "Canary" not in text(worker.get(at("shortlist")))
    assert worker.get(at("person", one.uuid)).status_code == 404
    post(gp_client, at("decide", one.uuid), version=one.version, choice="invite")
    seen = text(worker.get(at("shortlist")))
    assert "Canary1 Siskin" in seen
    assert "Canary2" not in seen
    alone = text(worker.get(at("person", one.uuid)))
    assert "Zomorph" not in alone
    # Tags left out: a form's random token may hold any two letters.
    assert "mg" not in re.sub(r"<[^>]+>", " ", alone.split("<main")[1])
    for name in ("details", "conversation"):
        assert worker.get(at(name, one.uuid)).status_code == 404
    stranger = signed_in(world.member("project_worker", world.other_provider))
    assert stranger.get(at("person", one.uuid)).status_code == 404
    assert "Canary" not in text(stranger.get(at("shortlist")))
    manager = text(signed_in(world.member("service_manager")).get(at("shortlist")))
    assert "Finch Lane Surgery" in manager
    assert "Canary" not in manager


def test_another_practice_sees_nothing(world: World, signed_in: SignedIn, listed: Listed) -> None:
    one = listed(1)[0]
    extract = Extract.objects.get()
    other = signed_in(world.member("gp", world.other_practice))
    assert "Canary" not in text(other.get(at("shortlist")))
    for name, args in (
        ("person", (one.uuid,)), ("details", (one.uuid,)), ("conversation", (one.uuid,)),
        ("extract", (extract.uuid,)), ("progress", (extract.uuid,)), ("rejects", (extract.uuid,)),
    ):  # fmt: skip
        answer = other.get(at(name, *args))
        assert answer.status_code == 404
        assert b"Canary" not in answer.content
    sent = {"choice": "discuss", "version": one.version}
    assert post(other, at("decide", one.uuid), **sent).status_code == 404
    post(other, at("decide_many"), choice="discuss", person=f"{one.uuid}:{one.version}")
    assert not Decision.objects.exists()


def test_someone_who_asked_a_gp_not_to_look_is_not_shown_to_them(
    world: World, signed_in: SignedIn, listed: Listed
) -> None:
    one = listed(1)[0]
    first, second = world.member("gp"), world.member("gp")
    post(signed_in(first), at("decide", one.uuid), version=one.version, choice="invite")
    one.refresh_from_db()
    asked = timezone.now()
    assert one.patient is not None
    Restriction.objects.create(patient=one.patient, user=second.user, asked_at=asked)
    client = signed_in(second)
    assert client.get(at("person", one.uuid)).status_code == 404
    assert "Canary" not in text(client.get(at("list", "decided")))
    assert "Canary1" in text(signed_in(first).get(at("list", "decided")))
    post(client, at("decide_many"), choice="discuss", person=f"{one.uuid}:{one.version}")
    assert Decision.objects.count() == 1


def test_queries_do_not_grow(
    world: World, signed_in: SignedIn, listed: Listed,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:  # fmt: skip
    listed(5)
    listed(500, world.other_practice)
    small = signed_in(world.member("gp"))
    large = signed_in(world.member("gp", world.other_practice))
    for where in (
        at("shortlist"), at("shortlist") + "?show=all", at("list", "decided"), at("yield"),
        at("list", "approaching"),
    ):  # fmt: skip
        small.get(where)
        large.get(where)
        with django_assert_max_num_queries(100) as few:
            assert small.get(where).status_code == 200
        with django_assert_max_num_queries(100) as many:
            assert large.get(where).status_code == 200
        assert len(many) <= len(few) <= 32, where


def test_looking_is_audited(gp_client: Client, listed: Listed) -> None:
    one = listed(1)[0]
    gp_client.get(at("shortlist"))
    gp_client.get(at("person", one.uuid))
    seen = Entry.objects.filter(action="read.candidate")
    assert [each.object_id for each in seen] == ["shortlist", str(one.uuid)]
    assert str(one.pk) in seen[0].note


def test_the_yield_page(
    world: World, gp_client: Client, signed_in: SignedIn, listed: Listed
) -> None:
    people = listed(4)
    for each in people[:2]:
        post(gp_client, at("decide", each.uuid), version=each.version, choice="invite")
    sent = {"choice": "not_suitable", "reason": "cancer_pain", "version": people[2].version}
    post(gp_client, at("decide", people[2].uuid), **sent)
    seen = text(gp_client.get(at("yield")))
    assert "Of 4 people ever listed, GPs made a decision for 3 and agreed to invite 2." in seen
    assert "67%" in seen
    manager = signed_in(world.member("service_manager"))
    elsewhere = text(manager.get(at("yield"), {"practice": str(world.practice.uuid)}))
    assert "Of fewer than 8 people" in elsewhere
    assert "67%" not in elsewhere


def test_a_forged_form_is_refused(world: World, signed_in: SignedIn) -> None:
    member = world.member("practice_staff")
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = signed_in(member).cookies
    answer = strict.post(at("hand_in"), {"files": SimpleUploadedFile("a.csv", b"x")})
    assert answer.status_code == 403
    assert not Extract.objects.exists()


def test_not_now_comes_back(gp_client: Client, listed: Listed) -> None:
    one = listed(1)[0]
    day = clock.today() + timedelta(days=10)
    post(
        gp_client, at("decide", one.uuid), version=one.version, choice="not_now",
        not_before=day.isoformat(),
    )  # fmt: skip
    assert "Canary1" not in text(gp_client.get(at("shortlist")))
    with clock.at(clock.now() + timedelta(days=10)):
        assert "Back after “not now”" in text(gp_client.get(at("shortlist")))


def test_the_pace_is_the_practices_own(gp_client: Client, listed: Listed) -> None:
    listed(4)
    assert "from 1 to 100" in text(post(gp_client, at("pace"), per_week="0"))
    post(gp_client, at("pace"), per_week="2")
    seen = text(gp_client.get(at("shortlist")))
    assert "at 2 a week, 2 weeks" in seen
    assert seen.count("data-candidate") == 2
