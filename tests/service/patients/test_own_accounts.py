"""Accounts of patients and carers: one each, made sure of, at nobody else's address, and the first
way into them (design section 6; reliability 1.3)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings
from tests.service.conftest import World, actor_for
from tests.service.patients.accounts_opened import (
    BY_CODE,
    a_carer,
    begun,
    opened,
    sees,
)

from unhurried.service.accounts.models import Membership, OpenIdLink, User
from unhurried.service.audit import clock
from unhurried.service.audit.models import Entry
from unhurried.service.audit.operations import SentTwiceDifferently
from unhurried.service.audit.refused import Refused
from unhurried.service.outbox.models import Message
from unhurried.service.outbox.registry import check_of
from unhurried.service.outbox.worker import send_due
from unhurried.service.patients import operations, queries
from unhurried.service.patients.models import Carer, ContactPreference, OwnAccount, Patient
from unhurried.service.patients.rules.accounts import TAKEN

# -- opening ---------------------------------------------------------------------------------


def test_a_worker_opens_the_persons_own_account(
    world: World, worker: Membership, patient: Patient
) -> None:
    made = opened(worker, patient, email=" Wren@Example.org ")
    patient.refresh_from_db()
    assert patient.user == made.user
    assert (made.user.email, made.user.full_name) == ("wren@example.org", str(patient))
    assert not made.user.has_usable_password()
    held = Membership.objects.get(user=made.user)
    assert (held.role, held.organisation) == ("patient", world.provider)
    assert sees(made, patient, "plan")
    assert not sees(made, world.patient(), "plan")
    row = Entry.objects.filter(action="patients.account_opened").get()
    assert (row.patient_id, row.actor_id) == (patient.pk, worker.user_id)
    assert row.note == "document, by email"
    message = Message.objects.get(purpose="patients.own_account")
    assert message.to == "wren@example.org"
    words = f"{message.subject} {message.body}".lower()
    for never in (patient.given_name, patient.family_name, "pain", "opioid", "patient", "surgery"):
        assert never.lower() not in words.replace(str(made.uuid), ""), never


def test_the_practice_opens_it_for_somebody_who_is_not_with_a_service(world: World) -> None:
    staff, patient = world.member("practice_staff"), world.patient()
    made = opened(staff, patient)
    assert Membership.objects.get(user=made.user).organisation == world.practice


def test_the_same_form_twice_opens_one(worker: Membership, patient: Patient) -> None:
    first = opened(worker, patient, key="k")
    assert opened(worker, patient, key="k").pk == first.pk
    assert OwnAccount.objects.count() == Message.objects.count() == 1
    with pytest.raises(SentTwiceDifferently):
        opened(worker, patient, key="k", email="other@example.org")


def test_never_two_for_one_person(worker: Membership, patient: Patient) -> None:
    opened(worker, patient)
    with pytest.raises(Refused, match="already"):
        opened(worker, patient, email="other@example.org")
    assert User.objects.filter(email="other@example.org").count() == 0


def test_an_address_of_anybody_else_is_refused_in_one_sentence(
    world: World, worker: Membership, patient: Patient, carer: Carer
) -> None:
    another = world.enrolled(worker)
    opened(worker, another, email="taken@example.org")
    theirs = a_carer(worker, another)
    opened(worker, another, theirs, email="carer@example.org")
    former = world.member("gp", ended=True)
    for email in (
        "taken@example.org", "TAKEN@example.org", "carer@example.org", worker.user.email,
        former.user.email, "made.up@own.invalid",
    ):  # fmt: skip
        with pytest.raises(Refused) as refusal:
            opened(worker, patient, email=email)
        assert str(refusal.value) == TAKEN
    for email in ("taken@example.org", worker.user.email):
        with pytest.raises(Refused) as refusal:
            opened(worker, patient, carer, email=email)
        assert str(refusal.value) == TAKEN
    patient.refresh_from_db()
    assert patient.user_id is None


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"sure": "guessed"}, "made sure"),
        ({"sure": "nhs_login"}, "made sure"),  # not set up here
        ({"way": "pigeon"}, "first time"),
        ({"email": ""}, "in full"),
        ({"email": "wren at example"}, "in full"),
        ({"way": "code"}, "leave the address empty"),
    ],
)
def test_what_is_missing_is_asked_for(
    worker: Membership, patient: Patient, asked: dict[str, Any], words: str
) -> None:
    with pytest.raises(Refused, match=words):
        opened(worker, patient, **asked)
    assert not OwnAccount.objects.exists()


def test_not_for_oneself_nor_for_somebody_who_died(worker: Membership, patient: Patient) -> None:
    Patient.objects.filter(pk=patient.pk).update(user=worker.user)
    with pytest.raises(Refused):
        opened(worker, patient)
    Patient.objects.filter(pk=patient.pk).update(user=None, date_of_death=timezone.localdate())
    with pytest.raises(Refused, match="died"):
        opened(worker, patient)


def test_who_wants_no_contact_is_handed_a_code(worker: Membership, patient: Patient) -> None:
    ContactPreference.objects.create(patient=patient, do_not_contact=True)
    with pytest.raises(Refused, match="code on paper"):
        opened(worker, patient)
    made = operations.open_account(by=actor_for(worker), patient=patient, **BY_CODE)
    assert made.user.email.endswith("@own.invalid")
    assert not Message.objects.exists()


# -- the first way in ------------------------------------------------------------------------


def test_the_link_is_checked_again_as_it_leaves(worker: Membership, patient: Patient) -> None:
    account = opened(worker, patient)
    first = Message.objects.get()
    check = check_of(first.purpose)
    assert check is not None
    assert check(first) == ""
    wishes = ContactPreference.objects.create(patient=patient, do_not_contact=True)
    assert "contacted" in check(first)
    wishes.delete()
    operations.start_account_again(by=actor_for(worker), patient=patient)
    second = Message.objects.latest("pk")
    assert "Another link" in check(first)
    assert check(second) == ""
    User.objects.filter(pk=account.user_id).update(email="new@example.org")
    assert "another e-mail" in check(second)
    operations.close_account(by=actor_for(worker), patient=patient, because="unsafe")
    assert "closed" in check(second)
    send_due()
    assert set(Message.objects.values_list("state", flat=True)) == {"stopped"}


def test_a_code_leads_to_a_password_once_and_not_for_long(
    client: Client, worker: Membership, patient: Patient
) -> None:
    account = operations.open_account(by=actor_for(worker), patient=patient, **BY_CODE)
    code = queries.account_now(patient).code
    assert code
    assert code not in str(OwnAccount.objects.values().get())
    answer = client.post("/first-sign-in/", {"code": f" {code.lower()} "})
    assert answer.status_code == 302
    assert "/password/choose/" in answer["Location"]
    with clock.at(timezone.now() + timedelta(days=3, minutes=1)), pytest.raises(Refused):
        operations.begin_with_code(code=code, sender="1")
    begun(account)
    with pytest.raises(Refused, match="does not work"):
        operations.begin_with_code(code=code, sender="1")
    assert queries.account_now(patient).code == ""


def test_another_code_ends_the_first_and_needs_a_worker(
    worker: Membership, patient: Patient
) -> None:
    by = actor_for(worker)
    account = operations.open_account(by=by, patient=patient, **BY_CODE)
    code = queries.account_now(patient).code
    link = operations.begin_with_code(code=code, sender="1").removeprefix("http://127.0.0.1:8000")
    operations.start_account_again(by=by, patient=patient, key="k")
    operations.start_account_again(by=by, patient=patient, key="k")
    account.refresh_from_db()
    assert account.starts == 2
    assert Entry.objects.filter(action="patients.account_started_again").count() == 1
    with pytest.raises(Refused):
        operations.begin_with_code(code=code, sender="1")
    assert "no longer works" in Client().get(link, follow=True).content.decode()
    assert operations.begin_with_code(code=queries.account_now(patient).code, sender="1")
    begun(account)
    with pytest.raises(Refused, match="can sign in already"):
        operations.start_account_again(by=by, patient=patient)


def test_who_guesses_codes_waits_and_nobody_else_does(worker: Membership, patient: Patient) -> None:
    operations.open_account(by=actor_for(worker), patient=patient, **BY_CODE)
    code = queries.account_now(patient).code
    for number in range(10):
        with pytest.raises(Refused, match="does not work"):
            operations.begin_with_code(code=f"2222-2222-222{number}", sender="guesser")
    with pytest.raises(Refused, match="wait an hour"):
        operations.begin_with_code(code=code, sender="guesser")
    assert operations.begin_with_code(code=code, sender="somebody else")


def test_without_a_mailbox_nothing_is_ever_sent(worker: Membership, patient: Patient) -> None:
    account = operations.open_account(by=actor_for(worker), patient=patient, **BY_CODE)
    begun(account)
    Client().post("/password/forgotten/", {"email": account.user.email})
    send_due()
    assert [each.state for each in Message.objects.all()] == ["stopped"]


def test_whom_nhs_login_makes_sure_of_gets_no_password_first(
    worker: Membership, patient: Patient, settings: Settings
) -> None:
    settings.OPENID = {**settings.OPENID, "nhs-login": {"issuer": "https://nhs.example"}}
    with pytest.raises(Refused, match="needs no code"):
        operations.open_account(by=actor_for(worker), patient=patient, sure="nhs_login", way="code")
    account = opened(worker, patient, sure="nhs_login")
    assert "/password/" not in Message.objects.get().body
    Client().post("/password/forgotten/", {"email": "wren@example.org"})
    asked = Message.objects.get(purpose="account.password_reset_key")
    check = check_of(asked.purpose)
    assert check is not None
    assert "NHS login first" in check(asked)
    OpenIdLink.objects.create(
        user=account.user, issuer="https://nhs.example", subject="1", linked_at=timezone.now()
    )
    assert check(asked) == ""
