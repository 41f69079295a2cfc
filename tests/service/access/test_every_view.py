"""The access matrix has no hole: every address, every role, and nothing of anybody in a refusal.

Generated from the URL configuration, `roles.csv` and `access_matrix.csv`: a new view is tested
the moment it has an address. Each test goes over everything and names all that is wrong.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, cast

import pytest
from django.contrib.auth import get_user
from django.http import Http404
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone
from tests.service.access.examples import (
    EXAMPLES,
    NOT_MADE_YET,
    NOTHING_OF_ANYBODY,
)
from tests.service.access.story import Example, Story
from tests.service.access.walking import NOT_MARKED, OF_ALLAUTH, Route, guarded_routes, routes
from tests.service.conftest import World

from unhurried.service.accounts.guard import Access
from unhurried.service.accounts.middleware import actor_of
from unhurried.service.accounts.models import Membership
from unhurried.service.accounts.policy import ACTIONS, SCOPES, grant_for, grants, objects, roles
from unhurried.service.audit.models import Entry
from unhurried.service.identification.models import Candidate
from unhurried.service.patients.models import Patient, Restriction

SignIn = Callable[[Membership], Client]
SRC = Path(__file__).parents[3] / "src/unhurried"
# Objects of the matrix that no view, and no other code, uses yet.
PLANNED = {
    "consent_study": "the study pages are not there yet",
}
# Views whose cell of the matrix is empty for now, so that nobody gets in.
CLOSED = {
    "patients:consent_study": "a person gives it themselves, on the study pages to come",
    "patients:withdraw_study": "the same",
}


@dataclass
class Walk:
    """The story, with somebody signed in for each role wherever it is wanted."""

    story: Story
    sign_in: SignIn

    @cached_property
    def canaries(self) -> list[str]:
        """Everything that says who a person is, of everybody there is."""
        for route in doors():
            self.example(route)  # so that everybody is there
        found: set[str] = {"Finch Lane\nBristol", "BS99 9ZZ"}
        for model in (Patient, Candidate):
            for row in model.objects.all():
                found |= {row.given_name, row.family_name, row.nhs_number, row.address}
                number = row.nhs_number
                found |= {f"{number[:3]} {number[3:6]} {number[6:]}"} if number else set()
        return sorted(each for each in found if len(each) > 4)

    def spilt(self, answer: Any) -> list[str]:
        """The canaries in an answer, headers and all."""
        streamed = getattr(answer, "streaming", False)
        body = b"".join(answer.streaming_content) if streamed else answer.content
        text = body.decode(errors="replace") + str(answer.headers)
        text = re.sub(r"[\u00a0\u202f]", " ", text)
        return [each for each in self.canaries if each in text]

    def wrong(self, answer: Any, *, door: bool = True) -> str:
        """What is wrong with a refusal: nothing, one hopes. A wrong verb is refused by itself."""
        if answer.status_code != 404 and not (door and answer.status_code == 405):
            return f"{answer.status_code}, not 404"
        return f"spilt {self.spilt(answer)}" if self.spilt(answer) else ""

    def elsewhere(self, role: str) -> Membership:
        """Somebody in the same role at another organisation of the same kind."""
        world = self.story.world
        return world.member(role, world.usual(role, other=True))

    def example(self, route: Route) -> Example | None:
        """The example of the things in this address."""
        return EXAMPLES[route.name](self.story) if route.kwargs else None


@pytest.fixture
def walk(world: World, signed_in: SignIn, caplog: pytest.LogCaptureFixture) -> Walk:
    """A story with people at both practices, on lists and in the service."""
    caplog.set_level("CRITICAL", logger="django")  # a thousand refusals need no thousand lines
    story = Story(world)
    for thing in ("patient", "candidate", "referral", "invitation", "step", "opening"):
        getattr(story, thing)
    world.patient(practice=world.other_practice)
    return Walk(story, signed_in)


def doors() -> list[Route]:
    """The guarded views that can be gone to; those without an example fail a test of their own."""
    known = [each for each in guarded_routes() if not each.kwargs or each.name in EXAMPLES]
    return [each for each in known if each.name not in CLOSED]


def address(route: Route, example: Example | None) -> str:
    """The address, with the example's things in it."""
    return reverse(route.name, kwargs=example.kwargs if example else None)


def whole(wrong: list[str]) -> None:
    """Name everything that is wrong at once."""
    assert not wrong, "\n".join(["", *wrong])


# -- what needs no database ------------------------------------------------------------------


def test_every_view_says_who_may_use_it() -> None:
    whole(
        [
            f"{each.name} ({each.pattern}): neither guarded(...) nor open_to_all"
            for each in routes()
            if each.access is NOT_MARKED and each.name not in OF_ALLAUTH
        ]
    )


