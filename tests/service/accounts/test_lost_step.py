"""Somebody lost their second step: taken away by an administrator, seen, told, set up anew."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import reverse
from tests.service.accounts.conftest import code, first_step, shown
from tests.service.conftest import World, actor_for

from unhurried.service.accounts import lost_steps
from unhurried.service.accounts.models import Membership, Organisation, SecondStepCleared
from unhurried.service.audit.models import Entry
from unhurried.service.audit.refused import Refused
from unhurried.service.outbox.models import Message

Person = Callable[..., Membership]
SignedIn = Callable[[Membership], Client]
REASON = "Met at the desk with their staff card"


def clear(client: Client, held: Membership, reason: str = REASON, key: str = "") -> Any:
    where = reverse("accounts:clear_second_step", args=[held.pk])
    return client.post(where, {"reason": reason, "once": key or str(uuid.uuid4())})


def inside(held: Membership) -> Client:
    """A browser in which they gave both steps."""
    client = Client()
    assert first_step(client, held.user) == "/sign-in/second-step/"
    assert client.post("/sign-in/second-step/", {"code": code()}).status_code == 302
    assert client.get("/account/").status_code == 200
    return client


def test_it_is_taken_away_and_a_new_one_set_up_at_the_next_sign_in(
    person: Person, administrator: Membership, signed_in: SignedIn
) -> None:
    held, other = person(), person("gp")
    theirs, bystander = inside(held), signed_in(other)
    bystander.get("/account/")
    assert clear(signed_in(administrator), held).status_code == 302
    assert not Authenticator.objects.filter(user=held.user).exists()
    assert Authenticator.objects.filter(user=other.user).exists()
    assert theirs.get("/account/")["Location"].startswith("/sign-in/")
    assert bystander.get("/account/").status_code == 200
    again = Client()
    assert first_step(again, held.user) == "/"  # the password alone...
    assert again.get("/account/")["Location"] == "/account/second-step/"  # ...leads to the set-up
    assert "An authenticator app on your phone" in shown(again.get("/account/second-step/"))


def test_the_person_is_told_and_the_officer_sees_why(
    world: World, person: Person, administrator: Membership, signed_in: SignedIn
) -> None:
    held = person()
    inside(held)
    clear(signed_in(administrator), held)
    row, mail = SecondStepCleared.objects.get(), Message.objects.get(purpose=lost_steps.PURPOSE)
    assert (row.user, row.cleared_by, row.steps, row.sessions) == (
        held.user, administrator.user, 2, 1
    )  # fmt: skip
    assert mail.to == held.user.email
    assert administrator.user.full_name in mail.body
    assert REASON not in mail.body
    entry = Entry.objects.get(action="accounts.second_step_cleared")
    assert REASON not in entry.note
    page = reverse("accounts:second_steps_cleared")
    officer = signed_in(world.member("privacy_officer"))
    assert REASON in shown(officer.get(page))
    assert page in officer.get(reverse("accounts:members")).content.decode()
    far = signed_in(world.member("privacy_officer", world.other_provider))
    assert REASON not in shown(far.get(page))
    assert signed_in(administrator).get(page).status_code == 404


def test_the_mail_goes_only_to_the_address_the_account_has(
    person: Person, administrator: Membership
) -> None:
    held = person()
    lost_steps.clear_second_steps(by=actor_for(administrator), membership=held, reason=REASON)
    mail = Message.objects.get(purpose=lost_steps.PURPOSE)
    assert lost_steps.check_still_theirs(mail) == ""
    held.user.email = "another@example.org"
    held.user.save()
    assert "another e-mail address" in lost_steps.check_still_theirs(mail)
    held.user.is_active = False
    held.user.save()
    assert "closed" in lost_steps.check_still_theirs(mail)


def test_never_of_oneself_and_never_without_saying_how_one_made_sure(
    person: Person, host: Organisation, world: World, signed_in: SignedIn
) -> None:
    held = person()
    own = world.member("system_administrator", host)
    Authenticator.objects.create(user=own.user, type="recovery_codes", data={})
    client = signed_in(own)
    assert "ask another administrator" in shown(clear(client, own))
    answer = clear(client, held, reason="lost it")
    assert "at least 15 characters" in shown(answer)
    assert "lost it" in shown(answer)
    assert Authenticator.objects.filter(user=own.user).exists()
    assert Authenticator.objects.filter(user=held.user).count() == 2
    assert not SecondStepCleared.objects.exists()


def test_an_administrator_reaches_only_people_who_work_nowhere_else(
    world: World, host: Organisation, person: Person, signed_in: SignedIn
) -> None:
    held, local = person(), world.member("system_administrator")
    elsewhere = world.member("practice_staff")
    assert clear(signed_in(local), elsewhere).status_code == 404
    Membership.objects.create(
        user=held.user, organisation=host, role="system_administrator", starts=held.starts
    )
    assert "administrator of the host" in shown(clear(signed_in(local), held))
    assert Authenticator.objects.filter(user=held.user).exists()


def test_sent_twice_it_is_done_once(person: Person, administrator: Membership) -> None:
    held, key = person(), str(uuid.uuid4())
    given: Any = {"by": actor_for(administrator), "membership": held, "reason": REASON, "key": key}
    first = lost_steps.clear_second_steps(**given)
    assert lost_steps.clear_second_steps(**given) == first
    assert Message.objects.count() == SecondStepCleared.objects.count() == 1
    with pytest.raises(Refused, match="nothing to take away"):
        lost_steps.clear_second_steps(**{**given, "key": ""})


def test_what_they_have_is_named_without_its_secret(person: Person) -> None:
    held = person()
    assert lost_steps.steps_of(held.user) == ["1 authenticator app", "1 set of recovery codes"]


def test_only_an_administrator_may(world: World, person: Person, signed_in: SignedIn) -> None:
    held = person()
    for role in ("service_manager", "privacy_officer", "project_worker"):
        assert clear(signed_in(world.member(role)), held).status_code == 404
    assert Authenticator.objects.filter(user=held.user).count() == 2
