"""A specialist hears by e-mail that a question waits: it names nobody and says nothing of it."""

from __future__ import annotations

from django.conf import settings

from unhurried.service.accounts.models import Membership
from unhurried.service.audit import clock
from unhurried.service.audit.refused import Refused
from unhurried.service.outbox.models import Message
from unhurried.service.outbox.operations import post
from unhurried.service.outbox.registry import check_before_sending
from unhurried.service.patients.models import Restriction
from unhurried.service.shared_care.models.advice import AdviceRequest, AdviceStep
from unhurried.service.shared_care.specialists import sharing_people

PURPOSE = "shared_care.advice"
SUBJECT = "A question waits for your advice"
BODY = (
    "A team that works with people who live with pain would like your advice. Please sign in to "
    "read the question and to answer it; it takes a minute or two:\n\n{link}\n\nThis message names "
    "nobody, and nobody reads replies to it."
)


def specialists_asked(request: AdviceRequest) -> list[Membership]:
    """Whoever may answer it today: who was named, or everybody in the role at that hospital;
    without whom the person asked not to look."""
    held = Membership.objects.on(clock.today()).filter(
        organisation_id=request.hospital_id, role=request.role, user__is_active=True
    )
    if request.specialist_id is not None:
        held = held.filter(pk=request.specialist_id)
    shut_out = Restriction.objects.filter(patient_id=request.patient_id, ended_at=None)
    held = held.exclude(user__in=shut_out.values("user_id"))
    return list(held.select_related("user").order_by("pk"))


def tell_of_question(request: AdviceRequest, step: AdviceStep) -> None:
    """Leave word with the outbox for whoever was asked; in the caller's write."""
    for each in specialists_asked(request):
        try:
            post(
                purpose=PURPOSE, about=f"{request.uuid}:{step.uuid}:{each.pk}", channel="email",
                to=each.user.email, subject=SUBJECT,
                body=BODY.format(link=f"{settings.ADDRESS}/advice/"),
                patient_id=request.patient_id, practice_id=request.practice_id,
                provider_id=request.provider_id,
            )  # fmt: skip
        except Refused:
            continue  # an address nobody can write to: the page shows it all the same


@check_before_sending(PURPOSE, "A question to a specialist")
def check_still_asked(message: Message) -> str:
    """Does it still wait for whom it is written to, and does the person still share?"""
    uuid, _, rest = message.about.partition(":")
    request = AdviceRequest.objects.filter(uuid=uuid).first()
    if request is None or request.state != AdviceRequest.State.WITH_SPECIALIST:
        return "It does not wait for the specialist any more."
    if not sharing_people().filter(pk=request.patient_id).exists():
        return "The person does not share with specialists any more."
    member = rest.partition(":")[2]
    if member not in {str(each.pk) for each in specialists_asked(request)}:
        return "Somebody else was asked before this was sent."
    return ""
