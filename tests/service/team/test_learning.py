"""Learning for practices (TRN-1): pages that are sound and short; planned against done."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from tests.service.conftest import World, actor_for

from unhurried.clinical.wording import check, reading_age
from unhurried.service.accounts.models import Membership
from unhurried.service.audit import clock
from unhurried.service.audit.refused import Refused
from unhurried.service.patients.conflict import ChangedMeanwhile
from unhurried.service.sessions.library import Resource
from unhurried.service.sessions.library_blocks import blocks, plain
from unhurried.service.team.learning_pages import learning_page, learning_pages
from unhurried.service.team.models import LearningPlan
from unhurried.service.team.operations import learning as operations
from unhurried.service.team.queries import learning as queries
from unhurried.service.team.queries.today import to_do

SignIn = Callable[[Membership], Client]
WORDS_A_MINUTE = 200  # of an unhurried reader
each_page = pytest.mark.parametrize("short", learning_pages(), ids=lambda each: each.code)


def test_there_are_six_pages_in_their_order() -> None:
    assert [each.place for each in learning_pages()] == [1, 2, 3, 4, 5, 6]
    assert learning_page("no-such-page") is None


@each_page
def test_every_page_is_short_sourced_and_unsigned_so_far(short: Resource) -> None:
    assert 3 <= short.minutes <= 5
    assert len(plain(short).split()) <= short.minutes * WORDS_A_MINUTE
    assert any("Kesten" in each for each in short.sources)
    assert "not yet" in short.sign_off
    assert blocks(short)


@each_page
def test_no_page_hurts_or_presses_and_all_read_easily(short: Resource) -> None:
    assert [(each.words, each.instead) for each in check(plain(short), kind="template")] == []
    assert reading_age(plain(short)).meets("worksheet"), reading_age(plain(short)).hardest_sentences


def test_a_dose_is_for_comparing_and_never_for_switching() -> None:
    page = learning_page("a-daily-dose")
    assert page is not None
    said = plain(page)
    assert "Never use it to choose a dose of another opioid" in said
    figures = re.findall(r"\d+ (?:mg|micrograms|per cent|%)", said)
    assert figures == ["64 mg"]  # how a figure is written, and said to be no dose of anybody


@pytest.fixture
def manager(world: World) -> Membership:
    return world.member("service_manager")


@pytest.fixture
def gp(world: World) -> Membership:
    return world.member("gp")


def plan(
    world: World, manager: Membership, days: int = 7, code: str = "in-the-room"
) -> LearningPlan:
    return operations.plan_learning(
        by=actor_for(manager), practice=world.practice, code=code, title="" if code else "A talk",
        by_day=clock.today() + timedelta(days=days),
    )  # fmt: skip


def log(who: Membership, planned: LearningPlan | None = None, title: str = "") -> None:
    operations.log_learning(
        by=actor_for(who), plan=planned, title=title, minutes=5, day=clock.today(),
        will_change="I ask first",
    )  # fmt: skip


def test_planned_and_done(world: World, manager: Membership, gp: Membership) -> None:
    planned = plan(world, manager)
    plan(world, manager, code="")
    assert planned.title == "Being in the room"
    assert to_do(actor_for(gp)).learning_planned == 2
    assert to_do(actor_for(world.member("gp", world.other_practice))).learning_planned == 0
    log(gp, planned)
    log(world.member("practice_staff"), planned)
    log(gp, title="A book")
    assert to_do(actor_for(gp)).learning_planned == 1
    with clock.at(clock.now() + timedelta(days=20)):
        assert to_do(actor_for(manager)).learning_late == 1
        figures = {each.practice: each for each in queries.learning_figures(world.provider.pk)}
    mine = figures[world.practice.name]
    assert (mine.planned, mine.done, mine.late, mine.times, mine.minutes) == (2, 1, 1, 3, 15)
    assert figures[world.other_practice.name].planned == 0


def test_a_plan_is_moved_or_called_off_until_it_is_done(
    world: World, manager: Membership, gp: Membership
) -> None:
    by, planned = actor_for(manager), plan(world, manager)
    day = clock.today() + timedelta(days=30)
    moved = operations.change_plan(by=by, plan=planned, by_day=day, version=1)
    assert moved.by_day == day
    with pytest.raises(ChangedMeanwhile):
        operations.change_plan(by=by, plan=planned, by_day=None, version=1)
    operations.change_plan(by=by, plan=planned, by_day=None, version=2)
    with pytest.raises(Refused, match="called off"):
        log(gp, planned)
    done = plan(world, manager)
    log(gp, done)
    with pytest.raises(Refused, match="did this already"):
        operations.change_plan(by=by, plan=done, by_day=None, version=1)


def test_only_ones_own_service_and_practice(world: World, manager: Membership) -> None:
    planned = plan(world, manager)
    with pytest.raises(Refused, match="another practice"):
        log(world.member("gp", world.other_practice), planned)
    with pytest.raises(Refused):
        log(manager, planned)
    stranger = world.member("service_manager", world.other_provider)
    with pytest.raises(Refused, match="works with"):
        plan(world, stranger)
    with pytest.raises(Refused):
        operations.change_plan(by=actor_for(stranger), plan=planned, by_day=None, version=1)
    assert queries.plan_seen(actor_for(stranger), planned.uuid) is None


def test_the_pages_of_each(
    world: World, manager: Membership, gp: Membership, signed_in: SignIn
) -> None:
    planned = plan(world, manager)
    log(gp, planned)
    client = signed_in(gp)
    shown = client.get("/learning/pages/in-the-room/").content.decode()
    assert "Did they want to be?" in shown
    assert client.get("/learning/pages/none/").status_code == 404
    form = client.get(f"/learning/log/?plan={planned.uuid}").content.decode()
    assert "Planned for your practice" in form
    assert "I ask first" in client.get("/learning/").content.decode()
    assert "I ask first" in signed_in(manager).get("/learning/").content.decode()
    elsewhere = signed_in(world.member("gp", world.other_practice)).get("/learning/")
    assert "I ask first" not in elsewhere.content.decode()
    assert signed_in(manager).get("/learning/log/").status_code == 404
    assert "I ask first" not in signed_in(world.member("project_worker")).get(
        "/learning/"
    ).content.decode()  # fmt: skip
