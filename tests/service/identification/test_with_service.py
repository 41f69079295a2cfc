"""People referred directly do not wait on the list, and nobody is invited twice (ID-6, REF-1)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from tests.service.conftest import World, actor_for, nhs_number
from tests.service.identification.conftest import AS_OF, found

from unhurried.records.contacts import ContactDetails
from unhurried.service.accounts.models import Membership
from unhurried.service.audit import clock
from unhurried.service.audit.actor import Actor
from unhurried.service.identification import operations, queries
from unhurried.service.identification.models import Candidate, Extract
from unhurried.service.identification.rules import Chosen
from unhurried.service.patients.models import Episode, Patient, Restriction

Screened = Callable[..., Extract]
SignedIn = Callable[[Membership], Client]
LATER = AS_OF + timedelta(days=10)


@pytest.fixture
def referred(world: World) -> Callable[..., tuple[Patient, Episode]]:
    """Somebody a GP referred directly, with or without an NHS number."""

    def make(number: str = "", **more: Any) -> tuple[Patient, Episode]:
        named = {"given_name": "Canary1", "family_name": "Siskin", **more}
        patient = world.patient(nhs_number=number, **named)
        episode = Episode.objects.create(
            patient=patient, practice=world.practice, provider=world.provider,
            opened_at=timezone.now(),
        )  # fmt: skip
        return patient, episode

    return make


def decide(by: Actor, candidate: Candidate, **chosen: Any) -> operations.Decided:
    versions = {candidate.uuid: candidate.version}
    done = operations.decide(by=by, candidates=versions, chosen=Chosen(**chosen))
    candidate.refresh_from_db()
    return done


def born(patient: Patient) -> dict[str, Any]:
    return {"nhs_number": patient.nhs_number, "born": patient.date_of_birth}


def waiting(world: World) -> int:
    counts = queries.waiting_for_gp(world.practice)
    rows = queries.undecided(world.practice, clock.today()).count()
    assert counts.undecided == counts.workload.people == rows
    return rows


def end(episode: Episode, **more: Any) -> None:
    episode.state, episode.ended_at = Episode.State.ENDED, timezone.now()
    for name, value in more.items():
        setattr(episode, name, value)
    episode.save()


def test_they_are_under_decided_and_count_as_nothing(
    world: World, gp: Actor, screened: Screened, referred: Any, signed_in: SignedIn
) -> None:
    patient, _ = referred(nhs_number())
    screened(found("1", **born(patient)), found("2"))
    one = Candidate.objects.get(person_id="1")
    assert waiting(world) == 1
    manager = actor_for(world.member("service_manager"))
    counts = [each.waiting for each in queries.counts_of_practices(manager)]
    assert sorted(counts) == [0, 1]
    for choice in ("invite", "discuss", "not_now"):
        day = clock.today() + timedelta(days=9)
        done = decide(gp, one, choice=choice, not_before=day)
        assert "already with the service" in done.left[0][1]
    assert (one.choice, Patient.objects.count()) == ("", 1)
    client = signed_in(world.member("gp"))
    decided = client.get(reverse("identification:list", args=["decided"])).content.decode()
    assert "Already with the service (referred directly)" in decided
    assert "Not decided" not in decided
    page = client.get(reverse("identification:person", args=[one.uuid])).content.decode()
    assert "There is nothing to decide here" in page
    assert 'value="invite"' not in page
    assert "Canary1" not in client.get(reverse("identification:shortlist")).content.decode()


def test_another_birthday_or_practice_is_another_person(
    world: World, screened: Screened, referred: Any
) -> None:
    patient, _ = referred(nhs_number())
    elsewhere, _ = referred(nhs_number(), practice=world.other_practice)
    changed = patient.date_of_birth.replace(year=1961)
    screened(found("1", nhs_number=patient.nhs_number, born=changed), found("2", **born(elsewhere)))
    assert waiting(world) == 2


def test_agreed_and_then_referred_directly(
    world: World, gp: Actor, screened: Screened, referred: Any
) -> None:
    screened(found("1", nhs_number=nhs_number()))
    one = Candidate.objects.get()
    decide(gp, one, choice="invite")
    assert queries.agreed_waiting_for_invitation(world.practice).count() == 1
    assert one.patient is not None
    Episode.objects.create(
        patient=one.patient, practice=world.practice, provider=world.provider,
        opened_at=timezone.now(),
    )  # fmt: skip
    assert queries.agreed_waiting_for_invitation(world.practice).count() == 0
    Candidate.objects.update(invited_at=timezone.now())  # then the episode is the invitation's
    assert queries.candidate(gp, one.uuid).with_service == ""


def test_back_with_the_next_extract_when_a_referral_ended(
    world: World, gp: Actor, screened: Screened, referred: Any
) -> None:
    patient, episode = referred(nhs_number())
    screened(found("1", **born(patient)))
    end(episode)
    one = Candidate.objects.get()
    assert waiting(world) == 0
    assert "ended on" in decide(gp, one, choice="discuss").left[0][1]
    screened(found("1", **born(patient)), as_of=LATER)
    one.refresh_from_db()
    assert waiting(world) == 1
    assert one.change == "back"
    assert one.change_words.startswith("Was referred directly; that ended on ")
    screened(found("1", **born(patient)), as_of=LATER)
    one.refresh_from_db()
    assert one.change_words == ""
    assert decide(gp, one, choice="invite").decided == [one]
    assert one.patient == patient


def test_new_on_the_list_after_a_referral_that_ended(screened: Screened, referred: Any) -> None:
    patient, episode = referred(nhs_number())
    end(episode)
    screened(found("1", **born(patient)))
    assert "Was referred directly" in Candidate.objects.get().change_words


def test_who_joined_is_not_asked_about_again(
    world: World, screened: Screened, referred: Any
) -> None:
    patient, episode = referred(nhs_number())
    end(episode, enrolled_at=timezone.now())
    screened(found("1", **born(patient)))
    assert waiting(world) == 0
    one = queries.candidate(actor_for(world.member("gp")), Candidate.objects.get().uuid)
    assert one.with_service.startswith("Was with the service until ")


def test_as_many_queries_for_many_as_for_few(
    world: World, screened: Screened, referred: Any, signed_in: SignedIn,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:  # fmt: skip
    people = [referred(nhs_number())[0] for _ in range(20)]
    screened(*(found(str(n + 1), **born(each)) for n, each in enumerate(people)))
    client = signed_in(world.member("gp"))
    client.get(reverse("identification:list", args=["decided"]))
    with django_assert_max_num_queries(30):
        seen = client.get(reverse("identification:list", args=["decided"])).content.decode()
    assert seen.count("Already with the service") == 20


class TestSamePerson:
    """Somebody with the same name and birthday, and no number to tell them apart."""

    @pytest.fixture
    def client(self, world: World, signed_in: SignedIn) -> Client:
        return signed_in(world.member("gp"))

    def post(self, client: Client, one: Candidate, **more: str) -> Any:
        one.refresh_from_db()
        sent = {"once": str(uuid4()), "version": one.version, "choice": "invite", **more}
        return client.post(reverse("identification:decide", args=[one.uuid]), sent)

    @pytest.mark.parametrize("numbers", [("", ""), ("", "x"), ("x", "")])
    def test_both_are_shown_and_another_person_is_registered(
        self, world: World, client: Client, screened: Screened, numbers: tuple[str, str]
    ) -> None:
        here, there = (nhs_number() if each else "" for each in numbers)
        world.patient(nhs_number=here, given_name="Canary1", family_name="Siskin",
                      address="9 Heron Road")  # fmt: skip
        screened(found("1", nhs_number=there))
        one = Candidate.objects.get()
        seen = self.post(client, one, text="My words").content.decode()
        assert "Is this the same person?" in seen
        assert "9 Heron Road" in seen
        assert "1 Finch Lane" in seen
        assert seen.count("The same person</button>") == 1 or "The same person" in seen
        assert 'name="text" value="My words"' in seen
        one.refresh_from_db()
        assert (one.choice, Patient.objects.count()) == ("", 1)
        assert self.post(client, one, same_as="another").status_code == 302
        one.refresh_from_db()
        assert (one.choice, Patient.objects.count()) == ("invite", 2)

    def test_the_same_person_is_taken(
        self, world: World, client: Client, screened: Screened
    ) -> None:
        patient = world.patient(given_name="Canary1", family_name="SISKIN")
        screened(found("1"))
        one = Candidate.objects.get()
        assert self.post(client, one, same_as=str(patient.uuid)).status_code == 302
        one.refresh_from_db()
        assert (one.choice, one.patient, Patient.objects.count()) == ("invite", patient, 1)

    def test_the_same_person_who_is_with_the_service(
        self, client: Client, screened: Screened, referred: Any, world: World
    ) -> None:
        patient, _ = referred()
        screened(found("1"))
        one = Candidate.objects.get()
        assert waiting(world) == 1  # no number says who it is
        seen = self.post(client, one, same_as=str(patient.uuid)).content.decode()
        assert "already with the service" in seen
        one.refresh_from_db()
        assert (one.choice, one.patient) == ("", patient)
        assert waiting(world) == 0

    @pytest.mark.parametrize("same_as", ["nobody", "\x00", f"{UUID(int=7)}", "x" * 300])
    def test_nobody_else_can_be_meant(
        self, world: World, client: Client, screened: Screened, same_as: str
    ) -> None:
        world.patient(given_name="Canary1", family_name="Siskin")
        screened(found("1"))
        one = Candidate.objects.get()
        assert self.post(client, one, same_as=same_as).status_code in {200, 400}
        one.refresh_from_db()
        assert (one.choice, one.patient) == ("", None)

    def test_who_asked_not_to_be_seen_is_not_shown(
        self, world: World, signed_in: SignedIn, screened: Screened
    ) -> None:
        member = world.member("gp")
        patient = world.patient(given_name="Canary1", family_name="Siskin", address="Secret Lane 1")
        Restriction.objects.create(patient=patient, user=member.user, asked_at=timezone.now())
        screened(found("1"))
        one = Candidate.objects.get()
        client = signed_in(member)
        seen = self.post(client, one).content.decode()
        assert "ask a colleague" in seen
        assert "Secret Lane" not in seen
        assert "Another person" not in seen
        self.post(client, one, same_as=str(patient.uuid))
        one.refresh_from_db()
        assert one.patient is None

    def test_someone_who_died_is_not_invited(
        self, world: World, client: Client, screened: Screened
    ) -> None:
        patient = world.patient(given_name="Canary1", family_name="Siskin", date_of_death=AS_OF)
        screened(found("1", contact=ContactDetails(given_name="Canary1", family_name="Siskin")))
        one = Candidate.objects.get()
        seen = self.post(client, one, same_as=str(patient.uuid)).content.decode()
        assert "has died" in seen
