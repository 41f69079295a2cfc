"""Each message once, only while it is right to send it, and nothing forgotten."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.utils import timezone
from tests.service.outbox.conftest import FakeCarrier, send_to

from unhurried.service.audit.actor import Actor
from unhurried.service.audit.models import Entry
from unhurried.service.audit.refused import Refused
from unhurried.service.audit.verifying import verify
from unhurried.service.outbox import operations, queries, worker
from unhurried.service.outbox.carriers import Answer, NotAccepted, PerhapsAccepted, Unreachable
from unhurried.service.outbox.models import Message
from unhurried.service.outbox.operations import post
from unhurried.service.outbox.worker import send_due

pytestmark = pytest.mark.django_db
BY = Actor(user_id=1, name="Manager", role="service_manager", organisation_id=1)
State = Message.State


def later(hours: float = 3) -> datetime:
    return timezone.now() + timedelta(hours=hours)


def leases_run_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every worker from now on finds the leases given before over."""
    ahead = timezone.now() + timedelta(seconds=90)
    monkeypatch.setattr(worker, "database_now", lambda: ahead)


def raising(error: Exception) -> Callable[[Any], None]:
    def do(_: Any) -> None:
        raise error

    return do


def test_what_is_posted_is_sent_and_noted(carrier: FakeCarrier, says: list[str]) -> None:
    message = send_to(patient_id=5)
    assert send_due() == 1
    message.refresh_from_db()
    assert (message.state, message.carrier_id) == (State.SENT, f"fake-{message.uuid}")
    assert message.sent_at
    row = Entry.objects.get(action="outbox.sent")
    assert (row.patient_id, row.role) == (5, "system")
    assert send_due() == 0
    assert carrier.taken == [str(message.uuid)]


def test_the_same_thing_about_the_same_leaves_once(carrier: FakeCarrier, says: list[str]) -> None:
    one, other = send_to(about="x"), send_to(about="x", body="other words")
    assert one.pk == other.pk
    assert send_due() == 1
    assert send_to(about="x").state == State.SENT
    assert send_due() == 0


@pytest.mark.django_db(transaction=True)
def test_posting_outside_a_write_is_a_mistake_that_is_told() -> None:
    with pytest.raises(RuntimeError, match="inside the write"):
        post(purpose="a", about="b", channel="sms", to="c", body="d")


def test_the_check_at_the_moment_of_sending_stops_it(carrier: FakeCarrier, says: list[str]) -> None:
    message = send_to()
    says.append("They have asked not to be contacted.")
    send_due()
    message.refresh_from_db()
    assert (message.state, message.explanation) == (State.STOPPED, says[0])
    assert carrier.taken == []
    with pytest.raises(Refused):
        operations.retry(by=BY, message=message.uuid)


def test_a_person_that_died_while_the_worker_was_away_gets_nothing(
    carrier: FakeCarrier, says: list[str]
) -> None:
    messages = [send_to() for _ in range(4)]
    says.append("This person has died.")
    assert send_due(later(72)) == 4
    assert {each.state for each in Message.objects.all()} == {State.STOPPED}
    assert len(messages) == 4


def test_the_backlog_leaves_in_the_order_it_was_due(carrier: FakeCarrier, says: list[str]) -> None:
    days = [3, 1, 2]
    posted = {day: send_to(due_at=timezone.now() - timedelta(days=day)) for day in days}
    send_due()
    assert carrier.taken == [str(posted[day].uuid) for day in (3, 2, 1)]


def test_what_nobody_checks_does_not_leave_for_a_patient(carrier: FakeCarrier) -> None:
    unknown = send_to(purpose="test.unknown", patient_id=1)
    to_staff = send_to(purpose="test.to_staff")
    send_due()
    unknown.refresh_from_db()
    to_staff.refresh_from_db()
    assert (unknown.state, to_staff.state) == (State.STOPPED, State.SENT)


def test_what_is_not_due_waits(carrier: FakeCarrier, says: list[str]) -> None:
    send_to(due_at=later(1))
    assert send_due() == 0
    assert send_due(later(2)) == 1


def test_a_carrier_that_is_away_costs_no_tries_and_holds_up_nobody_else(
    carrier: FakeCarrier, says: list[str]
) -> None:
    for _ in range(6):
        send_to()
    by_file = send_to(channel="email", to="a@example.org")
    carrier.does = raising(Unreachable("The carrier could not be reached."))
    assert send_due() == 4, "three tries of the carrier that is away, and the e-mail"
    by_file.refresh_from_db()
    assert by_file.state == State.SENT
    for hours in range(30):
        send_due(later(hours))
    waiting = Message.objects.filter(channel="sms")
    assert {(each.state, each.attempts) for each in waiting} == {(State.WAITING, 0)}
    assert "tried again" in Message.objects.filter(channel="sms").order_by("due_at")[0].explanation
    carrier.does = lambda _: None
    send_due(later(100))
    assert queries.account().sent == 7


