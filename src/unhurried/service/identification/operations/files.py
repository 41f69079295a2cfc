"""How long the files of an extract are kept: deleted some days after they were screened (ID-4).

What came of an extract (its list, its counts, its reasons) stays. A file is deleted before the
database says so: after a crash in between, the next round finds the folder gone and notes it.
"""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce, Greatest

from unhurried.service.audit import clock
from unhurried.service.audit.actor import Actor
from unhurried.service.audit.operations import write
from unhurried.service.identification import rules, storing
from unhurried.service.identification.models import Extract
from unhurried.service.patients.conflict import ChangedMeanwhile

State = Extract.State
AT_A_TIME = 100
ORPHANED_AFTER = 24 * 60 * 60  # seconds; nothing takes a day to be handed in


def put_aside(*, by: Actor, extract: Extract, version: int, key: str = "") -> Extract:
    """Records that are not to be screened after all; their files are deleted at once."""
    rules.check_at_practice(by)
    body = (extract.pk, version)
    with write("identification.extract_put_aside", by=by, key=key, body=body) as doing:
        current = Extract.objects.select_for_update().get(
            pk=extract.pk, practice_id=by.organisation_id
        )
        if doing.replay_of:
            return current
        rules.check_may_put_aside(current)
        if current.version != version:
            raise ChangedMeanwhile(current)
        _put_aside(current)
        doing.about(current)
    return current


def _put_aside(current: Extract) -> None:
    storing.discard(current.uuid)
    current.state = State.PUT_ASIDE
    current.job = None
    current.files_gone_at = clock.now()
    current.version += 1
    current.save()


def delete_old_files(*, by: Actor) -> int:
    """Delete the files of extracts that are past their days; how many extracts that were."""
    count = 0
    for found in due(clock.now())[:AT_A_TIME]:
        with write("identification.files_deleted", by=by) as doing:
            current = Extract.objects.select_for_update().get(pk=found.pk)
            doing.about(current, note="already deleted")
            if not due(clock.now()).filter(pk=current.pk).exists():
                continue
            if current.state == State.TO_CONFIRM:
                _put_aside(current)
                doing.note = "never confirmed: put aside"
            else:
                storing.discard(current.uuid)
                current.files_gone_at = clock.now()
                current.save(update_fields=["files_gone_at"])
                doing.note = f"kept for {storing.days_kept()} days"
            count += 1
    return count


def due(now: datetime) -> QuerySet[Extract]:
    """The extracts whose files have been kept long enough."""
    before = now - timedelta(days=storing.days_kept())
    since = Greatest(Coalesce("screened_at", "provided_at"), Coalesce("files_from", "provided_at"))
    over = Q(state__in=[State.DONE, State.UNUSABLE, State.TO_CONFIRM], files_gone_at=None)
    return Extract.objects.filter(over).alias(since=since).filter(since__lt=before).order_by("pk")


def delete_orphans() -> int:
    """Delete folders of no extract: somebody's upload that was cut off; how many there were."""
    count = 0
    for name, changed in storing.folders():
        if time.time() - changed < ORPHANED_AFTER:
            continue
        if not Extract.objects.filter(uuid=UUID(name), files_gone_at=None).exists():
            storing.discard(UUID(name))
            count += 1
    return count
