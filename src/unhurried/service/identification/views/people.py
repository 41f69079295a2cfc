"""One candidate: their page, a GP's choice, undoing it, what the practice types (ID-5, ID-8)."""

from __future__ import annotations

from uuid import UUID, uuid5

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from unhurried.service.accounts.guard import Request, guarded
from unhurried.service.accounts.pages import once_key, page, refused
from unhurried.service.audit import clock
from unhurried.service.audit.refused import Refused
from unhurried.service.identification import operations, queries, rules
from unhurried.service.identification.forms import (
    ConversationForm,
    DecisionForm,
    DetailsForm,
    PaceForm,
)
from unhurried.service.identification.models import Candidate
from unhurried.service.identification.operations import Decided
from unhurried.service.identification.tables import not_suitable, start_words
from unhurried.service.identification.views.lists import shortlist_context
from unhurried.service.patients.conflict import ChangedMeanwhile

MOST_AT_ONCE = 100


@require_safe
@guarded("candidate", "r")
def person(request: Request, uuid: UUID) -> HttpResponse:
    """Everything known of one candidate, and what was decided."""
    found = queries.candidate(request.actor, uuid)
    if request.actor.role not in rules.PRACTICE_ROLES:
        return page(request, "identification/agreed_person.html", {"person": found})
    return _person(request, found)


def _person(
    request: Request, found: Candidate, form: DecisionForm | None = None,
    sentences: tuple[str, ...] = (), status: int = 200, *, changed: bool = False,
    perhaps: queries.Perhaps | None = None,
) -> HttpResponse:  # fmt: skip
    asked = form or DecisionForm(today=clock.today())
    context = {
        "person": found,
        "form": asked,
        "sentences": sentences,
        "history": queries.history(found),
        "missing": found.missing,
        "decides": request.actor.role == "gp",
        "changed": changed,
        "perhaps": perhaps,
        "last": queries.last_decision(request.actor),
        "reasons": not_suitable(),
    }
    return page(request, "identification/person.html", context, status)


@require_http_methods(["POST"])
@guarded("candidate", "s")
def decide(request: Request, uuid: UUID) -> HttpResponseBase:
    """A GP's choice for one person."""
    found = queries.candidate(request.actor, uuid)
    form = DecisionForm(request.POST, today=clock.today())
    if not form.is_valid():
        return _person(request, found, form)
    try:
        done = operations.decide(
            by=request.actor, candidates={found.uuid: _version(request.POST.get("version", ""))},
            chosen=form.chosen(), key=_key_for(request, found.uuid),
        )  # fmt: skip
    except Refused as refusal:
        return _person(request, found, form, (str(refusal),))
    if done.changed:
        current = queries.candidate(request.actor, uuid)
        return _person(request, current, form, (), 409, changed=True)
    if done.perhaps:
        same = queries.perhaps_the_same(request.actor, done.perhaps)
        return _person(request, found, form, perhaps=same)
    if done.left:
        current = queries.candidate(request.actor, uuid)
        return _person(request, current, form, tuple(words for _, words in done.left))
    return _back(request)


def _key_for(request: Request, person: UUID) -> str:
    """One page holds a form for each person: its key is made theirs."""
    return str(uuid5(UUID(once_key(request)), str(person)))


