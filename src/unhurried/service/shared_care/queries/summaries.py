"""Reads of record summaries, each as its reader may see it (COM-1, CON-6; access row 23).

A GP reads what was sent while the person shares with their practice; when that is over, only the
fact of an alert. The person reads every word that was sent. A summary being written is the project
worker's alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import OuterRef, Q, QuerySet, Subquery

from unhurried.clinical.wording import Finding, check
from unhurried.service.accounts.policy import grant_for
from unhurried.service.audit import clock
from unhurried.service.audit.actor import Actor
from unhurried.service.patients.access import people_around, visible_patients
from unhurried.service.patients.models import Consent, Patient
from unhurried.service.patients.queries import with_a_service
from unhurried.service.shared_care.documents.facts import Facts, unpacked, without_consent
from unhurried.service.shared_care.documents.text import plain_text
from unhurried.service.shared_care.models import RecordSummary
from unhurried.service.shared_care.queries.summary_lines import (
    facts_of,
    kept_lines,
    shares_with_gp,
)
from unhurried.service.shared_care.summary_sources import Handed, ToWrite, source_kind, source_kinds

State = RecordSummary.State
WRITERS = frozenset({"project_worker"})
READS_ALL = WRITERS | {"patient", "clinical_supervisor"}


@dataclass(frozen=True, slots=True)
class Shown:
    """One summary for one reader. `facts` is None while it is being written."""

    row: RecordSummary
    facts: Facts | None
    text: str
    less: bool  # the person stopped sharing: only the fact of an alert is left
    newer: RecordSummary | None  # a later one that corrects it

    @property
    def state(self) -> str:
        """Where it stands, in words."""
        return str(State(self.row.state).label)


def sharing_people() -> QuerySet[Patient]:
    """People whose newest answer about sharing with their GP is a yes that holds today."""
    answers = Consent.objects.filter(
        patient_id=OuterRef("pk"), kind=Consent.Kind.SHARING, party="gp"
    )
    newest = Subquery(answers.order_by("-at", "-pk").values("pk")[:1])
    today = clock.today()
    holding = Consent.objects.filter(
        Q(ends__isnull=True) | Q(ends__gt=today), given=True, withdrawn_at=None
    )
    return Patient.objects.alias(answer=newest).filter(answer__in=holding.values("pk"))


def for_the_practice(rows: QuerySet[RecordSummary]) -> QuerySet[RecordSummary]:
    """Of these, those of which the practice may read anything today."""
    shared = Q(safety=True) | Q(patient__in=sharing_people().values("pk"))
    return rows.exclude(state=State.DRAFT).filter(shared)


def waiting_rows() -> QuerySet[RecordSummary]:
    """Those that wait: sent and not answered, or sent back; not what nobody may read any more."""
    rows = RecordSummary.objects.filter(closed_at=None, sent_at__isnull=False)
    return for_the_practice(rows.filter(state=State.SENT)) | rows.filter(state=State.RETURNED)


def waiting_seen(actor: Actor) -> QuerySet[RecordSummary]:
    """Of those, the ones the actor may know of, oldest first: names only for metadata roles."""
    grant = grant_for(actor.role, "record_summary", "r")
    rows = waiting_rows().select_related("patient__practice", "provider", "sent_by__user")
    rows = rows.order_by("opened_at", "pk")
    if grant is None or grant.scope == "own":
        return rows.none()
    if grant.scope == "metadata":
        people = people_around(actor)
    else:
        people = visible_patients(actor, "record_summary")
    rows = rows.filter(patient__in=people.values("pk"))
    here = with_a_service()
    if actor.role in {"gp", "practice_staff"}:
        return rows.filter(Q(state=State.SENT) | ~Q(patient__in=here))
    rows = rows.filter(provider_id=actor.organisation_id)
    return rows.filter(Q(state=State.SENT) | Q(patient__in=here))


def summaries_of(actor: Actor, patient: Patient) -> QuerySet[RecordSummary]:
    """The person's summaries for this reader, the newest first."""
    rows = RecordSummary.objects.filter(patient_id=patient.pk)
    rows = rows.select_related("sent_by__user", "answered_by__user", "provider", "corrects")
    if not visible_patients(actor, "record_summary").filter(pk=patient.pk).exists():
        return rows.none()
    if actor.role not in READS_ALL:
        rows = for_the_practice(rows)
    if actor.role not in WRITERS:
        rows = rows.exclude(state=State.DRAFT)
    return rows.order_by("-changed_at", "-pk")


