"""Worker, practice and specialists ask each other: answered, and sometimes not in time.

`things` gives what happens in a week as (day of the week, hour, what to do). Enough is left open in
the last weeks that every page of shared care has something on it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

from unhurried.demo.service.cast import PRACTICES, Cast
from unhurried.demo.service.tables import rows
from unhurried.service.accounts.models import Membership
from unhurried.service.accounts.queries import actor_of_membership
from unhurried.service.audit import clock
from unhurried.service.audit.actor import Actor
from unhurried.service.patients import operations as patients
from unhurried.service.patients.models import Episode, Patient
from unhurried.service.patients.rules import keeps_notes_from_gp
from unhurried.service.sessions.models import Session
from unhurried.service.shared_care.advice_packs import make_pack
from unhurried.service.shared_care.models import AccessProblem, AdviceRequest, RecordSummary, Task
from unhurried.service.shared_care.models.answers import Answer
from unhurried.service.shared_care.operations import (
    access_problems,
    advice,
    answers,
    discussions,
    messages,
    summaries,
    tasks,
)
from unhurried.service.shared_care.queries import summaries as written
from unhurried.service.shared_care.queries import summary_lines
from unhurried.service.shared_care.rules.access_problems import Report
from unhurried.service.shared_care.rules.discussions import Talk
from unhurried.service.shared_care.rules.presence import NOT_YET, TOLD, Said

Happens = tuple[int, int, Callable[[], None]]
MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY = range(5)
FIRST_WEEK = 3  # from here on enough people have joined
TALKS = {4: True, 10: False}  # the weeks of a talk about somebody; have they been told?
ADVICE = {5: "pain_consultant", 9: "addiction_psychiatrist"}  # the second gives no answer
PROBLEMS = (6, 11)
ANSWERED = 5  # the week of a message that was answered
# What a review meeting asks of the practice, and how it is answered.
LONGER = "Please offer a longer appointment about the nights."
LATER = {LONGER: "Offered. They chose a Tuesday."}


def things(cast: Cast, week: int, *, last: int) -> Iterator[Happens]:
    """What happens in this week; the last week's questions wait for whoever opens the demo."""
    if week < FIRST_WEEK:
        return
    if week < last:
        yield TUESDAY, 12, lambda: _ask(_somebody(cast, week), week)
    else:
        yield TUESDAY, 12, lambda: _ask_each(cast, week)
    yield FRIDAY, 15, lambda: _sum_up(cast, most=None if week < last else 2)
    yield THURSDAY, 13, lambda: _answer(cast)
    if week < last:
        yield FRIDAY, 12, _see
    if week in TALKS:
        yield THURSDAY, 12, lambda: _talk(cast, told=TALKS[week])
    if week in ADVICE:
        yield MONDAY, 12, lambda: _ask_specialist(cast, ADVICE[week])
        yield WEDNESDAY, 12, lambda: _advise(cast)
    if week in PROBLEMS:
        yield TUESDAY, 16, lambda: _access_problem(cast, week)
    if week == PROBLEMS[0]:
        yield WEDNESDAY, 9, lambda: _put_right(cast)
    if week == ANSWERED:
        yield WEDNESDAY, 16, lambda: _write(cast, _somebody(cast, 8), answered=True)
    if week == last:
        yield WEDNESDAY, 16, lambda: _write_each(cast)


def people_of(worker: Membership) -> list[Patient]:
    """The people who joined with this worker, in the order they joined."""
    joined = Episode.objects.filter(project_worker=worker, state=Episode.State.ENROLLED)
    joined = joined.filter(patient__date_of_death=None).select_related("patient__practice")
    return [each.patient for each in joined.order_by("enrolled_at", "pk")]


