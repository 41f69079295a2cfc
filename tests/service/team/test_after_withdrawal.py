"""From the day a provider leaves: nothing leaves in its name, and it finds nothing anywhere."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.service.access.examples import EXAMPLES
from tests.service.access.story import Story
from tests.service.access.walking import guarded_routes
from tests.service.conftest import actor_for
from tests.service.team.examples_handover import EXAMPLES as OF_HANDOVER
from tests.service.team.test_withdrawal import Leaving, leaving, the_day

from unhurried.service.accounts.models import Agreement, Membership
from unhurried.service.audit import clock
from unhurried.service.audit.actor import system_actor
from unhurried.service.audit.operations import write
from unhurried.service.audit.refused import Refused
from unhurried.service.outbox.models import Message
from unhurried.service.outbox.operations import post
from unhurried.service.outbox.worker import send_due
from unhurried.service.patients.models import Episode
from unhurried.service.team.operations import handover as handing
from unhurried.service.team.operations import withdrawal as operations

__all__ = ["leaving"]

SignIn = Callable[[Membership], Client]


def waiting(provider: int, about: str) -> Message:
    """Something to be sent in a provider's name on the day."""
    with write("test.posted", by=system_actor("test")) as doing:
        made = post(
            purpose="accounts.invitation", about=about, channel="email", to="a@example.org",
            body="Hello", provider_id=provider, due_at=the_day(),
        )  # fmt: skip
        doing.about(made)
    return made


def test_nobody_is_named_for_who_was_not_told(leaving: Leaving, signed_in: SignIn) -> None:
    made = leaving.begin()
    row = leaving.row(made, leaving.person)
    with pytest.raises(Refused, match="1 of those chosen have not been told yet"):
        leaving.name(made, row)
    client = signed_in(leaving.next_manager)
    where = reverse("team:handover", args=[made.uuid])
    body = client.get(where).content.decode()
    assert "2 of 2 who have joined have not been told yet." in body
    assert f'value="{row.uuid}"' not in body
    handing.tell(by=actor_for(leaving.manager), row=row, how="call")
    body = client.get(where).content.decode()
    assert "1 of 2 who have joined have not been told yet." in body
    assert f'value="{row.uuid}"' in body
    leaving.name(made, row)
    row.refresh_from_db()
    assert row.state == "accepted"


def test_nobody_moves_while_somebody_was_not_told(leaving: Leaving) -> None:
    made = leaving.begin()
    leaving.name_all(made)
    made.people.filter(patient=leaving.person).update(told_at=None)
    with clock.at(the_day()), pytest.raises(Refused, match="1 of 2 who have joined have not been"):
        operations.carry_out(by=actor_for(leaving.next_manager), handover=made)


def test_nothing_leaves_from_the_day_though_nobody_could_move(
    leaving: Leaving, signed_in: SignIn
) -> None:
    ours, theirs = leaving.world.provider.pk, leaving.world.other_provider.pk
    first, other = waiting(ours, "first"), waiting(theirs, "other")
    made = leaving.begin()
    with clock.at(the_day()):
        send_due(clock.now())  # before the chore came to it
        first.refresh_from_db()
        other.refresh_from_db()
        assert first.state == "stopped"
        assert "left the service" in first.explanation
        assert "left the service" not in other.explanation
        late = waiting(ours, "late")
        assert operations.carry_out_due(by=system_actor("handover")) == 0
        late.refresh_from_db()
        assert late.state == "stopped"  # where the manager looks for what left
        for manager in (leaving.manager, leaving.next_manager):
            page = signed_in(manager).get(reverse("team:handover", args=[made.uuid]))
            body = page.content.decode()
            assert "The day has come, and it waits" in body
            assert "2 of 2 who have joined have no named project worker at Another" in body
            assert "Nothing is sent in the name of" in body
        leaving.name_all(made)
        assert operations.carry_out_due(by=system_actor("handover")) == 1
    made.refresh_from_db()
    assert made.certificate["stopped"] == 2


def test_it_goes_on_being_sent_until_the_day(leaving: Leaving) -> None:
    message = waiting(leaving.world.provider.pk, "before")
    leaving.begin()
    Message.objects.filter(pk=message.pk).update(next_try_at=timezone.now())
    with clock.at(the_day() - timedelta(hours=1)):
        send_due(clock.now())
    message.refresh_from_db()
    assert "left the service" not in message.explanation
    assert message.state != "stopped"


def test_who_came_since_is_listed_so_that_somebody_can_be_named(leaving: Leaving) -> None:
    made = leaving.begin()
    leaving.name_all(made)
    came = leaving.world.enrolled(leaving.worker)
    operations.carry_out_due(by=system_actor("handover"))
    assert leaving.row(made, came).state == "needs"
    with clock.at(the_day()):
        assert operations.carry_out_due(by=system_actor("handover")) == 0
        leaving.name_all(made)
        assert operations.carry_out_due(by=system_actor("handover")) == 1
    assert Episode.objects.get(patient=came).provider == leaving.world.other_provider


def test_the_old_provider_finds_nothing_anywhere_afterwards(
    leaving: Leaving, signed_in: SignIn
) -> None:
    """Every address that holds a thing, and every list, for one of each role there was."""
    world = leaving.world
    story = Story(world)
    story.__dict__.update(worker=leaving.worker, patient=leaving.person, manager=leaving.manager)
    guarded = [each for each in guarded_routes() if each.name not in OF_HANDOVER]
    lists = [reverse(each.name) for each in guarded if not each.kwargs]
    things = {
        each.name: EXAMPLES[each.name](story)
        for each in guarded
        if each.kwargs and each.name in EXAMPLES and each.name != "accounts:end_agreement"
    }
    old = [
        leaving.worker, leaving.manager, world.member("clinical_supervisor"),
        world.member("system_administrator"), world.member("privacy_officer"),
    ]  # fmt: skip
    clients = [signed_in(each) for each in old]
    made = leaving.begin()
    row = leaving.row(made, leaving.person)
    kwargs = {"uuid": made.uuid, "person": row.uuid}
    ours = [
        reverse(each.name, kwargs={name: kwargs[name] for name in each.kwargs})
        for each in guarded_routes()
        if each.name in OF_HANDOVER
    ]
    assert clients[1].get(reverse("team:handover", args=[made.uuid])).status_code == 200
    leaving.name_all(made)
    made.end_day = clock.today()
    made.save()
    kept = Session.objects.count()
    assert operations.carry_out_due(by=system_actor("handover")) == 1
    assert Session.objects.count() == kept - len(old)  # every visit is over at once
    agreement = Agreement.objects.filter(practice=world.practice).earliest("pk")
    ours.append(reverse("accounts:end_agreement", args=[agreement.pk]))
    wheres = lists + ours + [reverse(name, kwargs=each.kwargs) for name, each in things.items()]
    assert len(things) > 150
    wrong = []
    for member in old:
        again = signed_in(member)  # a password still opens the door; nothing is behind it
        for where in wheres:
            answer = again.get(where)
            if answer.status_code not in {404, 405}:
                wrong.append(f"{member.role} {where}: {answer.status_code}")
            assert leaving.person.family_name.encode() not in answer.content
    assert not wrong, "\n".join(wrong)
