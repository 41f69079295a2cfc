"""Screening in the background: read, check, screen, keep. A killed worker's job is done again."""

from __future__ import annotations

from uuid import UUID

from unhurried.records.canonical import UnusableInput
from unhurried.service.audit import clock
from unhurried.service.audit.actor import system_actor
from unhurried.service.identification import operations, storing
from unhurried.service.identification.finding import STEPS, Asked, Results, column_map_from, find
from unhurried.service.identification.models import Extract
from unhurried.service.jobs.registry import every, handles
from unhurried.service.jobs.work import Work

GONE = "The files are no longer here: hand in the extract again."


@handles("identification.screen")
def screen_extract(work: Work) -> None:
    """Screen one extract; nothing is done when another job, or an earlier try, already did."""
    extract = operations.begin(extract=UUID(str(work.payload["extract"])), job=work.uuid)
    if extract is None:
        return
    try:
        results = _find(extract, work)
    except UnusableInput as error:
        operations.mark_unusable(extract=extract, why=str(error))
        return
    operations.keep_results(extract=extract, results=results, still_mine=work.still_mine)


def _find(extract: Extract, work: Work) -> Results:
    if not storing.records_of(extract.uuid).is_dir():
        raise UnusableInput(GONE)
    folder = storing.folder_of(extract.uuid)
    asked = Asked(
        records=storing.records_of(extract.uuid), format=extract.format,
        column_map=column_map_from(extract.column_map, folder), looks_from=extract.looks_from,
        today=clock.today(), practice_code=extract.practice.ods_code,
        about=operations.registered_people(extract.practice),
        rejects=folder / "rejects.csv",
    )  # fmt: skip
    return find(asked, lambda done, words: work.progress(done, STEPS, words))


@every(6 * 60 * 60, "identification.delete_old_files")
def delete_what_is_past_its_days() -> None:
    """Delete the files of extracts screened long enough ago; what came of them stays."""
    operations.delete_old_files(by=system_actor("screening"))
    operations.delete_orphans()