def _version(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def _back(request: Request) -> HttpResponseBase:
    """To the list somebody came from; never to an address somebody made up."""
    place = request.POST.get("then", "")
    home = reverse("identification:shortlist")
    return redirect(f"{home}?show=all" if place == "all" else home)


@require_http_methods(["POST"])
@guarded("candidate", "s")
def decide_many(request: Request) -> HttpResponseBase:
    """A GP's choice for all the people ticked."""
    form = DecisionForm(request.POST, today=clock.today())
    ticked = _ticked(request.POST.getlist("person"))
    sentences = [] if ticked else ["Tick at least one person first."]
    if len(ticked) > MOST_AT_ONCE:
        sentences = [f"Tick {MOST_AT_ONCE} people at most."]
    done = None
    if not sentences and form.is_valid():
        try:
            done = operations.decide(
                by=request.actor, candidates=ticked, chosen=form.chosen(), key=once_key(request)
            )
        except Refused as refusal:
            sentences = [str(refusal)]
    if done is None:
        sentences += [str(each) for errors in form.errors.values() for each in errors]
        context = shortlist_context(request) | {
            "sentences": sentences, "form": form,
            "ticked": {str(each) for each in ticked},
        }  # fmt: skip
        return page(request, "identification/shortlist.html", context)
    _tell(request, done)
    return _back(request)


def _ticked(values: list[str]) -> dict[UUID, int]:
    """The people ticked, each with the version that was looked at."""
    ticked = {}
    for value in values[: MOST_AT_ONCE + 1]:
        name, _, version = value.partition(":")
        try:
            ticked[UUID(name)] = _version(version)
        except ValueError:
            raise Http404 from None
    return ticked


def _tell(request: Request, done: Decided) -> None:
    for candidate, why in done.left:
        messages.warning(request, f"{candidate}: nothing was decided. {why}")


@require_http_methods(["POST"])
@guarded("candidate", "s")
def undo(request: Request, batch: UUID) -> HttpResponseBase:
    """Put back what stood before."""
    try:
        done = operations.undo(by=request.actor, batch=batch, key=once_key(request))
    except Refused as refusal:
        return refused(request, str(refusal), back=reverse("identification:shortlist"))
    for candidate, why in done.left:
        messages.warning(request, f"{candidate}: not undone. {why}")
    if done.decided:
        count = len(done.decided)
        people = "1 person is" if count == 1 else f"{count} people are"
        messages.success(request, f"Undone: {people} as before.")
    return _back(request)


@require_http_methods(["GET", "HEAD", "POST"])
@guarded("candidate", "r")
def details(request: Request, uuid: UUID) -> HttpResponseBase:
    """Type the name and address of someone whose records carry none."""
    found = _at_practice(request, uuid)
    initial = {name: getattr(found, name) for name in DetailsForm.base_fields}
    form = DetailsForm(request.POST or None, initial=initial, today=clock.today())
    version, status, sentences = found.version, 200, ()
    if request.method == "POST" and form.is_valid():
        version = _version(request.POST.get("version", ""))
        try:
            operations.type_details(
                by=request.actor, candidate=found, version=version, details=form.cleaned_data,
                key=once_key(request),
            )  # fmt: skip
        except ChangedMeanwhile as refusal:
            status, version = 409, found.version
            form.add_error(None, str(refusal))
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("identification:person", found.uuid)
    context = {
        "person": found, "form": form, "version_value": version, "sentences": sentences,
        "both": status == 409,
    }  # fmt: skip
    return page(request, "identification/details.html", context, status)


def _at_practice(request: Request, uuid: UUID) -> Candidate:
    if request.actor.role not in rules.PRACTICE_ROLES:
        raise Http404
    return queries.candidate(request.actor, uuid)


@require_http_methods(["GET", "HEAD", "POST"])
@guarded("candidate", "r")
def conversation(request: Request, uuid: UUID) -> HttpResponseBase:
    """What to say to someone nearing three months, and that it was said."""
    found = _at_practice(request, uuid)
    initial = {"on": clock.today()}
    form = ConversationForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            operations.record_conversation(
                by=request.actor, candidate=found, on=values["on"], how=values["how"],
                note=values["note"], key=once_key(request),
            )  # fmt: skip
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("identification:list", "approaching")
    context = {
        "person": found, "form": form, "to_say": start_words(),
        "said": queries.conversations(found),
    }  # fmt: skip
    return page(request, "identification/conversation.html", context)


@require_http_methods(["POST"])
@guarded("candidate", "s")
def pace(request: Request) -> HttpResponseBase:
    """How many people a week."""
    form = PaceForm(request.POST)
    if form.is_valid():
        operations.set_pace(
            by=request.actor, per_week=form.cleaned_data["per_week"], key=once_key(request)
        )
        return redirect("identification:shortlist")
    sentences = [str(each) for errors in form.errors.values() for each in errors]
    context = shortlist_context(request) | {"pace": form, "sentences": sentences}
    return page(request, "identification/shortlist.html", context)
