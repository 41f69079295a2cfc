"""Signing in and staying signed in, and the ways somebody else might try to."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from tests.service.accounts.conftest import PASSWORD, SECRET, code, first_step, shown
from tests.service.conftest import World

from unhurried.service.accounts.models import Membership
from unhurried.service.outbox.models import Message

Person = Callable[..., Membership]
WAIT = "Wait five minutes"
NOT_TOGETHER = "The e-mail address and password do not fit together."


def through(client: Client, held: Membership, step: int = 0) -> None:
    """Sign in with both steps."""
    assert first_step(client, held.user) == "/sign-in/second-step/"
    assert client.post("/sign-in/second-step/", {"code": code(step)}).status_code == 302


def test_the_password_alone_opens_nothing_when_there_is_a_second_step(person: Person) -> None:
    client, held = Client(), person()
    assert first_step(client, held.user) == "/sign-in/second-step/"
    assert client.get("/account/").status_code == 302
    assert client.get("/account/app/").status_code == 302
    assert client.post("/sign-in/second-step/", {"code": code()}).status_code == 302
    assert client.get("/account/").status_code == 200


def test_staff_without_a_second_step_reach_only_the_page_that_sets_one_up(person: Person) -> None:
    client, held = Client(), person(app=False)
    first_step(client, held.user)
    for path in ("/", "/account/", "/members/", "/break-glass/", "/account/password/"):
        assert client.get(path)["Location"] == "/account/second-step/", path
    page = client.get("/account/app/")
    assert page.status_code == 200
    assert b"<svg" in page.content
    assert b"style=" not in page.content
    assert b"data:" not in page.content


def test_the_second_step_set_up_counts_at_once_and_the_codes_are_shown_once(
    person: Person,
) -> None:
    client, held = Client(), person(app=False)
    first_step(client, held.user)
    client.get("/account/app/")
    secret = client.session["mfa.totp.secret"]
    answer = client.post("/account/app/", {"code": code(secret=secret)})
    assert answer["Location"] == "/account/recovery-codes/"
    assert shown(client.get("/account/recovery-codes/")).count("Go on") == 1
    assert "cannot be shown again" in shown(client.get("/account/recovery-codes/"))
    assert client.get("/account/").status_code == 200
    assert secret not in str(Authenticator.objects.values_list("data", flat=True))


def test_a_session_begun_with_the_password_alone_cannot_add_a_second_way_in(
    person: Person,
) -> None:
    """Somebody who knows the password of a new member, before the member set theirs up."""
    thief, owner, held = Client(), Client(), person(app=False)
    first_step(thief, held.user)
    first_step(owner, held.user)
    owner.get("/account/app/")
    owner.post("/account/app/", {"code": code(secret=owner.session["mfa.totp.secret"])})
    for path in ("/account/passkeys/add/", "/account/app/"):
        assert thief.get(path).status_code == 302
    assert "began before it was there" in shown(thief.get("/account/second-step/"))


def test_a_person_whose_role_needs_no_second_step_signs_in_without(
    person: Person,
) -> None:
    client, held = Client(), person("patient", app=False)
    assert first_step(client, held.user) == "/"
    assert client.get("/account/").status_code == 200


@pytest.mark.parametrize("step", [-1, 0, 1])
def test_a_code_works_once_even_in_its_own_half_minute(person: Person, step: int) -> None:
    held = person()
    through(Client(), held, step)
    other = Client()
    first_step(other, held.user)
    answer = other.post("/sign-in/second-step/", {"code": code(step)})
    assert "That code does not fit" in shown(answer)


def test_a_code_is_not_accepted_again_while_it_would_still_fit(person: Person) -> None:
    held = person()
    with time_machine.travel(timezone.now(), tick=False) as clock:
        used = code()
        through(Client(), held)
        clock.shift(timedelta(seconds=31))
        other = Client()
        first_step(other, held.user)
        assert other.post("/sign-in/second-step/", {"code": used}).status_code == 200


def test_a_recovery_code_works_once(person: Person) -> None:
    held = person()
    kept = Authenticator.objects.get(user=held.user, type="recovery_codes")
    one = kept.wrap().get_unused_codes()[3]
    for expected in (302, 200):
        client = Client()
        first_step(client, held.user)
        spaced = f"{one[:4]} {one[4:]}"
        answer = client.post("/sign-in/second-step/", {"code": spaced})
        assert answer.status_code == expected


def _tries(send: Callable[[], object], most: int = 12) -> int:
    """How many wrong tries are judged before the answer is to wait."""
    for number in range(most):
        answer = send()
        if WAIT in shown(answer) or getattr(answer, "status_code", 0) == 429:
            return number
    return most


def test_no_more_than_ten_wrong_passwords_in_five_minutes(person: Person) -> None:
    held = person()
    with time_machine.travel(timezone.now(), tick=False) as clock:
        wrong = {"login": held.user.email, "password": "not it at all"}
        assert _tries(lambda: Client().post("/sign-in/", wrong)) <= 10
        right = {"login": held.user.email.upper(), "password": PASSWORD}
        assert WAIT in shown(Client().post("/sign-in/", right)), "capitals give no more tries"
        clock.shift(timedelta(minutes=5, seconds=1))
        assert Client().post("/sign-in/", right).status_code == 302


@pytest.mark.parametrize("wrong", ["000000", "1234 5678"])
def test_no_more_than_ten_wrong_codes_in_five_minutes_over_all_sessions(
    person: Person, wrong: str
) -> None:
    held = person()

    def send() -> object:
        client = Client()
        first_step(client, held.user)
        return client.post("/sign-in/second-step/", {"code": wrong})

    with time_machine.travel(timezone.now(), tick=False):
        assert _tries(send) <= 10
        client = Client()
        first_step(client, held.user)
        right = client.post("/sign-in/second-step/", {"code": code()})
        assert WAIT in shown(right), "the right code does not end the wait either"


def test_giving_the_right_password_does_not_wipe_the_count_of_wrong_codes(
    person: Person,
) -> None:
    held = person()
    client = Client()
    for _ in range(8):
        first_step(client, held.user)
        client.post("/sign-in/second-step/", {"code": "000000"})
    first_step(client, held.user)
    assert WAIT in shown(client.post("/sign-in/second-step/", {"code": "000000"}))


def test_no_more_than_ten_links_for_a_new_password_in_five_minutes(person: Person) -> None:
    held = person()
    asked = {"email": held.user.email}
    assert _tries(lambda: Client().post("/password/forgotten/", asked)) <= 10
    assert Message.objects.filter(to=held.user.email).count() <= 10


def test_counts_are_kept_in_the_database_and_not_in_one_process(person: Person) -> None:
    assert type(cache._connections["default"]).__name__ == "DatabaseCache"  # type: ignore[attr-defined]


def test_nobody_learns_whether_an_account_is_there(person: Person) -> None:
    held = person()
    pages = []
    for email in (held.user.email, "nobody@example.org"):
        answer = Client().post("/sign-in/", {"login": email, "password": "not it at all"})
        assert NOT_TOGETHER in shown(answer)
        pages.append((answer.status_code, shown(answer).replace(email, "")))
        sent = Client().post("/password/forgotten/", {"email": email}, follow=True)
        pages.append((sent.status_code, shown(sent).replace(email, "")))
    assert pages[:2] == pages[2:]
    assert not Message.objects.filter(to="nobody@example.org").exists()


@pytest.mark.parametrize(
    "onward",
    ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)",
     "https:evil.example", " https://evil.example"],
)  # fmt: skip
def test_signing_in_leads_nowhere_else(person: Person, world: World, onward: str) -> None:
    held = person()
    client = Client()
    client.post("/sign-in/", {"login": held.user.email, "password": PASSWORD, "next": onward})
    answer = client.post("/sign-in/second-step/", {"code": code()})
    assert answer["Location"] == "/"
    chosen = client.post("/role/", {"membership": held.pk, "next": onward})
    assert chosen["Location"] == "/"
    out = client.post("/sign-out/", {"next": onward})
    assert "evil" not in out["Location"]
    assert "javascript" not in out["Location"]


def test_signing_in_begins_a_new_session(person: Person) -> None:
    held = person()
    client = Client()
    client.get("/sign-in/")
    client.session.save()
    client.cookies["sessionid"] = "a" * 32  # a session somebody else put there
    first_step(client, held.user)
    before = client.cookies["sessionid"].value
    client.post("/sign-in/second-step/", {"code": code()})
    after = client.cookies["sessionid"].value
    assert before not in {"a" * 32, after}
    old = Client()
    old.cookies["sessionid"] = before
    assert old.get("/account/").status_code == 302


def test_signing_out_ends_the_session_for_every_copy_of_its_cookie(person: Person) -> None:
    held = person()
    client = Client()
    through(client, held)
    copy = Client()
    copy.cookies["sessionid"] = client.cookies["sessionid"].value
    assert copy.get("/account/").status_code == 200
    client.post("/sign-out/")
    assert copy.get("/account/").status_code == 302
    assert not Session.objects.filter(pk=copy.cookies["sessionid"].value).exists()


def test_a_session_ends_when_it_is_left_alone_and_after_a_working_day(person: Person) -> None:
    held = person()
    with time_machine.travel(timezone.now(), tick=False) as clock:
        client = Client()
        through(client, held)
        clock.shift(timedelta(minutes=31))
        assert client.get("/account/").status_code == 302
        clock.shift(timedelta(minutes=5))
        busy = Client()
        through(busy, held)
        for _ in range(19):
            clock.shift(timedelta(minutes=25))
            assert busy.get("/account/").status_code == 200
        clock.shift(timedelta(minutes=25))
        assert busy.get("/account/").status_code == 302


def test_an_ended_role_ends_at_the_next_click(person: Person) -> None:
    held = person()
    client = Client()
    through(client, held)
    assert client.get("/account/").status_code == 200
    Membership.objects.filter(pk=held.pk).update(ends=timezone.localdate())
    assert client.get("/account/").status_code == 404
    assert "no role of yours" in shown(client.get("/", follow=True))


def test_a_closed_account_is_out_at_the_next_click(person: Person) -> None:
    held = person()
    client = Client()
    through(client, held)
    held.user.is_active = False
    held.user.save()
    assert client.get("/account/").status_code == 302


def test_somebody_with_several_roles_chooses_and_only_among_their_own(
    person: Person, world: World
) -> None:
    held = person()
    second = Membership.objects.create(
        user=held.user, organisation=world.provider, role="service_manager",
        starts=timezone.localdate(),
    )  # fmt: skip
    other = world.member("system_administrator")
    client = Client()
    first_step(client, held.user)
    answer = client.post("/sign-in/second-step/", {"code": code()})
    assert answer["Location"].startswith("/role/?next=")
    assert client.get("/members/").status_code == 404
    for number in (str(other.pk), "0", "", "x", f"{second.pk} "):
        assert client.post("/role/", {"membership": number}).status_code == 200
    assert client.get("/members/").status_code == 404
    assert client.post("/role/", {"membership": second.pk}).status_code == 302
    assert client.get("/members/").status_code == 200


def test_a_new_password_does_not_skip_the_second_step_and_works_once(person: Person) -> None:
    held = person()
    Client().post("/password/forgotten/", {"email": held.user.email}, HTTP_HOST="localhost")
    text = Message.objects.get(to=held.user.email).body
    link = next(word for word in text.split() if word.startswith("http"))
    assert link.startswith("http://127.0.0.1:8000/password/choose/"), "of our setting, not the Host"
    client = Client()
    path = client.get(link.removeprefix("http://127.0.0.1:8000"))["Location"]
    new = {"password1": "quite other words", "password2": "quite other words"}
    assert client.post(path, new).status_code == 302
    assert client.get("/account/").status_code == 302
    assert first_step(Client(), held.user, "quite other words") == "/sign-in/second-step/"
    again = Client().get(link.removeprefix("http://127.0.0.1:8000"))
    assert "This link no longer works" in shown(again)


def test_there_is_no_sign_up(client: Client, db: None) -> None:
    for path in ("/signup/", "/sign-up/", "/accounts/signup/", "/sign-in/signup/"):
        assert client.get(path).status_code == 404


@pytest.mark.parametrize(
    "typed",
    [
        "\x00",
        "a" * 5000,
        "\u202eevil",
        "' OR 1=1 --",
        "\ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16"),
        "",
    ],
)
def test_odd_input_is_answered_with_a_page(person: Person, typed: str) -> None:
    held = person()
    assert Client().post("/sign-in/", {"login": typed, "password": typed}).status_code in {200, 400}
    client = Client()
    first_step(client, held.user)
    answer = client.post("/sign-in/second-step/", {"code": typed})
    assert answer.status_code in {200, 400}
    assert client.post("/sign-in/second-step/", {"credential": typed}).status_code in {200, 400}
    assert Client().post("/sign-in/passkey/", {"credential": typed}).status_code in {302, 400}


def test_the_only_second_step_of_staff_cannot_be_removed(person: Person) -> None:
    held = person()
    client = Client()
    through(client, held)
    answer = client.post("/account/app/remove/")
    assert "your only second step" in shown(answer)
    assert Authenticator.objects.filter(user=held.user, type="totp").exists()


def test_ways_in_are_changed_only_soon_after_signing_in(person: Person) -> None:
    held = person()
    with time_machine.travel(timezone.now(), tick=False) as clock:
        client = Client()
        through(client, held)
        assert client.get("/account/passkeys/add/").status_code == 200
        clock.shift(timedelta(minutes=11))
        asked = client.get("/account/passkeys/add/")
        assert asked["Location"].startswith("/account/again/")
        client.post(asked["Location"], {"password": PASSWORD})
        assert client.get("/account/passkeys/add/").status_code == 200


def test_the_app_s_secret_is_not_kept_in_the_clear(person: Person) -> None:
    person()
    assert SECRET not in str(list(Authenticator.objects.values_list("data", flat=True)))
