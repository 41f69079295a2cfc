"""Who may give and end roles, and what needs a second person."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from tests.service.accounts.conftest import PASSWORD, shown
from tests.service.conftest import World, actor_for

from unhurried.service.accounts import operations, queries
from unhurried.service.accounts.models import Membership, Organisation, RoleRequest, User
from unhurried.service.audit.actor import system_actor
from unhurried.service.audit.models import Entry
from unhurried.service.audit.operations import SentTwiceDifferently
from unhurried.service.audit.refused import Refused
from unhurried.service.outbox.models import Message

SignIn = Callable[[Membership], Client]
ONCE = "0b1c5f52-7f3c-4f7e-9c2e-2f5a3a0f7c11"


def typed(place: Organisation, role: str, **more: Any) -> dict[str, Any]:
    """What an administrator types to give a role."""
    return {
        "email": "New.Person@Example.org", "full_name": "Nia New", "role": role,
        "organisation": place.uuid, "starts": timezone.localdate().isoformat(),
        "once": ONCE, **more,
    }  # fmt: skip


def test_a_new_person_is_invited_and_chooses_a_password(
    world: World, administrator: Membership, signed_in: SignIn
) -> None:
    client = signed_in(administrator)
    answer = client.post("/members/role/", typed(world.practice, "gp"))
    assert answer.status_code == 302
    made = Membership.objects.get(user__email="new.person@example.org")
    assert (made.role, made.organisation) == ("gp", world.practice)
    invitation = Message.objects.get(purpose="accounts.invitation")
    link = next(word for word in invitation.body.split() if word.startswith("http"))
    visitor = Client()
    path = visitor.get(link.removeprefix("http://127.0.0.1:8000"))["Location"]
    chosen = {"password1": PASSWORD, "password2": PASSWORD}
    assert visitor.post(path, chosen).status_code == 302
    user = User.objects.get(pk=made.user_id)
    assert user.check_password(PASSWORD)


def test_sending_the_form_twice_has_one_effect(
    world: World, administrator: Membership, signed_in: SignIn
) -> None:
    client = signed_in(administrator)
    for _ in range(2):
        client.post("/members/role/", typed(world.practice, "gp"))
    assert Membership.objects.filter(user__email="new.person@example.org").count() == 1
    assert Message.objects.filter(purpose="accounts.invitation").count() == 1


def test_the_same_form_with_other_contents_is_refused(
    world: World, administrator: Membership
) -> None:
    user = world.member("gp").user
    give = operations.grant_role
    by = actor_for(administrator)
    give(by=by, user=user, organisation=world.practice, role="practice_staff", key=ONCE)
    with pytest.raises(SentTwiceDifferently):
        give(by=by, user=user, organisation=world.other_practice, role="gp", key=ONCE)


def test_a_refused_role_leaves_no_account_and_no_invitation(
    world: World, administrator: Membership, signed_in: SignIn
) -> None:
    client = signed_in(administrator)
    answer = client.post("/members/role/", typed(world.practice, "project_worker"))
    assert "is held at a Service provider" in shown(answer)
    assert "New.Person@Example.org" in answer.content.decode()
    assert not User.objects.filter(email="new.person@example.org").exists()
    assert not Message.objects.exists()


def test_nobody_gives_or_ends_their_own_role(world: World, administrator: Membership) -> None:
    by = actor_for(administrator)
    with pytest.raises(Refused, match="Nobody gives themselves a role"):
        operations.grant_role(
            by=by, user=administrator.user, organisation=world.practice, role="gp"
        )
    with pytest.raises(Refused, match="Nobody ends their own role"):
        operations.end_role(by=by, membership=administrator)


@pytest.mark.parametrize("role", ["privacy_officer", "system_administrator", "evaluator"])
def test_roles_that_see_much_need_a_second_person(
    world: World, host: Organisation, administrator: Membership, role: str
) -> None:
    kind = {"evaluator": "university", "system_administrator": "host"}.get(role)
    where = Organisation.objects.filter(kind=kind).first() if kind else world.provider
    where = where or Organisation.objects.create(kind=kind or "", name="A University")
    user = world.member("gp").user
    first, second = actor_for(administrator), actor_for(world.member("system_administrator", host))
    asked = operations.grant_role(by=first, user=user, organisation=where, role=role)
    assert isinstance(asked, RoleRequest)
    assert not Membership.objects.filter(user=user, role=role).exists()
    with pytest.raises(Refused, match="A second person decides"):
        operations.approve_grant(by=first, request=asked, approved=True)
    with pytest.raises(Refused, match="waiting for a second person"):
        operations.grant_role(by=second, user=user, organisation=where, role=role)
    operations.approve_grant(by=second, request=asked, approved=True)
    assert Membership.objects.filter(user=user, role=role, organisation=where).exists()
    with pytest.raises(Refused, match="decided this already"):
        operations.approve_grant(by=second, request=asked, approved=False)


def test_who_would_hold_the_role_does_not_approve_it(
    world: World, host: Organisation, administrator: Membership
) -> None:
    other = world.member("system_administrator", host)
    asked = operations.grant_role(
        by=actor_for(administrator), user=other.user, organisation=host, role="privacy_officer"
    )
    assert isinstance(asked, RoleRequest)
    with pytest.raises(Refused, match="A second person decides"):
        operations.approve_grant(by=actor_for(other), request=asked, approved=True)


def test_a_declined_role_is_held_by_nobody(
    world: World, host: Organisation, administrator: Membership, signed_in: SignIn
) -> None:
    user = world.member("gp").user
    asked = operations.grant_role(
        by=actor_for(administrator), user=user, organisation=host, role="privacy_officer"
    )
    assert isinstance(asked, RoleRequest)
    client = signed_in(world.member("system_administrator", host))
    assert "Waiting for a second person" in shown(client.get("/members/"))
    client.post(f"/members/asked/{asked.uuid}/", {"decision": "decline"})
    assert not Membership.objects.filter(user=user, role="privacy_officer").exists()
    assert "Waiting for a second person" not in shown(client.get("/members/"))


def test_an_administrator_of_one_organisation_manages_no_other(
    world: World, signed_in: SignIn
) -> None:
    own = world.member("system_administrator", world.provider)
    elsewhere = world.member("gp")
    client = signed_in(own)
    assert client.get(f"/members/{elsewhere.pk}/end/").status_code == 404
    asked = client.get("/members/", {"organisation": str(world.practice.uuid)})
    assert "Members of Unhurried Pain Service" in shown(asked)
    assert elsewhere.user.full_name not in shown(asked)
    with pytest.raises(Refused, match="Only an administrator of this organisation"):
        operations.grant_role(
            by=actor_for(own), user=world.member("gp").user, organisation=world.practice,
            role="practice_staff",
        )  # fmt: skip
    with pytest.raises(Refused):
        operations.end_role(by=actor_for(own), membership=elsewhere)


@pytest.mark.parametrize("role", ["service_manager", "privacy_officer", "gp", "project_worker"])
def test_only_administrators_change_anything(world: World, role: str) -> None:
    by = actor_for(world.member(role))
    somebody = world.member("project_worker")
    for attempt in (
        lambda: operations.add_user(by=by, email="x@example.org", full_name="X"),
        lambda: operations.add_organisation(by=by, kind="practice", name="X"),
        lambda: operations.end_role(by=by, membership=somebody),
        lambda: operations.grant_role(
            by=by, user=somebody.user, organisation=world.provider, role="service_manager"
        ),
        lambda: operations.start_agreement(
            by=by, practice=world.practice, provider=world.other_provider
        ),
    ):
        with pytest.raises(Refused):
            attempt()


def test_a_role_ends_on_its_day_and_the_trail_says_so(
    world: World, administrator: Membership, signed_in: SignIn
) -> None:
    held = world.member("project_worker")
    client = signed_in(administrator)
    worker = signed_in(held)
    yesterday = timezone.localdate() - timedelta(days=1)
    assert "today or later" in shown(
        client.post(f"/members/{held.pk}/end/", {"on": yesterday.isoformat()})
    )
    assert worker.get("/account/").status_code == 200
    client.post(f"/members/{held.pk}/end/", {"on": timezone.localdate().isoformat()})
    assert worker.get("/account/").status_code == 404
    assert Entry.objects.filter(action="accounts.role_ended", object_id=str(held.pk)).exists()


def test_a_second_administrator_ending_the_same_role_is_told(
    world: World, host: Organisation, administrator: Membership
) -> None:
    held = world.member("gp")
    operations.end_role(by=actor_for(administrator), membership=held)
    with pytest.raises(Refused, match="ended already"):
        operations.end_role(
            by=actor_for(world.member("system_administrator", host)), membership=held
        )


def test_agreements_begin_and_end(world: World, administrator: Membership) -> None:
    by = actor_for(administrator)
    with pytest.raises(Refused, match="have an agreement"):
        operations.start_agreement(by=by, practice=world.practice, provider=world.provider)
    with pytest.raises(Refused, match="not a GP practice"):
        operations.start_agreement(by=by, practice=world.provider, provider=world.provider)
    made = operations.start_agreement(by=by, practice=world.practice, provider=world.other_provider)
    assert world.other_provider in queries.providers_of(world.practice.pk)
    operations.end_agreement(by=by, agreement=made)
    assert world.other_provider not in queries.providers_of(world.practice.pk)
    assert list(queries.practices_of(world.provider.pk)) == [world.practice, world.other_practice]


def test_nobody_chooses_a_password_for_somebody_else(administrator: Membership) -> None:
    with pytest.raises(Refused, match="Nobody chooses a password"):
        operations.add_user(
            by=actor_for(administrator), email="x@example.org", full_name="X", password=PASSWORD
        )
    made = operations.add_user(
        by=system_actor("demo"), email="x@example.org", full_name="X", password=PASSWORD
    )
    assert made.check_password(PASSWORD)
    assert not Message.objects.exists()


@pytest.mark.parametrize(
    "name", ["\u202eevil", "A" * 200, "<b>x</b>", "Zo\u00eb O'Neil", "\U0001f600"]
)
def test_names_are_shown_as_typed(
    world: World, administrator: Membership, signed_in: SignIn, name: str
) -> None:
    client = signed_in(administrator)
    client.post("/members/role/", typed(world.practice, "gp", full_name=name))
    assert User.objects.get(email="new.person@example.org").full_name == name
    page = client.get("/members/", {"organisation": str(world.practice.uuid)}).content.decode()
    assert "<b>x</b>" not in page


@pytest.mark.parametrize(
    ("field", "value"),
    [("email", "x" * 300), ("email", "no address"), ("full_name", "\x00"), ("full_name", "A" * 201),
     ("starts", "31/02/2026"), ("organisation", "x"), ("role", "king"), ("capacity", "-1"),
     ("capacity", "9" * 30)],
)  # fmt: skip
def test_what_cannot_be_is_answered_with_a_sentence(
    world: World, administrator: Membership, signed_in: SignIn, field: str, value: str
) -> None:
    client = signed_in(administrator)
    answer = client.post("/members/role/", {**typed(world.practice, "gp"), field: value})
    assert answer.status_code in {200, 400, 422}
    assert not User.objects.filter(email="new.person@example.org").exists()


def test_the_page_asks_as_much_for_fifty_as_for_five(world: World, signed_in: SignIn) -> None:
    client = signed_in(world.member("service_manager"))
    client.get("/members/")  # the first click of a session asks for a little more
    asked = []
    for more in (5, 45):
        for _ in range(more):
            world.member("project_worker")
        with CaptureQueriesContext(connection) as queries_made:
            assert client.get("/members/").status_code == 200
        asked.append(len(queries_made))
    assert asked[0] == asked[1]
