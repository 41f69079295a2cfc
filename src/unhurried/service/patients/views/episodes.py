"""A person's time with the service: pause, go on, end, another project worker (FUN-4, H23)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from unhurried.service.accounts.guard import Request, guarded
from unhurried.service.accounts.models import Membership
from unhurried.service.accounts.pages import once_key, page
from unhurried.service.patients import operations, queries
from unhurried.service.patients.access import open_record
from unhurried.service.patients.forms import ReasonForm, WorkerForm
from unhurried.service.patients.models import Episode, Patient
from unhurried.service.patients.views.common import attempt, page_number

DONE = {
    "pause": "Paused. Nothing is expected of the person, and their place is kept.",
    "resume": "The pause is over.",
    "end": "The episode is ended. The person may come back at any time.",
    "worker": "The person has another project worker from now on.",
}


@require_safe
@guarded("episode", "u")
def needs(request: Request) -> HttpResponse:
    """Whose time with the service needs somebody: one list at a time, and how many on each."""
    lists = queries.NEEDS[request.actor.role]
    counts = queries.counts_of_needs(request.actor)
    view = request.GET.get("view", "")
    if view not in lists:
        view = next((name for name in lists if getattr(counts, name)), next(iter(lists)))
    found = queries.needing(request.actor, view, page_number(request))
    context = {"lists": lists, "counts": counts, "view": view, "found": found}
    return page(request, "patients/needs.html", context)


@require_safe
@guarded("episode", "u")
def episode(request: Request, uuid: UUID) -> HttpResponse:
    """What can happen next in the person's time with the service."""
    patient = open_record(request.actor, uuid, "episode", "u")
    return _episode(request, patient, _open(patient), {})


def _open(patient: Patient) -> Episode:
    found = queries.open_episode_of(patient)
    if found is None:
        raise Http404
    return found


def _workers(found: Episode) -> dict[str, Membership]:
    rows = queries.workers_to_choose(found.provider_id)
    return {str(each.pk): each for each in rows if each.pk != found.project_worker_id}


def _label(worker: Membership) -> str:
    full = worker.capacity is not None and getattr(worker, "people", 0) >= worker.capacity
    return worker.user.full_name + (" (has the agreed number already)" if full else "")


def _forms(
    found: Episode, sent: Mapping[str, str] | None = None, which: str = ""
) -> dict[str, forms.Form]:
    offered = [(key, _label(each)) for key, each in _workers(found).items()]
    made: dict[str, forms.Form] = {
        name: ReasonForm(sent if which == name else None, prefix=name) for name in ("pause", "end")
    }
    made["resume"] = forms.Form(sent if which == "resume" else None)
    taken = sent if which == "worker" else None
    made["worker"] = WorkerForm(taken, prefix="worker", workers=offered)
    return made


def _episode(
    request: Request, patient: Patient, found: Episode, shown: Mapping[str, forms.Form],
    wrong: forms.Form | None = None,
) -> HttpResponse:  # fmt: skip
    context = {
        "episode": found, "forms": shown or _forms(found), "wrong": wrong, "patient": patient,
        "banner": queries.banner(patient, request.actor),
    }  # fmt: skip
    return page(request, "patients/episode.html", context)


@require_POST
@guarded("episode", "u")
def change_episode(request: Request, uuid: UUID, do: str) -> HttpResponseBase:
    """Do one of them."""
    patient = open_record(request.actor, uuid, "episode", "u")
    found = _open(patient)
    shown = _forms(found, request.POST, do)
    form = shown[do]
    if form.is_valid() and attempt(form, _doing(request, found, form, do)) is not None:
        messages.success(request, DONE[do])
        return redirect("patients:people" if do == "end" else "patients:person", *_where(do, uuid))
    return _episode(request, patient, found, shown, form)


def _where(do: str, uuid: UUID) -> list[UUID]:
    return [] if do == "end" else [uuid]


def _doing(request: Request, found: Episode, form: forms.Form, do: str) -> Callable[[], object]:
    actor, key = request.actor, once_key(request)
    reason = form.cleaned_data.get("reason", "")
    if do == "pause":
        return lambda: operations.pause(by=actor, episode=found, reason=reason, key=key)
    if do == "resume":
        return lambda: operations.resume(by=actor, episode=found, key=key)
    if do == "end":
        return lambda: operations.end_episode(by=actor, episode=found, reason=reason, key=key)
    to = _workers(found)[form.cleaned_data["worker"]]
    return lambda: operations.change_project_worker(
        by=actor, episode=found, to=to, reason=reason, key=key,
        over_reason=form.cleaned_data["over_reason"],
    )  # fmt: skip
