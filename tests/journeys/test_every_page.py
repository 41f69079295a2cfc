"""Every page each role can open, looked over: axe, a telephone's width, the keyboard's place.

The pages come from the addresses themselves, the things in them from tests/service/access/examples,
so that a page added later is looked over without a line here.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Error, Page, Response
from tests.service.access.examples import EXAMPLES, NOT_MADE_YET, NOTHING_OF_ANYBODY
from tests.service.access.story import Story
from tests.service.access.walking import Route, routes
from tests.service.conftest import World

from unhurried.service.accounts.models import Membership
from unhurried.service.accounts.policy import grant_for, roles

NO_PAGES = (".pdf", ".json", ".csv", ".ics")
# Open to all, but no page of its own, or one that needs what only a ceremony brings.
NEEDS_MORE = frozenset(
    {
        "web:health", "mfa_login_webauthn", "mfa_authenticate", "mfa_reauthenticate_webauthn",
        "account_reset_password_from_key", "account_inactive", "openid_begin", "openid_back",
    }
)  # fmt: skip
# Answered for some of those the matrix lets in: counts for managers, columns of an extract whose
# files are gone, what of a session or of advice a person has on a page of their own, and learning,
# which the practices note and the manager plans.
NOT_FOR_ALL = frozenset(
    {"joining:invitation_counts", "identification:columns", "sessions:session", "sessions:given",
     "team:learning_log", "shared_care:advice", "shared_care:advice_paper",
     "shared_care:advice_request"}
) | NOTHING_OF_ANYBODY  # fmt: skip
OF_THE_STORY = {
    "project_worker": "worker", "gp": "gp", "practice_staff": "staff",
    "service_manager": "manager", "system_administrator": "administrator",
    "privacy_officer": "officer", "patient": "person",
}  # fmt: skip
THINGS = (
    "patient", "candidate", "referral", "invitation", "batch", "step", "complaint", "carer",
    "alert", "message", "role_request", "opening", "extract",
)  # fmt: skip


@pytest.fixture
def story(world: World) -> Story:
    """A thing of every kind."""
    story = Story(world)
    for thing in THINGS:
        getattr(story, thing)
    return story


def _who(story: Story, role: str) -> Membership:
    name = OF_THE_STORY.get(role)
    member: Membership = getattr(story, name) if name else story.world.member(role)
    return member


# In whose hands a page of several roles is looked over; the others need only be shown it.
FIRST = ("project_worker", "gp", "service_manager", "practice_staff", "system_administrator")


def _by_another(route: Route, role: str) -> bool:
    """Is this page, with nobody in its address, looked over in another role's hands?"""
    if route.kwargs or route.name == "web:home":
        return False
    theirs = [each for each in FIRST if grant_for(each, *route.access) is not None]
    return role in theirs and theirs[0] != role


def _pages(story: Story, role: str) -> Iterator[tuple[Route, str, Membership]]:
    for route in routes():
        if route.pattern.endswith(NO_PAGES) or not route.guarded:
            continue
        if grant_for(role, *route.access) is None:
            continue
        if not route.kwargs:
            yield route, reverse(route.name), _who(story, role)
        elif route.name in EXAMPLES and route.name not in NOT_MADE_YET:
            example = EXAMPLES[route.name](story)
            where = reverse(route.name, kwargs=example.kwargs)
            if example.may.role == role:
                yield route, where, example.may
            elif role == "patient" and example.patient == story.patient:
                yield route, where, story.person


def _opened(page: Page, where: str) -> Response | None:
    """The answer of a page; None where only forms are answered, or with a file."""
    try:
        answer = page.goto(where)
    except Error as error:
        if "ERR_ABORTED" not in str(error) and "Download is starting" not in str(error):
            raise
        return None
    is_page = answer is not None and "text/html" in answer.headers.get("content-type", "")
    return answer if is_page and answer is not None and answer.status != 405 else None


# The roles with most pages are walked in parts, so that two workers share them.
PARTS = {"project_worker": 4, "patient": 2, "gp": 2, "service_manager": 2}
WALKS = [(role, part) for role in sorted(roles()) for part in range(PARTS.get(role, 1))]


@pytest.mark.parametrize(("role", "part"), WALKS)
def test_every_page_of_a_role(
    role: str, part: int, story: Story, page: Page, sign_in: Any, address: Any, looked_over: Any
) -> None:
    seen, wrong = set(), []
    for number, (route, where, who) in enumerate(_pages(story, role)):
        if number % PARTS.get(role, 1) != part:
            continue
        sign_in(page, who)
        if _by_another(route, role):
            status = page.request.get(address(where)).status
            if status not in {200, 405} and route.name not in NOT_FOR_ALL:
                wrong.append(f"{route.name}: {status}")
            continue
        answer = _opened(page, address(where))
        if answer is None or page.url in seen:
            continue  # answers a form only, or led to a page looked over already
        seen.add(page.url)
        if answer.status != 200 and route.name not in NOT_FOR_ALL:
            wrong.append(f"{route.name}: {answer.status}")
            continue
        try:
            looked_over(page)
        except AssertionError as error:
            wrong.append(f"{route.name}: {error}")
    assert not wrong, "\n\n".join(wrong)
    assert seen or role == "carer"


@pytest.mark.parametrize("signed", [False, True], ids=["nobody", "signed-in"])
def test_every_page_that_is_open_to_all(
    signed: bool, story: Story, page: Page, sign_in: Any, address: Any, looked_over: Any
) -> None:
    if signed:
        sign_in(page, story.gp)
    seen, wrong = set(), []
    for route in routes():
        if route.guarded or route.kwargs or route.name in NEEDS_MORE or ":" not in route.name:
            continue
        if route.name == "accounts:sign_out":
            continue
        answer = _opened(page, address(reverse(route.name)))
        if answer is None or answer.status == 404 or page.url in seen:
            continue
        seen.add(page.url)
        try:
            looked_over(page)
        except AssertionError as error:
            wrong.append(f"{route.name}: {error}")
    assert not wrong, "\n\n".join(wrong)
    assert address("/reply/") in seen
