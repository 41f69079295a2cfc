"""Writing a handover: begun, receivers named, people taken on, finished (CON-1; hazard H23)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from unhurried.service.accounts.models import Membership
from unhurried.service.audit import clock
from unhurried.service.audit.actor import Actor
from unhurried.service.audit.operations import write
from unhurried.service.audit.refused import Refused
from unhurried.service.patients.conflict import ChangedMeanwhile
from unhurried.service.patients.models import Episode, Note
from unhurried.service.patients.operations import change_project_worker, write_note
from unhurried.service.patients.words import check_text
from unhurried.service.shared_care import times
from unhurried.service.team.certificate import certificate, keys_of, people_of
from unhurried.service.team.models import HandedPerson, Handover
from unhurried.service.team.open_items import open_items
from unhurried.service.team.rules import handover as rules

State = HandedPerson.State
CLOCK = "handover"


def begin_handover(*, by: Actor, worker: Membership, because: str, key: str = "") -> Handover:
    """The handover of everybody this worker works with; from now on they are given nobody new."""
    with write("team.handover_begun", by=by, key=key, body=(worker.pk, because)) as doing:
        if doing.replay_of:
            return Handover.objects.get(pk=doing.replay_of)
        Membership.objects.select_for_update(of=("self",)).get(pk=worker.pk)
        rules.check_may_begin(by, worker, because)
        made = Handover.objects.create(
            kind=Handover.Kind.WORKER, provider=worker.organisation, worker=worker,
            because=because.strip(), begun_by_id=by.membership_id or 0, begun_at=clock.now(),
        )  # fmt: skip
        theirs = Episode.objects.filter(project_worker=worker).exclude(state=Episode.State.ENDED)
        number = add_people(made, theirs.order_by("pk"))
        doing.about(made, note=f"{number} people")
    return made


def add_people(handover: Handover, episodes: Iterable[Episode]) -> int:
    """Put these on the list and keep what is open about them; how many."""
    rows = list(episodes)
    HandedPerson.objects.bulk_create(
        HandedPerson(
            handover=handover, patient_id=each.patient_id, episode=each,
            from_worker_id=each.project_worker_id, opened_at=clock.now(),
        )
        for each in rows
    )  # fmt: skip
    handover.before = keys_of(open_items([each.patient_id for each in rows]))
    handover.save(update_fields=["before"])
    return len(rows)


def locked(handover: Handover) -> Handover:
    """The handover as saved, locked until the write is done."""
    rows = Handover.objects.select_for_update(of=("self",))
    return rows.select_related("provider", "to_provider", "worker__user").get(pk=handover.pk)


def locked_row(row: HandedPerson) -> HandedPerson:
    """One person of it, the same."""
    rows = HandedPerson.objects.select_for_update(of=("self",)).select_related(
        "handover", "episode__provider", "patient", "receiver__user"
    )
    return rows.get(pk=row.pk)


def name_receiver(
    *, by: Actor, handover: Handover, people: Sequence[HandedPerson], receiver: Membership,
    version: int, over_reason: str = "", key: str = "",
) -> Handover:  # fmt: skip
    """Ask one worker to take these people on. When a provider leaves, the receiving manager's word
    is the yes; else the worker answers each, and the clock runs until they do.

    Raises ChangedMeanwhile when somebody named others first.
    """
    body = (handover.pk, [each.pk for each in people], receiver.pk, version, over_reason)
    with write("team.receiver_named", by=by, key=key, body=body) as doing:
        current = locked(handover)
        if doing.replay_of:
            return current
        rules.check_names_receivers(by, current)
        if current.version != version:
            raise ChangedMeanwhile(current)
        rows = list(
            HandedPerson.objects.select_for_update(of=("self",))
            .filter(handover=current, pk__in=[each.pk for each in people])
            .select_related("episode", "handover")
        )
        leaving = current.kind == Handover.Kind.PROVIDER
        (rules.check_told if leaving else rules.check_may_take)(rows)
        over = rules.check_receiver(current, receiver, rows, over_reason, clock.today())
        for row in rows:
            row.receiver, row.not_possible_because = receiver, ""
            row.over_reason = over_reason.strip() if over else ""
            row.state, row.reminded = State.ASKED, ""
            times.start(row, CLOCK, clock.now())
            if leaving:
                row.state, row.accepted_at = State.ACCEPTED, clock.now()
                row.closed_at = clock.now()
            row.save()
        current.version += 1
        current.save(update_fields=["version"])
        doing.about(current, note=f"{len(rows)} people")
    return current


def accept(*, by: Actor, row: HandedPerson, key: str = "") -> HandedPerson:
    """The person, taken on: from now on `by` is their project worker, and what is booked or open
    goes along."""
    with write("team.person_taken_on", by=by, key=key, body=row.pk) as doing:
        current = locked_row(row)
        if doing.replay_of:
            return current
        rules.check_is_asked(by, current)
        receiver = current.receiver
        if receiver is None or current.episode.project_worker_id != current.from_worker_id:
            raise Refused("Somebody else works with this person by now.")
        if current.episode.state == Episode.State.ENDED:
            raise Refused("Their time with the service has ended meanwhile.")
        change_project_worker(
            by=by, episode=current.episode, to=receiver, reason="Handed over",
            over_reason=current.over_reason or "Named by the manager in a handover",
        )  # fmt: skip
        current.state, current.accepted_at = State.ACCEPTED, clock.now()
        current.closed_at = current.handed_at = clock.now()
        current.save()
        doing.about(current, patient_id=current.patient_id)
    return current


def cannot_take(*, by: Actor, row: HandedPerson, because: str, key: str = "") -> HandedPerson:
    """The person, back to the manager, with why the worker asked cannot take them on."""
    with write("team.person_not_taken_on", by=by, key=key, body=(row.pk, because)) as doing:
        current = locked_row(row)
        if doing.replay_of:
            return current
        rules.check_is_asked(by, current)
        rules.check_reason(because)
        current.state, current.not_possible_because = State.NEEDS, because.strip()
        current.receiver, current.over_reason = None, ""
        current.late_from = current.passed_on_from = None
        current.save()
        doing.about(current, patient_id=current.patient_id)
    return current


def write_handover_note(*, by: Actor, row: HandedPerson, text: str, key: str = "") -> Note:
    """What matters, in the person's words: an ordinary note of theirs, which goes along."""
    with write("team.handover_note_written", by=by, key=key, body=(row.pk, text)) as doing:
        current = locked_row(row)
        if doing.replay_of:
            return Note.objects.get(pk=doing.replay_of)
        rules.check_runs(current.handover)
        if by.membership_id != current.episode.project_worker_id:
            raise Refused("The person's project worker writes what is handed on.")
        note = write_note(by=by, patient=current.patient, text=text)
        current.note = note
        current.save(update_fields=["note"])
        doing.about(note, patient_id=current.patient_id)
    return note


