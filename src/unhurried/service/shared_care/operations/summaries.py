"""Writing, sending and answering a record summary: once sent it never changes (COM-1, SHC-1)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from unhurried.service.accounts.models import Organisation
from unhurried.service.audit import clock
from unhurried.service.audit.actor import Actor
from unhurried.service.audit.operations import write
from unhurried.service.audit.refused import Refused
from unhurried.service.patients.conflict import ChangedMeanwhile
from unhurried.service.patients.models import Patient
from unhurried.service.shared_care.documents.facts import packed
from unhurried.service.shared_care.documents.text import plain_text
from unhurried.service.shared_care.models import RecordSummary
from unhurried.service.shared_care.queries.summary_kept import kept_for
from unhurried.service.shared_care.queries.summary_lines import (
    facts_of,
    kept_lines,
    shares_with_gp,
    taken,
)
from unhurried.service.shared_care.rules import summaries as rules
from unhurried.service.shared_care.rules.summaries import Line
from unhurried.service.shared_care.summary_sources import Handed, source_kind
from unhurried.service.shared_care.summary_tables import fields
from unhurried.service.shared_care.times import (
    start,
)

State = RecordSummary.State
KIND = "summary"
WAITS = (State.SENT, State.RETURNED)


def save_summary(
    *, by: Actor, patient: Patient, handed: Handed, lines: Mapping[str, Line],
    codes: Sequence[str] = (), heard: bool = False, version: int = 0, key: str = "",
) -> RecordSummary:  # fmt: skip
    """The summary as filled in, kept until it is sent; `version` is 0 for a new one.

    Lines nobody types are taken from the record, whatever is handed in for them but the tick.
    Raises ChangedMeanwhile when somebody else saved it first.
    """
    sent = sorted((code, each.text, each.goes) for code, each in lines.items())
    body = (patient.pk, handed.kind, handed.uuid, sent, list(codes), heard, version)
    with write("shared_care.summary_saved", by=by, key=key, body=body) as doing:
        if doing.replay_of:
            return RecordSummary.objects.get(pk=doing.replay_of)
        member = rules.check_writer(by)
        filled = _filled(patient, handed, lines)
        chosen = list(dict.fromkeys(codes))
        rules.check_lines(filled, chosen, handed.kind)
        rules.check_consent(filled, chosen, shares=shares_with_gp(patient))
        _check_nothing_kept(by, patient, filled, heard=heard)
        row = _being_written(handed, version) or RecordSummary(
            patient=patient, practice_id=patient.practice_id,
            provider=Organisation.objects.get(pk=by.organisation_id or 0), source_kind=handed.kind,
            source_id=handed.uuid, opened_at=clock.now(), written_by_id=member, version=0,
            corrects=_newest_sent(handed),
        )  # fmt: skip
        row.lines = {c: {"text": each.text, "goes": each.goes} for c, each in filled.items()}
        row.codes, row.heard, row.changed_at = chosen, heard, clock.now()
        row.version += 1
        row.save()
        doing.about(row, patient_id=patient.pk)
    return row


def _filled(patient: Patient, handed: Handed, lines: Mapping[str, Line]) -> dict[str, Line]:
    """Every field: typed words as typed, the others as known now."""
    known = taken(patient, handed)
    found = {}
    for code, field in fields().items():
        given = lines.get(code, Line("", goes=False))
        found[code] = Line(given.text if field.typed else known[code], given.goes)
    return found


def _check_nothing_kept(
    by: Actor, patient: Patient, lines: Mapping[str, Line], *, heard: bool
) -> None:
    known = tuple(line.text for code, line in lines.items() if not fields()[code].typed)
    kept = kept_for(by, patient, known)
    rules.check_nothing_kept(lines, kept.restricted, kept.not_shared, heard=heard)


def _being_written(handed: Handed, version: int) -> RecordSummary | None:
    """The draft, locked; None when there is none and none was expected."""
    rows = RecordSummary.objects.filter(
        source_kind=handed.kind, source_id=handed.uuid, state=State.DRAFT
    )
    found = rows.select_for_update(of=("self",)).first()
    if found is None and version:
        raise Refused("This summary was sent meanwhile. To change something, write a new one.")
    if found is not None and found.version != version:
        raise ChangedMeanwhile(found)
    return found


def _newest_sent(handed: Handed) -> RecordSummary | None:
    rows = RecordSummary.objects.filter(source_kind=handed.kind, source_id=handed.uuid)
    return rows.exclude(state=State.DRAFT).order_by("-sent_at", "-pk").first()


def _locked(row: RecordSummary) -> RecordSummary:
    rows = RecordSummary.objects.select_related("patient__practice", "provider", "corrects")
    return rows.select_for_update(of=("self",)).get(pk=row.pk)


def send_summary(
    *, by: Actor, summary: RecordSummary, version: int, key: str = ""
) -> RecordSummary:
    """Send it to the practice; from now its clock runs. What it corrects waits no longer.

    Refused when what is known changed since it was filled in: then it is looked at again.
    """
    with write("shared_care.summary_sent", by=by, key=key, body=(summary.pk, version)) as doing:
        current = _locked(summary)
        if doing.replay_of:
            return current
        member = rules.check_writer(by)
        if current.state == State.DRAFT and current.version != version:
            raise ChangedMeanwhile(current)
        patient, lines = current.patient, kept_lines(current)
        kind = source_kind(current.source_kind)
        handed = kind.find(by, patient, current.source_id) if kind else None
        if handed is None:
            raise Refused("What this summary is about cannot be opened any more.")
        facts = facts_of(by, current, patient, handed, lines)
        rules.check_may_send(current, plain_text(facts), lines)
        rules.check_consent(lines, current.codes, shares=shares_with_gp(patient))
        _check_nothing_kept(by, patient, lines, heard=current.heard)
        _check_still_so(lines, taken(patient, handed))
        current.facts, current.state = packed(facts), State.SENT
        current.safety = any(fields()[each.code].without_consent for each in facts.lines)
        current.sent_by_id, current.sent_at = member, clock.now()
        current.practice_id = patient.practice_id
        start(current, KIND, clock.now())
        current.version += 1
        current.save()
        _close_corrected(current)
        doing.about(current, patient_id=patient.pk)
    return current


def _check_still_so(lines: Mapping[str, Line], known: Mapping[str, str]) -> None:
    """Refuse facts that are not so any more; a new alert counts, ticked or not."""
    for code, text in known.items():
        line = lines.get(code)
        looked = line is not None and (line.goes or code == "safety")
        if line is not None and looked and line.text != text:
            raise Refused(
                f"What is known has changed since you looked: “{fields()[code].label}”. Open the "
                "words again and save them; then it can go."
            )


def _close_corrected(newer: RecordSummary) -> None:
    """What waited and is corrected by this waits no longer; what is on the record stays so."""
    older = RecordSummary.objects.filter(pk=newer.corrects_id or 0, state__in=WAITS)
    for each in older.select_for_update(of=("self",)):
        each.state, each.closed_at = State.CORRECTED, clock.now()
        each.version += 1
        each.save()


def file_summary(*, by: Actor, summary: RecordSummary, key: str = "") -> RecordSummary:
    """The practice put it on the person's record."""
    with write("shared_care.summary_filed", by=by, key=key, body=summary.pk) as doing:
        current = _locked(summary)
        if doing.replay_of:
            return current
        current.answered_by_id = rules.check_may_answer(by, current)
        current.answered_at = current.closed_at = clock.now()
        current.state = State.FILED
        current.version += 1
        current.save()
        doing.about(current, patient_id=current.patient_id)
    return current


