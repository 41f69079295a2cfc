"""May this be done with a handover now? Each check raises a sentence."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from unhurried.service.accounts.models import Membership, Organisation
from unhurried.service.audit.actor import Actor
from unhurried.service.audit.refused import Refused
from unhurried.service.patients.handing_on import begins_nothing_new, given_nobody_new
from unhurried.service.patients.models import Episode, Restriction
from unhurried.service.patients.rules import is_served, room_left
from unhurried.service.patients.words import check_text
from unhurried.service.team.models import HandedPerson, Handover

State = HandedPerson.State
LONGEST = 200
LONGEST_WISHES = 300
JOINED = (Episode.State.ENROLLED, Episode.State.PAUSED)


def check_reason(text: str) -> None:
    """Refuse without a few words."""
    if not text.strip():
        raise Refused("Give a reason, in a few words.")
    check_text("The reason", text, LONGEST)


def check_may_begin(by: Actor, worker: Membership, because: str) -> None:
    """Refuse somebody else's caseload, what is no project worker's, and a second handover."""
    if worker.organisation_id != by.organisation_id or worker.role != "project_worker":
        raise Refused("Choose a project worker of your own service.")
    if by.role != "service_manager" and by.membership_id != worker.pk:
        raise Refused("The service manager, or the project worker themself, begins this.")
    if Handover.objects.filter(worker=worker, state=Handover.State.RUNNING).exists():
        raise Refused("Their people are being handed over already.")
    check_provider_stays(worker.organisation)
    check_reason(because)


def check_provider_stays(provider: Organisation) -> None:
    """Refuse while the whole provider leaves: everybody is handed over there."""
    if begins_nothing_new(provider):
        raise Refused("This provider is leaving the service: everybody is handed over there.")


def check_runs(handover: Handover) -> None:
    """Refuse what is over."""
    if handover.state != Handover.State.RUNNING:
        raise Refused(f"This handover is {handover.get_state_display().lower()}.")


def receives_for(handover: Handover) -> int:
    """The organisation whose manager names who takes people on, and whose workers do."""
    return handover.to_provider_id or handover.provider_id


def check_names_receivers(by: Actor, handover: Handover) -> None:
    """Refuse everybody but the manager of the service that takes the people on."""
    check_runs(handover)
    if by.role != "service_manager" or by.organisation_id != receives_for(handover):
        raise Refused("The manager of the service that takes the people on names who does.")


def check_receiver(
    handover: Handover, receiver: Membership, people: Sequence[HandedPerson], over_reason: str,
    today: date,
) -> bool:  # fmt: skip
    """Refuse who cannot take these people on; is it above the agreed number?"""
    held = Membership.objects.on(today).filter(
        pk=receiver.pk, role="project_worker", organisation=receives_for(handover),
        user__is_active=True,
    )  # fmt: skip
    if not held.exists() or given_nobody_new().filter(pk=receiver.pk).exists():
        raise Refused("Choose a project worker who takes people on today.")
    shut = Restriction.objects.filter(
        patient__in=[each.patient_id for each in people], user=receiver.user_id, ended_at=None
    )
    if shut.exists():
        raise Refused(
            f"Somebody among them asked that {receiver.user.full_name} does not see their record: "
            "choose another project worker for that person."
        )
    room = room_left(receiver)
    if room is None:
        return False
    theirs = HandedPerson.objects.filter(receiver=receiver, closed_at=None, state=State.ASKED)
    others = theirs.exclude(pk__in=[each.pk for each in people])
    waiting = others.filter(handover__state=Handover.State.RUNNING).count()
    wanted = sum(each.episode.state in JOINED for each in people)
    over = wanted + waiting > max(room, 0)
    if over and not over_reason.strip():
        raise Refused(
            f"{receiver.user.full_name} has room for {max(room - waiting, 0)}. Choose somebody "
            "else for some of them, or say why it is right all the same: the reason is shown with "
            "the caseloads."
        )
    check_text("The reason", over_reason, LONGEST)
    return over


def check_may_take(people: Iterable[HandedPerson]) -> None:
    """Refuse nobody, and who was taken on already."""
    found = list(people)
    if not found:
        raise Refused("Choose at least one person.")
    if any(each.state in {State.ACCEPTED, State.SETTLED} for each in found):
        raise Refused("Somebody among them was taken on meanwhile: look at the list again.")


def check_is_asked(by: Actor, row: HandedPerson) -> None:
    """Refuse everybody but the worker who is asked to take this person on."""
    check_runs(row.handover)
    if row.receiver_id != by.membership_id or row.state != State.ASKED:
        raise Refused("You are not asked to take this person on, or somebody answered already.")


def check_may_tell(by: Actor, row: HandedPerson) -> None:
    """Refuse who has no part in it."""
    check_runs(row.handover)
    manager = by.role == "service_manager" and by.organisation_id in {
        row.handover.provider_id, row.handover.to_provider_id
    }  # fmt: skip
    if not manager and by.membership_id not in {row.from_worker_id, row.receiver_id}:
        raise Refused("Whoever hands over, takes on or manages this tells the person.")


def check_may_withdraw(
    by: Actor, provider: Organisation, to: Organisation, end_day: date, because: str, today: date
) -> None:
    """Refuse to begin a provider's leaving when nobody could take everybody on."""
    if by.role != "service_manager" or by.organisation_id != provider.pk:
        raise Refused("The manager of the provider that leaves begins this.")
    check_reason(because)
    if begins_nothing_new(provider):
        raise Refused("This has begun already.")
    if to.kind != Organisation.Kind.PROVIDER or to.pk == provider.pk or begins_nothing_new(to):
        raise Refused("Choose another provider, one that stays.")
    if end_day <= today:
        raise Refused("The day has to be after today: everybody is told before.")
    running = Handover.objects.filter(provider=provider, state=Handover.State.RUNNING)
    if running.exists():
        raise Refused("Finish or call off the handovers of single workers first.")
    check_agreements(provider, to, end_day)


