"""A session just held, and somebody who shares with their GP: where a summary begins."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from tests.service.conftest import World, actor_for

from unhurried.service.accounts.models import Membership
from unhurried.service.audit.actor import Actor
from unhurried.service.patients.models import Consent, KnownMedicine, Note, Patient
from unhurried.service.patients.operations import write_note
from unhurried.service.sessions import summary as from_sessions
from unhurried.service.sessions.models import Session, SessionComponent
from unhurried.service.shared_care.models import RecordSummary
from unhurried.service.shared_care.operations import summaries as operations
from unhurried.service.shared_care.queries.summary_lines import first_lines
from unhurried.service.shared_care.rules.summaries import Line
from unhurried.service.shared_care.summary_sources import Handed


@dataclass
class After:
    """After a session."""

    world: World
    worker: Membership
    gp: Membership
    patient: Patient
    session: Session

    @property
    def by(self) -> Actor:
        """The worker, acting."""
        return actor_for(self.worker)

    @property
    def doctor(self) -> Actor:
        """The GP, acting."""
        return actor_for(self.gp)

    def shares(self, *, given: bool = True) -> None:
        """The person's answer about sharing with their GP."""
        Consent.objects.create(
            patient=self.patient, kind="sharing", party="gp", given=given, how="spoken",
            wording="sharing-1", taken_by=self.worker.user, at=timezone.now(),
        )  # fmt: skip

    def note(self, text: str, visibility: str = Note.Visibility.RESTRICTED) -> Note:
        """A note of the worker's."""
        return write_note(by=self.by, patient=self.patient, text=text, visibility=visibility)

    def takes(self, product: str, directions: str) -> None:
        """A medicine on the practice's newest list."""
        KnownMedicine.objects.create(
            patient=self.patient, product=product, directions=directions,
            as_at=timezone.localdate(), source="screening",
        )  # fmt: skip

    def handed(self, by: Actor | None = None) -> Handed:
        """What the session hands in."""
        found = from_sessions.handed_in(by or self.by, self.patient, self.session.uuid)
        assert found is not None
        return found

    def save(self, by: Actor | None = None, *, tick: str = "", **more: Any) -> RecordSummary:
        """A summary with these words in some lines (`asked="..."`), the rest as at first."""
        options = {k: more.pop(k) for k in ("codes", "heard", "version") if k in more}
        handed = self.handed(by)
        lines = first_lines(self.patient, handed)
        lines |= {code: Line(text, goes=True) for code, text in more.items()}
        lines |= {code: Line(lines[code].text, goes=True) for code in tick.split()}
        return operations.save_summary(
            by=by or self.by, patient=self.patient, handed=handed, lines=lines, **options
        )

    def send(self, row: RecordSummary, by: Actor | None = None) -> RecordSummary:
        """Send it."""
        return operations.send_summary(by=by or self.by, summary=row, version=row.version)


def after_a_session(world: World) -> After:
    """A worker and a person who met just now and spoke of pacing."""
    worker = world.member("project_worker")
    patient = world.enrolled(worker)
    now = timezone.now()
    session = Session.objects.create(
        patient=patient, episode=patient.episodes.get(), worker=worker, named_worker=worker,
        at=now, minutes=50, place="phone", recorded_at=now, next_steps="Walk to the gate",
    )  # fmt: skip
    SessionComponent.objects.create(session=session, code="pacing")
    return After(world, worker, world.member("gp"), patient, session)