def tell(
    *, by: Actor, row: HandedPerson, how: str, wishes: str = "", keeps_back: bool | None = None,
    key: str = "",
) -> HandedPerson:  # fmt: skip
    """Note that the person was told, how, and what they wish: somebody else perhaps; and, when a
    provider leaves, whether restricted notes are passed on."""
    with write("team.person_told", by=by, key=key, body=(row.pk, how, wishes, keeps_back)) as doing:
        current = locked_row(row)
        if doing.replay_of:
            return current
        rules.check_may_tell(by, current)
        if how not in HandedPerson.How.values:
            raise Refused("Say how they were told.")
        check_text("What they wish", wishes, rules.LONGEST_WISHES)
        current.told_at, current.told_by_id = clock.now(), by.membership_id
        current.told_how, current.wishes = how, wishes.strip()
        if current.handover.kind == Handover.Kind.PROVIDER:
            current.keeps_back = keeps_back
        current.save()
        doing.about(current, patient_id=current.patient_id)
    return current


def close_handover(*, by: Actor, handover: Handover, key: str = "") -> Handover:
    """The handover, finished, with its certificate: nobody and nothing is left behind."""
    with write("team.handover_closed", by=by, key=key, body=handover.pk) as doing:
        current = locked(handover)
        if doing.replay_of:
            return current
        rules.check_names_receivers(by, current)
        if current.kind == Handover.Kind.PROVIDER:
            raise Refused("This one finishes on the day the provider leaves.")
        settle(current)
        made = certificate(current)
        if made["left"] or made["items"]["left"]:
            raise Refused(
                f"{made['left']} people and {made['items']['left']} open things are still with "
                "who hands over. Each needs somebody first."
            )
        current.state, current.closed_at = Handover.State.CLOSED, clock.now()
        current.certificate = made
        current.version += 1
        current.save()
        doing.about(current, note=f"{made['people']} people")
    return current


def settle(handover: Handover) -> None:
    """Mark who ended, or has another worker by now, as settled in another way."""
    for row in people_of(handover).exclude(state__in=[State.ACCEPTED, State.SETTLED]):
        ended = row.episode.state == Episode.State.ENDED
        if ended or row.episode.project_worker_id != row.from_worker_id:
            row.state, row.closed_at = State.SETTLED, clock.now()
            row.save(update_fields=["state", "closed_at"])


def call_off(*, by: Actor, handover: Handover, because: str, key: str = "") -> Handover:
    """The handover, called off: whoever was not taken on yet stays with their project worker."""
    with write("team.handover_called_off", by=by, key=key, body=(handover.pk, because)) as doing:
        current = locked(handover)
        if doing.replay_of:
            return current
        rules.check_runs(current)
        if by.role != "service_manager" or by.organisation_id != current.provider_id:
            raise Refused("The manager of who hands over can call it off.")
        rules.check_reason(because)
        current.state, current.closed_at = Handover.State.CALLED_OFF, clock.now()
        current.version += 1
        current.save()
        HandedPerson.objects.filter(handover=current, closed_at=None).update(closed_at=clock.now())
        doing.about(current)
    return current
