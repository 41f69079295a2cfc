"""Background work of joining: a batch of approved messages is handed to the outbox."""

from __future__ import annotations

from django.db import transaction

from unhurried.service.audit import clock
from unhurried.service.audit.actor import system_actor
from unhurried.service.jobs.registry import every, handles
from unhurried.service.jobs.work import Work
from unhurried.service.joining import rules
from unhurried.service.joining.models import Batch, Step
from unhurried.service.joining.operations import close_finished, hand_back, post_steps
from unhurried.service.joining.operations.invitations import ROLE_ENDED

AT_A_TIME = 20


@handles("joining.post_batch")
def post_approved(work: Work) -> None:
    """Hand over every approved step of a batch; after a crash it goes on where it was."""
    batch = Batch.objects.get(pk=work.payload["batch"])
    everything = batch.steps.count()
    while True:
        waiting = list(
            batch.steps.filter(state=Step.State.APPROVED)
            .select_related("invitation")
            .order_by("pk")[:AT_A_TIME]
        )
        if not waiting:
            break
        with transaction.atomic():
            if not work.still_mine():
                return
            if not rules.role_is_held(work.by, clock.today()):
                hand_back(by=system_actor("joining"), batch=batch)
                work.complete(ROLE_ENDED)
                return
            post_steps(by=work.by, steps=waiting)
        left = batch.steps.filter(state=Step.State.APPROVED).count()
        work.progress(everything - left, everything, "Handing over to be sent")
    work.progress(everything, everything, "All handed over")


@every(6 * 60 * 60, "joining.close_finished")
def close_what_had_no_reply() -> None:
    """Close invitations that had every reminder and no reply."""
    close_finished(by=system_actor("joining"))