def shown(actor: Actor, patient: Patient, rows: list[RecordSummary]) -> list[Shown]:
    """These as the reader may see them, in a number of queries that is constant."""
    less = actor.role not in READS_ALL and not shares_with_gp(patient)
    newer = {
        each.corrects_id: each
        for each in RecordSummary.objects.filter(corrects__in=rows, sent_at__isnull=False)
    }
    found = []
    for row in rows:
        facts = unpacked(row.facts) if row.facts else None
        if facts is not None and less:
            facts = without_consent(facts)
        text = plain_text(facts) if facts else ""
        found.append(Shown(row, facts, text, less, newer.get(row.pk)))
    return found


def summary_of(actor: Actor, patient: Patient, uuid: UUID) -> Shown | None:
    """This one, when it is this person's and the reader may see any of it."""
    row = summaries_of(actor, patient).filter(uuid=uuid).first()
    return shown(actor, patient, [row])[0] if row else None


@dataclass(frozen=True, slots=True)
class Preview:
    """A summary being written as the GP will see it, and what could be said more kindly."""

    text: str
    findings: tuple[Finding, ...]


def preview(actor: Actor, patient: Patient, row: RecordSummary) -> Preview | None:
    """What would go now; None when what it is about cannot be opened."""
    handed = handed_in(actor, patient, row.source_kind, row.source_id)
    if handed is None:
        return None
    lines = kept_lines(row)
    text = plain_text(facts_of(actor, row, patient, handed, lines))
    typed = "\n".join(each.text for each in lines.values() if each.goes)
    return Preview(text, tuple(check(typed, kind="free_text")))


def handed_in(actor: Actor, patient: Patient, kind: str, uuid: UUID) -> Handed | None:
    """What a step hands in, when the kind is known and the actor may read it."""
    known = source_kind(kind)
    return known.find(actor, patient, uuid) if known else None


def draft_of(kind: str, uuid: UUID) -> RecordSummary | None:
    """The one being written about this, if any."""
    rows = RecordSummary.objects.filter(source_kind=kind, source_id=uuid, state=State.DRAFT)
    return rows.select_related("corrects").first()


@dataclass(frozen=True, slots=True)
class About:
    """Where the summary of one thing stands, for that thing's own page."""

    state: str
    uuid: UUID
    sent_at: datetime | None


def about_source(actor: Actor, patient: Patient, kind: str, uuid: UUID) -> About | None:
    """The newest summary of this thing the reader may see."""
    rows = summaries_of(actor, patient).filter(source_kind=kind, source_id=uuid)
    row = rows.order_by("-opened_at", "-pk").first()
    return About(str(State(row.state).label), row.uuid, row.sent_at) if row else None


def to_write(actor: Actor) -> list[ToWrite]:
    """What no summary was sent of yet, the oldest first, for whoever writes them."""
    if actor.role not in WRITERS:
        return []
    return sorted(
        (each for kind in source_kinds() for each in kind.to_write(actor)),
        key=lambda one: (one.at, str(one.uuid)),
    )


@dataclass(frozen=True, slots=True)
class ToDo:
    """Counts for the first page."""

    to_write: int
    to_file: int
    sent_back: int


def to_do(actor: Actor) -> ToDo:
    """How many wait for this actor, and for what."""
    waits = list(waiting_seen(actor).values_list("state", flat=True))
    if actor.role in {"gp", "practice_staff"}:
        return ToDo(0, len(waits), 0)
    return ToDo(len(to_write(actor)), waits.count(State.SENT), waits.count(State.RETURNED))