def test_the_list_of_allauth_views_holds_nothing_else() -> None:
    there = {each.name: each for each in routes()}
    unknown = sorted(OF_ALLAUTH - set(there))
    ours = [name for name in OF_ALLAUTH & set(there) if there[name].access is not NOT_MARKED]
    assert not unknown
    assert not ours


def test_no_other_allauth_view_has_an_address() -> None:
    for name in ("account_signup", "account_email", "mfa_trust", "mfa_download_recovery_codes"):
        assert name not in {each.name for each in routes()}


def test_every_address_with_a_thing_in_it_has_an_example() -> None:
    whole(
        [
            f"{each.name} ({each.pattern}): add an example to tests/service/access/examples.py"
            for each in guarded_routes()
            if each.kwargs and each.name not in EXAMPLES and each.name not in CLOSED
        ]
    )


def test_the_matrix_names_known_roles_actions_and_scopes_only() -> None:
    for grant in grants().values():
        assert grant.role in roles(), grant
        assert grant.actions, grant
        assert grant.actions <= ACTIONS, grant
        assert grant.scope in SCOPES, grant


def test_every_object_of_the_matrix_is_used_or_planned() -> None:
    text = "\n".join(path.read_text(encoding="utf-8") for path in SRC.rglob("*.py"))
    used = {each.access.object for each in guarded_routes()}
    unused = {each for each in objects() - used if f'"{each}"' not in text}
    assert unused <= set(PLANNED), sorted(unused - set(PLANNED))


def test_every_guarded_view_lets_somebody_in() -> None:
    whole(
        [
            f"{each.name}: the matrix gives {each.access.action} on {each.access.object} to nobody"
            for each in guarded_routes()
            if each.name not in CLOSED
            and not any(grant_for(role, *each.access) for role in roles())
        ]
    )


# -- every role at every door ----------------------------------------------------------------


def test_without_signing_in_every_guarded_view_leads_to_the_sign_in_page(walk: Walk) -> None:
    wrong = []
    for route in doors():
        where = address(route, walk.example(route))
        for answer in (Client().get(where), Client().post(where, {})):
            led = answer.status_code == 302 and answer["Location"].startswith("/sign-in/?next=")
            if not led and answer.status_code != 405:
                wrong.append(f"{route.name}: {answer.status_code}")
            if walk.spilt(answer):
                wrong.append(f"{route.name}: spilt {walk.spilt(answer)}")
    whole(wrong)


def test_a_role_the_matrix_does_not_list_finds_nothing(walk: Walk) -> None:
    wrong = []
    inside = [(route, walk.example(route)) for route in doors()]
    for role in roles():
        client = walk.sign_in(walk.story.world.member(role))
        refusing = [each for each in inside if grant_for(role, *each[0].access) is None]
        for number, (route, example) in enumerate(refusing):
            # One in ten through the whole house; the others at the view's own door, where what
            # is raised is all that decides: the page of a 404 is the same whatever raised it.
            if number % 10 == 0:
                why = walk.wrong(client.get(address(route, example)))
            else:
                why = _at_the_door(route, example, client)
            wrong += [f"{route.name} as {role}: {why}"] if why else []
    whole(wrong)


def _at_the_door(route: Route, example: Example | None, client: Client) -> str:
    """What is wrong when the view is called by the client's actor."""
    asked = RequestFactory().generic("POST" if route.access.action in "cus" else "GET", "/")
    asked.session = client.session
    asked.user = get_user(asked)
    asked.actor = actor_of(asked)  # type: ignore[attr-defined]
    try:
        answer = route.view(asked, **(example.kwargs if example else {}))
    except Http404:
        return ""
    return _verb(answer)


def _verb(answer: Any) -> str:
    """A wrong verb may be refused before anything else."""
    return "" if answer.status_code == 405 else f"{answer.status_code}, not 404"


def test_a_role_that_ended_finds_nothing(walk: Walk) -> None:
    wrong = []
    world = walk.story.world
    clients = {role: walk.sign_in(world.member(role, ended=True)) for role in roles()}
    for number, (route, role, example) in enumerate(_allowed(walk)):
        client = clients[role]
        if number % 5 == 0:
            why = walk.wrong(client.get(address(route, example)))
        else:
            why = _at_the_door(route, example, client)
        wrong += [f"{route.name} as {role}: {why}"] if why else []
    whole(wrong)


def _allowed(walk: Walk) -> Iterator[tuple[Route, str, Example | None]]:
    for route in doors():
        example = walk.example(route)
        for role in roles():
            if grant_for(role, *route.access):
                yield route, role, example