def check_agreements(provider: Organisation, to: Organisation, day: date) -> None:
    """Refuse while a practice whose people are here has no agreement with the next provider."""
    open_ones = Episode.objects.filter(provider=provider).exclude(state=Episode.State.ENDED)
    there = Organisation.objects.filter(pk__in=open_ones.values("patient__practice_id"))
    without = [each.name for each in there.order_by("name") if not is_served(each.pk, to.pk, day)]
    if without:
        raise Refused(
            f"{to.name} has no agreement on that day with {', '.join(without)}. Ask an "
            "administrator to record it first."
        )


def check_told(people: Iterable[HandedPerson]) -> None:
    """Refuse while somebody among them was not told that their provider leaves."""
    untold = sum(each.told_at is None for each in people)
    if untold:
        raise Refused(
            f"{untold} of those chosen have not been told yet. Tell each person first, and note it."
        )


def not_yet(handover: Handover, rows: Sequence[HandedPerson], today: date) -> list[str]:
    """Why nobody can move yet: each who has joined was told and has a named project worker."""
    held = set(
        Membership.objects.on(today)
        .filter(organisation=handover.to_provider, role="project_worker", user__is_active=True)
        .values_list("pk", flat=True)
    )
    joined = [each for each in rows if each.episode.state in JOINED]
    untold = sum(each.told_at is None for each in joined)
    without = sum(each.receiver_id not in held for each in joined)
    of = f"of {len(joined)} who have joined have"
    told = f"{untold} {of} not been told yet."
    named = f"{without} {of} no named project worker at {handover.to_provider} yet."
    return [told] * bool(untold) + [named] * bool(without)


def check_may_carry_out(handover: Handover, today: date) -> None:
    """Refuse before the day."""
    check_runs(handover)
    if handover.end_day is None or today < handover.end_day:
        raise Refused("The day has not come yet.")
