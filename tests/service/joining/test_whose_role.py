"""What an operation asks of whoever acts, whatever page they came from, and when it runs later."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone
from tests.service.conftest import actor_for
from tests.service.joining.conftest import Joining

from unhurried.service.accounts.models import Membership
from unhurried.service.audit.actor import Actor
from unhurried.service.audit.refused import Refused
from unhurried.service.jobs.worker import run_until_idle
from unhurried.service.joining import operations
from unhurried.service.joining.models import Batch, Invitation, Referral, Step
from unhurried.service.joining.operations.referrals import Said
from unhurried.service.outbox.models import Message
from unhurried.service.outbox.worker import send_due
from unhurried.service.patients.models import Restriction

SignedIn = Callable[[Membership], Client]
YES = Said(agrees=True, pain_condition="Lower back")


def strangers(joining: Joining, *roles: str) -> list[Actor]:
    """People in these roles here, and those whom the same role does not help: elsewhere, ended."""
    world = joining.world
    return [
        *(actor_for(world.member(role)) for role in roles),
        actor_for(world.member("gp", world.other_practice)),
        actor_for(world.member("gp", ended=True)),
        actor_for(world.member("project_worker", world.other_provider)),
        actor_for(world.member("project_worker", ended=True)),
    ]


def test_only_a_gp_of_the_practice_refers(joining: Joining) -> None:
    patient = joining.patient()
    roles = ("practice_staff", "project_worker", "service_manager", "commissioner")
    for by in strangers(joining, *roles):
        with pytest.raises(Refused):
            operations.refer(by=by, patient=patient, said=YES)
    Restriction.objects.create(patient=patient, user=joining.gp_role.user, asked_at=timezone.now())
    with pytest.raises(Refused):
        operations.refer(by=joining.gp, patient=patient, said=YES)
    assert not Referral.objects.exists()


@pytest.mark.parametrize("what", ["take", "rung", "close"])
def test_only_the_provider_takes_a_referral_on(joining: Joining, what: str) -> None:
    referral = operations.refer(by=joining.gp, patient=joining.patient(), said=YES)
    roles = ["practice_staff", "clinical_supervisor", "commissioner", "evaluator"]
    roles += [] if what == "close" else ["gp"]  # a GP takes a referral back
    work_on: dict[str, Callable[[Actor], object]] = {
        "take": lambda by: operations.take_referral(
            by=by, referral=referral, worker=joining.worker_role, version=1
        ),
        "rung": lambda by: operations.note_referral_call(by=by, referral=referral, version=1),
        "close": lambda by: operations.close_referral(
            by=by, referral=referral, because="x", version=1
        ),
    }
    for by in strangers(joining, *roles):
        with pytest.raises(Refused):
            work_on[what](by)
    referral.refresh_from_db()
    assert (referral.state, referral.version) == ("sent", 1)


def test_who_may_not_look_after_an_invitation_records_no_reply(joining: Joining) -> None:
    invitation = joining.invited(joining.patient())
    for by in strangers(joining, "service_manager", "clinical_supervisor", "commissioner"):
        with pytest.raises(Refused):
            operations.record_reply(
                by=by, invitation=invitation, reply="no", how="phone", version=invitation.version
            )
        with pytest.raises(Refused):
            operations.stop_invitation(
                by=by, invitation=invitation, because="x", version=invitation.version
            )
    invitation.refresh_from_db()
    assert (invitation.state, invitation.reply) == (Invitation.State.OPEN, "")


def test_who_may_not_invite_neither_prepares_nor_approves(joining: Joining) -> None:
    batch = joining.prepared(patient := joining.patient())
    for by in strangers(joining, "service_manager", "clinical_supervisor"):
        for operation in (operations.approve_batch, operations.put_batch_aside):
            with pytest.raises(Refused):
                operation(by=by, batch=batch)
        with pytest.raises(Refused):
            operations.invite_in_conversation(
                by=by, patient=patient, endorsed_by=joining.gp_role, again_because="Asked"
            )
    batch.refresh_from_db()
    assert batch.state == Batch.State.PREPARED


def test_letters_approved_by_somebody_whose_role_ended_wait_for_another_and_say_so(
    joining: Joining, signed_in: SignedIn
) -> None:
    batch = joining.prepared(joining.patient(), joining.patient())
    leaver = joining.world.member("practice_staff")
    operations.approve_batch(by=actor_for(leaver), batch=batch)
    leaver.ends = timezone.localdate()
    leaver.save()
    run_until_idle()
    send_due(timezone.now())
    assert not Message.objects.exists()
    batch.refresh_from_db()
    assert (batch.state, batch.decided_by) == (Batch.State.PREPARED, None)
    assert set(Step.objects.values_list("state", flat=True)) == {"prepared"}
    browser = signed_in(joining.staff_role)
    page = browser.get(f"/invitations/batches/{batch.uuid}/").content.decode()
    assert "no longer holds that role" in page
    operations.approve_batch(by=joining.staff, batch=batch)
    run_until_idle()
    assert send_due(timezone.now()) == 2
    page = browser.get(f"/invitations/batches/{batch.uuid}/").content.decode()
    assert "no longer holds that role" not in page


def test_what_was_handed_over_before_stays_when_the_rest_is_put_aside(joining: Joining) -> None:
    batch = joining.prepared(joining.patient(), joining.patient())
    operations.approve_batch(by=joining.staff, batch=batch)
    first = Step.objects.select_related("invitation").order_by("pk")[0]
    operations.post_steps(by=joining.staff, steps=[first])
    operations.hand_back(by=joining.staff, batch=batch)
    operations.put_batch_aside(by=joining.staff, batch=batch)
    assert list(Step.objects.order_by("pk").values_list("state", flat=True)) == [
        "posted", "stopped",
    ]  # fmt: skip
    states = Invitation.objects.order_by("pk").values_list("state", flat=True)
    assert list(states) == [Invitation.State.OPEN, Invitation.State.STOPPED]