def test_no_view_answers_another_verb(walk: Walk) -> None:
    wrong = []
    for route in doors():
        example = walk.example(route)
        role = example.may if example else _somebody(walk, route)
        client = walk.sign_in(role)
        for verb in (client.put, client.patch, client.delete, client.options):
            answer = cast(Any, verb)(address(route, example))
            if answer.status_code not in {404, 405}:
                wrong.append(f"{route.name}: {verb.__name__} gives {answer.status_code}")
    whole(wrong)


def _somebody(walk: Walk, route: Route) -> Membership:
    role = next(role for role in roles() if grant_for(role, *route.access))
    return walk.story.world.member(role)


# -- things in addresses ---------------------------------------------------------------------


def _with_things(walk: Walk) -> Iterator[tuple[Route, Example, str]]:
    for route in doors():
        example = walk.example(route)
        if example is not None:
            yield route, example, address(route, example)


def test_who_may_open_a_thing_can(walk: Walk) -> None:
    wrong = []
    for route, example, where in _with_things(walk):
        client = walk.sign_in(example.may)
        answer = client.get(where)
        if answer.status_code == 405:
            answer = client.post(where, {})
        if answer.status_code >= 500 or (
            answer.status_code == 404 and route.name not in NOTHING_OF_ANYBODY | NOT_MADE_YET
        ):
            wrong.append(f"{route.name} as {example.may.role}: {answer.status_code}")
    whole(wrong)


def test_the_same_role_elsewhere_finds_nothing(walk: Walk) -> None:
    wrong = []
    for route, example, where in _with_things(walk):
        if route.name in NOTHING_OF_ANYBODY:
            continue
        client = walk.sign_in(walk.elsewhere(example.may.role))
        for answer in (client.get(where), client.post(where, {})):
            why = walk.wrong(answer)
            wrong += [f"{route.name} as {example.may.role} elsewhere: {why}"] if why else []
    whole(wrong)


def test_the_same_role_without_the_relationship_finds_nothing(walk: Walk) -> None:
    wrong = []
    for route, example, where in _with_things(walk):
        if example.shared:
            continue
        other = walk.story.world.member(example.may.role, example.may.organisation)
        client = walk.sign_in(other)
        for answer in (client.get(where), client.post(where, {})):
            why = walk.wrong(answer)
            wrong += [f"{route.name} as another {example.may.role}: {why}"] if why else []
    whole(wrong)


def test_a_person_who_asked_that_somebody_does_not_look_is_heard(walk: Walk) -> None:
    wrong = []
    for route, example, where in _with_things(walk):
        if example.patient is None:
            continue
        asked = Restriction.objects.create(
            patient=example.patient, user=example.may.user, asked_at=timezone.now()
        )
        why = walk.wrong(walk.sign_in(example.may).get(where))
        wrong += [f"{route.name} as {example.may.role}: {why}"] if why else []
        asked.delete()
    whole(wrong)


# -- lists, searches, exports ----------------------------------------------------------------


def test_lists_searches_and_exports_hold_nobody_of_another_organisation(walk: Walk) -> None:
    wrong = []
    person = walk.story.patient
    asked = [{}, {"q": person.family_name}, {"q": person.nhs_number}]
    clients = {role: walk.sign_in(walk.elsewhere(role)) for role in roles()}
    for route, role, example in _allowed(walk):
        if route.kwargs and route.name not in NOTHING_OF_ANYBODY:
            continue
        where = address(route, example)
        for query in asked if "people" in where or "messages" in where else asked[:1]:
            found = set(walk.spilt(clients[role].get(where, query))) - set(query.values())
            spaced = {f"{person.nhs_number[:3]} {person.nhs_number[3:6]} {person.nhs_number[6:]}"}
            if found - spaced:
                wrong.append(f"{route.name} as {role} elsewhere, {query}: {sorted(found)}")
    whole(wrong)


# -- looking changes nothing -----------------------------------------------------------------


def test_looking_writes_nothing_but_that_one_looked(walk: Walk) -> None:
    wrong = []
    for route in doors():
        example = walk.example(route)
        client = walk.sign_in(example.may if example else _somebody(walk, route))
        before = Entry.objects.exclude(action__startswith="read.").count()
        client.get(address(route, example))
        if Entry.objects.exclude(action__startswith="read.").count() != before:
            wrong.append(f"{route.name}: a GET changed something")
    whole(wrong)


def test_a_form_from_another_site_is_turned_away(walk: Walk) -> None:
    wrong = []
    for route in doors():
        example = walk.example(route)
        client = walk.sign_in(example.may if example else _somebody(walk, route))
        client.handler.enforce_csrf_checks = True
        answer = client.post(address(route, example), {})
        if answer.status_code not in {403, 404, 405}:
            wrong.append(f"{route.name}: {answer.status_code}")
    whole(wrong)


def test_access_is_what_the_guard_wrote(walk: Walk) -> None:
    assert all(isinstance(each.access, Access) for each in guarded_routes())
    assert len(guarded_routes()) > 5
