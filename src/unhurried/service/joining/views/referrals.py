"""Referring someone, following a referral, and taking it on (ID-6, ID-7, REF-1)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from unhurried.service.accounts.guard import Request, guarded
from unhurried.service.accounts.pages import once_key, page, refused
from unhurried.service.audit.operations import saw
from unhurried.service.audit.refused import Refused
from unhurried.service.joining import operations, queries
from unhurried.service.joining.forms import PersonForm, ReasonForm, ReferralForm, TakeForm
from unhurried.service.joining.forms import VersionForm as Version
from unhurried.service.joining.medicines import understand_all
from unhurried.service.joining.models import Referral
from unhurried.service.joining.tables import red_flags
from unhurried.service.joining.views.shared import add_refusal, to, uuid_or_none
from unhurried.service.joining.words import look_over_note
from unhurried.service.patients.access import open_record, visible_patients
from unhurried.service.patients.conflict import PerhapsTheSamePerson, UnderAnotherName
from unhurried.service.patients.models import Patient
from unhurried.service.patients.operations import register_patient
from unhurried.service.patients.queries import banner, current_medicines

VIEWS = {
    "waiting": "Waiting for a project worker",
    "mine": "With me",
    "late": "Past the day to ring by",
    "drafts": "Drafts",
    "all": "All",
}


@guarded("referral", "r")
@require_GET
def listed(request: Request) -> HttpResponse:
    """The referrals of one's practice or provider, with what to do next."""
    chosen = request.GET.get("view", "")
    view = chosen if chosen in VIEWS else "all"
    shown = queries.referrals(request.actor, view, request.GET.get("page", 1))
    return page(
        request, "joining/referrals.html",
        {
            "pages": shown, "view": view, "views": _views(request.actor.role),
            "to_do": queries.to_do(request.actor), "role": request.actor.role,
        },
    )  # fmt: skip


def _views(role: str) -> dict[str, str]:
    hidden = {"gp": {"mine"}, "practice_staff": {"mine"}, "patient": set(VIEWS)}
    return {
        name: words
        for name, words in VIEWS.items()
        if name
        not in hidden.get(role, {"drafts"} if role != "service_manager" else {"drafts", "mine"})
    }


@guarded("referral", "c")
@require_http_methods(["GET", "POST"])
def new(request: Request) -> HttpResponse:
    """One short page: who, what, yes; sent to the service or kept as a draft."""
    person = _person(request)
    if request.method == "GET":
        return _form_page(request, person, _fresh_form(person), _person_form(request))
    form = ReferralForm(request.POST)
    person_form = None if person else PersonForm(request.POST)
    if "check" in request.POST:
        form.is_valid()
        return _form_page(request, person, _unchecked(form), person_form, checked=True)
    if not form.is_valid() or (person_form is not None and not person_form.is_valid()):
        return _form_page(request, person, form, person_form)
    try:
        with transaction.atomic():  # nobody is registered by a referral that was not made
            patient = person or _register(request, person_form)
            made = operations.refer(
                by=request.actor, patient=patient, draft=form.cleaned_data["agrees"] != "yes",
                said=form.said(uuid_or_none(request.POST.get("candidate", ""))),
                key=once_key(request),
            )  # fmt: skip
    except Refused as refusal:
        status = add_refusal(form, refusal)
        return _form_page(
            request, person, form, person_form, status=status,
            same=_seen(request, refusal), kept=_under_another_name(request, refusal, person_form),
        )  # fmt: skip
    return to("referral", made.uuid)


def _person(request: Request) -> Patient | None:
    """The person chosen, in the address or the form. Raises Http404 for one not theirs."""
    given = request.POST.get("person") or request.GET.get("person")
    if not given:
        return None
    uuid = uuid_or_none(given)
    if uuid is None:
        raise Http404
    return open_record(request.actor, uuid, "referral", "c")


def _unchecked(form: ReferralForm) -> ReferralForm:
    """The form as typed, without what is still missing: only the medicines were looked at."""
    for name in list(form.errors):
        if name != "medicines":
            del form.errors[name]
    return form


def _fresh_form(person: Patient | None) -> ReferralForm:
    if person is None:
        return ReferralForm()
    draft = queries.draft_of(person)
    if draft is not None:
        return ReferralForm(initial=_from_draft(draft))
    known = current_medicines(person)
    lines = "\n".join(", ".join(filter(None, (each.product, each.directions))) for each in known)
    sedative = any(
        each.drug_class in {"benzodiazepine", "z_drug"} for each in understand_all(lines)
    )
    return ReferralForm(
        initial={"medicines": lines, **({"benzodiazepine": "yes"} if sedative else {})}
    )


def _from_draft(draft: Referral) -> dict[str, Any]:
    lines = [", ".join(filter(None, (m.product, m.directions))) for m in draft.medicines.all()]
    return {
        "medicines": "\n".join(lines), "pain_condition": draft.pain_condition,
        "reason": draft.reason, "concern": draft.concern, "concern_words": draft.concern_words,
        "readiness": draft.readiness, "red_flags": draft.red_flags,
        "benzodiazepine": draft.benzodiazepine,
    }  # fmt: skip


def _person_form(request: Request) -> PersonForm:
    return PersonForm(initial={"nhs_number": request.GET.get("nhs_number", "")[:30]})


def _register(request: Request, form: PersonForm | None) -> Patient:
    assert form is not None  # noqa: S101 - the caller has a person or this form
    values = form.cleaned_data
    return register_patient(
        by=request.actor, practice=queries.own_practice(request.actor),
        given_name=values["given_name"], family_name=values["family_name"],
        date_of_birth=values["date_of_birth"], nhs_number=values["nhs_number"],
        phone=values["phone"], same_person=form.same_person(), key=once_key(request),
    )  # fmt: skip