def return_summary(
    *, by: Actor, summary: RecordSummary, because: str, key: str = ""
) -> RecordSummary:
    """The practice sends it back, and why: from now it waits for the project worker."""
    body = (summary.pk, because)
    with write("shared_care.summary_returned", by=by, key=key, body=body) as doing:
        current = _locked(summary)
        if doing.replay_of:
            return current
        member = rules.check_may_answer(by, current)
        rules.check_somebody_there(current)
        rules.check_because(because)
        current.answered_by_id, current.answered_at = member, clock.now()
        current.state, current.returned_because = State.RETURNED, because.strip()
        current.reminded = ""
        start(current, KIND, clock.now())
        current.version += 1
        current.save()
        doing.about(current, patient_id=current.patient_id)
    return current


def leave_summary(
    *, by: Actor, summary: RecordSummary, because: str, key: str = ""
) -> RecordSummary:
    """The project worker leaves one that came back as it is, and says why: nothing waits then."""
    body = (summary.pk, because)
    with write("shared_care.summary_left", by=by, key=key, body=body) as doing:
        current = _locked(summary)
        if doing.replay_of:
            return current
        rules.check_may_leave(by, current)
        rules.check_because(because)
        rules.check_reason_keeps(because, kept_for(by, current.patient).restricted)
        current.state, current.left_because = State.LEFT, because.strip()
        current.closed_at = clock.now()
        current.version += 1
        current.save()
        doing.about(current, patient_id=current.patient_id)
    return current
