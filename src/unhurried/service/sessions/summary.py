"""What a session hands in for the GP record, and what of it is not for the GP (COM-1, CON-6).

Facts are the day, the place, who, and the next meeting. Words are taken only from the note shared
with the GP; what was done comes from the catalogue. Next steps were written for the two who met:
they are offered to the writer and go only when ticked.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from functools import cache
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from unhurried.service.audit import clock
from unhurried.service.audit.actor import Actor
from unhurried.service.patients.access import things_open_to, visible_patients
from unhurried.service.patients.models import Note, Patient
from unhurried.service.patients.queries import visible_notes
from unhurried.service.planning.queries import conversation
from unhurried.service.sessions import library, times
from unhurried.service.sessions.models import Attendee, Session
from unhurried.service.sessions.queries.appointments import coming
from unhurried.service.sessions.queries.sessions import (
    component_codes,
    component_names,
    session_of,
)
from unhurried.service.sessions.tables import places
from unhurried.service.shared_care.models import RecordSummary
from unhurried.service.shared_care.queries.summaries import sharing_people
from unhurried.service.shared_care.rules.kept_words import words_of
from unhurried.service.shared_care.summary_sources import Handed, SourceKind, ToWrite, hands_in
from unhurried.service.shared_care.summary_tables import limit
from unhurried.service.worksheets.models import Line, Worksheet

KIND = "session"
SETTINGS = {"home": "HH", "phone": "VR", "video": "VR"}  # else ambulatory


def handed_in(actor: Actor, patient: Patient, uuid: UUID) -> Handed | None:
    """The session for its summary; None when it is not this person's."""
    session = session_of(patient, uuid)
    if session is None:
        return None
    place, called = places().get(session.place), component_names(session.episode.provider_id)
    by = place.by if place else ""
    seen = [session.when, by, f"with {session.worker.user.full_name} (project worker)"]
    if session.minutes:
        seen.append(times.length(session.minutes))
    following = coming(patient).first()
    done = [called.get(code, code) for code in component_codes(session)]
    return Handed(
        kind=KIND, uuid=session.uuid, what=f"session {by}".strip(), at=session.at,
        minutes=session.minutes, setting=SETTINGS.get(session.place, "AMB"),
        seen=", ".join(filter(None, seen)), next_meeting=following.when if following else "",
        words={
            "worked_on": "; ".join(done), "said": _said(actor, patient, session),
            "chose_next": session.next_steps,
        },
    )  # fmt: skip


def _said(actor: Actor, patient: Patient, session: Session) -> str:
    """The session's note where it was shared with the GP."""
    notes = visible_notes(actor, patient).filter(visibility=Note.Visibility.SHARED_WITH_GP)
    note = notes.filter(pk=session.note_id or 0).first()
    return note.text if note else ""


def to_write(actor: Actor) -> list[ToWrite]:
    """The worker's own sessions of the last weeks without a summary, where the person shares."""
    since = clock.now() - timedelta(days=limit("offered_days"))
    of_session = RecordSummary.objects.filter(source_kind=KIND, source_id=OuterRef("uuid"))
    draft = of_session.filter(state=RecordSummary.State.DRAFT)
    people = visible_patients(actor, "record_summary", "c").filter(
        pk__in=sharing_people().values("pk")
    )
    rows = Session.objects.filter(
        Q(at__gte=since) | Exists(draft),  # what was begun stays until it goes
        ~Exists(of_session.exclude(state=RecordSummary.State.DRAFT)),
        worker_id=actor.membership_id or 0, patient__in=people.values("pk"),
    ).annotate(begun=Exists(draft))  # fmt: skip
    return [
        ToWrite(each.patient, KIND, each.uuid, each.at, each.begun)
        for each in rows.select_related("patient").order_by("at", "pk")
    ]


def not_shared(actor: Actor, patient: Patient) -> Iterable[str]:
    """What the person said in the conversation and on worksheets, and what must not be spoken of
    before those who came along: none of it shared with the GP as it stands."""
    seen = things_open_to(actor, patient)
    if "assessment" in seen:
        talk = conversation(patient)
        for part in talk.parts:
            if part.said is not None:
                yield from (part.said.words, part.said.left_out_words)
        if talk.benefit is not None:
            yield from (talk.benefit.wants, talk.benefit.words)
    if "worksheet" in seen:
        sheets = Worksheet.objects.filter(patient_id=patient.pk)
        yield from sheets.exclude(what_i_make="").values_list("what_i_make", flat=True)
        lines = Line.objects.filter(worksheet__in=sheets.values("pk")).exclude(happening="")
        yield from lines.values_list("happening", flat=True)
    if "session" in seen:
        there = Attendee.objects.filter(session__patient_id=patient.pk).exclude(limits="")
        yield from there.values_list("limits", flat=True)


@cache
def ordinary() -> frozenset[str]:
    """The words of the library's own pages: they give nothing away about anybody."""
    return frozenset(
        word for each in library.resources() for word in words_of(f"{each.title} {each.body}")
    )


hands_in(SourceKind(KIND, "a session", handed_in, to_write, not_shared, ordinary))
