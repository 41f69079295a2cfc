"""Pages of planning ask the database as often for a long story as for a short one."""

from __future__ import annotations

from collections.abc import Callable

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.service.conftest import World, actor_for
from tests.service.planning.conftest import own
from tests.service.planning.examples import PEEL

from unhurried.service.accounts.models import Membership
from unhurried.service.patients.models import Patient
from unhurried.service.planning import operations, queries
from unhurried.service.planning.models import Item, PartSaid, Result

SignIn = Callable[[Membership], Client]


def more(worker: Membership, person: Patient, times: int) -> None:
    """A story that goes on: versions, answers, things, comments, wishes, agreements."""
    by = actor_for(worker)
    for _ in range(times):
        number = queries.part_now(person, "sleep").number
        operations.write_part(by=by, patient=person, code="sleep", after=number, words="Again")
        operations.save_answers(by=by, patient=person, code="PEG", answers={"P": 1, "E": 2, "G": 3})
        item = operations.add_item(by=by, patient=person, given=PEEL)
        operations.say_how_it_goes(by=by, item=item, version=1, status="not_yet", comment="Hm")
        operations.want_topic(by=by, patient=person, code="hobbies", when="soon")
        operations.agree(
            by=by, patient=person, seen=queries.plan_mark(person), how="said", gp_may_see=True
        )


def counted(client: Client, where: str) -> int:
    """How many questions a page asks."""
    client.get(where)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(where).status_code == 200
    return sum('UPDATE "django_session"' not in each["sql"] for each in asked.captured_queries)


def test_no_page_asks_more_when_there_is_more(
    world: World, worker: Membership, person: Patient, signed_in: SignIn
) -> None:
    more(worker, person, 2)
    operations.share_with_person(
        by=actor_for(worker), assessment=PartSaid.objects.latest("pk").assessment
    )
    result, item = Result.objects.latest("pk"), Item.objects.earliest("pk")
    where = [
        reverse(f"planning:{name}", args=[person.uuid, *args])
        for name, args in (
            ("assessment", ()), ("part", ("sleep",)), ("measures", ()), ("result", (result.uuid,)),
            ("plan", ()), ("item", (item.uuid,)), ("topics", ()), ("agree", ()),
        )
    ]  # fmt: skip
    looking = [
        (signed_in(worker), where), (signed_in(own(person)), [where[0], where[2], where[4]]),
        (signed_in(world.member("gp")), [where[0], where[2], where[4]]),
    ]  # fmt: skip
    few = [counted(client, each) for client, pages in looking for each in pages]
    more(worker, person, 12)
    many = [counted(client, each) for client, pages in looking for each in pages]
    assert many == few
