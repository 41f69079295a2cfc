"""Writing a person's time with a provider: referred, enrolled, paused, ended (FUN-4; hazard H23).

Any ending is a good outcome, and a person who ended may come back: then it is a new episode.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from unhurried.service.accounts.models import Membership, Organisation
from unhurried.service.audit import clock
from unhurried.service.audit.actor import Actor
from unhurried.service.audit.operations import write
from unhurried.service.patients import rules
from unhurried.service.patients.handing_on import worker_changed
from unhurried.service.patients.models import Episode, Patient, WorkerChange


def open_episode(
    *, by: Actor, patient: Patient, provider: Organisation,
    project_worker: Membership | None = None, key: str = "",
) -> Episode:  # fmt: skip
    """A new episode, referred or invited; Refused while another one is open."""
    body = (patient.pk, provider.pk, project_worker and project_worker.pk)
    with write("patients.episode_opened", by=by, key=key, body=body) as doing:
        if doing.replay_of:
            return Episode.objects.get(pk=doing.replay_of)
        rules.check_may_open_episode(patient, provider, clock.today())
        if project_worker is not None:
            rules.check_may_work(project_worker, provider, clock.today())
        episode = Episode.objects.create(
            patient=patient, practice=patient.practice, provider=provider,
            project_worker=project_worker, opened_at=clock.now(),
        )  # fmt: skip
        doing.about(episode, patient_id=patient.pk)
    return episode


@contextmanager
def _change(
    action: str, by: Actor, episode: Episode, body: tuple[object, ...], key: str, note: str = ""
) -> Iterator[tuple[Episode, bool]]:
    """The episode as saved, locked, and whether this was already done; saved at the end."""
    with write(action, by=by, key=key, body=(episode.pk, *body)) as doing:
        current = (
            Episode.objects.select_for_update(of=("self",))
            .select_related("patient", "provider", "practice")
            .get(pk=episode.pk)
        )
        if doing.replay_of:
            yield current, True
            return
        yield current, False
        current.version += 1
        current.save()
        doing.about(current, patient_id=current.patient_id, note=note)


def enrol_episode(
    *, by: Actor, episode: Episode, project_worker: Membership, over_reason: str = "",
    key: str = "",
) -> Episode:  # fmt: skip
    """The episode, enrolled with a named project worker.

    Needs the person's consent to take part, and a worker of the provider with room for one more,
    or a typed reason why it is right all the same.
    """
    action = "patients.episode_enrolled"
    body = (project_worker.pk, over_reason)
    with _change(action, by, episode, body, key) as (current, done):
        if not done:
            rules.check_may_enrol(current, clock.now())
            current.over_reason = rules.check_may_work(
                project_worker, current.provider, clock.today(), over_reason
            )
            current.state = Episode.State.ENROLLED
            current.project_worker = project_worker
            current.enrolled_at = clock.now()
    return current


def pause(*, by: Actor, episode: Episode, reason: str, key: str = "") -> Episode:
    """The episode, paused: nothing is expected of the person, and their place is kept."""
    with _change("patients.episode_paused", by, episode, (reason,), key) as (current, done):
        if not done:
            rules.check_may_pause(current, reason)
            current.state = Episode.State.PAUSED
            current.paused_at = clock.now()
            current.paused_because = reason
    return current


def resume(*, by: Actor, episode: Episode, key: str = "") -> Episode:
    """The episode, going on after a pause, with the same project worker."""
    with _change("patients.episode_resumed", by, episode, (), key) as (current, done):
        if not done:
            rules.check_may_resume(current, clock.today())
            current.state = Episode.State.ENROLLED
            current.paused_at = None
            current.paused_because = ""
    return current


def end_episode(*, by: Actor, episode: Episode, reason: str, key: str = "") -> Episode:
    """The episode, ended, from whatever state, for a reason in words."""
    with _change("patients.episode_ended", by, episode, (reason,), key) as (current, done):
        if not done:
            rules.check_may_end(current, reason)
            current.state = Episode.State.ENDED
            current.ended_at = clock.now()
            current.ended_because = reason
    return current


def change_project_worker(
    *, by: Actor, episode: Episode, to: Membership, reason: str, over_reason: str = "",
    key: str = "",
) -> Episode:  # fmt: skip
    """The episode with another named project worker, who sees the record from now on.

    What hangs on the worker follows: appointments to come, open tasks.
    """
    action = "patients.project_worker_changed"
    with _change(action, by, episode, (to.pk, reason, over_reason), key) as (current, done):
        if not done:
            rules.check_may_change_worker(current, to, reason)
            current.over_reason = rules.check_may_work(
                to, current.provider, clock.today(), over_reason
            )
            set_worker(by, current, to, reason)
    return current


def change_provider(
    *, by: Actor, episode: Episode, to: Organisation, project_worker: Membership | None,
    over_reason: str = "", key: str = "",
) -> Episode:  # fmt: skip
    """The episode with another provider, which took the person on from one that withdraws.

    It stays the same episode: their time with the service goes on, and so do its two years; it is
    no ending and no second joining in anybody's figures. Who had them until when stays in the
    changes of worker, in the trail, and in the handover.
    """
    action = "patients.provider_changed"
    body = (to.pk, project_worker and project_worker.pk, over_reason)
    with _change(action, by, episode, body, key) as (current, done):
        if not done:
            rules.check_may_change_provider(current, to, project_worker, clock.today())
            current.provider = to
            if project_worker is not None:
                current.over_reason = rules.check_may_work(
                    project_worker, to, clock.today(), over_reason
                )
                current.save()  # what follows asks whose the person is now
                set_worker(by, current, project_worker, "Another provider took them on.")
            else:
                current.project_worker = None
    return current


def set_worker(by: Actor, current: Episode, to: Membership, reason: str) -> None:
    """Set the worker of an episode the caller locked and saves, and let what follows follow."""
    before = current.project_worker
    WorkerChange.objects.create(
        episode=current, from_worker=before, to_worker=to, at=clock.now(), reason=reason
    )
    current.project_worker = to
    worker_changed(current, before, to, by)
