"""Five questions of consent, and whether the person may be contacted (EVA-4; H11, H13)."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse
from django.utils import timezone
from tests.service.conftest import World, actor_for
from tests.service.patients.test_pages import ONE, SignedIn, address, without_tokens

from unhurried.service.accounts.models import Membership
from unhurried.service.audit.refused import Refused
from unhurried.service.patients import operations, queries
from unhurried.service.patients.models import Consent, Patient
from unhurried.service.patients.operations.people import CONTACT
from unhurried.service.patients.rules import why_not_contact
from unhurried.service.patients.tables import safety_kinds, wording_now, wordings

KINDS = ["service", "sharing", "research_contact", "evaluation"]


def answer(worker: Membership, patient: Patient, kind: str, *, given: bool) -> Consent:
    return operations.record_consent(
        by=actor_for(worker), patient=patient, kind=kind, given=given, how="spoken"
    )


def state(patient: Patient, kind: str) -> str:
    return queries.asked_about(patient, [kind])[0].state


def test_not_asked_declined_given_and_withdrawn_are_four_things(world: World) -> None:
    worker = world.member("project_worker")
    patient = world.enrolled(worker)
    seen = [state(patient, "research_contact")]
    for given in (False, True):
        answer(worker, patient, "research_contact", given=given)
        seen.append(state(patient, "research_contact"))
    operations.withdraw_consent(by=actor_for(worker), patient=patient, kind="research_contact")
    seen.append(state(patient, "research_contact"))
    assert seen == ["not_asked", "declined", "given", "withdrawn"]
    with pytest.raises(Refused, match="no consent in force"):
        operations.withdraw_consent(by=actor_for(worker), patient=patient, kind="research_contact")
    assert all(state(patient, kind) == "not_asked" for kind in ("service", "evaluation"))


def test_the_research_list_follows_at_once(world: World) -> None:
    worker = world.member("project_worker")
    patient = world.enrolled(worker)
    world.enrolled(worker)
    listed = queries.may_be_asked_about_research(world.provider.pk)
    assert not listed.all()
    answer(worker, patient, "research_contact", given=True)
    assert list(listed.all()) == [patient]
    operations.withdraw_consent(by=actor_for(worker), patient=patient, kind="research_contact")
    assert not listed.all()
    answer(worker, patient, "research_contact", given=True)
    contact = {"by": actor_for(worker), "patient": patient}
    operations.set_contact_preferences(**contact, version=1, changes={"do_not_contact": True})  # type: ignore[arg-type]
    assert not listed.all()


def test_refusing_research_or_evaluation_changes_no_care_page(
    world: World, signed_in: SignedIn
) -> None:
    worker = world.member("project_worker")
    patient = world.enrolled(worker)
    members = [
        worker,
        *(world.member(each) for each in ("gp", "practice_staff", "service_manager")),
    ]
    care = [each for each in ONE if not each.startswith("consent")]

    def pages() -> list[bytes]:
        return [
            without_tokens(signed_in(member).get(address(name, patient)).content)
            for member in members
            for name in care
        ]

    before = pages()
    for kind in ("research_contact", "evaluation"):
        answer(worker, patient, kind, given=False)
    assert pages() == before


def test_a_gp_does_not_see_the_research_choice(world: World, signed_in: SignedIn) -> None:
    worker = world.member("project_worker")
    patient = world.enrolled(worker)
    answer(worker, patient, "research_contact", given=True)
    body = signed_in(world.member("gp")).get(address("consents", patient)).content.decode()
    assert "Take part in the service" in body
    assert "research" not in body.lower()
    assert "evaluation" not in body.lower()


@pytest.mark.parametrize("kind", KINDS)
def test_asking_and_withdrawing_on_the_page(world: World, signed_in: SignedIn, kind: str) -> None:
    worker = world.member("project_worker")
    patient = world.enrolled(worker)
    client = signed_in(worker)
    where = address(f"consent_{kind}", patient)
    fields = {"given": "yes", "how": "signed", "party": "gp" if kind == "sharing" else ""}
    fields["shown"] = wording_now(kind).key
    assert f'name="shown" value="{fields["shown"]}"' in client.get(where).content.decode()
    assert client.post(where, {**fields, "given": ""}).status_code == 200
    for shown in (f"{kind}-0", "", "nothing"):  # other words than those of now were read
        again = client.post(where, {**fields, "shown": shown}).content.decode()
        assert "words changed" in again
        assert f'name="shown" value="{fields["shown"]}"' in again
    assert not Consent.objects.exists()
    assert client.post(where, fields).status_code == 302
    party = {"party": fields["party"]}
    assert client.post(address(f"withdraw_{kind}", patient), party).status_code == 302
    assert Consent.objects.get().withdrawn_at is not None
    assert Consent.objects.get().wording == fields["shown"]
    assert client.post(address(f"withdraw_{kind}", patient), party).status_code == 409


def test_a_wording_of_another_question_is_refused(world: World) -> None:
    worker = world.member("project_worker")
    patient = world.enrolled(worker)
    with pytest.raises(Refused, match="wording"):
        operations.record_consent(
            by=actor_for(worker), patient=patient, kind="service", given=True, how="signed",
            wording="evaluation-1",
        )  # fmt: skip


@pytest.mark.parametrize("channel", ["letter", "email", "sms", "phone"])
def test_what_stops_every_way(world: World, channel: str) -> None:
    worker = world.member("project_worker")
    patient = world.enrolled(worker, email="a@example.org", phone="01632 960001")
    by, now = actor_for(worker), timezone.now()
    changes = {f"by_{each}": True for each in ("letter", "email", "sms", "phone")}
    operations.set_contact_preferences(by=by, patient=patient, version=1, changes=changes)
    assert why_not_contact(patient, channel, timezone.now()) == ""
    answer(worker, patient, "service", given=True)
    assert why_not_contact(patient, channel, timezone.now()) == ""
    operations.withdraw_consent(by=by, patient=patient, kind="service")
    assert "take part" in why_not_contact(patient, channel, timezone.now())
    answer(worker, patient, "service", given=True)
    no = {**changes, f"by_{channel}": False}
    operations.set_contact_preferences(by=by, patient=patient, version=2, changes=no)
    assert why_not_contact(patient, channel, timezone.now())
    off = {"do_not_contact": True}
    operations.set_contact_preferences(by=by, patient=patient, version=3, changes=off)
    assert "be contacted" in why_not_contact(patient, channel, timezone.now())
    died = operations.amend_identity(
        by=by, patient=patient, version=1, changes={"date_of_death": timezone.localdate()}
    )
    assert "died" in why_not_contact(died, channel, now)


def test_nothing_is_posted_home_or_without_an_address(world: World) -> None:
    patient = world.patient(address="")
    assert "address" in why_not_contact(patient, "letter", timezone.now())
    worker = actor_for(world.member("project_worker"))
    other = world.patient()
    operations.set_contact_preferences(
        by=worker, patient=other, version=1, changes={"do_not_post": True}
    )
    assert "posted" in why_not_contact(other, "letter", timezone.now())
    assert why_not_contact(other, "phone", timezone.now())


def test_the_banner_says_gently_that_somebody_died(world: World, signed_in: SignedIn) -> None:
    gp = world.member("gp")
    patient = world.patient(date_of_death=timezone.localdate())
    body = signed_in(gp).get(address("person", patient)).content.decode()
    assert "Nothing more is sent to them" in body


def test_the_reason_is_read_by_the_worker_and_never_lost_by_others(
    world: World, signed_in: SignedIn
) -> None:
    worker = world.member("project_worker")
    patient = world.enrolled(worker)
    changes = {"reason": "canary reason", "do_not_post": True}
    operations.set_contact_preferences(
        by=actor_for(worker), patient=patient, version=1, changes=changes
    )
    staff = signed_in(world.member("practice_staff"))
    for name in ("person", "contact"):
        assert "canary reason" not in staff.get(address(name, patient)).content.decode()
    sent = {"version": "2", "by_letter": "on", "reason": ""}
    assert staff.post(address("contact", patient), sent).status_code == 302
    patient.refresh_from_db()
    assert patient.contact.reason == "canary reason"
    assert "canary reason" in signed_in(worker).get(address("person", patient)).content.decode()
    late = {"version": "2", "by_letter": "on", "reason": "mine"}
    answered = signed_in(worker).post(address("contact", patient), late)
    assert answered.status_code == 409
    assert "mine" in answered.content.decode()
    assert set(CONTACT) >= {"reason"}


def test_every_wording_and_kind_says_where_it_comes_from() -> None:
    assert {each.kind for each in wordings().values()} == set(Consent.Kind.values)
    assert all(each.source and each.version for each in wordings().values())
    for kind in safety_kinds().values():
        assert kind.source
        assert kind.version
        assert re_number(kind.what_to_do)


def re_number(text: str) -> bool:
    return any(each in text for each in ("999", "111", "doctor"))


def test_the_list_of_people_needs_words(world: World, signed_in: SignedIn) -> None:
    client = signed_in(world.member("gp"))
    assert "Type an NHS number" in client.get(reverse("patients:people")).content.decode()
    refused = client.get(reverse("patients:people"), {"q": "943 476 5918"}).content.decode()
    assert "check digit" in refused


def test_pages_say_the_version_of_the_words_and_never_their_key(
    world: World, signed_in: SignedIn
) -> None:
    own, worker = world.member("patient"), world.member("project_worker")
    patient = world.enrolled(worker, user_id=own.user_id)
    answer(worker, patient, "service", given=True)
    pages = [(worker, "consents"), (worker, "consent_service"), (own, "own_answers")]
    for who, name in pages:
        seen = signed_in(who).get(reverse(f"patients:{name}", args=[patient.uuid]))
        read = re.sub(r"<[^>]+>", " ", seen.content.decode())
        assert "ersion 1" in read
        assert not re.search(r"\b[a-z_]+-1\b|anchors", read)
