"""Pages of advice for everybody who may read it: the list, one question, and it on paper."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseBase
from django.views.decorators.http import require_safe

from unhurried.service.accounts.guard import Request, guarded
from unhurried.service.accounts.pages import page, refused
from unhurried.service.audit import clock
from unhurried.service.audit.operations import saw_many
from unhurried.service.paper import CannotRender
from unhurried.service.patients.access import open_record, things_open_to
from unhurried.service.patients.models import Patient
from unhurried.service.patients.queries import banner
from unhurried.service.patients.views.common import page_number
from unhurried.service.shared_care import advice_packs
from unhurried.service.shared_care.advice_mail import specialists_asked
from unhurried.service.shared_care.advice_paper import advice_pdf
from unhurried.service.shared_care.clocks import advice as clocks
from unhurried.service.shared_care.forms import advice as given
from unhurried.service.shared_care.models.advice import AdviceRequest
from unhurried.service.shared_care.queries import advice as queries
from unhurried.service.shared_care.queries.advice_figures import advice_times
from unhurried.service.shared_care.queries.advice_today import as_of_today
from unhurried.service.shared_care.queries.advice_told import own_advice
from unhurried.service.shared_care.rules.advice import NO_LONGER, NOBODY_THERE, shares
from unhurried.service.shared_care.specialists import SPECIALISTS

PER_PAGE = 25
State = AdviceRequest.State
FORMS: dict[str, type[forms.Form]] = {
    "answer": given.AnswerForm, "ask_back": given.AskBackForm, "not_for_me": given.NotForMeForm,
    "reply": given.ReplyForm, "withdraw": given.WithdrawForm,
}  # fmt: skip


@require_safe
@guarded("advice_request", "r")
def everything(request: Request) -> HttpResponse:
    """What waits for the actor's advice, or what they asked; for a manager, that it waits."""
    actor = request.actor
    if actor.role == "patient":
        raise Http404  # theirs is on their own place
    if actor.role == "service_manager":
        waits = list(clocks.seen_by(actor))
        people = [each.patient_id for each in waits if each.patient_id]
        saw_many("advice_request", by=actor, patient_ids=people, note="that it waits")
        context = {"waits": waits, "figures": advice_times(actor.organisation_id or 0)}
        return page(request, "shared_care/advice_waits.html", context)
    asked = request.GET.get("view", "waiting")
    view = asked if asked in queries.VIEWS else "waiting"
    pages = Paginator(queries.listed(actor, view), PER_PAGE).get_page(page_number(request))
    rows = list(pages)
    saw_many("advice_request", by=actor, patient_ids=[each.patient_id for each in rows])
    specialist = actor.role in SPECIALISTS
    context = {
        "lines": lines_of(rows), "pages": pages, "view": view, "specialist": specialist,
        "views": {
            code: words for code, words in queries.VIEWS.items()
            if not specialist or code not in {"to_read", "back"}
        },
    }  # fmt: skip
    return page(request, "shared_care/advice.html", context)


def lines_of(rows: list[AdviceRequest]) -> list[dict[str, Any]]:
    """Each request with what a line of a list says of it."""
    shared, now = queries.still_shared(rows), clock.now()
    return [
        {
            "request": each, "whom": queries.asked_whom(each),
            "late": each.closed_at is None and each.late_from is not None
            and each.late_from <= now,
            "state": each.get_state_display()
            if each.closed_at or each.patient_id in shared
            else "The person does not share any more",
        }
        for each in rows
    ]  # fmt: skip


def about(request: Request, patient: Patient, **more: object) -> dict[str, object]:
    """The context of a page about a person."""
    shown = banner(patient, request.actor)
    return {"patient": patient, "banner": shown, "frame": "patients/about_person.html", **more}


@require_safe
@guarded("advice_request", "r")
def of_person(request: Request, uuid: UUID) -> HttpResponse:
    """Every question asked about one person; for the person, what is awaited and what came."""
    patient = open_record(request.actor, uuid, "advice_request")
    if request.actor.role == "patient":
        context = about(request, patient, told=own_advice(request.actor, patient))
        return page(request, "shared_care/advice_own.html", context)
    rows = queries.requests_of(request.actor, patient)
    context = about(
        request, patient, lines=lines_of(rows), shared=shares(patient),
        may_ask="advice_request" in things_open_to(request.actor, patient, "c"),
    )  # fmt: skip
    return page(request, "shared_care/advice_of_person.html", context)


def opened(
    request: Request, uuid: UUID, number: UUID, action: str = "r"
) -> tuple[Patient, AdviceRequest]:
    """The person and a request about them, for `action`. Raises Http404."""
    patient = open_record(request.actor, uuid, "advice_request", action)
    found = queries.request_of(request.actor, patient, number, action)
    if found is None or request.actor.role == "patient":
        raise Http404
    return patient, found


@require_safe
@guarded("advice_request", "r")
def one(request: Request, uuid: UUID, request_id: UUID) -> HttpResponse:
    """One question: what is asked, what the specialist sees, and what comes next."""
    patient, found = opened(request, uuid, request_id)
    return shown(request, patient, found)


def shown(
    request: Request, patient: Patient, found: AdviceRequest, status: int = 200,
    **filled: forms.Form,
) -> HttpResponse:  # fmt: skip
    """The page of one question, with a form that was filled in and not taken."""
    actor = request.actor
    acts = "advice_request" in things_open_to(actor, patient, "s") and found.state in {
        State.WITH_SPECIALIST, State.ASKED_BACK,
    }  # fmt: skip
    asks = "advice_request" in things_open_to(actor, patient, "u")
    offered: dict[str, forms.Form] = {name: form() for name, form in FORMS.items()}
    offered["pass_on"] = given.PassOnForm(colleagues=queries.colleagues_of(found, actor))
    offered["another"] = given.WhomForm(choices=queries.specialists_now() if asks else [])
    shared, today = shares(patient), as_of_today(actor, found)
    context = about(
        request, patient, advice=found, forms={**offered, **filled}, acts=acts, asks=asks,
        wrong=next((each for each in filled.values() if each.errors), None),
        steps=queries.steps_of(found), whom=queries.asked_whom(found), in_words=queries.in_words,
        today=today, pictures=advice_packs.draw_pack(today.pack),
        pack=advice_packs.readable(today.pack),
        stopped=_stopped(found, shared=shared) if asks and found.closed_at is None else "",
        next_step="" if found.closed_at else clocks.next_step(actor, found, shared=shared),
        late=found.closed_at is None and found.late_from and found.late_from <= clock.now(),
    )  # fmt: skip
    return page(request, "shared_care/advice_request.html", context, status)


def _stopped(found: AdviceRequest, *, shared: bool) -> str:
    """Why an open question comes to nobody, for who asked; "" while somebody can answer it."""
    if not shared:
        return NO_LONGER
    waits = found.state == State.WITH_SPECIALIST
    return NOBODY_THERE if waits and not specialists_asked(found) else ""


@require_safe
@guarded("advice_request", "r")
def paper(request: Request, uuid: UUID, request_id: UUID) -> HttpResponseBase:
    """The question, what the specialist sees, and the answer, on paper."""
    _patient, found = opened(request, uuid, request_id)
    try:
        made = advice_pdf(found, queries.steps_of(found), as_of_today(request.actor, found))
    except CannotRender as problem:
        return refused(request, problem)
    answer = HttpResponse(made, content_type="application/pdf")
    answer["Content-Disposition"] = 'inline; filename="advice.pdf"'
    return answer
