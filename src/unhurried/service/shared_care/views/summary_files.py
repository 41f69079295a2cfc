"""A summary that was sent, as a file: text, paper, FHIR document, message back (COM-1)."""

from __future__ import annotations

import json
from uuid import UUID

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from unhurried.service.accounts.guard import Request, guarded
from unhurried.service.accounts.pages import refused
from unhurried.service.paper import CannotRender
from unhurried.service.patients.access import open_record
from unhurried.service.shared_care.documents.facts import Facts
from unhurried.service.shared_care.documents.fhir import fhir_document
from unhurried.service.shared_care.documents.paper import summary_pdf
from unhurried.service.shared_care.documents.prsb import message_back
from unhurried.service.shared_care.documents.text import plain_text
from unhurried.service.shared_care.queries import summaries as queries

# form in the address: content type, name of the file
FORMS = {
    "text": ("text/plain; charset=utf-8", "summary.txt"),
    "paper": ("application/pdf", "summary.pdf"),
    "fhir": ("application/fhir+json", "summary.fhir.json"),
    "message": ("application/json", "message-back.json"),
}


@require_safe
@guarded("record_summary", "r")
def summary_file(request: Request, uuid: UUID, summary: UUID, form: str) -> HttpResponse:
    """The summary in one of its forms; 404 for another form, and before it was sent."""
    patient = open_record(request.actor, uuid, "record_summary")
    found = queries.summary_of(request.actor, patient, summary)
    if found is None or found.facts is None or form not in FORMS:
        raise Http404
    kind, name = FORMS[form]
    try:
        made = _made(found.facts, form)
    except CannotRender as problem:
        return refused(request, problem)
    how = "inline" if form == "paper" else "attachment"
    headers = {"Content-Disposition": f'{how}; filename="{name}"'}
    return HttpResponse(made, content_type=kind, headers=headers)


def _made(facts: Facts, form: str) -> str | bytes:
    if form == "paper":
        return summary_pdf(facts)
    if form == "text":
        return plain_text(facts)
    made = fhir_document(facts) if form == "fhir" else message_back(facts)
    return json.dumps(made, ensure_ascii=False, indent=2)
