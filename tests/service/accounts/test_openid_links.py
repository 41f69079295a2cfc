"""Linking one's own account to NHS CIS2 or NHS login, from Your account, and unlinking it."""

from __future__ import annotations

import html
import re
import time
import uuid
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from pytest_django.fixtures import Settings
from tests.service.accounts.conftest import shown
from tests.service.accounts.test_openid import CLIENT, Idp, come_back, idp
from tests.service.conftest import World, actor_for, signed_in

from unhurried.service.accounts import openid_links
from unhurried.service.accounts.models import Membership, OpenIdLink
from unhurried.service.accounts.openid import Person
from unhurried.service.audit.models import Entry
from unhurried.service.audit.refused import Refused
from unhurried.service.outbox.models import Message

__all__ = ["idp", "signed_in"]
PAGE = "/account/nhs/"


@pytest.fixture
def both(idp: Idp, settings: Settings) -> Idp:
    """The same provider as CIS2 and, under another issuer's name, as NHS login."""
    login = {**settings.OPENID["cis2"], "issuer": idp.address.replace("127.0.0.1", "localhost")}
    settings.OPENID = {**settings.OPENID, "nhs-login": login}
    return idp


def go(client: Client, provider: str = "cis2") -> Any:
    return client.post(f"{PAGE}link/", {"provider": provider})


def way(answer: Any) -> str:
    """Where the page leads: a link, since no form may lead to another address."""
    assert answer.status_code == 200
    found = re.search(r'class="nhsuk-button" href="([^"]+)"', answer.content.decode())
    assert found is not None
    return html.unescape(found[1])


def there_and_back(client: Client, idp: Idp, **instead: str) -> Any:
    where = way(go(client))
    state = parse_qs(urlsplit(where).query)["state"][0]
    return client.get(
        f"{PAGE}back/", {"code": idp.authorise(where), "state": state, **instead}, follow=True
    )


def test_staff_link_their_care_identity_and_sign_in_with_it(
    idp: Idp, world: World, signed_in: Any
) -> None:
    member = world.member("gp")
    client = signed_in(member)
    assert PAGE in client.get("/account/").content.decode()
    assert "Link NHS Care Identity" in shown(client.get(PAGE))
    assert "Linked." in shown(there_and_back(client, idp))
    link = OpenIdLink.objects.get()
    assert (link.user, link.issuer, link.subject) == (member.user, idp.address, "subject-1")
    assert Entry.objects.get(action="accounts.openid_linked").actor_id == member.user_id
    assert Message.objects.get(purpose="openid.linked").to == member.user.email
    idp.claims = {"acr": "AAL3"}  # no e-mail address: by the link alone
    fresh = Client()
    come_back(fresh, idp)
    assert fresh.get("/account/").status_code == 200


def test_a_link_is_taken_away_by_whose_it_is(idp: Idp, world: World, signed_in: Any) -> None:
    member, other = world.member("gp"), world.member("gp")
    client = signed_in(member)
    there_and_back(client, idp)
    number = OpenIdLink.objects.get().pk
    sent = {"link": number, "once": str(uuid.uuid4())}
    assert signed_in(other).post(f"{PAGE}unlink/", sent).status_code == 409
    assert OpenIdLink.objects.exists()
    for _twice in range(2):
        assert client.post(f"{PAGE}unlink/", sent).status_code == 302
    assert not OpenIdLink.objects.exists()
    assert Entry.objects.filter(action="accounts.openid_unlinked").count() == 1
    assert Message.objects.filter(purpose="openid.unlinked").count() == 1
    idp.claims = {"acr": "AAL3"}
    assert "Nobody here is linked" in shown(come_back(Client(), idp))


def test_it_is_offered_only_when_set_up_and_of_the_right_kind(
    both: Idp, world: World, signed_in: Any, settings: Settings
) -> None:
    staff, person = world.member("practice_staff"), world.member("patient")
    carer = world.member("carer")
    assert openid_links.providers_open_to(staff.user) == [("cis2", "NHS Care Identity")]
    for each in (person, carer):
        assert openid_links.providers_open_to(each.user) == [("nhs-login", "NHS login")]
    assert go(signed_in(staff), "nhs-login").status_code == 409
    assert go(signed_in(person), "cis2").status_code == 409
    assert go(signed_in(person), "another").status_code == 409
    settings.OPENID = {"cis2": {}, "nhs-login": {}}
    assert "No NHS sign-in is set up" in shown(signed_in(staff).get(PAGE))
    assert PAGE not in signed_in(staff).get("/account/").content.decode()
    assert go(signed_in(staff)).status_code == 409


def test_an_identity_of_another_kind_or_account_is_refused(world: World, db: None) -> None:
    staff, person = world.member("gp"), world.member("patient")

    def link(who: Membership, provider: str, *, patient: bool) -> None:
        known = Person("https://id.example", "subject-1", "", two_factors=True, patient=patient)
        openid_links.link_own(
            by=actor_for(who), user=who.user, provider=provider, person=known
        )  # fmt: skip

    with pytest.raises(Refused, match="not for this kind"):
        link(staff, "nhs-login", patient=True)
    with pytest.raises(Refused, match="not for this kind"):
        link(person, "cis2", patient=False)
    with pytest.raises(Refused, match="for patients"):
        link(staff, "cis2", patient=True)
    link(person, "nhs-login", patient=True)
    with pytest.raises(Refused, match="another account here"):
        link(world.member("patient"), "nhs-login", patient=True)
    with pytest.raises(Refused, match="their own account"):
        openid_links.link_own(
            by=actor_for(staff), user=person.user, provider="nhs-login",
            person=Person("https://id.example", "2", "", two_factors=False, patient=True),
        )  # fmt: skip
    assert OpenIdLink.objects.count() == 1


@pytest.mark.parametrize("what", ["state", "nothing begun", "another person", "stopped", "nonce"])
def test_an_answer_that_was_not_asked_for_links_nothing(
    idp: Idp, world: World, signed_in: Any, what: str
) -> None:
    member, other = world.member("gp"), world.member("gp")
    client = signed_in(member)
    if what == "state":
        answer = there_and_back(client, idp, state="é")
    elif what == "nothing begun":
        answer = client.get(f"{PAGE}back/", {"code": "code-0", "state": ""}, follow=True)
    elif what == "another person":
        theirs = signed_in(other)
        where = way(go(client))
        state = parse_qs(urlsplit(where).query)["state"][0]
        sent = {"code": idp.authorise(where), "state": state}
        answer = theirs.get(f"{PAGE}back/", sent, follow=True)
    elif what == "stopped":
        answer = there_and_back(client, idp, code="")
    else:
        idp.change = lambda claims: claims.update(nonce="another")
        answer = there_and_back(client, idp)
    assert answer.status_code in {200, 409}
    assert "not begun here" in shown(answer) or "nothing was linked" in shown(answer) or (
        "cannot be trusted" in shown(answer)
    )  # fmt: skip
    assert not OpenIdLink.objects.exists()


def test_after_ten_minutes_the_password_is_asked_again_first(
    idp: Idp, world: World, signed_in: Any
) -> None:
    member = world.member("gp")
    member.user.set_password("three calm words")
    member.user.save()
    client = signed_in(member)
    session = client.session
    session["signed_in_at"] = time.time() - 900
    session.save()
    answer = go(client)
    assert answer["Location"].startswith("/account/again/?next=")
    assert CLIENT not in answer["Location"]
