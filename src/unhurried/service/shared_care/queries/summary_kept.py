"""The texts typed words are compared with, within the writer's own sight (CON-6)."""

from __future__ import annotations

from dataclasses import dataclass

from unhurried.service.audit.actor import Actor
from unhurried.service.patients.models import Note, Patient
from unhurried.service.patients.queries import current_medicines, visible_notes
from unhurried.service.shared_care.models import RecordSummary
from unhurried.service.shared_care.rules.kept_words import Kept, kept_from
from unhurried.service.shared_care.summary_sources import source_kinds
from unhurried.service.shared_care.summary_tables import codes, fields

Who = Note.Visibility


@dataclass(frozen=True, slots=True)
class KeptFor:
    """What one writer must not repeat, and what they may once the person has heard it."""

    restricted: Kept
    not_shared: Kept


def kept_for(actor: Actor, patient: Patient, known: tuple[str, ...] = ()) -> KeptFor:
    """What this writer could repeat; `known` are the lines taken from the record itself."""
    texts: dict[str, list[str]] = {each: [] for each in Who.values}
    for visibility, text in visible_notes(actor, patient).values_list("visibility", "text"):
        texts[visibility].append(text)
    shared = [*texts[Who.SHARED_WITH_GP], *known, *_about(patient)]
    ordinary: frozenset[str] = frozenset()
    not_shared = texts[Who.ORDINARY]
    for kind in source_kinds():
        not_shared += list(kind.not_shared(actor, patient))
        ordinary |= kind.ordinary()
    return KeptFor(
        kept_from(texts[Who.RESTRICTED], shared, ordinary), kept_from(not_shared, shared, ordinary)
    )


def _about(patient: Patient) -> list[str]:
    """What the practice has anyway: names, medicines, earlier summaries, the words of the form."""
    found = [str(patient), patient.known_as, patient.practice.name]
    found += [f"{each.product} {each.directions}" for each in current_medicines(patient)]
    found += [f"{each.label} {each.hint}" for each in fields().values()]
    for kind in source_kinds():
        found += [each.term for each in codes(kind.kind).values()]
    sent = RecordSummary.objects.filter(patient_id=patient.pk, sent_at__isnull=False)
    for facts in sent.order_by("-sent_at")[:50].values_list("facts", flat=True):
        found += [each["text"] for each in facts.get("lines", ())]
    return found
