"""Handing in an extract, confirming its columns, and the states of its screening (ID-4)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from django.core.files.uploadedfile import UploadedFile

from unhurried.records.canonical import UnusableInput
from unhurried.records.preview import preview
from unhurried.service.accounts.models import Organisation
from unhurried.service.audit import clock
from unhurried.service.audit.actor import Actor, system_actor
from unhurried.service.audit.operations import write
from unhurried.service.identification import rules, storing
from unhurried.service.identification.finding import column_map_from
from unhurried.service.identification.models import Extract, Practice
from unhurried.service.jobs.operations import enqueue
from unhurried.service.patients.conflict import ChangedMeanwhile

SCREEN = "identification.screen"
UNDER_WAY = (Extract.State.WAITING, Extract.State.RUNNING)


class HandedIn(NamedTuple):
    """The extract, and whether the very same records had been handed in before."""

    extract: Extract
    again: bool


def hand_in(*, by: Actor, handed: Sequence[UploadedFile[Any]], key: str = "") -> HandedIn:
    """Put aside what a form brought, and screen it when its columns were confirmed before.

    The same records again change nothing. Raises Refused for whatever is not an extract.
    """
    rules.check_at_practice(by)
    return _put_in(by, storing.keep(handed, uuid4()), key)


def hand_in_folder(*, by: Actor, name: str, key: str = "") -> HandedIn:
    """The same for a folder lying ready on the server for this practice."""
    rules.check_at_practice(by)
    practice = Organisation.objects.get(pk=by.organisation_id or 0)
    source = storing.server_folder(practice.ods_code, name)
    return _put_in(by, storing.keep_folder(source, uuid4()), key)


def _put_in(by: Actor, kept: storing.Kept, key: str) -> HandedIn:
    try:
        known = Practice.objects.filter(organisation_id=by.organisation_id or 0).first()
        straight = known is not None and known.confirmed and _fits(kept, known.column_map)
        with write("identification.extract_handed_in", by=by, key=key, body=kept.content) as doing:
            if doing.replay_of:
                there = Extract.objects.get(pk=doing.replay_of)
                made = False
            else:
                same = {"practice_id": by.organisation_id, "content": kept.content}
                there, made = Extract.objects.get_or_create(**same, defaults=_new(by, kept))
                made = made or _bring_back(there, kept)
                if made and straight and known is not None:
                    there.column_map = known.column_map if kept.format == "csv" else ""
                    _start(there, by)
                doing.about(there, note=kept.name if made else "the same records again")
    except BaseException:
        storing.discard(kept.uuid)
        raise
    if there.uuid != kept.uuid:
        storing.discard(kept.uuid)
    return HandedIn(there, again=not made and not doing.replay_of)


def _bring_back(there: Extract, kept: storing.Kept) -> bool:
    """The same records again, whose files were deleted: they are here again.

    What was screened stays as it is; True for what is now to be confirmed and screened.
    """
    if there.uuid == kept.uuid or there.files_gone_at is None:
        return False
    storing.take_over(kept.uuid, there.uuid)
    again = there.state != Extract.State.DONE
    there.files_gone_at, there.files_from = None, clock.now()
    there.state = Extract.State.TO_CONFIRM if again else there.state
    there.problem = "" if again else there.problem
    there.version += 1
    there.save()
    return again


def _new(by: Actor, kept: storing.Kept) -> dict[str, object]:
    return {
        "uuid": kept.uuid, "provided_by_id": by.membership_id, "provided_at": clock.now(),
        "name": kept.name, "size": kept.size, "format": kept.format,
    }  # fmt: skip


def _fits(kept: storing.Kept, toml: str) -> bool:
    """Do the columns confirmed before fit these records, with nothing to ask?"""
    if kept.format != "csv":
        return True
    try:
        columns = column_map_from(toml, storing.folder_of(kept.uuid))
        return not preview(storing.records_of(kept.uuid), columns).problems
    except UnusableInput:
        return False


def _start(extract: Extract, by: Actor) -> None:
    job = enqueue(SCREEN, {"extract": str(extract.uuid)}, by=by)
    extract.job = job.uuid
    extract.state = Extract.State.WAITING
    extract.problem = ""
    extract.version += 1
    extract.save()


def confirm(
    *, by: Actor, extract: Extract, column_map: str, looks_from: date | None, version: int,
    key: str = "",
) -> Extract:  # fmt: skip
    """Confirm which column holds what, remember it for next month, and screen the extract."""
    rules.check_at_practice(by)
    rules.check_looks_from(looks_from, clock.today())
    body = (extract.pk, column_map, looks_from, version)
    with write("identification.columns_confirmed", by=by, key=key, body=body) as doing:
        current = Extract.objects.select_for_update().get(pk=extract.pk)
        if doing.replay_of:
            return current
        rules.check_may_confirm(current)
        if current.version != version:
            raise ChangedMeanwhile(current)
        practice, _ = Practice.objects.get_or_create(organisation_id=current.practice_id)
        practice.confirmed = True
        if current.format == "csv":
            practice.column_map = column_map
        practice.save()
        current.column_map = column_map
        current.looks_from = looks_from
        _start(current, by)
        doing.about(current)
    return current


def begin(*, extract: UUID, job: UUID) -> Extract | None:
    """The extract this job is to screen; None when there is nothing (more) to do for it."""
    found = Extract.objects.select_related("practice").filter(uuid=extract, job=job).first()
    if found is None:
        return None
    waiting = Extract.objects.filter(pk=found.pk, state__in=UNDER_WAY)
    return found if waiting.update(state=Extract.State.RUNNING) else None


def mark_unusable(*, extract: Extract, why: str) -> None:
    """The records cannot be used; the sentence says why and what to do."""
    with write("identification.extract_unusable", by=system_actor("screening")) as doing:
        current = Extract.objects.select_for_update().get(pk=extract.pk)
        doing.about(current)
        if current.state == Extract.State.PUT_ASIDE:
            return
        current.state = Extract.State.UNUSABLE
        current.problem = why
        current.version += 1
        current.save()
