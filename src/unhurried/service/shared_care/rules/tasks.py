"""Rules on tasks: what can be asked of whom and by when, who may take it, how it ends (COM-1)."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.utils import timezone

from unhurried.service.accounts.models import Membership
from unhurried.service.audit.actor import Actor
from unhurried.service.audit.refused import Refused
from unhurried.service.audit.working_days import is_working_day, working_days_after
from unhurried.service.patients.models import Episode, Patient, Restriction
from unhurried.service.patients.rules import keeps_notes_from_gp
from unhurried.service.patients.words import check_text, day
from unhurried.service.shared_care.models.messages import Side
from unhurried.service.shared_care.models.tasks import Task
from unhurried.service.shared_care.task_kinds import side_of, task_kinds

FURTHEST = timedelta(days=366)
LONGEST_SENTENCE = 200
LONGEST_WORDS = 4_000
LONGEST_OUTCOME = 1_000
OPEN = (Task.State.OPEN, Task.State.TAKEN)
NOT_WITH_GP = (
    "The person does not want what is written here shared with their GP. Ring the practice only "
    "with the person's agreement. A risk still reaches the practice, as an alert."
)


def episode_of(patient: Patient) -> Episode:
    """The person's time with the service. Refused when there is none."""
    found = Episode.objects.filter(patient_id=patient.pk).exclude(state=Episode.State.ENDED)
    episode = found.select_related("provider", "project_worker").first()
    if episode is None:
        raise Refused("This person is not with the service now, so nobody would see it.")
    return episode


def check_may_share(to: str, patient: Patient, now: datetime) -> None:
    """Refuse words for the practice when the person said no to sharing with their GP."""
    if to == Side.PRACTICE and keeps_notes_from_gp(patient, now):
        raise Refused(NOT_WITH_GP)


def check_ask(
    by: Actor, patient: Patient, *, to: str, kind: str, sentence: str, words: str,
    person_knows: str, now: datetime,
) -> None:  # fmt: skip
    """Refuse what says not enough: of whom, what kind, the ask itself, whether the person knows."""
    if by.membership_id is None:
        raise Refused("Something is asked by a person in a role.")
    if to not in Side.values:
        raise Refused("Say who is asked: the practice or the pain service.")
    if kind not in task_kinds():
        raise Refused("Choose what kind of thing is asked.")
    if person_knows not in Task.Knows.values:
        raise Refused("Say whether the person knows that this is asked; “Not yet” is fine.")
    if not sentence.strip():
        raise Refused("Say in one sentence what is asked.")
    check_text("What is asked", sentence, LONGEST_SENTENCE)
    check_text("More words", words, LONGEST_WORDS, lines=True)
    if side_of(by.role) != Side.PRACTICE:
        check_may_share(to, patient, now)


def check_due(due: date, kind: str, now: datetime) -> None:
    """Refuse a day that is past, further than a year, or on which nobody works."""
    today = timezone.localdate(now)
    if not today <= due <= today + FURTHEST:
        raise Refused("Choose a day from today on, within a year.")
    if not is_working_day(due):
        monday = working_days_after(due, 1)
        raise Refused(
            f"Nobody works on {due:%A} {day(due)}. The next working day is {monday:%A} "
            f"{day(monday)}."
        )
    hour = task_kinds()[kind].by
    if due == today and timezone.localtime(now).time() >= hour:
        following = working_days_after(today, 1)
        raise Refused(
            f"It is past {hour:%H:%M} today. The next working day is {following:%A} "
            f"{day(following)}."
        )


def check_member(member: Membership | None, task_to: str, patient: Patient, today: date) -> None:
    """Refuse a name that could not see it: of another team, gone, or not to look by wish."""
    if member is None:
        return
    role = "gp" if task_to == Side.PRACTICE else "project_worker"
    organisations = [patient.practice_id]
    if task_to == Side.PROVIDER:
        organisations = [episode_of(patient).provider_id]
    here = Membership.objects.on(today).filter(
        pk=member.pk, role=role, organisation__in=organisations, user__is_active=True
    )
    asked = Restriction.objects.filter(patient=patient, user=member.user_id, ended_at=None)
    if not here.exists() or asked.exists():
        raise Refused("Choose somebody of the team that is asked, or leave it to the team.")


def check_open(task: Task) -> None:
    """Refuse to change what is over."""
    if task.state not in OPEN:
        state = task.get_state_display().lower()
        raise Refused(f"This is marked “{state}” already, so it cannot be changed.")


def check_of_side_asked(by: Actor, task: Task) -> None:
    """Refuse anybody but the team that was asked."""
    if by.membership_id is None or side_of(by.role) != task.to or by.role == "practice_staff":
        raise Refused("Only the team that was asked can say this.")


def check_may_take(by: Actor, task: Task) -> None:
    """Refuse to take what is over, or one's own already; from a colleague it may be taken over."""
    check_open(task)
    check_of_side_asked(by, task)
    if task.taken_by_id == by.membership_id:
        raise Refused("You have it already.")


def check_may_put_back(by: Actor, task: Task) -> None:
    """Refuse to give back what one does not have."""
    check_open(task)
    check_of_side_asked(by, task)
    if task.taken_by_id != by.membership_id:
        raise Refused("You do not have it: there is nothing to give back.")


def check_words(by: Actor, task: Task, words: str, now: datetime) -> bool:
    """May words go with it at all? Refused when there are some and the person said no to sharing
    what is written with their GP: then the bare answer goes."""
    if side_of(by.role) == Side.PRACTICE or not keeps_notes_from_gp(task.patient, now):
        return True
    if words.strip():
        raise Refused(f"{NOT_WITH_GP} Leave the words out: your answer can go without them.")
    return False


def check_may_end(by: Actor, task: Task, state: str, outcome: str, now: datetime) -> None:
    """Refuse an ending by the wrong team, or a no without its reason where one may be given."""
    check_open(task)
    if state == Task.State.WITHDRAWN:
        asking = side_of(task.asked_by.role) or Side.PROVIDER
        if by.membership_id is None or side_of(by.role) != asking or by.role == "practice_staff":
            raise Refused("Only the team that asked can say that it is no longer needed.")
    else:
        check_of_side_asked(by, task)
    with_words = check_words(by, task, outcome, now)
    if state == Task.State.DECLINED and with_words and not outcome.strip():
        raise Refused("Write in a few words why it is not possible, so that they can go on.")
    check_text("What you wrote", outcome, LONGEST_OUTCOME, lines=True)


def check_may_plan(by: Actor, task: Task, reason: str, now: datetime, *, moved: bool) -> None:
    """Refuse another day without a reason where one may be given, and anybody of neither team."""
    check_open(task)
    if by.membership_id is None or not side_of(by.role) or by.role == "practice_staff":
        raise Refused("Only the two teams can change this.")
    if check_words(by, task, reason, now) and moved and not reason.strip():
        raise Refused("Write why the day changes: the other team reads it.")
    check_text("Why", reason, LONGEST_OUTCOME, lines=True)


def check_may_pass_on(by: Actor, task: Task, member: Membership | None) -> None:
    """Refuse passing on what the practice was not asked, or to nobody."""
    check_open(task)
    if by.membership_id is None or side_of(by.role) != task.to:
        raise Refused("Only the team that was asked can pass it on.")
    if member is None:
        raise Refused("Choose a GP of the practice.")
