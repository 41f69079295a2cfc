"""Pages of handover: begun, who takes whom on, what is open, finished with a certificate."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from unhurried.service.accounts.guard import Request, guarded
from unhurried.service.accounts.models import Membership
from unhurried.service.accounts.pages import once_key, page, refused
from unhurried.service.audit import clock
from unhurried.service.audit.operations import saw
from unhurried.service.audit.refused import Refused
from unhurried.service.patients.conflict import ChangedMeanwhile
from unhurried.service.patients.views.common import attempt, page_number, posted_version
from unhurried.service.team import certificate as counts
from unhurried.service.team.forms.handover import BecauseForm, BeginForm, NameForm
from unhurried.service.team.models import HandedPerson, Handover
from unhurried.service.team.operations import handover as operations
from unhurried.service.team.queries import handover as queries
from unhurried.service.team.rules.handover import receives_for

OVER = (HandedPerson.State.ACCEPTED, HandedPerson.State.SETTLED)


@require_safe
@guarded("handover", "r")
def handovers(request: Request) -> HttpResponse:
    """Every handover the actor has a part in."""
    actor = request.actor
    saw("handover", by=actor, note="list")
    context = {
        "pages": queries.handovers(actor, page_number(request)),
        "manages": actor.role == "service_manager",
        "works": actor.role == "project_worker",
    }
    return page(request, "team/handovers.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@guarded("handover", "c")
def begin_handover(request: Request) -> HttpResponseBase:
    """Begin to hand a caseload over: from then on the worker is given nobody new."""
    workers = {str(each.pk): each for each in queries.workers_to_hand_over(request.actor)}
    choices = [(key, each.user.full_name) for key, each in workers.items()]
    sent = request.POST if request.method == "POST" else None
    wanted = request.GET.get("worker", "")
    only = choices[0][0] if len(choices) == 1 else ""
    form = BeginForm(sent, workers=choices, initial={"worker": wanted or only})
    if sent is not None and form.is_valid():
        made = attempt(
            form,
            lambda: operations.begin_handover(
                by=request.actor, worker=workers[form.cleaned_data["worker"]],
                because=form.cleaned_data["because"], key=once_key(request),
            ),
        )  # fmt: skip
        if made is not None:
            messages.success(request, "The handover has begun. Nobody new is given to them now.")
            return redirect("team:handover", made.uuid)
    return page(request, "team/handover_begin.html", {"form": form, "any": bool(choices)})


@require_safe
@guarded("handover", "r")
def handover(request: Request, uuid: UUID) -> HttpResponse:
    """Everybody of a handover, what is open about each, and who takes them on."""
    return show(request, found(request, uuid))


def found(request: Request, uuid: UUID) -> Handover:
    """The handover of this address, when the actor has a part in it."""
    handover = queries.handover_of(request.actor, uuid)
    if handover is None:
        raise Http404
    return handover


def names_receivers(request: Request, handover: Handover) -> bool:
    """Is it for the actor to name who takes people on?"""
    actor = request.actor
    ours = actor.organisation_id == receives_for(handover)
    return actor.role == "service_manager" and ours and handover.state == Handover.State.RUNNING


def _offered(handover: Handover) -> dict[str, Membership]:
    return {str(each.pk): each for each in queries.receivers(handover)}


def _room(worker: Membership) -> str:
    people: int = getattr(worker, "people", 0)
    if worker.capacity is None:
        return f"{worker.user.full_name}: {people} people now, no number agreed"
    return f"{worker.user.full_name}: {people} people now, {worker.capacity} agreed"


def _name_form(
    request: Request, handover: Handover, lines: list[queries.Line], *, sent: bool
) -> NameForm:
    leaving = handover.kind == Handover.Kind.PROVIDER
    open_rows = [
        each for each in lines if (each.row.told_at if leaving else each.row.state not in OVER)
    ]
    people = [(str(each.row.uuid), each.name) for each in open_rows]
    workers = [(key, _room(each)) for key, each in _offered(handover).items()]
    return NameForm(request.POST if sent else None, people=people, workers=workers)


def _day_has_come(handover: Handover) -> bool:
    return handover.end_day is not None and handover.end_day <= clock.today()


def show(
    request: Request, handover: Handover, form: forms.Form | None = None, status: int = 200,
    call_off: forms.Form | None = None,
) -> HttpResponse:  # fmt: skip
    """The page of a handover, with a form that came back."""
    actor = request.actor
    lines = queries.lines(actor, handover)
    naming = names_receivers(request, handover)
    ours = actor.organisation_id == handover.provider_id and actor.role == "service_manager"
    runs = handover.state == Handover.State.RUNNING
    context = {
        "handover": handover, "lines": lines, "naming": naming, "runs": runs,
        "form": form or (_name_form(request, handover, lines, sent=False) if naming else None),
        "made": handover.certificate or counts.certificate(handover),
        "call_off": call_off or (BecauseForm() if ours and runs else None),
        "leaving": handover.kind == Handover.Kind.PROVIDER, "wrong": form or call_off,
        "not_yet": queries.not_yet(handover), "stopped": runs and _day_has_come(handover),
    }  # fmt: skip
    return page(request, "team/handover.html", context, status)


@require_POST
@guarded("handover", "x")
def name_receiver(request: Request, uuid: UUID) -> HttpResponseBase:
    """Ask one project worker to take some of them on."""
    handover = found(request, uuid)
    if not names_receivers(request, handover):
        raise Http404
    lines = queries.lines(request.actor, handover)
    form = _name_form(request, handover, lines, sent=True)
    if form.is_valid():
        chosen = set(form.cleaned_data["people"])
        workers = _offered(handover)
        try:
            done = attempt(
                form,
                lambda: operations.name_receiver(
                    by=request.actor, handover=handover,
                    people=[each.row for each in lines if str(each.row.uuid) in chosen],
                    receiver=workers[form.cleaned_data["receiver"]],
                    over_reason=form.cleaned_data["over_reason"],
                    version=posted_version(request), key=once_key(request),
                ),
            )  # fmt: skip
        except ChangedMeanwhile as conflict:
            form.add_error(None, str(conflict))
            return show(request, found(request, uuid), form, 409)
        if done is not None:
            messages.success(request, "Noted.")
            return redirect("team:handover", uuid)
    return show(request, handover, form)


@require_POST
@guarded("handover", "x")
def close_handover(request: Request, uuid: UUID) -> HttpResponseBase:
    """Finish a handover when nobody and nothing is left behind."""
    handover = found(request, uuid)
    try:
        operations.close_handover(by=request.actor, handover=handover, key=once_key(request))
    except Refused as refusal:
        return refused(request, refusal, back=reverse("team:handover", args=[uuid]))
    messages.success(request, "Finished. The certificate says what went where.")
    return redirect("team:handover_certificate", uuid)


@require_POST
@guarded("handover", "x")
def call_off(request: Request, uuid: UUID) -> HttpResponseBase:
    """Call a handover off: whoever was not taken on stays."""
    handover = found(request, uuid)
    form = BecauseForm(request.POST)
    if form.is_valid():
        done = attempt(
            form,
            lambda: operations.call_off(
                by=request.actor, handover=handover, because=form.cleaned_data["because"],
                key=once_key(request),
            ),
        )  # fmt: skip
        if done is not None:
            messages.success(request, "Called off. Whoever was not taken on yet stays.")
            return redirect("team:handovers")
    return show(request, handover, call_off=form)


@require_safe
@guarded("handover", "r")
def certificate(request: Request, uuid: UUID) -> HttpResponse:
    """Counts in and counts out, on a page that prints."""
    handover = found(request, uuid)
    saw("handover", by=request.actor, object_id=handover.uuid, note="certificate")
    made = handover.certificate or counts.certificate(handover)
    context = {
        "handover": handover, "made": made, "adds_up": counts.adds_up(made),
        "on": datetime.fromisoformat(made["on"]),
        "closed": handover.state == Handover.State.CLOSED,
    }  # fmt: skip
    return page(request, "team/handover_certificate.html", context)
