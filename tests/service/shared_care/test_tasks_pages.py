"""The pages of what is asked: a GP with two minutes, reception, the inbox, two at once."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from datetime import date, timedelta
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from tests.service.conftest import World, actor_for
from tests.service.shared_care.posts_tasks import working_day
from tests.service.shared_care.test_tasks import CANARY, Room

from unhurried.service.accounts.models import Membership
from unhurried.service.audit.models import Entry
from unhurried.service.patients.models import Cover, KnownMedicine
from unhurried.service.shared_care.models import ReadReceipt, Task, ThreadMessage
from unhurried.service.shared_care.operations import tasks as operations
from unhurried.service.shared_care.operations.messages import open_thread, reply

SignIn = Callable[[Membership], Client]


@pytest.fixture
def room(world: World) -> Room:
    worker = world.member("project_worker")
    return Room(world, worker, world.member("gp"), world.enrolled(worker))


def words(answer: object) -> str:
    """What the page says, without its tags."""
    text = answer.content.decode()  # type: ignore[attr-defined]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", text)).split())


def where(name: str, *things: object) -> str:
    return reverse(f"shared_care:{name}", args=things)


def send(client: Client, address: str, /, **sent: object) -> object:
    return client.post(address, {"once": str(uuid.uuid4()), **sent})


def test_a_gp_with_two_minutes_sees_all_on_one_screen_and_answers(
    room: Room, signed_in: SignIn
) -> None:
    KnownMedicine.objects.create(
        patient=room.patient, product="Codeine 30mg tablets", as_at=date(2026, 11, 2),
        directions="One four times a day", source="screening",
    )  # fmt: skip
    task, client = room.ask(words="She asked for the afternoon."), signed_in(room.gp)
    inbox = client.get(where("inbox"))
    assert CANARY in words(inbox)
    page = where("task", room.patient.uuid, task.uuid)
    assert page in inbox.content.decode()
    said = words(client.get(page))
    for each in (
        CANARY, room.worker.user.full_name, "mg a day, as at 2 November 2026",
        "Yes, and they agree", "She asked for the afternoon.", "Nobody has taken it yet",
    ):  # fmt: skip
        assert each in said, each
    answer = where("answer", room.patient.uuid, task.uuid)
    done = send(client, answer, answer="done", outcome="Rang, all well", version="1")
    assert done.status_code == 302  # type: ignore[attr-defined]
    worker = signed_in(room.worker)
    assert "Rang, all well" in words(worker.get(page))
    assert CANARY not in words(client.get(where("inbox")))
    assert CANARY in words(worker.get(where("inbox"), {"show": "done"}))


def test_not_possible_without_a_reason_keeps_the_page_and_says_so(
    room: Room, signed_in: SignIn
) -> None:
    task = room.ask()
    answer = where("answer", room.patient.uuid, task.uuid)
    back = send(signed_in(room.gp), answer, answer="declined", outcome="", version="1")
    assert "why it is not possible" in words(back)
    task.refresh_from_db()
    assert task.state == "open"


def test_the_second_of_two_gets_both_versions_and_keeps_what_was_typed(
    room: Room, signed_in: SignIn
) -> None:
    task, other = room.ask(), room.world.member("gp")
    operations.take(by=actor_for(other), task=task, version=1)
    answer = where("answer", room.patient.uuid, task.uuid)
    clash = send(signed_in(room.gp), answer, answer="done", outcome="Seen at noon", version="1")
    assert clash.status_code == 409  # type: ignore[attr-defined]
    assert f"With {other.user.full_name}" in words(clash)
    assert ">Seen at noon</textarea>" in clash.content.decode()  # type: ignore[attr-defined]
    again = send(signed_in(room.gp), answer, answer="done", outcome="Seen at noon", version="2")
    assert again.status_code == 302  # type: ignore[attr-defined]


def test_two_who_plan_at_once_see_both_days(room: Room, signed_in: SignIn) -> None:
    task = room.ask()
    operations.plan_task(
        by=actor_for(room.worker), task=task, due=working_day(7), reason="Away", version=1
    )
    clash = send(
        signed_in(room.gp), where("plan_task", room.patient.uuid, task.uuid),
        due=working_day(9).isoformat(), reason="Busy", meant_for=room.gp.pk, version="1",
    )  # fmt: skip
    assert clash.status_code == 409  # type: ignore[attr-defined]
    said = words(clash)
    assert f"{working_day(7).day} {working_day(7):%B}" in said
    assert f"{working_day(9).day} {working_day(9):%B}" in said
    assert ">Busy</textarea>" in clash.content.decode()  # type: ignore[attr-defined]


def test_asking_from_the_form_stands_in_the_other_teams_inbox(
    room: Room, signed_in: SignIn
) -> None:
    asked = send(
        signed_in(room.gp), where("ask", room.patient.uuid), to="provider", kind="other",
        sentence=CANARY, person_knows="not_yet", due="", words="",
    )  # fmt: skip
    assert asked.status_code == 302  # type: ignore[attr-defined]
    assert CANARY in words(signed_in(room.worker).get(where("inbox")))
    assert CANARY in words(signed_in(room.gp).get(where("inbox"), {"show": "asked"}))
    assert CANARY in words(signed_in(room.worker).get(where("asked", room.patient.uuid)))


def test_a_saturday_comes_back_with_the_next_working_day(room: Room, signed_in: SignIn) -> None:
    today = timezone.localdate()
    saturday = today + timedelta(days=(5 - today.weekday()) % 7 + 7)
    back = send(
        signed_in(room.worker), where("ask", room.patient.uuid), to="practice", kind="ring",
        sentence=CANARY, person_knows="knows", due=saturday.strftime("%d/%m/%Y"),
    )  # fmt: skip
    assert "Nobody works on Saturday" in words(back)
    assert not Task.objects.exists()


def test_reception_and_the_manager_never_read_a_word(room: Room, signed_in: SignIn) -> None:
    task = room.ask(words=CANARY)
    open_thread(
        by=actor_for(room.worker), patient=room.patient, subject=CANARY, text=CANARY, task=task
    )
    late = timezone.now() - timedelta(days=1)
    Task.objects.update(late_from=late, passed_on_from=late)
    staff, manager = room.world.member("practice_staff"), room.world.member("service_manager")
    for member in (staff, manager):
        client = signed_in(member)
        for show in ("team", "late", "unread", "mine", "asked", "done"):
            said = words(client.get(where("inbox"), {"show": show}))
            assert str(room.patient) in said, (member.role, show)
            assert "kestrel" not in said, (member.role, show)
        for page in (
            where("task", room.patient.uuid, task.uuid), where("asked", room.patient.uuid),
            where("threads", room.patient.uuid),
        ):  # fmt: skip
            assert client.get(page).status_code == 404
    page = where("pass_on", task.uuid)
    assert "kestrel" not in words(signed_in(staff).get(page))
    passed = send(signed_in(staff), page, meant_for=room.gp.pk, version="1")
    assert passed.status_code == 302  # type: ignore[attr-defined]
    assert CANARY in words(signed_in(room.gp).get(where("inbox"), {"show": "mine"}))


def test_opening_a_thread_leaves_a_receipt_the_writer_sees(room: Room, signed_in: SignIn) -> None:
    worker, gp, task = signed_in(room.worker), signed_in(room.gp), room.ask()
    back = send(gp, where("write_back", room.patient.uuid, task.uuid), text="Which day is best?")
    message = ThreadMessage.objects.get()
    page = where("thread", room.patient.uuid, message.thread.uuid)
    assert back.headers["Location"] == page  # type: ignore[attr-defined]
    assert "Nobody at the pain service has read it yet" in words(gp.get(page))
    assert str(room.patient) in words(worker.get(where("inbox"), {"show": "unread"}))
    assert "Which day is best?" in words(worker.get(page))
    assert f"Read by {room.worker.user.full_name}" in words(gp.get(page))
    assert str(room.patient) not in words(worker.get(where("inbox"), {"show": "unread"}))
    assert ReadReceipt.objects.count() == 1
    assert Entry.objects.filter(action="read.gp_message_receipt").count() == 1


def test_who_covers_finds_it_on_their_first_page_and_takes_it_over(
    room: Room, signed_in: SignIn
) -> None:
    task = room.ask(by=actor_for(room.gp), to="provider")
    operations.take(by=actor_for(room.worker), task=task, version=1)
    other, today = room.world.member("project_worker"), timezone.localdate()
    page = where("task", room.patient.uuid, task.uuid)
    assert signed_in(other).get(page).status_code == 404
    Cover.objects.create(
        worker=room.worker, covering=other, starts=today, ends=today + timedelta(days=2)
    )
    client = signed_in(other)
    assert "thing is asked of your team" in words(client.get("/"))
    assert "I take it over" in words(client.get(page))
    taken = send(client, where("answer", room.patient.uuid, task.uuid), answer="take", version="2")
    assert taken.status_code == 302  # type: ignore[attr-defined]
    assert "You have it now" in words(client.get(page))


def test_what_people_typed_is_never_markup(room: Room, signed_in: SignIn) -> None:
    task = room.ask(sentence="<b>Ring</b> & ask", words="<script>x</script>")
    text = signed_in(room.gp).get(where("task", room.patient.uuid, task.uuid)).content.decode()
    assert "<bdi>&lt;b&gt;Ring&lt;/b&gt; &amp; ask</bdi>" in text
    assert "<script>x" not in text


def test_an_empty_inbox_says_what_will_stand_there(room: Room, signed_in: SignIn) -> None:
    client = signed_in(room.gp)
    assert "Nothing is asked of your team" in words(client.get(where("inbox")))
    assert "Every message has been read" in words(client.get(where("inbox"), {"show": "unread"}))


def test_pages_ask_the_database_as_often_for_many(room: Room, signed_in: SignIn) -> None:
    task, client = room.ask(), signed_in(room.gp)
    operations.take(by=actor_for(room.gp), task=task, version=1)
    message = open_thread(
        by=actor_for(room.worker), patient=room.patient, subject="a", text="b", task=task
    )
    pages = [
        where("inbox"), where("inbox") + "?show=unread", where("asked", room.patient.uuid),
        where("threads", room.patient.uuid), "/",
        where("thread", room.patient.uuid, message.thread.uuid),
    ]  # fmt: skip
    few = [_asked(client, each) for each in pages]
    for number in range(8):
        more = room.ask(patient=room.world.enrolled(room.worker) if number % 2 else room.patient)
        operations.take(by=actor_for(room.gp), task=more, version=1)
        open_thread(by=actor_for(room.worker), patient=more.patient, subject="a", text="b")
        reply(by=actor_for(room.worker), thread=message.thread, text="More")
    client.get(pages[-1])  # so that all is read before it is counted
    many = [_asked(client, each) for each in pages]
    assert all(now <= before for before, now in zip(few, many, strict=True)), (few, many)


def _asked(client: Client, page: str) -> int:
    client.get(page)
    with CaptureQueriesContext(connection) as found:
        assert client.get(page).status_code == 200
    return len([each for each in found.captured_queries if "django_session" not in each["sql"]])
