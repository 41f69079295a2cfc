"""Kills a worker at every place it can be killed at, starts another, and looks at what left.

Run as a program with an empty folder; prints one JSON object a fault. Each worker is a process of
its own, forked from this one (which has no connection open), on a fresh copy of a SQLite file.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import time_machine

ROOT = Path(sys.argv[1]) if __name__ == "__main__" else Path()


def in_a_process(work: Callable[[], object]) -> int:
    """Run it in a forked process; 0 when it ended by itself, else what ended it."""
    child = os.fork()
    if child:
        _pid, status = os.waitpid(child, 0)
        return os.waitstatus_to_exitcode(status)
    try:
        work()
    except BaseException:
        import traceback

        traceback.print_exc()
        os._exit(1)
    os._exit(0)


def prepare() -> None:
    """A migrated database with two messages of each way out, and two jobs."""
    from django.conf import settings
    from django.core.management import call_command

    from unhurried.service.audit.actor import system_actor
    from unhurried.service.audit.operations import write
    from unhurried.service.jobs.operations import enqueue
    from unhurried.service.outbox.operations import post

    (ROOT / "live").mkdir()
    call_command("migrate", verbosity=0)
    Path(settings.FILES).mkdir(parents=True)
    by = system_actor("test")
    for number in range(2):
        (Path(settings.FILES) / f"{number}.pdf").write_bytes(b"%PDF-1.7 letter " * 500)
        with write("test.posted", by=by) as doing:
            doing.about(post(purpose="test.here", about=str(number), channel="letter", to="Home",
                             document=f"{number}.pdf"))  # fmt: skip
            post(purpose="test.afar", about=str(number), channel="sms", to="07700900123", body="Hi")
            enqueue("test.job", {"number": number}, by=by)


class Door:
    """A carrier elsewhere that keeps what it was given, and can be asked: a file of references."""

    name, at_hand = "door", False

    def __init__(self, _: Any = None) -> None:
        self.book = ROOT / "live" / "door.txt"

    def find(self, parcel: Any) -> Any:
        from unhurried.service.outbox.carriers import Answer

        known = self.book.read_text().split() if self.book.exists() else []
        return f"door-{parcel.reference}" if parcel.reference in known else Answer.NEVER_SEEN

    def send(self, parcel: Any) -> str:
        from unhurried.service.jobs.faults import fault_point

        fault_point("door.knocked")
        with self.book.open("a") as book:
            book.write(parcel.reference + "\n")
        fault_point("door.taken")
        return f"door-{parcel.reference}"


def handle(work: Any) -> None:
    """A job whose effect and end are one transaction."""
    from django.db import transaction

    from unhurried.service.audit.actor import system_actor
    from unhurried.service.audit.operations import write
    from unhurried.service.jobs.faults import fault_point
    from unhurried.service.jobs.models import Job

    work.progress(0, 1, "begun")
    fault_point("handler.begun")
    with transaction.atomic():
        if not work.still_mine():
            return
        with write("test.effect", by=system_actor("test")) as doing:
            doing.about(Job.objects.get(pk=work.job_id))
        fault_point("handler.within")
        work.complete()
    fault_point("handler.committed")


def work_until_done() -> None:
    """What `unhurried worker --once` does."""
    from unhurried.service.jobs.worker import Worker

    Worker("test").run_once()


def much_later() -> None:
    """The same by a worker started when every lease has run out, and again after every delay."""
    from django.utils import timezone

    for minutes in (5, 60):
        with time_machine.travel(timezone.now() + timedelta(minutes=minutes), tick=True):
            work_until_done()
    (ROOT / "report.json").write_text(json.dumps(report()))


def report() -> dict[str, Any]:
    """What there is now."""
    from unhurried.service.audit.models import Entry
    from unhurried.service.audit.verifying import verify
    from unhurried.service.jobs.models import Job
    from unhurried.service.outbox.models import Message

    out = ROOT / "live" / "outbox"
    files = [each for each in out.rglob("*.pdf") if each.stat().st_size == 16 * 500]
    book = ROOT / "live" / "door.txt"
    return {
        "files": sorted(each.stem for each in files),
        "door": sorted(book.read_text().split()) if book.exists() else [],
        "here": sorted(str(each.uuid) for each in Message.objects.filter(purpose="test.here")),
        "afar": sorted(str(each.uuid) for each in Message.objects.filter(purpose="test.afar")),
        "states": Counter(Message.objects.values_list("state", flat=True)),
        "sent_rows": Entry.objects.filter(action="outbox.sent").count(),
        "jobs": Counter(Job.objects.values_list("state", flat=True)),
        "effects": sorted(
            Entry.objects.filter(action="test.effect").values_list("object_id", flat=True)
        ),
        "trail": [each.sentence for each in verify().problems],
    }


def main() -> None:
    """Find every place a worker passes, then kill one at each."""
    os.environ |= {
        "UNHURRIED_DATA": str(ROOT / "live"),
        "DJANGO_SETTINGS_MODULE": "unhurried.web.settings",
        "UNHURRIED_FAULT": "nowhere:0",
    }
    os.environ.pop("DATABASE_URL", None)
    import django

    django.setup()
    from unhurried.service.jobs import faults, registry
    from unhurried.service.outbox.carriers import choice
    from unhurried.service.outbox.registry import check_before_sending

    registry.handles("test.job")(handle)
    check_before_sending("test.here")(lambda _: "")
    choice.ALLOWED["sms"] = ("files", "door")
    choice._MAKERS["door"] = Door
    from django.conf import settings
    from django.db import connections

    settings.OUTBOX = settings.OUTBOX | {"sms": "door"}

    def fresh() -> None:
        shutil.rmtree(ROOT / "live", ignore_errors=True)
        shutil.copytree(ROOT / "made", ROOT / "live")

    def killed_at(place: str) -> None:
        faults._WANTED = place
        work_until_done()

    prepare()
    connections.close_all()
    (ROOT / "live").rename(ROOT / "made")
    fresh()
    work_until_done()  # also loads all that the forked processes need
    connections.close_all()
    places = [f"{place}:{n + 1}" for place, times in faults._passed.items() for n in range(times)]
    faults._passed.clear()
    for place in sys.argv[2:] or places:
        fresh()
        ended = in_a_process(lambda place=place: killed_at(place))  # type: ignore[misc]  # bound now
        again = in_a_process(much_later)
        found = json.loads((ROOT / "report.json").read_text())
        sys.stdout.write(
            json.dumps(found | {"place": place, "ended": ended, "again": again}) + "\n"
        )


if __name__ == "__main__":
    main()
