"""Inviting: choose who, look at each message, approve, print; replies (INV-1 to INV-4)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from unhurried.service.accounts.guard import Request, guarded
from unhurried.service.accounts.pages import once_key, page, refused
from unhurried.service.audit.refused import Refused
from unhurried.service.joining import content, operations, printing, queries
from unhurried.service.joining.forms import CHANNELS, ReasonForm, ReplyForm, VersionForm
from unhurried.service.joining.models import Batch, Invitation
from unhurried.service.joining.operations.invitations import Asked, Prepared
from unhurried.service.joining.rendering import card_pdf, letter_pdf
from unhurried.service.joining.views.shared import add_refusal, pdf, to
from unhurried.service.paper import CannotRender
from unhurried.service.patients.access import open_record
from unhurried.service.patients.queries import banner

LONGEST_WHY = 300
VIEWS = {
    "": "All",
    "ring": "To ring back",
    "open": "Waiting for a reply",
    "no_reply": "No reply",
    "stopped": "Stopped",
    "enrolled": "Joined",
}


@guarded("invitation", "r")
@require_GET
def listed(request: Request) -> HttpResponse:
    """Invitations and what to do next; for a service manager, counts."""
    if request.actor.role == "service_manager":
        return to("invitation_counts")
    view = request.GET.get("view", "")
    view = view if view in VIEWS else ""
    shown = queries.invitations(request.actor, view, request.GET.get("page", 1))
    return page(
        request, "joining/invitations.html",
        {
            "pages": shown, "view": view, "views": VIEWS, "role": request.actor.role,
            "to_do": queries.to_do(request.actor), "batches": queries.batches(request.actor)[:5],
        },
    )  # fmt: skip


@guarded("invitation", "r")
@require_GET
def counts(request: Request) -> HttpResponse:
    """How inviting goes in each practice, as counts."""
    if request.actor.role != "service_manager":
        raise Http404
    rows = queries.invitation_counts(request.actor)
    return page(request, "joining/invitation_counts.html", {"rows": rows})


@guarded("invitation", "c")
@require_http_methods(["GET", "POST"])
def choose(request: Request) -> HttpResponse:
    """Choose who to invite, and how, among those a GP agreed to."""
    left_out: list[Any] = []
    problem, status = "", 200
    if request.method == "POST":
        chosen = queries.chosen_to_invite(request.actor, request.POST.getlist("who"))
        try:
            made = _prepare(request, chosen)
            return _prepared(request, made)
        except Refused as refusal:
            problem = str(refusal)
    shown, count = queries.to_invite(request.actor, request.GET.get("page", 1))
    return page(
        request, "joining/choose.html",
        {
            "pages": shown, "count": count, "channels": CHANNELS, "problem": problem,
            "left_out": left_out, "ticked": request.POST.getlist("who"), "typed": request.POST,
        },
        status=status,
    )  # fmt: skip


def _prepare(request: Request, chosen: list[queries.Waiting]) -> Prepared:
    if not chosen:
        raise Refused("Choose at least one person.")
    practices = {each.practice.pk: each.practice for each in chosen}
    if len(practices) > 1:
        raise Refused("Letters go on one practice's letterhead: choose people of one practice.")
    asked = [
        Asked(
            patient=each.patient, endorsed_by=queries.endorser(each),
            candidate_uuid=each.candidate_uuid, data_as_at=each.data_as_at,
            channel=_channel(request.POST.get(f"how-{each.candidate_uuid}", "")),
        )
        for each in chosen
    ]  # fmt: skip
    (practice,) = practices.values()
    return operations.prepare_invitations(
        by=request.actor, practice=practice, asked=asked, key=once_key(request)
    )


def _channel(text: str) -> str:
    return text if text in dict(CHANNELS) else ""


def _prepared(request: Request, made: Prepared) -> HttpResponse:
    for patient, why in made.left_out:
        messages.warning(request, f"{patient} was left out. {why}")
    assert made.batch is not None  # noqa: S101 - Refused is raised when nobody is left
    return to("batch", made.batch.uuid)


@guarded("invitation", "c")
@require_http_methods(["GET", "POST"])
def reminders(request: Request) -> HttpResponse:
    """Choose whom to remind, among those whose time has come."""
    problem = ""
    if request.method == "POST":
        chosen = queries.chosen_to_remind(request.actor, request.POST.getlist("who"))
        practices = {each.practice_id: each.practice for each in chosen}
        try:
            if len(practices) != 1:
                raise Refused("Choose at least one person, all of one practice.")
            (practice,) = practices.values()
            made = operations.prepare_reminders(
                by=request.actor, practice=practice, invitations=chosen, key=once_key(request)
            )
            return _prepared(request, made)
        except Refused as refusal:
            problem = str(refusal)
    shown = queries.to_remind(request.actor, request.GET.get("page", 1))
    return page(
        request, "joining/reminders.html",
        {"pages": shown, "problem": problem, "ticked": request.POST.getlist("who")},
    )  # fmt: skip


@guarded("invitation", "r")
@require_GET
def batch(request: Request, uuid: UUID) -> HttpResponse:
    """A batch: each message to look at, then approve; afterwards how each one went."""
    found = queries.batch(request.actor, uuid)
    shown = queries.steps_of(request.actor, found, request.GET.get("page", 1))
    return page(
        request, "joining/batch.html",
        {
            "batch": found, "pages": shown, "State": Batch.State,
            "states": queries.states_of(found), "job": queries.job_of(found),
            "messages_by_uuid": queries.messages_for(shown.object_list),
        },
    )  # fmt: skip


@guarded("invitation", "c")
@require_POST
def decide(request: Request, uuid: UUID) -> HttpResponse:
    """Approve a batch, or put it aside."""
    found = queries.batch(request.actor, uuid)
    try:
        if request.POST.get("decision") == "put_aside":
            operations.put_batch_aside(by=request.actor, batch=found, key=once_key(request))
            messages.success(request, "Put aside. Nothing was sent.")
            return to("invitations")
        operations.approve_batch(by=request.actor, batch=found, key=once_key(request))
        messages.success(request, "Approved. Each message is checked once more as it leaves.")
    except Refused as refusal:
        return refused(request, refusal, back=request.path.removesuffix("decide/"))
    return to("batch", found.uuid)


@guarded("invitation", "r")
@require_GET
def print_batch(request: Request, uuid: UUID) -> HttpResponse:
    """The letters of a batch in one document to print, each checked again at this moment."""
    found = queries.batch(request.actor, uuid)
    try:
        made = printing.letters_of(request.actor, found)
    except (Refused, CannotRender) as refusal:
        return refused(request, refusal)
    return pdf(made, "letters.pdf")


@guarded("invitation", "r")
@require_GET
def preview(request: Request, uuid: UUID) -> HttpResponse:
    """One message as it will be read, in words."""
    found = queries.step(request.actor, uuid)
    frozen, code = content.masked(found)
    subject, text = content.text_of(frozen, code)
    return page(
        request, "joining/preview.html",
        {"step": found, "subject": subject, "text": text, "address": frozen.get("address", [])},
    )  # fmt: skip


@guarded("invitation", "r")
@require_GET
def preview_pdf(request: Request, uuid: UUID) -> HttpResponse:
    """One letter as it will be printed."""
    found = queries.step(request.actor, uuid)
    if not found.content or found.channel != "letter":
        raise Http404
    try:
        made = letter_pdf(content.letter_of(*content.masked(found)))
    except CannotRender as problem:
        return refused(request, problem)
    return pdf(made, "letter.pdf")


@guarded("invitation", "r")
@require_GET
def card(request: Request) -> HttpResponse:
    """The card for inviting someone in conversation."""
    try:
        made = card_pdf(*queries.card_of(request.actor))
    except (Refused, CannotRender) as problem:
        return refused(request, problem)
    return pdf(made, "card.pdf")


@guarded("invitation", "c")
@require_http_methods(["GET", "POST"])
def say(request: Request, uuid: UUID) -> HttpResponse:
    """Record that someone was invited in conversation; the card is beside it."""
    patient = open_record(request.actor, uuid, "invitation", "c")
    problem = ""
    if request.method == "POST":
        try:
            made = operations.invite_in_conversation(
                by=request.actor, patient=patient,
                endorsed_by=queries.gp_for(request.actor, patient, request.POST.get("gp", "")),
                again_because=_again_because(request), key=once_key(request),
            )  # fmt: skip
            messages.success(request, "Noted. Record their answer here when you have it.")
            return to("invitation", made.uuid)
        except Refused as refusal:
            problem = str(refusal)
    return page(
        request, "joining/say.html",
        {
            "patient": patient, "banner": banner(patient, request.actor), "problem": problem,
            "gps": queries.gps_of(patient), "card": queries.card_text(request.actor),
            "typed": request.POST, "own": request.actor.membership_id,
        },
    )  # fmt: skip


def _again_because(request: Request) -> str:
    """Why somebody is asked again, as typed. Raises Refused when it is too long to keep."""
    why = request.POST.get("again_because", "").strip()
    if len(why) > LONGEST_WHY:
        raise Refused(f"Say why they are asked again in {LONGEST_WHY} characters at most.")
    return why


@guarded("invitation", "r")
@require_GET
def one(request: Request, uuid: UUID) -> HttpResponse:
    """One invitation: what was sent when, what they replied, what happens next."""
    return _invitation_page(request, queries.invitation(request.actor, uuid))


def _invitation_page(
    request: Request, found: Invitation, *, form: Any = None, status: int = 200
) -> HttpResponse:
    yours = request.actor.role == "patient"
    return page(
        request, "joining/your_invitation.html" if yours else "joining/invitation.html",
        {
            "invitation": found, "messages_by_uuid": queries.messages_of(found),
            "banner": banner(found.patient, request.actor), "role": request.actor.role,
            "form": form if isinstance(form, ReplyForm) else ReplyForm(
                initial={"version": found.version}),
            "problem_form": form, "has_episode": queries.has_episode(found.patient),
        },
        status=status,
    )  # fmt: skip


def _change(request: Request, found: Invitation, form: Any, does: Any) -> HttpResponse:
    if not form.is_valid():
        return _invitation_page(request, found, form=form)
    try:
        does()
    except Refused as refusal:
        status = add_refusal(form, refusal)
        again = queries.invitation(request.actor, found.uuid)
        return _invitation_page(request, again, form=form, status=status)
    return to("invitation", found.uuid)


@guarded("invitation", "c")
@require_POST
def reply(request: Request, uuid: UUID) -> HttpResponse:
    """Record what the person answered."""
    found = queries.invitation(request.actor, uuid, "c")
    form = ReplyForm(request.POST)

    def does() -> None:
        values = form.cleaned_data
        operations.record_reply(
            by=request.actor, invitation=found, reply=values["reply"], how=values["how"],
            ask_again_on=values["ask_again_on"], version=values["version"], key=once_key(request),
        )  # fmt: skip
        messages.success(request, "Noted. Nothing more is sent.")

    return _change(request, found, form, does)


@guarded("invitation", "c")
@require_POST
def rung(request: Request, uuid: UUID) -> HttpResponse:
    """The person has been rung back."""
    found = queries.invitation(request.actor, uuid, "c")
    form = VersionForm(request.POST)

    def does() -> None:
        operations.note_invitation_call(
            by=request.actor, invitation=found, version=form.cleaned_data["version"],
            key=once_key(request),
        )  # fmt: skip
        messages.success(request, "Noted. When you meet, let them join from this page.")

    return _change(request, found, form, does)


@guarded("invitation", "c")
@require_POST
def stop(request: Request, uuid: UUID) -> HttpResponse:
    """Stop an invitation: whatever has not left does not leave."""
    found = queries.invitation(request.actor, uuid, "c")
    form = ReasonForm(request.POST)

    def does() -> None:
        operations.stop_invitation(
            by=request.actor, invitation=found, because=form.cleaned_data["because"],
            version=form.cleaned_data["version"], key=once_key(request),
        )  # fmt: skip
        messages.success(request, "Stopped. Nothing more is sent.")

    return _change(request, found, form, does)