def _somebody(cast: Cast, number: int) -> tuple[Actor, Patient] | None:
    """A worker and one of their people, another pair for another number."""
    workers = cast.workers()
    worker = workers[number % len(workers)]
    people = people_of(worker)
    if not people:
        return None
    return actor_of_membership(worker), people[(number // len(workers)) % len(people)]


def _somebody_at(cast: Cast, practice: str, number: int) -> tuple[Actor, Patient] | None:
    """Somebody of this practice who shares with their GP, with their worker."""
    home = cast.organisations[practice].pk
    found = [
        (worker, patient)
        for worker in cast.workers()
        for patient in people_of(worker)
        if patient.practice_id == home and not keeps_notes_from_gp(patient, clock.now())
    ]
    if not found:
        return None
    worker, patient = found[number % len(found)]
    return actor_of_membership(worker), patient


def _gp_of(cast: Cast, patient: Patient) -> Actor:
    practice = next(
        each for each in PRACTICES if cast.organisations[each].pk == patient.practice_id
    )
    return cast.actor("gp", practice)


def _ask_each(cast: Cast, week: int) -> None:
    """Each practice is asked one thing more, which waits for whoever opens the demo as its GP.

    What the first is asked besides is answered: the worker who asked finds the answer.
    """
    for number, practice in enumerate(PRACTICES):
        _ask(_somebody_at(cast, practice, number), week)
    _ask(_somebody_at(cast, PRACTICES[0], 2), week + 1)


def _ask(found: tuple[Actor, Patient] | None, week: int) -> None:
    words = rows("asks")
    if found is None:
        return
    by, patient = found
    row = words[(week - FIRST_WEEK) % len(words)]
    tasks.ask(
        by=by, patient=patient, to="practice", kind=row["kind"], sentence=row["sentence"],
        words=row["words"], person_knows=row["knows"],
    )  # fmt: skip


def _answer(cast: Cast) -> None:
    """The GPs answer what was asked of them, and put summaries on the record."""
    outcomes = {row["sentence"]: row["outcome"] for row in rows("asks")} | LATER
    for task in Task.objects.filter(closed_at=None, to="practice").select_related("patient"):
        if outcomes.get(task.sentence):
            by = _gp_of(cast, task.patient)
            taken = tasks.take(by=by, task=task, version=task.version)
            tasks.finish(by=by, task=taken, version=taken.version, outcome=outcomes[task.sentence])
    for row in RecordSummary.objects.filter(state="sent").select_related("patient"):
        summaries.file_summary(by=_gp_of(cast, row.patient), summary=row)


def _see() -> None:
    """Whoever asked says that they have seen the answer; the last week's wait for them."""
    for answer in Answer.objects.filter(closed_at=None).select_related("asked_by__user"):
        answers.see(by=actor_of_membership(answer.asked_by), answer=answer)


def _sum_up(cast: Cast, *, most: int | None) -> None:
    """Each worker sends the summaries of the week's sessions, or of so many."""
    since = clock.now() - timedelta(days=5)
    for worker in cast.workers():
        held = Session.objects.filter(worker=worker, at__gte=since).order_by("at", "pk")
        for session in held.select_related("patient")[:most]:
            _summary(actor_of_membership(worker), session)


def _summary(by: Actor, session: Session) -> None:
    patient = session.patient
    handed = written.handed_in(by, patient, "session", session.uuid)
    if handed is None or not summary_lines.shares_with_gp(patient):
        return
    lines = summary_lines.first_lines(patient, handed)
    draft = summaries.save_summary(by=by, patient=patient, handed=handed, lines=lines)
    summaries.send_summary(by=by, summary=draft, version=draft.version)


def _talk(cast: Cast, *, told: bool) -> None:
    found = _somebody(cast, 4)
    if found is None:
        return
    by, patient = found
    gp = _gp_of(cast, patient)
    said = Said(
        present=False, wished="not_asked", told=TOLD if told else NOT_YET,
        told_on=clock.today() if told else None,
        told_what="That the GP and I spoke for a minute, and what about." if told else "",
    )  # fmt: skip
    talk = Talk(
        on=clock.today(), how="corridor", minutes=3, members=(by.membership_id or 0,
        gp.membership_id or 0), about="How the nights are", at=None,
        decided="Nothing changes. The GP will ask about sleep when they next meet.",
    )  # fmt: skip
    discussions.note_discussion(by=by, patient=patient, talk=talk, said=said)


def _ask_specialist(cast: Cast, role: str) -> None:
    """A worker asks; the person agreed to it first."""
    found = _somebody(cast, 6 if role == "pain_consultant" else 7)
    if found is None:
        return
    by, patient = found
    patients.record_consent(
        by=by, patient=patient, kind="sharing", given=True, how="spoken", party="specialist"
    )
    advice.ask(
        by=by, patient=patient, pack=make_pack(by, patient),
        asked=advice.Asked(
            hospital=cast.organisations["hospital"], role=role,
            specialist=cast.member(role, "hospital"), wants="next",
            question="The nights are the worst. What else could be tried before anything changes?",
            tried="The short pages on sleep and pacing. A worksheet for one week.",
            matters="To sleep until six, and to have a clear head for the grandchildren.",
        ),
    )  # fmt: skip


def _advise(cast: Cast) -> None:
    """The pain consultant answers in two days; the psychiatrist is away."""
    for request in AdviceRequest.objects.filter(closed_at=None, role="pain_consultant"):
        advice.answer(
            by=cast.actor("pain_consultant", "hospital"), request=request,
            answer="Nights often come first, and it is sensible to leave the medicines as they "
            "are meanwhile. A fixed time to get up and a rest at two, as you do, is what I would "
            "go on with for a month.",
            if_then="If the nights are worse in two weeks, ask me again.", may_read="yes",
            version=request.version,
        )  # fmt: skip


def _access_problem(cast: Cast, week: int) -> None:
    found = _somebody(cast, week)
    if found is None:
        return
    by, patient = found
    access_problems.report_problem(
        by=by, patient=patient,
        report=Report(
            kind="sent_to_worker", on=clock.today() - timedelta(days=1),
            words="I rang about my chest and was told to ask my project worker.",
        ),
    )  # fmt: skip


def _put_right(cast: Cast) -> None:
    for problem in AccessProblem.objects.filter(closed_at=None).select_related("patient"):
        by = _gp_of(cast, problem.patient)
        seen = access_problems.look_at(by=by, problem=problem, version=problem.version)
        access_problems.put_right(
            by=by,
            problem=seen,
            version=seen.version,
            told_how="I rang and said sorry.",
            done="Seen the same day. The card is at reception now.",
        )


def _write_each(cast: Cast) -> None:
    """A message to each practice that nobody has read yet."""
    for number, practice in enumerate(PRACTICES):
        _write(cast, _somebody_at(cast, practice, number + 3), answered=False)


def _write(cast: Cast, found: tuple[Actor, Patient] | None, *, answered: bool) -> None:
    if found is None:
        return
    by, patient = found
    message = messages.open_thread(
        by=by,
        patient=patient,
        subject="Which day suits",
        text="They can do Tuesdays from now on. Could the next look at the medicines be then?",
    )
    if answered:
        gp = _gp_of(cast, patient)
        messages.note_read(by=gp, thread=message.thread)
        messages.reply(by=gp, thread=message.thread, text="Tuesday it is.")
        messages.note_read(by=by, thread=message.thread)
