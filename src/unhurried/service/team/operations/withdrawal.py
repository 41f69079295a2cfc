"""Writing that a provider leaves: begun, then on the day everybody moves at once (FUN-4; H23).

All of the day is one write: people, what hangs on them, messages stopped, agreements and roles
ended, visits ended. Until it is done nobody has lost anything, and after it nobody is without
somebody. When one person was not told, or has no named project worker yet, it does not happen and
the managers see why; nothing leaves in the old provider's name from that day on all the same. A
person keeps their episode (see `patients.operations.change_provider`).
"""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.db.models import QuerySet

from unhurried.service.accounts.leaving import end_provider
from unhurried.service.accounts.models import Organisation
from unhurried.service.audit import clock
from unhurried.service.audit.actor import Actor
from unhurried.service.audit.operations import write
from unhurried.service.audit.refused import Refused
from unhurried.service.joining.models import Invitation
from unhurried.service.joining.stopping import hand_referrals_on, stop_invitations
from unhurried.service.outbox.models import Message
from unhurried.service.outbox.operations import stop_unsent
from unhurried.service.patients.models import Episode
from unhurried.service.patients.operations import change_provider
from unhurried.service.shared_care import times
from unhurried.service.team.certificate import certificate, people_of
from unhurried.service.team.freezing import (
    STOPPED,
    meetings_of_provider_go_along,
    waits_at_next_provider,
)
from unhurried.service.team.manifest import fingerprint, manifest
from unhurried.service.team.models import HandedPerson, Handover
from unhurried.service.team.operations.handover import CLOCK, add_people, locked
from unhurried.service.team.rules import handover as rules

State = HandedPerson.State
LEFT = "The service that wrote this has left. The practice may invite the person again."


def begin_withdrawal(
    *, by: Actor, to: Organisation, end_day: date, because: str, key: str = ""
) -> Handover:
    """The actor's provider leaves on a day, and `to` takes everybody on. Nothing new begins here
    from now on; the manager there names a project worker for each person."""
    body = (to.pk, end_day, because)
    with write("team.withdrawal_begun", by=by, key=key, body=body) as doing:
        if doing.replay_of:
            return Handover.objects.get(pk=doing.replay_of)
        provider = Organisation.objects.select_for_update().get(pk=by.organisation_id or 0)
        rules.check_may_withdraw(by, provider, to, end_day, because, clock.today())
        made = Handover.objects.create(
            kind=Handover.Kind.PROVIDER, provider=provider, to_provider=to, end_day=end_day,
            because=because.strip(), begun_by_id=by.membership_id or 0, begun_at=clock.now(),
        )  # fmt: skip
        theirs = Episode.objects.filter(provider=provider).exclude(state=Episode.State.ENDED)
        number = add_people(made, theirs.order_by("pk"))
        for row in HandedPerson.objects.filter(handover=made):
            times.start(row, CLOCK, clock.now())
            row.save()
        doing.about(made, note=f"{number} people")
    return made


def carry_out(*, by: Actor, handover: Handover, key: str = "") -> Handover:
    """Move everybody to the next provider and end the one that leaves, all at once.

    Raises Refused before the day, and while somebody who has joined has no named project worker.
    """
    with write("team.provider_left", by=by, key=key, body=handover.pk) as doing:
        current = locked(handover)
        if doing.replay_of:
            return current
        to = current.to_provider
        if to is None or (by.role != "system" and by.organisation_id != to.pk):
            raise Refused("The manager of the provider that takes people on does this.")
        rules.check_may_carry_out(current, clock.today())
        _add_missing(current)
        rows = list(people_of(current).select_for_update(of=("self",)))
        _check_everybody_has_somebody(current, rows)
        rules.check_agreements(current.provider, to, clock.today())
        current.manifest = manifest(current, rows)
        current.manifest_hash = fingerprint(current.manifest)
        current.state, current.closed_at = Handover.State.CLOSED, clock.now()
        current.save()
        for row in rows:
            _move(by, row, to)
        meetings_of_provider_go_along(current.provider_id, to.pk)
        hand_referrals_on(by, current.provider, to)
        theirs = Invitation.objects.filter(provider=current.provider)
        invitations = stop_invitations(by, theirs, LEFT)
        stop_unsent(by=by, provider_id=current.provider_id, why=STOPPED)
        of_theirs = Message.objects.filter(provider_id=current.provider_id, explanation=STOPPED)
        stopped = of_theirs.filter(state=Message.State.STOPPED).count()
        end_provider(by=by, provider=current.provider, on=clock.today())
        made = certificate(current)
        current.certificate = {**made, "stopped": stopped, "invitations": invitations}
        current.version += 1
        current.save()
        doing.about(current, note=f"{len(rows)} people, {stopped} messages stopped")
    return current


def _add_missing(handover: Handover) -> None:
    """Put on the list whoever came since it began: a move between practices, for instance."""
    for each in _missing(handover):
        row = HandedPerson(
            handover=handover, patient_id=each.patient_id, episode=each,
            from_worker_id=each.project_worker_id,
        )  # fmt: skip
        times.start(row, CLOCK, clock.now())
        row.save()


def _missing(handover: Handover) -> QuerySet[Episode]:
    there = HandedPerson.objects.filter(handover=handover).values("episode_id")
    rows = Episode.objects.filter(provider=handover.provider).exclude(state="ended")
    return rows.exclude(pk__in=there).order_by("pk")


def _check_everybody_has_somebody(handover: Handover, rows: list[HandedPerson]) -> None:
    why = rules.not_yet(handover, rows, clock.today())
    if why:
        raise Refused(f"{' '.join(why)} Nobody moves until each has been told and has somebody.")


def _move(by: Actor, row: HandedPerson, to: Organisation) -> None:
    now = clock.now()
    if row.episode.state == Episode.State.ENDED:
        row.state = State.SETTLED
    else:
        change_provider(
            by=by, episode=row.episode, to=to, project_worker=row.receiver,
            over_reason=row.over_reason or "Named when their provider left",
        )  # fmt: skip
        waits_at_next_provider(row.patient_id, to.pk)
        row.state, row.handed_at = State.ACCEPTED, now
        row.accepted_at = row.accepted_at or now
    row.closed_at = row.closed_at or now
    row.save()


def carry_out_due(*, by: Actor) -> int:
    """Carry out what is due; how many. What cannot be yet stays, and the managers see why; what
    the provider has not sent by then is stopped all the same."""
    running = Handover.objects.filter(kind=Handover.Kind.PROVIDER, state=Handover.State.RUNNING)
    done = 0
    for each in running:
        list_who_came_since(by=by, handover=each)
        if each.end_day is None or each.end_day > clock.today():
            continue
        try:
            carry_out(by=by, handover=each)
            done += 1
        except Refused:
            with transaction.atomic():
                stop_unsent(by=by, provider_id=each.provider_id, why=STOPPED)
    return done


def list_who_came_since(*, by: Actor, handover: Handover) -> None:
    """Put on the list whoever came since it began, so that somebody can be named for them."""
    if not _missing(handover).exists():
        return
    with write("team.withdrawal_begun", by=by) as doing:
        current = locked(handover)
        if current.state == Handover.State.RUNNING:
            _add_missing(current)
        doing.about(current, note="who came since")