def test_a_message_the_carrier_will_not_take_is_for_someone_to_put_right(
    carrier: FakeCarrier, says: list[str]
) -> None:
    message = send_to()
    carrier.does = raising(NotAccepted("Check the address."))
    send_due()
    message.refresh_from_db()
    assert (message.state, message.explanation) == (State.FAILED, "Check the address.")
    carrier.does = lambda _: None
    operations.retry(by=BY, message=message.uuid, key="k")
    operations.retry(by=BY, message=message.uuid, key="k")
    send_due()
    message.refresh_from_db()
    assert message.state == State.SENT
    assert Entry.objects.filter(action="outbox.retried").count() == 1


def test_a_poisonous_message_is_set_aside_and_others_go(carrier: FakeCarrier) -> None:
    from unhurried.service.outbox import registry

    registry._checks["test.poison"] = raising(ZeroDivisionError())  # type: ignore[assignment]  # it raises
    poison = send_to(purpose="test.poison")
    good = send_to(purpose="test.fine")
    for hours in range(0, 60, 3):
        send_due(later(hours))
    del registry._checks["test.poison"]
    poison.refresh_from_db()
    good.refresh_from_db()
    assert (poison.state, good.state) == (State.FAILED, State.SENT)
    assert poison.explanation.startswith("Given up after 5 tries")
    assert carrier.taken == [str(good.uuid)]


def test_an_answer_lost_on_the_way_is_asked_for_and_not_sent_again(
    carrier: FakeCarrier, says: list[str]
) -> None:
    """F05: the carrier takes it, and the line breaks before it says so."""
    message = send_to()

    def taken_then_silence(parcel: Any) -> None:
        carrier.taken.append(parcel.reference)
        raise PerhapsAccepted("The answer did not arrive.")

    carrier.does = taken_then_silence
    send_due()
    message.refresh_from_db()
    assert (message.state, message.at_door) == (State.WAITING, True)
    says.append("They have since died.")
    send_due(later())
    message.refresh_from_db()
    assert (message.state, message.carrier_id) == (State.SENT, f"fake-{message.uuid}")
    assert carrier.taken == [str(message.uuid)]


def test_one_the_carrier_never_saw_is_checked_again_and_sent(
    carrier: FakeCarrier, says: list[str]
) -> None:
    message = send_to()
    carrier.does = raising(PerhapsAccepted("The answer did not arrive."))
    send_due()
    carrier.does = lambda _: None
    send_due(later())
    message.refresh_from_db()
    assert (message.state, carrier.taken) == (State.SENT, [str(message.uuid)])
    assert carrier.asked == [str(message.uuid)]


def test_a_carrier_that_cannot_tell_is_not_given_it_twice(
    carrier: FakeCarrier, says: list[str]
) -> None:
    message = send_to()
    carrier.does = raising(PerhapsAccepted("The line broke."))
    carrier.answer = lambda _: Answer.CANNOT_TELL
    send_due()
    carrier.does = lambda _: None
    send_due(later())
    message.refresh_from_db()
    assert message.state == State.FAILED
    assert "cannot say" in message.explanation
    assert carrier.taken == []
    operations.retry(by=BY, message=message.uuid)
    send_due(later())
    assert carrier.taken == [str(message.uuid)], "someone found out, and asked for it"


