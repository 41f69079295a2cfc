"""Wording: read, written, approved by a GP, complained about; the settings for inviting (INV-5)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from unhurried.service.accounts.guard import Request, guarded
from unhurried.service.accounts.pages import once_key, page, refused
from unhurried.service.audit.refused import Refused
from unhurried.service.joining import content, operations, queries, rules
from unhurried.service.joining.forms import (
    KINDS,
    AnswerForm,
    ComplaintForm,
    SettingsForm,
    WordingForm,
)
from unhurried.service.joining.markdown import parse
from unhurried.service.joining.models import Wording
from unhurried.service.joining.rendering import card_pdf, letter_pdf
from unhurried.service.joining.tables import placeholders
from unhurried.service.joining.views.shared import add_refusal, pdf, to, with_value
from unhurried.service.joining.words import look_over, reading_age
from unhurried.service.paper import CannotRender
from unhurried.service.patients.conflict import ChangedMeanwhile

LETTERS = frozenset({"invitation", "reminder_1", "reminder_2", "welcome"})


@guarded("letter_template", "r")
@require_GET
def listed(request: Request) -> HttpResponse:
    """Every text: its newest version, who approved it, what people said about it."""
    return page(
        request, "joining/wordings.html",
        {
            "rows": queries.wordings(request.actor), "role": request.actor.role,
            "complaints": queries.complaints(request.actor)[:25],
        },
    )  # fmt: skip


def _kind(kind: str) -> str:
    if kind not in KINDS:
        raise Http404
    return kind


@guarded("letter_template", "r")
@require_GET
def one(request: Request, kind: str) -> HttpResponse:
    """One text as it reads, its remarks, its versions."""
    return _one(request, kind)


def _one(request: Request, kind: str, *, problem: str = "", status: int = 200) -> HttpResponse:
    versions = queries.wording(request.actor, _kind(kind))
    newest = versions[0]
    approvals = list(newest.approvals.all())
    practice = request.actor.organisation_id
    return page(
        request, "joining/wording.html",
        {
            "newest": newest, "versions": versions, "role": request.actor.role,
            "blocks": parse(newest.body), "problem": problem,
            "remarks": look_over(kind, newest.subject, newest.body),
            "reading_age": reading_age(newest.body),
            "approved": any(each.practice_id == practice for each in approvals),
            "approvals": approvals, "complaint_form": ComplaintForm(),
            "pdf": kind in LETTERS or kind == Wording.Kind.SCRIPT_CARD,
        },
        status=status,
    )  # fmt: skip


@guarded("letter_template", "u")
@require_http_methods(["GET", "POST"])
def edit(request: Request, kind: str) -> HttpResponse:
    """Write a new version; the check explains what could hurt, and blocks it."""
    newest = queries.wording(request.actor, _kind(kind))[0]
    if request.method == "GET":
        form = WordingForm(
            initial={
                "based_on": newest.number, "language": newest.language,
                "subject": newest.subject, "body": newest.body,
            }
        )  # fmt: skip
        return _edit_page(request, newest, form)
    form = WordingForm(request.POST)
    if not form.is_valid():
        return _edit_page(request, newest, form)
    if "check" in request.POST:
        return _edit_page(request, newest, form)
    values = form.cleaned_data
    try:
        operations.save_wording(
            by=request.actor, provider=newest.provider, kind=kind, subject=values["subject"],
            body=values["body"], based_on=values["based_on"], language=values["language"],
            key=once_key(request),
        )  # fmt: skip
    except ChangedMeanwhile as refusal:
        status = add_refusal(form, refusal)
        form.data = with_value(form, "based_on", newest.number)
        return _edit_page(request, newest, form, other=newest, status=status)
    except Refused as refusal:
        return _edit_page(request, newest, form, status=add_refusal(form, refusal))
    messages.success(request, "Saved as a new version. It is used once a GP has approved it.")
    return to("wording", kind)


def _edit_page(
    request: Request, newest: Wording, form: WordingForm, *, other: Wording | None = None,
    status: int = 200,
) -> HttpResponse:  # fmt: skip
    subject = str(form["subject"].value() or "")
    body = str(form["body"].value() or "")[:8_000]
    return page(
        request, "joining/edit_wording.html",
        {
            "newest": newest, "form": form, "other": other, "placeholders": placeholders(),
            "remarks": look_over(newest.kind, subject, body), "reading_age": reading_age(body),
            "blocks": parse(body),
        },
        status=status,
    )  # fmt: skip


@guarded("letter_template", "s")
@require_POST
def approve(request: Request, kind: str) -> HttpResponse:
    """A GP approves the version they have read, for their practice."""
    versions = queries.wording(request.actor, _kind(kind))
    number = request.POST.get("number", "")
    found = next((each for each in versions if str(each.number) == number), None)
    if found is None:
        raise Http404
    try:
        operations.approve_wording(by=request.actor, wording=found, key=once_key(request))
    except ChangedMeanwhile as refusal:
        return _one(request, kind, problem=str(refusal), status=409)
    except Refused as refusal:
        return _one(request, kind, problem=str(refusal))
    messages.success(request, "Approved for your practice, in your name.")
    return to("wording", kind)


@guarded("letter_template", "c")
@require_POST
def begin(request: Request) -> HttpResponse:
    """Begin with our wording, where there is none yet."""
    provider = queries.provider_for(request.actor)
    operations.begin_with_first_wording(by=request.actor, provider=provider)
    return to("wordings")


@guarded("letter_template", "r")
@require_POST
def complain(request: Request, kind: str) -> HttpResponse:
    """Log what somebody said about the wording."""
    versions = queries.wording(request.actor, _kind(kind))
    number = request.POST.get("number", "")
    found = next((each for each in versions if str(each.number) == number), None)
    form = ComplaintForm(request.POST)
    if found is None:
        raise Http404
    if not form.is_valid():
        return _one(request, kind, problem="Write down what they said.")
    operations.log_complaint(
        by=request.actor, wording=found, text=form.cleaned_data["text"], key=once_key(request)
    )
    messages.success(request, "Thank you. The service manager sees it with this version.")
    return to("wording", kind)


@guarded("letter_template", "u")
@require_POST
def answer(request: Request, uuid: UUID) -> HttpResponse:
    """Write what was done about a complaint."""
    found = queries.complaints(request.actor).filter(uuid=uuid).first()
    if found is None:
        raise Http404
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return refused(request, "Say what was done.")
    operations.answer_complaint(
        by=request.actor, complaint=found, done=form.cleaned_data["done"], key=once_key(request)
    )
    return to("wordings")


@guarded("letter_template", "r")
@require_GET
def example(request: Request, kind: str) -> HttpResponse:
    """The newest version as a letter to nobody."""
    newest = queries.wording(request.actor, _kind(kind))[0]
    practice = queries.example_practice(request.actor, newest.provider)
    frozen = content.example(newest, practice, newest.provider)
    frozen["large_print"] = request.GET.get("print") == "large"
    try:
        if kind in LETTERS:
            return pdf(letter_pdf(content.letter_of(frozen, "2346-789C-DFGH")), "example.pdf")
        letter = content.letter_of(frozen, "2346-789C-DFGH")
        return pdf(card_pdf(letter["subject"], letter["blocks"], practice.name), "example.pdf")
    except CannotRender as problem:
        return refused(request, problem)


@guarded("letter_template", "u")
@require_http_methods(["GET", "POST"])
def settings(request: Request) -> HttpResponse:
    """How many reminders, when, and how old records may be."""
    provider = queries.provider_for(request.actor)
    saved = rules.settings_of(provider.pk)
    if request.method == "GET":
        return _settings_page(request, SettingsForm(initial=SettingsForm.values_of(saved)))
    form = SettingsForm(request.POST)
    if not form.is_valid():
        return _settings_page(request, form)
    changes: dict[str, Any] = dict(form.cleaned_data)
    version = changes.pop("version")
    try:
        operations.change_settings(
            by=request.actor, provider=provider, version=version, changes=changes,
            key=once_key(request),
        )  # fmt: skip
    except ChangedMeanwhile as refusal:
        status = add_refusal(form, refusal)
        form.data = with_value(form, "version", rules.settings_of(provider.pk).version)
        return _settings_page(request, form, other=rules.settings_of(provider.pk), status=status)
    except Refused as refusal:
        return _settings_page(request, form, status=add_refusal(form, refusal))
    messages.success(request, "Saved. It holds for what is prepared from now on.")
    return to("wordings")


def _settings_page(
    request: Request, form: SettingsForm, *, other: object = None, status: int = 200
) -> HttpResponse:
    return page(request, "joining/settings.html", {"form": form, "other": other}, status=status)
