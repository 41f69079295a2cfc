"""An example of every thing that stands in an address of record summaries."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils import timezone
from tests.service.access.story import Example, Factory, Story, of_patient
from tests.service.conftest import actor_for
from tests.service.sessions.examples import kept, session

from unhurried.service.patients.models import Consent
from unhurried.service.sessions import summary as from_sessions
from unhurried.service.sessions.models import Session
from unhurried.service.shared_care.models import RecordSummary
from unhurried.service.shared_care.operations import summaries as operations
from unhurried.service.shared_care.queries.summary_lines import first_lines


def _shares(story: Story) -> Consent:
    """The person says yes to sharing with their GP."""
    return Consent.objects.create(
        patient=story.patient, kind="sharing", party="gp", given=True, how="spoken",
        wording="sharing-1", taken_by=story.worker.user, at=timezone.now(),
    )  # fmt: skip


shares = kept("shares_with_the_gp", _shares)


def _saved(story: Story, about: Session) -> RecordSummary:
    shares(story)
    by = actor_for(story.worker)
    handed = from_sessions.handed_in(by, story.patient, about.uuid)
    assert handed is not None
    lines = first_lines(story.patient, handed)
    return operations.save_summary(by=by, patient=story.patient, handed=handed, lines=lines)


def _sent(story: Story) -> RecordSummary:
    now = timezone.now()
    other = Session.objects.create(
        patient=story.patient, episode=story.patient.episodes.get(), worker=story.worker,
        named_worker=story.worker, at=now, place="home", recorded_at=now,
    )  # fmt: skip
    row = _saved(story, other)
    return operations.send_summary(by=actor_for(story.worker), summary=row, version=row.version)


def _returned(story: Story) -> RecordSummary:
    return operations.return_summary(
        by=actor_for(story.gp), summary=_sent(story), because="We cannot read it"
    )


draft = kept("a_summary_being_written", lambda story: _saved(story, session(story)))
sent = kept("a_summary_sent", _sent)
returned = kept("a_summary_returned", _returned)


def _of(thing: Callable[[Story], Any], role: str, **more: Any) -> Factory:
    def make(story: Story) -> Example:
        kwargs = {"uuid": story.patient.uuid, "summary": thing(story).uuid, **more}
        who = getattr(story, role)
        return Example(kwargs, who, patient=story.patient, shared=role == "gp")

    return make


def _write(story: Story) -> Example:
    shares(story)
    kwargs = {"uuid": story.patient.uuid, "kind": "session", "source": session(story).uuid}
    return Example(kwargs, story.worker, patient=story.patient)


EXAMPLES: dict[str, Factory] = {
    "shared_care:summaries": of_patient("worker"),
    "shared_care:write_summary": _write,
    "shared_care:summary": _of(sent, "worker"),
    "shared_care:send_summary": _of(draft, "worker"),
    "shared_care:file_summary": _of(sent, "gp"),
    "shared_care:return_summary": _of(sent, "gp"),
    "shared_care:leave_summary": _of(returned, "worker"),
    "shared_care:summary_file": _of(sent, "worker", form="text"),
}
