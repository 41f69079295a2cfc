"""Reads of sessions, each as its reader may see it (SES-1, CON-5, CON-6).

A project worker reads all but restricted notes that are not theirs; a GP the day, the kind and
the summary shared with them; the person and their carers what was shared with them. Of a
restricted note nobody else learns even that it is there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from unhurried.service.audit.actor import Actor
from unhurried.service.patients.access import visible_patients
from unhurried.service.patients.models import Note, Patient, SafetyAlert
from unhurried.service.patients.queries import Written, beside_corrections, visible_notes
from unhurried.service.sessions.models import (
    Attendee,
    Component,
    Correction,
    ResourceGiven,
    Session,
)
from unhurried.service.sessions.tables import first_components, leavings, names, places

READS_ALL = frozenset({"project_worker", "clinical_supervisor"})


@dataclass(frozen=True, slots=True)
class Kind:
    """A component as forms and pages show it."""

    code: str
    name: str
    hint: str
    offered: bool
    version: int  # 0 while the service has not begun a catalogue of its own


def catalogue(provider_id: int | None) -> list[Kind]:
    """The service's components in their order; the shipped ones while it has none of its own."""
    rows = Component.objects.filter(provider_id=provider_id or 0).order_by("place", "pk")
    own = [Kind(row.code, row.name, row.hint, row.offered, row.version) for row in rows]
    return own or [Kind(each.code, each.name, each.hint, True, 0) for each in first_components()]


def component_names(provider_id: int | None) -> dict[str, str]:
    """The name of each component by its code."""
    return {each.code: each.name for each in catalogue(provider_id)}


def reads_all(actor: Actor) -> bool:
    """Does this role read a session's whole record?"""
    return actor.role in READS_ALL


def sessions_of(patient: Patient) -> QuerySet[Session]:
    """The person's sessions, the newest first."""
    rows = Session.objects.filter(patient_id=patient.pk).order_by("-at", "-pk")
    return rows.select_related("worker__user", "episode")


@dataclass(frozen=True, slots=True)
class Seen:
    """A session as one reader sees it; what they may not read is empty."""

    session: Session
    kind: str  # "Session by phone"
    written: Written | None  # the note, with what corrects it
    components: tuple[str, ...]
    resources: tuple[str, ...]
    attendees: tuple[Attendee, ...]
    corrections: tuple[Correction, ...]
    leaving: str
    believed: str
    next_steps: str
    whole: bool  # the reader's role reads the whole record

    @property
    def note(self) -> Note | None:
        """The note alone."""
        return self.written.note if self.written else None

    @property
    def with_whom(self) -> str:
        """The project worker's name."""
        return self.session.worker.user.full_name


def as_seen(actor: Actor, patient: Patient, rows: Iterable[Session]) -> list[Seen]:
    """These sessions as the actor may see them, in a number of queries that is constant."""
    found = list(rows)
    pks = [each.pk for each in found]
    whole = reads_all(actor)
    wanted = [each.note_id for each in found if each.note_id]
    readable = visible_notes(actor, patient).filter(pk__in=wanted)
    notes = {each.note.pk: each for each in beside_corrections(actor, patient, readable)}
    if not whole:
        return [_seen(each, notes.get(each.note_id or 0), {}, {}, {}, {}) for each in found]
    called = component_names(found[0].episode.provider_id if found else None)
    done: dict[int, list[str]] = {}
    rows_done = Session.objects.filter(pk__in=pks, components__taken_out_by=None)
    for pk, code in rows_done.order_by("components__pk").values_list("pk", "components__code"):
        if code:
            done.setdefault(pk, []).append(called.get(code, code))
    given = _by_session(ResourceGiven.objects.filter(session__in=pks).order_by("pk"))
    there = _by_session(Attendee.objects.filter(session__in=pks).order_by("pk"))
    corrected = _by_session(
        Correction.objects.filter(session__in=pks).select_related("by__user").order_by("at", "pk")
    )
    return [
        _seen(each, notes.get(each.note_id or 0), done, given, there, corrected, whole=True)
        for each in found
    ]


def _by_session(rows: Iterable[object]) -> dict[int, list[object]]:
    found: dict[int, list[object]] = {}
    for row in rows:
        found.setdefault(row.session_id, []).append(row)  # type: ignore[attr-defined]
    return found


def _seen(
    session: Session, written: Written | None, done: Mapping[int, list[str]],
    given: Mapping[int, list[object]], there: Mapping[int, list[object]],
    corrected: Mapping[int, list[object]], *, whole: bool = False,
) -> Seen:  # fmt: skip
    place, left = places().get(session.place), leavings().get(session.leaving)
    return Seen(
        session=session,
        kind=f"Session {place.by}" if place else "Session",
        written=written,
        components=tuple(done.get(session.pk, ())),
        resources=tuple(each.title for each in given.get(session.pk, ())),  # type: ignore[attr-defined]
        attendees=tuple(there.get(session.pk, ())),  # type: ignore[arg-type]
        corrections=tuple(corrected.get(session.pk, ())),  # type: ignore[arg-type]
        leaving=left.name if left and whole else "",
        believed=names("believed").get(session.believed, "") if whole else "",
        next_steps=session.next_steps if whole else "",
        whole=whole,
    )


def session_of(patient: Patient, uuid: UUID) -> Session | None:
    """This session, when it is this person's."""
    return sessions_of(patient).filter(uuid=uuid).first()


def component_codes(session: Session) -> list[str]:
    """What was done in it, corrections applied."""
    rows = session.components.filter(taken_out_by=None).order_by("pk")
    return list(rows.values_list("code", flat=True))


def recaps(actor: Actor, patient: Patient) -> QuerySet[Session]:
    """Sessions of which something was written to take home, for the person, or for a carer."""
    rows = sessions_of(patient).exclude(recap="")
    if not visible_patients(actor, "session").filter(pk=patient.pk).exists():
        return rows.none()
    return rows.filter(recap_for_carers=True) if actor.role == "carer" else rows


def resources_given(patient: Patient) -> QuerySet[ResourceGiven]:
    """What the person was given, the newest first."""
    rows = ResourceGiven.objects.filter(patient_id=patient.pk)
    return rows.select_related("given_by__user").order_by("-given_at", "-pk")


def resource_given(patient: Patient, uuid: UUID) -> ResourceGiven | None:
    """This one, when it was given to this person."""
    return resources_given(patient).filter(uuid=uuid).first()


def alert_from(session: Session) -> SafetyAlert | None:
    """The open safety alert that how the person left called for; None when it called for none."""
    left = leavings().get(session.leaving)
    if left is None or not left.alert:
        return None
    rows = SafetyAlert.objects.filter(patient_id=session.patient_id, closed_at=None)
    return rows.filter(kind=left.alert).order_by("pk").last()
