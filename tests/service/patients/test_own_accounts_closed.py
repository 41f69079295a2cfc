"""Accounts of patients and carers: closed at once, opened as if new, and what a carer sees
(reliability 1.3, 1.8; CON-6)."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone
from tests.service.conftest import World, actor_for
from tests.service.patients.accounts_opened import (
    BY_CODE,
    BY_LINK,
    PASSWORD,
    a_carer,
    begun,
    opened,
    sees,
    share,
)

from unhurried.service.accounts.models import Membership, OpenIdLink, User
from unhurried.service.accounts.queries import members_of, membership_seen
from unhurried.service.audit.models import Entry
from unhurried.service.audit.refused import Refused
from unhurried.service.outbox.models import Message
from unhurried.service.patients import operations, queries
from unhurried.service.patients.models import Carer, Patient
from unhurried.service.patients.rules.accounts import TAKEN

# -- closing and opening again ---------------------------------------------------------------


def test_closed_means_out_with_the_next_request(worker: Membership, patient: Patient) -> None:
    account = opened(worker, patient)
    client = begun(account)
    where = f"/people/{patient.uuid}/my-answers/"
    assert client.get(where).status_code == 200
    by = actor_for(worker)
    closed = operations.close_account(by=by, patient=patient, because="lost", key="k")
    assert operations.close_account(by=by, patient=patient, because="lost", key="k").pk == closed.pk
    answer = client.get(where)
    assert answer.status_code == 302
    assert "/sign-in/" in answer["Location"]
    again = Client().post("/sign-in/", {"login": "wren@example.org", "password": PASSWORD})
    assert "sessionid" not in again.cookies
    row = Entry.objects.get(action="patients.account_closed")
    assert (row.note, row.patient_id) == ("closed: lost", patient.pk)
    with pytest.raises(Refused, match="no account that is open"):
        operations.close_account(by=by, patient=patient, because="lost")


def test_opened_again_nothing_of_before_lets_anybody_in(
    worker: Membership, patient: Patient
) -> None:
    account = opened(worker, patient)
    found_telephone = begun(account)
    OpenIdLink.objects.create(
        user=account.user, issuer="https://nhs.example", subject="1", linked_at=timezone.now()
    )
    by = actor_for(worker)
    with pytest.raises(Refused, match="already"):
        operations.reopen_account(by=by, patient=patient, **BY_LINK)
    operations.close_account(by=by, patient=patient, because="lost")
    with pytest.raises(Refused, match="open it again"):
        opened(worker, patient)
    new = {**BY_LINK, "email": "new@example.org"}
    made = operations.reopen_account(by=by, patient=patient, key="k", **new)
    assert operations.reopen_account(by=by, patient=patient, key="k", **new).pk == made.pk
    assert (made.user_id, made.user.email) == (account.user_id, "new@example.org")
    where = f"/people/{patient.uuid}/my-answers/"
    assert found_telephone.get(where).status_code == 302
    old = Client().post("/sign-in/", {"login": "new@example.org", "password": PASSWORD})
    assert old.status_code == 200
    assert not OpenIdLink.objects.exists()
    made.user.refresh_from_db()
    assert begun(made).get(where).status_code == 200
    assert Entry.objects.filter(action="patients.account_reopened").count() == 1


def test_from_a_home_that_is_not_safe_to_a_code(worker: Membership, patient: Patient) -> None:
    opened(worker, patient)
    by = actor_for(worker)
    operations.close_account(by=by, patient=patient, because="unsafe")
    made = operations.reopen_account(by=by, patient=patient, **BY_CODE)
    assert made.user.email.endswith("@own.invalid")
    assert Message.objects.count() == 1


def test_the_account_of_somebody_who_died_is_closed(worker: Membership, patient: Patient) -> None:
    from unhurried.service.patients.ending import contact_ended

    account = opened(worker, patient)
    contact_ended(patient, "They left.", actor_for(worker))
    account.refresh_from_db()
    assert account.closed_at is None
    patient.date_of_death = timezone.localdate()
    patient.save()
    contact_ended(patient, "They died.", actor_for(worker))
    account.refresh_from_db()
    assert account.closed_at is not None


# -- carers ----------------------------------------------------------------------------------


def test_a_carer_sees_nothing_until_the_person_agrees(
    worker: Membership, patient: Patient, carer: Carer
) -> None:
    account = opened(worker, patient, carer)
    assert Membership.objects.get(user=account.user).role == "carer"
    assert not sees(account, patient, "plan")
    share(worker, patient, carer)
    assert sees(account, patient, "plan")
    assert not sees(account, patient, "worksheet")
    assert [each.words for each in queries.shared_with(patient, carer)] == [
        "the pain management plan"
    ]
    assert Entry.objects.get(action="patients.carer_account_opened").patient_id == patient.pk


def test_several_people_may_have_the_same_carer(
    world: World, worker: Membership, patient: Patient, carer: Carer
) -> None:
    first = opened(worker, patient, carer)
    begun(first)
    other_worker = world.member("project_worker")
    another = world.enrolled(other_worker)
    theirs = a_carer(other_worker, another)
    second = opened(other_worker, another, theirs)
    assert second.user_id == first.user_id
    assert "/password/" not in Message.objects.latest("pk").body
    share(worker, patient, carer)
    share(other_worker, another, theirs)
    assert sees(second, patient, "plan")
    assert sees(second, another, "plan")
    operations.close_account(by=actor_for(worker), patient=patient, carer=carer, because="asked")
    assert not sees(second, patient, "plan")
    assert sees(second, another, "plan")
    operations.reopen_account(by=actor_for(worker), patient=patient, carer=carer, **BY_LINK)
    assert sees(second, patient, "plan")


def test_what_one_of_several_lost_is_taken_away_for_all(
    world: World, worker: Membership, patient: Patient, carer: Carer
) -> None:
    browser = begun(opened(worker, patient, carer))
    another = world.enrolled(worker)
    opened(worker, another, a_carer(worker, another))
    assert browser.get("/").status_code == 200
    operations.close_account(by=actor_for(worker), patient=patient, carer=carer, because="lost")
    assert browser.get("/account/").status_code == 302
    user = User.objects.get(email="wren@example.org")
    assert user.is_active
    assert not user.has_usable_password()


def test_who_is_no_carer_any_more_has_no_account(
    worker: Membership, patient: Patient, carer: Carer
) -> None:
    account = opened(worker, patient, carer)
    browser = begun(account)
    operations.end_carer(by=actor_for(worker), carer=carer)
    assert browser.get("/account/").status_code == 302
    account.refresh_from_db()
    assert account.closed_at is not None
    with pytest.raises(Refused, match="not a carer"):
        operations.reopen_account(by=actor_for(worker), patient=patient, carer=carer, **BY_LINK)


# -- pages -----------------------------------------------------------------------------------


def test_the_page_says_before_opening_what_a_carer_sees(
    worker: Membership, patient: Patient, carer: Carer, signed_in: Callable[[Membership], Client]
) -> None:
    client = signed_in(worker)
    where = f"/people/{patient.uuid}/carers/{carer.pk}/account/"
    assert where in client.get(f"/people/{patient.uuid}/carers/").content.decode()
    text = client.get(where).content.decode()
    assert "sees nothing of the record, unless" in text
    assert "Nothing is shared with them now" in text
    answer = client.post(f"{where}open/", {**BY_LINK, "email": worker.user.email})
    assert TAKEN in answer.content.decode()
    assert worker.user.full_name not in answer.content.decode().split("<main")[1]
    assert client.post(f"{where}open/", BY_LINK)["Location"] == where
    share(worker, patient, carer)
    assert "the pain management plan" in client.get(where).content.decode()
    assert client.get(f"{where}close/")["Location"] == where
    client.post(f"{where}close/", {"because": "asked"})
    assert "Open it again" in client.get(where).content.decode()


def test_the_gp_reads_who_supports_them_and_nothing_of_accounts(
    world: World, worker: Membership, patient: Patient, carer: Carer,
    signed_in: Callable[[Membership], Client],
) -> None:  # fmt: skip
    client = signed_in(world.member("gp"))
    text = client.get(f"/people/{patient.uuid}/carers/").content.decode()
    assert "Robin Marsh" in text
    assert "/account/" not in text.split("<main")[1]
    assert "own account" not in client.get(f"/people/{patient.uuid}/").content.decode()


def test_the_code_is_on_the_page_to_hand_over_and_not_on_the_persons(
    worker: Membership, patient: Patient, signed_in: Callable[[Membership], Client]
) -> None:
    client = signed_in(worker)
    where = f"/people/{patient.uuid}/account/"
    assert where in client.get(f"/people/{patient.uuid}/").content.decode()
    client.post(f"{where}open/", BY_CODE)
    code = queries.account_now(patient).code
    assert code in client.get(where).content.decode()
    account = queries.account_of(patient)
    assert account is not None
    own = begun(account)
    text = own.get(where).content.decode()
    assert worker.user.full_name in text
    assert code not in text
    assert own.post(f"{where}close/", {"because": "asked"}).status_code == 404


def test_who_has_an_own_account_is_no_member_of_the_organisation(
    world: World, worker: Membership, patient: Patient
) -> None:
    account = opened(worker, patient)
    assert account.user_id not in {each.user_id for each in members_of(world.provider.pk)}
    held = Membership.objects.get(user=account.user)
    administrator = actor_for(world.member("system_administrator"))
    assert membership_seen(administrator, held.pk) is None
