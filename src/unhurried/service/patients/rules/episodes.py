"""Rules on a person's time with a provider: its guarded states and its worker (CON-1, CON-2)."""

from __future__ import annotations

from datetime import date, datetime

from django.db.models import Q

from unhurried.service.accounts.models import Agreement, Membership, Organisation
from unhurried.service.audit.refused import Refused
from unhurried.service.patients.handing_on import begins_nothing_new, given_nobody_new
from unhurried.service.patients.models import Consent, Episode, Patient
from unhurried.service.patients.rules.consents import is_in_force
from unhurried.service.patients.words import check_text

State = Episode.State
LONGEST_REASON = 200
WITHDRAWS = "This provider is leaving the service and begins nothing new with anybody."


def is_served(practice_id: int, provider_id: int | None, today: date) -> bool:
    """Does the provider run the service for the practice on this day?"""
    held = Agreement.objects.filter(practice_id=practice_id, provider_id=provider_id)
    current = Q(ends__isnull=True) | Q(ends__gt=today)
    return held.filter(current, starts__lte=today).exists()


def is_with_a_service(patient_id: int) -> bool:
    """Has a time of this person's with a service begun that has not ended?"""
    return Episode.objects.filter(patient=patient_id).exclude(state=State.ENDED).exists()


def check_may_open_episode(patient: Patient, provider: Organisation, today: date) -> None:
    """Refuse a second open episode, a provider without an agreement, and after a death."""
    if patient.date_of_death is not None:
        raise Refused("The person has died.")
    if is_with_a_service(patient.pk):
        raise Refused("The person is already with the service: open that episode instead.")
    if not is_served(patient.practice_id, provider.pk, today):
        raise Refused("This provider does not run the service for the person's practice.")
    if begins_nothing_new(provider):
        raise Refused(WITHDRAWS)


def room_left(worker: Membership, *, besides: Episode | None = None) -> int | None:
    """How many more people the worker has room for; None when no number was agreed."""
    if worker.capacity is None:
        return None
    held = Episode.objects.filter(project_worker=worker, state__in=(State.ENROLLED, State.PAUSED))
    if besides is not None:
        held = held.exclude(pk=besides.pk)
    return worker.capacity - held.count()


def check_may_work(
    worker: Membership, provider: Organisation, today: date, over_reason: str = ""
) -> str:
    """Refuse a project worker who is not one of the provider's today, is given nobody new, or has
    no room and no reason was typed; the reason when it was needed, else ""."""
    current = Membership.objects.on(today).filter(
        pk=worker.pk, organisation=provider, role="project_worker"
    )
    if not current.exists():
        raise Refused("Choose a project worker who works for this provider today.")
    if given_nobody_new().filter(pk=worker.pk).exists():
        raise Refused(
            f"{worker.user.full_name} is handing over their people and is given nobody new: choose "
            "another project worker."
        )
    room = room_left(worker)
    if room is None or room > 0:
        return ""
    if not over_reason.strip():
        raise Refused(
            f"{worker.user.full_name} has no room for another person now: choose another project "
            "worker, or ask the service manager. If it is right all the same, say why: the manager "
            "sees the reason."
        )
    check_text("The reason", over_reason, LONGEST_REASON)
    return over_reason.strip()


def check_may_enrol(episode: Episode, now: datetime) -> None:
    """Refuse unless the person was referred and their consent to take part is in force."""
    if begins_nothing_new(episode.provider):
        raise Refused(WITHDRAWS)
    if episode.state != State.REFERRED:
        raise Refused(f"This episode is {episode.get_state_display().lower()}, not new.")
    if episode.patient.date_of_death is not None:
        raise Refused("The person has died.")
    asked = Consent.objects.filter(patient=episode.patient, kind=Consent.Kind.SERVICE)
    latest = asked.order_by("-at", "-pk").first()
    if latest is None or not is_in_force(latest, now):
        raise Refused("Ask for the person's consent to take part first, and record the answer.")


def _check_reason(reason: str) -> None:
    if not reason.strip():
        raise Refused("Give a reason, in a few words.")
    check_text("The reason", reason, LONGEST_REASON)


def check_may_pause(episode: Episode, reason: str) -> None:
    """Refuse to pause what is not enrolled."""
    if episode.state != State.ENROLLED:
        raise Refused("Only someone enrolled can take a pause.")
    _check_reason(reason)


def check_may_resume(episode: Episode, today: date) -> None:
    """Refuse to go on where there was no pause, or with a worker who has left."""
    if episode.state != State.PAUSED:
        raise Refused("There is no pause to end.")
    if episode.patient.date_of_death is not None:
        raise Refused("The person has died.")
    working = Membership.objects.on(today).filter(pk=episode.project_worker_id or 0)
    if not working.exists():
        raise Refused("The project worker has left: choose another before going on.")


def check_may_end(episode: Episode, reason: str) -> None:
    """Refuse to end twice; any other state may end, with a reason."""
    if episode.state == State.ENDED:
        raise Refused("This episode has already ended.")
    _check_reason(reason)


def check_may_change_worker(episode: Episode, to: Membership, reason: str) -> None:
    """Refuse for an ended episode, and when nothing would change."""
    if episode.state == State.ENDED:
        raise Refused("This episode has ended.")
    if episode.project_worker_id == to.pk:
        raise Refused("This is already the project worker.")
    _check_reason(reason)


def check_may_change_provider(
    episode: Episode, to: Organisation, worker: Membership | None, today: date
) -> None:
    """Refuse for an ended episode, without an agreement, and to leave somebody who has joined
    without a project worker."""
    if episode.state == State.ENDED:
        raise Refused("This episode has ended.")
    if episode.provider_id == to.pk:
        raise Refused("The person is with this provider already.")
    if not is_served(episode.patient.practice_id, to.pk, today):
        raise Refused("This provider does not run the service for the person's practice.")
    if worker is None and episode.state in {State.ENROLLED, State.PAUSED}:
        raise Refused("Somebody who has joined needs a named project worker.")
