"""What is asked: the team's inbox, one task on one screen, asking and answering (COM-1, COM-2)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from unhurried.service.accounts.guard import Request, guarded
from unhurried.service.accounts.pages import once_key, page
from unhurried.service.audit import clock
from unhurried.service.audit.operations import saw, saw_many
from unhurried.service.patients.access import open_record, things_open_to
from unhurried.service.patients.conflict import ChangedMeanwhile
from unhurried.service.patients.models import Patient
from unhurried.service.patients.queries import banner
from unhurried.service.patients.views.common import (
    attempt,
    both_versions,
    page_number,
    posted_version,
)
from unhurried.service.shared_care.forms.tasks import (
    AnswerForm,
    AskForm,
    MessageForm,
    PassOnForm,
    PlanForm,
)
from unhurried.service.shared_care.models.tasks import Task
from unhurried.service.shared_care.operations import tasks as operations
from unhurried.service.shared_care.queries import answers as answer_queries
from unhurried.service.shared_care.queries import messages as message_queries
from unhurried.service.shared_care.queries import tasks as queries
from unhurried.service.shared_care.task_kinds import other_side, side_of, task_kinds

PAGE = 25
VIEWS = {
    "team": "Asked of us", "mine": "Mine", "late": "Late", "asked": "What we asked",
    "unread": "Messages not read", "answered": "Answered", "done": "Over",
}  # fmt: skip
LESS = {"team": "Waiting", "late": "Late", "unread": "Messages not read"}
ENDS: dict[str, Callable[..., Task]] = {
    "done": operations.finish, "declined": operations.decline, "withdrawn": operations.withdraw,
}  # fmt: skip
SAID = {
    "done": "Marked done. The other team sees it.",
    "take": "You have it now.",
    "put_back": "It is back with the team.",
    "declined": "Noted, with your reason. The other team sees it.",
    "withdrawn": "Noted: it is no longer needed.",
}


def about(request: Request, patient: Patient, **more: object) -> dict[str, object]:
    """The context of a page about a person."""
    return {
        "patient": patient, "banner": banner(patient, request.actor),
        "frame": "patients/about_person.html", **more,
    }  # fmt: skip


@require_safe
@guarded("gp_task", "r")
def inbox(request: Request) -> HttpResponse:
    """What is asked of the viewer's team and what they asked, late first; or unread messages."""
    actor = request.actor
    reads = queries.reads_words(actor)
    names = VIEWS if reads else LESS
    show = request.GET.get("show", "team")
    show = show if show in names else "team"
    number = page_number(request)
    things = {"unread": "gp_message", "answered": "answer"}
    if show == "answered":
        back = Paginator(answer_queries.unseen(actor), PAGE).get_page(number)
        pages: object = back
        found: list[Any] = answer_queries.lines(actor, back.object_list)
    elif show == "unread":
        unread = Paginator(message_queries.unread(actor), PAGE).get_page(number)
        pages = unread
        found = message_queries.unread_lines(actor, unread.object_list)
    else:
        tasks = Paginator(queries.inbox(actor, show), PAGE).get_page(number)
        pages, found = tasks, queries.lines(actor, tasks.object_list)
    thing = things.get(show, "gp_task")
    saw_many(thing, by=actor, patient_ids=[each.person_id for each in found], note="list")
    context = {
        "rows": found, "pages": pages, "show": show, "names": names, "reads": reads,
        "counts": queries.to_do(actor), "passes_on": actor.role == "practice_staff",
    }  # fmt: skip
    return page(request, "shared_care/inbox.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@guarded("gp_task", "x")
def pass_on(request: Request, task: UUID) -> HttpResponseBase:
    """Reception passes a task to a GP who is here, without reading it."""
    found = queries.task_to_pass_on(request.actor, task)
    if found is None:
        raise Http404
    saw("gp_task", by=request.actor, object_id=found.uuid, patient_id=found.patient_id)
    sent = request.POST if request.method == "POST" else None
    form = PassOnForm(sent, members=queries.members_for(found.patient, found.to))
    version, status = found.version, 200
    if sent is not None and form.is_valid():
        try:
            if attempt(
                form,
                lambda: operations.pass_on(
                    by=request.actor, task=found, member=form.member,
                    version=posted_version(request), key=once_key(request),
                ),
            ):  # fmt: skip
                messages.success(request, "Passed on.")
                return redirect("shared_care:inbox")
        except ChangedMeanwhile as conflict:
            form.add_error(None, str(conflict))
            status = 409
    context = {
        "form": form, "line": queries.lines(request.actor, [found])[0], "version_now": version,
    }  # fmt: skip
    return page(request, "shared_care/task_pass_on.html", context, status)


@require_safe
@guarded("gp_task", "r")
def asked(request: Request, uuid: UUID) -> HttpResponse:
    """Everything asked about one person, what is open first."""
    patient = open_record(request.actor, uuid, "gp_task")
    pages = Paginator(queries.tasks_about(patient), PAGE).get_page(page_number(request))
    context = about(
        request, patient, pages=pages, rows=queries.lines(request.actor, pages.object_list),
        may="gp_task" in things_open_to(request.actor, patient, "c"),
    )  # fmt: skip
    return page(request, "shared_care/tasks.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@guarded("gp_task", "c")
def ask(request: Request, uuid: UUID) -> HttpResponseBase:
    """Ask the other team for something."""
    patient = open_record(request.actor, uuid, "gp_task", "c")
    sent = request.POST if request.method == "POST" else None
    start = {"to": other_side(side_of(request.actor.role))}
    form = AskForm(sent, members=queries.members_of_both(patient), initial=start)
    if sent is not None and form.is_valid():
        given = form.cleaned_data
        done = attempt(
            form,
            lambda: operations.ask(
                by=request.actor, patient=patient, to=given["to"], kind=given["kind"],
                sentence=given["sentence"], words=given["words"], due=given["due"],
                person_knows=given["person_knows"], meant_for=form.member, key=once_key(request),
            ),
        )  # fmt: skip
        if done is not None:
            messages.success(request, "Asked. It stands in their inbox now.")
            return redirect("shared_care:task", uuid, done.uuid)
    usual = "; ".join(f"{k.name}, {k.working_days} working days" for k in task_kinds().values())
    context = about(request, patient, form=form, usual=usual)
    return page(request, "shared_care/task_ask.html", context)


def _found(request: Request, uuid: UUID, task: UUID, action: str) -> tuple[Patient, Task]:
    patient = open_record(request.actor, uuid, "gp_task", action)
    found = queries.task_of(patient, task)
    if found is None:
        raise Http404
    return patient, found


@require_safe
@guarded("gp_task", "r")
def task(request: Request, uuid: UUID, task: UUID) -> HttpResponse:
    """One task on one screen: what is asked, by whom, by when, and the buttons to answer."""
    patient, found = _found(request, uuid, task, "r")
    return show_task(request, patient, found)


def show_task(
    request: Request, patient: Patient, found: Task, *, form: AnswerForm | None = None,
    writing: MessageForm | None = None, status: int = 200, sentence: str = "",
    differing: list[tuple[str, object, object]] | None = None,
) -> HttpResponse:  # fmt: skip
    """The page of a task, with whatever form came back with errors."""
    opens = things_open_to(request.actor, patient, "u")
    line = queries.lines(request.actor, [found])[0]
    context = about(
        request, patient, task=found, line=line, kind=queries.kind_name(found),
        steps=queries.steps_of(found), form=form or AnswerForm(), sentence=sentence,
        writing=writing or MessageForm(), may="gp_task" in opens, differing=differing,
        writes="gp_message" in opens, asked_side=side_of(request.actor.role) == found.to,
        mine=found.taken_by_id == request.actor.membership_id,
        closing=queries.who_ended(found),
    )  # fmt: skip
    return page(request, "shared_care/task.html", context, status)


@require_POST
@guarded("gp_task", "u")
def answer(request: Request, uuid: UUID, task: UUID) -> HttpResponseBase:
    """Done, I take it, not possible because, given back, or no longer needed."""
    patient, found = _found(request, uuid, task, "u")
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return show_task(request, patient, found, form=form)
    chosen = form.cleaned_data["answer"]
    try:
        done = attempt(form, lambda: _answered(request, found, form))
    except ChangedMeanwhile as conflict:
        patient, saved = _found(request, uuid, task, "u")
        differing: list[tuple[str, object, object]] = [
            ("Where it stands", queries.where_it_stands(saved), SAID[chosen]),
            ("Words", saved.outcome, form.cleaned_data["outcome"]),
        ]
        return show_task(
            request, patient, saved, form=form, status=409, sentence=str(conflict),
            differing=differing,
        )  # fmt: skip
    if done is None:
        return show_task(request, patient, found, form=form)
    messages.success(request, SAID[chosen])
    return redirect("shared_care:task", uuid, task)


def _answered(request: Request, found: Task, form: AnswerForm) -> Task:
    chosen, words = form.cleaned_data["answer"], form.cleaned_data["outcome"]
    version, key, by = posted_version(request), once_key(request), request.actor
    if chosen == "take":
        return operations.take(by=by, task=found, version=version, key=key)
    if chosen == "put_back":
        return operations.put_back(by=by, task=found, version=version, key=key)
    return ENDS[chosen](by=by, task=found, version=version, outcome=words, key=key)


@require_http_methods(["GET", "HEAD", "POST"])
@guarded("gp_task", "u")
def plan(request: Request, uuid: UUID, task: UUID) -> HttpResponseBase:
    """Another day, with a reason, or somebody else of the team."""
    patient, found = _found(request, uuid, task, "u")
    members = _offered(patient, found)
    if request.method != "POST":
        start = {"due": found.due, "meant_for": str(found.meant_for_id or "")}
        return _plan(request, patient, found, PlanForm(members=members, initial=start))
    form = PlanForm(request.POST, members=members)
    if not form.is_valid():
        return _plan(request, patient, found, form, posted_version(request))
    try:
        done = attempt(
            form,
            lambda: operations.plan_task(
                by=request.actor, task=found, due=form.cleaned_data["due"],
                meant_for=form.member, reason=form.cleaned_data["reason"],
                version=posted_version(request), key=once_key(request),
            ),
        )  # fmt: skip
    except ChangedMeanwhile as conflict:
        patient, saved = _found(request, uuid, task, "u")
        differing = both_versions(form, saved, ("due",))
        if saved.meant_for != form.member:
            nobody = "Anybody of the team"
            names = [each.user.full_name if each else nobody
                     for each in (saved.meant_for, form.member)]  # fmt: skip
            differing.append(("Meant for", names[0], names[1]))
        return _plan(request, patient, saved, form, saved.version, 409, differing, str(conflict))
    if done is None:
        return _plan(request, patient, found, form, posted_version(request))
    messages.success(request, "Changed. The other team sees it.")
    return redirect("shared_care:task", uuid, task)


def _offered(patient: Patient, found: Task) -> list[Any]:
    """Whom it can be meant for, and whom it is meant for now even if they are no longer here."""
    members = queries.members_for(patient, found.to)
    there = {each.pk for each in members}
    if found.meant_for is not None and found.meant_for.pk not in there:
        members.append(found.meant_for)
    return members


def _plan(
    request: Request, patient: Patient, found: Task, form: PlanForm, version: int | None = None,
    status: int = 200, differing: list[tuple[str, object, object]] | None = None,
    sentence: str = "",
) -> HttpResponse:  # fmt: skip
    context = about(
        request, patient, task=found, form=form, differing=differing, sentence=sentence,
        version_now=found.version if version is None else version,
        ended=found.closed_at is not None, today=clock.today(),
    )  # fmt: skip
    return page(request, "shared_care/task_plan.html", context, status)
