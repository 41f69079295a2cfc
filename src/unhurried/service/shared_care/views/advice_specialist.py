"""What a specialist does with a question: answer, ask back, pass on, or say it is not for them."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from unhurried.service.accounts.guard import Request, guarded
from unhurried.service.accounts.pages import once_key, page
from unhurried.service.patients.conflict import ChangedMeanwhile
from unhurried.service.patients.models import Patient
from unhurried.service.patients.views.common import attempt, posted_version
from unhurried.service.shared_care.forms import advice as given
from unhurried.service.shared_care.models.advice import AdviceRequest
from unhurried.service.shared_care.operations import advice as operations
from unhurried.service.shared_care.queries import advice as queries
from unhurried.service.shared_care.views.advice import opened, shown


def carried_out(
    request: Request, patient: Patient, found: AdviceRequest, name: str, form: forms.Form,
    operation: Callable[[], AdviceRequest], said: str, then: str = "",
) -> HttpResponseBase:  # fmt: skip
    """Do it and go on, or show the question again with what was typed and why not."""
    status = 200
    if form.is_valid():
        try:
            if attempt(form, operation) is not None:
                messages.success(request, said)
                if then:
                    return redirect(then)
                return redirect("shared_care:advice_request", patient.uuid, found.uuid)
        except ChangedMeanwhile:
            form.add_error(
                None,
                "Something happened with this question while you were typing. It is below as it "
                "is now; what you typed is kept. Look, then send again.",
            )
            status = 409
            found.refresh_from_db()
    return shown(request, patient, found, status, **{name: form})


View = Callable[[Request, UUID, UUID], HttpResponseBase]


def keeps_typed(form: type[forms.Form]) -> Callable[[View], View]:
    """For whoever was asked and is not any more, since they began to type: a page that says so,
    with their words to copy, and nothing of the question or the person. For others, as ever."""

    def around(view: View) -> View:
        @wraps(view)
        def act(request: Request, uuid: UUID, request_id: UUID) -> HttpResponseBase:
            try:
                return view(request, uuid, request_id)
            except Http404:
                if not queries.was_asked(request.actor, uuid, request_id):
                    raise
            texts = (
                (str(field.label), request.POST.get(name, ""))
                for name, field in form.base_fields.items()
                if isinstance(field.widget, forms.Textarea)
            )
            context = {"typed": [each for each in texts if each[1].strip()]}
            return page(request, "shared_care/advice_gone.html", context, 409)

        return act

    return around


@require_POST
@guarded("advice_request", "s")
@keeps_typed(given.AnswerForm)
def answer(request: Request, uuid: UUID, request_id: UUID) -> HttpResponseBase:
    """The advice itself. Once answered it is still theirs to read: sent twice, it says so."""
    patient, found = opened(request, uuid, request_id)
    form = given.AnswerForm(request.POST)
    return carried_out(
        request, patient, found, "answer", form,
        lambda: operations.answer(
            by=request.actor, request=found, answer=form.cleaned_data["answer"],
            if_then=form.cleaned_data["if_then"], may_read=form.cleaned_data["may_read"],
            version=posted_version(request), key=once_key(request),
        ),
        "Thank you. Whoever asked sees your advice now; a prescriber decides.",
    )  # fmt: skip


@require_POST
@guarded("advice_request", "s")
@keeps_typed(given.AskBackForm)
def ask_back(request: Request, uuid: UUID, request_id: UUID) -> HttpResponseBase:
    """Something to know first."""
    patient, found = opened(request, uuid, request_id, "s")
    form = given.AskBackForm(request.POST)
    return carried_out(
        request, patient, found, "ask_back", form,
        lambda: operations.ask_back(
            by=request.actor, request=found, text=form.cleaned_data["back"],
            version=posted_version(request), key=once_key(request),
        ),
        "Asked. It waits for them now; your time begins again with their reply.",
    )  # fmt: skip


@require_POST
@guarded("advice_request", "s")
@keeps_typed(given.PassOnForm)
def pass_on(request: Request, uuid: UUID, request_id: UUID) -> HttpResponseBase:
    """To a colleague."""
    patient, found = opened(request, uuid, request_id, "s")
    form = given.PassOnForm(request.POST, colleagues=queries.colleagues_of(found, request.actor))
    return carried_out(
        request, patient, found, "pass_on", form,
        lambda: operations.pass_on(
            by=request.actor, request=found, to=form.colleague, text=form.cleaned_data["words"],
            version=posted_version(request), key=once_key(request),
        ),
        "Passed on. Your colleague sees it now.", "shared_care:advice",
    )  # fmt: skip


@require_POST
@guarded("advice_request", "s")
@keeps_typed(given.NotForMeForm)
def not_for_me(request: Request, uuid: UUID, request_id: UUID) -> HttpResponseBase:
    """Somebody else has to be asked."""
    patient, found = opened(request, uuid, request_id, "s")
    form = given.NotForMeForm(request.POST)
    return carried_out(
        request, patient, found, "not_for_me", form,
        lambda: operations.not_for_me(
            by=request.actor, request=found, because=form.cleaned_data["because"],
            version=posted_version(request), key=once_key(request),
        ),
        "Thank you for saying so. Whoever asked looks for somebody else.", "shared_care:advice",
    )  # fmt: skip