def _under_another_name(
    request: Request, refusal: Refused, form: PersonForm | None
) -> Patient | None:
    """Who has the number typed, for a GP who may see them; the look is audited."""
    found = refusal.person if isinstance(refusal, UnderAnotherName) else None
    if not isinstance(found, Patient) or form is None:
        return None
    saw("identity", by=request.actor, object_id=found.uuid, patient_id=found.pk)
    if form.cleaned_data["whose"] == "another":
        form.add_error("nhs_number", "This number is not theirs, then: correct it, or leave it out")
    return found


def _seen(request: Request, refusal: Refused) -> list[Patient]:
    """Of the people it may be, those the GP may see."""
    if not isinstance(refusal, PerhapsTheSamePerson):
        return []
    keys = [each.pk for each in refusal.people]
    return list(visible_patients(request.actor, "referral", "c").filter(pk__in=keys).order_by("pk"))


def _form_page(
    request: Request, person: Patient | None, form: ReferralForm, person_form: PersonForm | None,
    *, status: int = 200, checked: bool = False, same: list[Any] | None = None,
    kept: Patient | None = None,
) -> HttpResponse:  # fmt: skip
    text = str(form["medicines"].value() or "")
    draft = queries.draft_of(person) if person else None
    return page(
        request, "joining/refer.html",
        {
            "form": form, "person": person, "person_form": person_form or PersonForm(),
            "banner": banner(person, request.actor) if person else None,
            "lines": understand_all(text)[:20], "checked": checked,
            "same": same or [], "kept": kept,
            "flags": red_flags(), "candidate": request.GET.get("candidate")
            or request.POST.get("candidate", ""),
            "draft": draft,
            "medicines_as_at": queries.medicines_as_at(person) if person and not draft else None,
        },
        status=status,
    )  # fmt: skip


@guarded("referral", "c")
@require_POST
def understand(request: Request) -> HttpResponse:
    """What we make of the medicines typed so far, as a piece of the page."""
    lines = understand_all(request.POST.get("medicines", "")[:16_000])[:20]
    return page(request, "joining/parts/understood.html", {"lines": lines})


@guarded("referral", "r")
@require_GET
def one(request: Request, uuid: UUID) -> HttpResponse:
    """One referral: where it stands, what happens next, what the GP wrote."""
    found = queries.referral(request.actor, uuid)
    return _referral_page(request, found)


def _referral_page(
    request: Request, found: Referral, *, form: Any = None, status: int = 200
) -> HttpResponse:
    mine = request.actor.role == "patient"
    flags = [red_flags()[code] for code in found.red_flags if code in red_flags()]
    may = queries.may_work_on(request.actor)
    return page(
        request, "joining/your_referral.html" if mine else "joining/referral.html",
        {
            "referral": found, "flags": flags, "form": form, "may_work": may,
            "banner": banner(found.patient, request.actor),
            "role": request.actor.role, "workers": queries.workers(found.provider) if may else [],
            "own": request.actor.membership_id, "remarks": look_over_note(found.reason),
            "late": queries.is_late(found),
        },
        status=status,
    )  # fmt: skip


def _change(request: Request, found: Referral, form: Any, does: Any) -> HttpResponse:
    """Do one thing to a referral, or show the page again with the sentence that says no."""
    if not form.is_valid():
        return _referral_page(request, found, form=form)
    try:
        does()
    except Refused as refusal:
        status = add_refusal(form, refusal)
        return _referral_page(
            request, queries.referral(request.actor, found.uuid), form=form, status=status
        )
    return to("referral", found.uuid)


@guarded("referral", "u")
@require_POST
def take(request: Request, uuid: UUID) -> HttpResponse:
    """Take a referral on, or give it to a colleague."""
    found = queries.referral(request.actor, uuid, "u")
    form = TakeForm(request.POST)

    def does() -> None:
        worker = queries.worker(found.provider, form.cleaned_data["worker"])
        operations.take_referral(
            by=request.actor, referral=found, worker=worker,
            version=form.cleaned_data["version"], key=once_key(request),
        )  # fmt: skip
        messages.success(request, f"{worker.user.full_name} will ring the person.")

    return _change(request, found, form, does)


@guarded("referral", "u")
@require_POST
def rung(request: Request, uuid: UUID) -> HttpResponse:
    """The person has been rung."""
    found = queries.referral(request.actor, uuid, "u")
    form = Version(request.POST)

    def does() -> None:
        operations.note_referral_call(
            by=request.actor, referral=found, version=form.cleaned_data["version"],
            key=once_key(request),
        )  # fmt: skip
        messages.success(request, "Noted. When you meet, let them join from this page.")

    return _change(request, found, form, does)


@guarded("referral", "u")
@require_POST
def close(request: Request, uuid: UUID) -> HttpResponse:
    """Close a referral with a reason; the GP is told."""
    return _close(request, queries.referral(request.actor, uuid, "u"))


@guarded("referral", "c")
@require_POST
def withdraw(request: Request, uuid: UUID) -> HttpResponse:
    """A GP takes a draft or a referral back."""
    found = queries.referral(request.actor, uuid, "c")
    if found.state not in {"draft", "sent", "taken"}:
        return refused(request, "This referral is closed already.")
    return _close(request, found)


def _close(request: Request, found: Referral) -> HttpResponse:
    form = ReasonForm(request.POST)

    def does() -> None:
        operations.close_referral(
            by=request.actor, referral=found, because=form.cleaned_data["because"],
            version=form.cleaned_data["version"], key=once_key(request),
        )  # fmt: skip
        messages.success(request, "Closed. They can be referred again whenever they would like.")

    return _change(request, found, form, does)
