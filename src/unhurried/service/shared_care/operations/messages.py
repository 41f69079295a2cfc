"""Writing messages about a person, and noting who has read them when (COM-2)."""

from __future__ import annotations

from collections.abc import Iterable

from unhurried.service.audit import clock
from unhurried.service.audit.actor import Actor
from unhurried.service.audit.operations import write
from unhurried.service.patients.access import visible_patients
from unhurried.service.patients.models import Patient
from unhurried.service.patients.queries import open_episode_of
from unhurried.service.shared_care.models.messages import ReadReceipt, Thread, ThreadMessage
from unhurried.service.shared_care.models.tasks import Task
from unhurried.service.shared_care.operations.answers import (
    answer_of_message,
    seen_by_writing_back,
)
from unhurried.service.shared_care.operations.keeping import check_keeps
from unhurried.service.shared_care.rules import messages as rules
from unhurried.service.shared_care.task_kinds import side_of
from unhurried.service.shared_care.times import (
    start,
)


def open_thread(
    *, by: Actor, patient: Patient, subject: str, text: str, task: Task | None = None,
    key: str = "",
) -> ThreadMessage:  # fmt: skip
    """The first message of a new conversation; about `task`, it goes on where that task stands."""
    body = (patient.pk, subject, text, task and task.pk)
    with write("shared_care.message_written", by=by, key=key, body=body) as doing:
        if doing.replay_of:
            return ThreadMessage.objects.select_related("thread").get(pk=doing.replay_of)
        episode = rules.check_message(by, patient, text, clock.now())
        rules.check_subject(patient, subject, task)
        check_keeps(by, patient, {"The subject": subject, "The message": text})
        current = _locked(task) if task else None
        thread = current.thread if current else None
        if thread is None:
            thread = Thread.objects.create(
                patient=patient, practice_id=patient.practice_id,
                provider_id=episode.provider_id, subject=subject.strip(),
                opened_by_id=by.membership_id or 0, opened_at=clock.now(),
            )  # fmt: skip
            if current is not None:
                current.thread = thread
                current.save(update_fields=["thread"])
        message = _add(by, thread, text)
        answer_of_message(message, current)
        doing.about(message, patient_id=patient.pk)
    return message


def reply(*, by: Actor, thread: Thread, text: str, key: str = "") -> ThreadMessage:
    """Another message of the conversation, waiting for somebody of the other side to read it."""
    body = (thread.pk, text)
    with write("shared_care.message_written", by=by, key=key, body=body) as doing:
        if doing.replay_of:
            return ThreadMessage.objects.select_related("thread").get(pk=doing.replay_of)
        patient = thread.patient
        rules.check_message(by, patient, text, clock.now())
        check_keeps(by, patient, {"The message": text})
        message = _add(by, thread, text)
        seen_by_writing_back(by, thread)
        answer_of_message(message)
        doing.about(message, patient_id=patient.pk)
    return message


def note_read(*, by: Actor, thread: Thread, shown: Iterable[ThreadMessage] | None = None) -> int:
    """How many messages `by` has now read for the first time; those of the other side wait no more.

    `shown` are the messages on the page that was opened; all of them when it is left out.

    Only for somebody who could write back: a look for another reason answers for nobody.
    """
    if by.membership_id is None or not side_of(by.role):
        return 0
    # What a practice wrote to a service the person is no longer with is its own to look after.
    alone = by.role == "gp" and open_episode_of(thread.patient) is None
    found = ThreadMessage.objects.filter(thread=thread)
    if not alone:
        found = found.exclude(by_id=by.membership_id)
    if shown is not None:
        found = found.filter(pk__in=[each.pk for each in shown])
    new = found.exclude(receipts__member_id=by.membership_id)
    if not new.exists():
        return 0
    answers = visible_patients(by, "gp_message", "c").filter(pk=thread.patient_id)
    if not answers.exists():
        return 0
    with write("read.gp_message_receipt", by=by) as doing:
        now = clock.now()
        unread = list(new.select_for_update(of=("self",)).order_by("pk"))
        ReadReceipt.objects.bulk_create(
            ReadReceipt(message=each, member_id=by.membership_id, at=now) for each in unread
        )
        waiting = [each.pk for each in unread if alone or each.side != side_of(by.role)]
        ThreadMessage.objects.filter(pk__in=waiting, closed_at=None).update(closed_at=now)
        doing.about(thread, patient_id=thread.patient_id, note=f"{len(unread)} read")
    return len(unread)


def _add(by: Actor, thread: Thread, text: str) -> ThreadMessage:
    message = ThreadMessage(
        thread=thread, patient_id=thread.patient_id, by_id=by.membership_id or 0,
        side=side_of(by.role), text=text.strip(),
    )  # fmt: skip
    start(message, "message", clock.now())
    message.save()
    return message


def _locked(task: Task) -> Task:
    rows = Task.objects.select_related("thread", "asked_by").select_for_update(of=("self",))
    return rows.get(pk=task.pk)
