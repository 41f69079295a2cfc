"""Who may be asked for advice about whom, and what may happen with a question (MDT-2, MDT-3)."""

from __future__ import annotations

from unhurried.service.accounts.models import Membership, Organisation
from unhurried.service.accounts.policy import roles
from unhurried.service.audit import clock
from unhurried.service.audit.actor import Actor
from unhurried.service.audit.refused import Refused
from unhurried.service.patients.models import Patient, Restriction
from unhurried.service.patients.words import check_text
from unhurried.service.shared_care.models.advice import AdviceRequest
from unhurried.service.shared_care.specialists import SPECIALISTS, sharing_people

ASKS = frozenset({"project_worker", "gp"})
NO_CONSENT = (
    "Nothing is shared with a specialist before the person says yes. Ask them: “May we ask a "
    "specialist about your pain, and let them read this page?” Write their answer down under "
    "consents, then ask here. No is a good answer, and changes nothing in their care."
)
NO_LONGER = (
    "The person does not share with specialists any more, so the specialist no longer sees "
    "anything of this. Withdraw the question, or talk with the person first."
)
NOBODY_THERE = (
    "Nobody of those asked can open this any more: they have left, or the person asked that they "
    "do not look. Ask another specialist, or withdraw the question."
)
LONGEST = {"question": 500, "tried": 2000, "matters": 1000, "text": 2000, "answer": 4000}
State = AdviceRequest.State


def shares(patient: Patient) -> bool:
    """Does the person agree today to sharing with specialists?"""
    return sharing_people().filter(pk=patient.pk).exists()


def check_may_be_shared(patient: Patient) -> None:
    """Refuse while the person has not agreed, and after they died."""
    if patient.date_of_death is not None:
        raise Refused("The person has died: no question about them is asked any more.")
    if not shares(patient):
        raise Refused(NO_CONSENT)


def check_asker(by: Actor) -> None:
    """Refuse unless somebody who works with the person asks."""
    if by.membership_id is None or by.role not in ASKS:
        raise Refused("A specialist is asked by the person's project worker or GP.")


def check_asked(
    patient: Patient, hospital: Organisation, role: str, specialist: Membership | None
) -> None:
    """Refuse a specialist who is none, or not there, or whom the person does not want to look."""
    if role not in SPECIALISTS or hospital.kind != Organisation.Kind.HOSPITAL:
        raise Refused("Choose a pain consultant or an addiction psychiatrist of a hospital.")
    there = Membership.objects.on(clock.today()).filter(
        organisation=hospital, role=role, user__is_active=True
    )
    if specialist is not None:
        there = there.filter(pk=specialist.pk)
    if not there.exists():
        raise Refused(f"Nobody there works as {roles()[role].name.lower()} now: choose another.")
    shut_out = Restriction.objects.filter(patient=patient, ended_at=None).values("user_id")
    if not there.exclude(user__in=shut_out).exists():
        raise Refused("This person's record is not open to them: choose somebody else.")


def check_question(question: str, tried: str, matters: str) -> None:
    """Refuse an empty question, and what cannot be kept as typed."""
    if not question.strip():
        raise Refused("Write the question: one to three sentences.")
    check_text("The question", question, LONGEST["question"], lines=True)
    check_text("What was tried", tried, LONGEST["tried"], lines=True)
    check_text("What matters to the person", matters, LONGEST["matters"], lines=True)


def check_kind(wants: str, soon: str, because: str) -> None:
    """Refuse a kind of answer that is none, and sooner without a reason."""
    if wants not in AdviceRequest.Wants.values:
        raise Refused("Choose what would help you most.")
    if soon not in AdviceRequest.Soon.values:
        raise Refused("Choose how soon.")
    if soon == AdviceRequest.Soon.SOONER and not because.strip():
        raise Refused("Say in a few words why it is needed sooner.")
    check_text("Why sooner", because, 300)


def check_words(what: str, text: str, longest: str = "text") -> None:
    """Refuse an empty text, and what cannot be kept as typed."""
    if not text.strip():
        raise Refused(f"{what} is empty: write a sentence or two.")
    check_text(what, text, LONGEST[longest], lines=True)


def check_with_specialist(request: AdviceRequest) -> None:
    """Refuse when it is not the specialist's turn any more."""
    if request.state == State.ANSWERED:
        raise Refused("This is answered already. Whoever asked can ask again.")
    if request.state in {State.WITHDRAWN, State.NOT_FOR_ME}:
        raise Refused("This question does not wait for you any more.")


def check_is_open(request: AdviceRequest) -> None:
    """Refuse when the question is answered or withdrawn."""
    if request.closed_at is not None:
        raise Refused("This question is closed already.")


def check_is_answered(request: AdviceRequest) -> None:
    """Refuse while there is no advice to read."""
    if request.state != State.ANSWERED:
        raise Refused("There is no advice here yet.")


def check_asked_back(request: AdviceRequest) -> None:
    """Refuse a reply where nothing was asked back, or it may not be shared any more."""
    if request.state != State.ASKED_BACK:
        raise Refused("The specialist waits for no reply now.")
    if not shares(request.patient):
        raise Refused(NO_LONGER)


def check_colleague(request: AdviceRequest, to: Membership) -> None:
    """Refuse to pass on to somebody who is no other specialist of the same hospital."""
    if to.organisation_id != request.hospital_id or to.role not in SPECIALISTS:
        raise Refused("Choose a colleague of the same hospital.")
    if to.pk == request.specialist_id:
        raise Refused("They were asked already: choose somebody else.")
    check_asked(request.patient, request.hospital, to.role, to)


def check_answer(answer: str, if_then: str, may_read: str) -> None:
    """Refuse an empty answer, or one that does not say how the person comes to read it."""
    check_words("The advice", answer, "answer")
    check_text("What to do if", if_then, LONGEST["text"], lines=True)
    if may_read not in AdviceRequest.MayRead.values:
        raise Refused("Say whether the person may read the advice as it is.")