def test_a_worker_that_slept_past_its_lease_changes_nothing(
    carrier: FakeCarrier, says: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """F07: two workers hold the same message; the older claim is void at every step."""
    send_to()
    slept = worker.claim(timezone.now())
    assert slept is not None
    leases_run_out(monkeypatch)
    assert send_due() == 1
    with pytest.raises(worker.LostClaim):
        worker.deliver(slept)
    worker._later(slept, "late", counts=True)
    assert Message.objects.get().state == State.SENT
    assert len(carrier.taken) == 1


def test_two_workers_at_once_at_a_slow_carrier_ask_before_sending(
    carrier: FakeCarrier, says: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first worker is stuck inside the carrier, which has taken it, when the second comes."""
    message = send_to()

    def stuck(parcel: Any) -> None:
        carrier.taken.append(parcel.reference)
        carrier.does = lambda _: None
        leases_run_out(monkeypatch)
        assert send_due() == 1
        carrier.taken.pop()

    carrier.does = stuck
    assert send_due() == 1
    message.refresh_from_db()
    assert (message.state, carrier.taken) == (State.SENT, [str(message.uuid)])
    assert Entry.objects.filter(action="outbox.sent").count() == 1


def test_a_clock_put_back_does_not_lock_a_message_away(
    carrier: FakeCarrier, says: list[str]
) -> None:
    send_to()
    assert worker.claim(timezone.now())
    Message.objects.update(lease_until=later(24 * 365))
    assert send_due() == 1
    assert Message.objects.get().state == State.SENT


def test_a_letter_is_the_file_that_was_posted_whole_and_private(
    files: Path, says: list[str]
) -> None:
    (files / "files" / "a.pdf").write_bytes(b"%PDF letter")
    due = datetime(2026, 5, 3, 23, 30, tzinfo=UTC)
    message = send_to(channel="letter", document="a.pdf", to="1 Finch Lane", due_at=due)
    send_due()
    message.refresh_from_db()
    assert message.state == State.SENT
    place = files / "outbox" / "letters" / "2026-05-04" / f"{message.uuid}.pdf"
    assert place.read_bytes() == b"%PDF letter"
    assert place.stat().st_mode & 0o777 == 0o600
    assert [each.name for each in place.parent.iterdir()] == [place.name]


def test_a_letter_that_changed_or_went_after_it_was_posted_is_not_sent(
    files: Path, says: list[str]
) -> None:
    for name in ("changed", "gone"):
        (files / "files" / f"{name}.pdf").write_bytes(b"%PDF letter")
        send_to(channel="letter", document=f"{name}.pdf", about=name)
    (files / "files" / "changed.pdf").write_bytes(b"%PDF another")
    (files / "files" / "gone.pdf").unlink()
    send_due()
    explained = dict(Message.objects.values_list("about", "explanation"))
    assert "has changed" in explained["changed"]
    assert "not there" in explained["gone"]
    assert not list((files / "outbox").rglob("*.pdf"))


@pytest.mark.parametrize(
    "step", [(os, "fsync"), (os, "fchmod"), (Path, "mkdir"), (Path, "open"), (Path, "replace")]
)
def test_a_full_disk_sends_nothing_says_so_and_recovers(
    files: Path, says: list[str], monkeypatch: pytest.MonkeyPatch, step: tuple[object, str]
) -> None:
    message = send_to(channel="email", to="a@example.org")

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(*step, full)
        send_due()
    message.refresh_from_db()
    assert message.state == State.WAITING
    assert "No space left" in message.explanation
    assert not [each for each in (files / "outbox").rglob("*") if each.is_file()]
    send_due(later())
    message.refresh_from_db()
    assert message.state == State.SENT


BAD = [
    {"to": ""}, {"to": " \n"}, {"to": "x" * 301}, {"body": "x" * 100_001}, {"body": "a\x00b"},
    {"subject": "\ud800"}, {"channel": "email", "to": "a@example.org\nBcc: b@example.org"},
    {"channel": "letter", "body": ""}, {"channel": "letter", "document": "not-there.pdf"},
    {"channel": "letter", "document": "../../etc/passwd"}, {"subject": "x" * 301},
]  # fmt: skip


@pytest.mark.parametrize("values", BAD, ids=range(len(BAD)))
def test_what_no_carrier_could_send_is_refused_with_a_sentence(values: dict[str, Any]) -> None:
    with pytest.raises(Refused, match=r"\.$"):
        send_to(**values)
    assert not Message.objects.exists()


def test_a_subject_is_one_line() -> None:
    assert send_to(subject="Two\r\nBcc: lines").subject == "Two Bcc: lines"


@pytest.mark.django_db(transaction=True)
def test_a_failure_at_any_statement_loses_nothing_and_repeats_nothing(
    carrier: FakeCarrier, says: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database goes away at the k-th statement, for every k, and comes back."""
    points = 0
    for stop_at in range(1, 100):
        message = send_to()
        by_file = send_to(channel="email", to="a@example.org")
        count = 0

        def fail(execute: Any, *call: Any, at: int = stop_at) -> Any:
            nonlocal count
            count += 1
            if count == at:
                raise OperationalError("the server closed the connection")
            return execute(*call)

        with connection.execute_wrapper(fail):
            try:
                send_due()
                reached = count >= stop_at
            except OperationalError:
                reached = True
        with monkeypatch.context() as patch:
            leases_run_out(patch)
            send_due(later())
        for each in (message, by_file):
            each.refresh_from_db()
            assert each.state == State.SENT, f"statement {stop_at}: {each.explanation}"
        assert carrier.taken.count(str(message.uuid)) == 1, f"statement {stop_at}"
        if not reached:
            break
        points += 1
    assert points >= 15
    assert not verify().problems
