"""Writing answers: one goes back to whoever asked, and stays until it was seen (COM-2, H24)."""

from __future__ import annotations

from django.db.models import QuerySet

from unhurried.service.accounts.models import Membership
from unhurried.service.audit import clock
from unhurried.service.audit.actor import Actor
from unhurried.service.audit.operations import write
from unhurried.service.shared_care.models.advice import AdviceRequest
from unhurried.service.shared_care.models.answers import Answer
from unhurried.service.shared_care.models.messages import Side, Thread, ThreadMessage
from unhurried.service.shared_care.models.tasks import Task
from unhurried.service.shared_care.rules import answers as rules
from unhurried.service.shared_care.task_kinds import side_of
from unhurried.service.shared_care.times import start

KIND = "answer"


def answer_of_task(task: Task) -> None:
    """The answer to a task, back to the team that asked; inside the caller's write."""
    if task.closed_by_id is None or task.closed_by_id == task.asked_by_id:
        return
    _keep(
        Answer(
            patient_id=task.patient_id, practice_id=task.practice_id,
            provider_id=task.provider_id, side=_side(task.asked_by), asked_by_id=task.asked_by_id,
            answered_by_id=task.closed_by_id, task=task,
        )
    )  # fmt: skip


def answer_of_message(message: ThreadMessage, task: Task | None = None) -> None:
    """The answer to what the other side wrote last, or to the task it was written back about."""
    earlier = ThreadMessage.objects.filter(thread=message.thread_id).exclude(side=message.side)
    asked = earlier.select_related("by").order_by("-opened_at", "-pk").first()
    asker = asked.by if asked else task.asked_by if task else None
    if asker is None or _side(asker) == message.side:
        return
    thread = message.thread
    _keep(
        Answer(
            patient_id=message.patient_id, practice_id=thread.practice_id,
            provider_id=thread.provider_id, side=_side(asker), asked_by=asker,
            answered_by_id=message.by_id, message=message,
        )
    )  # fmt: skip


def answer_of_advice(request: AdviceRequest) -> None:
    """The advice, back to the side that asked for it."""
    asker = request.asked_by
    _keep(
        Answer(
            patient_id=request.patient_id, practice_id=request.practice_id,
            provider_id=request.provider_id, side=_side(asker),
            asked_by=asker, answered_by_id=request.answered_by_id or 0, request=request,
        )
    )  # fmt: skip


def _side(asker: Membership) -> str:
    return side_of(asker.role) or Side.PROVIDER


def _keep(made: Answer) -> None:
    start(made, KIND, clock.now())
    made.save()


def see(*, by: Actor, answer: Answer, key: str = "") -> Answer:
    """The answer, seen by `by` for the side that asked; the first to say so is kept."""
    with write("shared_care.answer_seen", by=by, key=key, body=answer.pk) as doing:
        rows = Answer.objects.select_for_update(of=("self",))
        current = rows.get(pk=answer.pk)
        if doing.replay_of:
            return current
        rules.check_may_see(by, current)
        if current.closed_at is None:
            _seen(by, Answer.objects.filter(pk=current.pk))
            _advice_read(by, current)
            current.refresh_from_db()
        doing.about(current, patient_id=current.patient_id)
    return current


def _advice_read(by: Actor, answer: Answer) -> None:
    """Advice that was seen here was read: the page of the question says the same."""
    request = AdviceRequest.objects.select_for_update(of=("self",))
    found = request.filter(pk=answer.request_id or 0, read_at=None).first()
    if found is not None:
        found.read_at, found.read_by_id = clock.now(), by.membership_id
        found.version += 1
        found.save(update_fields=["read_at", "read_by", "version"])


def seen_on_page_of_advice(by: Actor, request: AdviceRequest) -> None:
    """Whoever says on the page of a question that they read the advice has seen the answer."""
    _seen(by, Answer.objects.filter(request=request))


def seen_by_writing_back(by: Actor, thread: Thread) -> None:
    """Whoever writes on in a conversation has seen the answers in it that they opened."""
    opened = Answer.objects.filter(
        message__thread=thread, side=side_of(by.role),
        message__receipts__member_id=by.membership_id,
    )  # fmt: skip
    _seen(by, Answer.objects.filter(pk__in=list(opened.values_list("pk", flat=True))))


def _seen(by: Actor, rows: QuerySet[Answer]) -> None:
    rows.filter(closed_at=None).update(closed_at=clock.now(), seen_by_id=by.membership_id)
