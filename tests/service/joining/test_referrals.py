"""A GP's referral: one page, an acknowledgement, the worker's queue, joining."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from tests.service.conftest import nhs_number
from tests.service.joining.conftest import Joining

from unhurried.service.accounts.models import Membership
from unhurried.service.audit.refused import Refused
from unhurried.service.audit.working_days import working_days_after
from unhurried.service.joining import operations
from unhurried.service.joining.forms import versions_now
from unhurried.service.joining.medicines import understand, understand_all
from unhurried.service.joining.models import Enrolment, Referral
from unhurried.service.joining.operations.enrolment import Answer
from unhurried.service.joining.operations.referrals import Said
from unhurried.service.joining.tables import red_flags
from unhurried.service.outbox.models import Message
from unhurried.service.outbox.worker import send_due
from unhurried.service.patients.conflict import ChangedMeanwhile
from unhurried.service.patients.models import (
    Consent,
    Episode,
    KnownMedicine,
    Patient,
    SafetyAlert,
)
from unhurried.service.patients.tables import safety_kinds

SignedIn = Callable[[Membership], Client]
YES = Said(agrees=True, pain_condition="Lower back")


def typed(**more: Any) -> dict[str, Any]:
    values = {
        "agrees": "yes", "pain_condition": "Lower back, since 2019", "readiness": "curious",
        "medicines": "Zomorph 30mg capsules, one twice a day\nmorphine, as directed",
        "benzodiazepine": "no", "once": str(uuid.uuid4()),
    }  # fmt: skip
    return values | more


def test_a_new_person_is_registered_and_referred_in_one_go(
    joining: Joining, signed_in: SignedIn
) -> None:
    browser = signed_in(joining.gp_role)
    assert browser.get("/referrals/new/").status_code == 200
    number = nhs_number()
    sent = typed(nhs_number=number, given_name="Zoë", family_name="Siân", date_of_birth="3/11/1960")
    answer = browser.post("/referrals/new/", sent)
    assert answer.status_code == 302, answer.content.decode()
    referral = Referral.objects.get()
    assert (referral.state, referral.provider) == ("sent", joining.world.provider)
    assert referral.ring_by == working_days_after(timezone.localdate(), 5)
    again = browser.post("/referrals/new/", sent)  # sent twice: one effect
    assert again.status_code in {302, 200}
    assert Referral.objects.count() == 1
    assert Patient.objects.filter(nhs_number=number).count() == 1
    assert KnownMedicine.objects.filter(source="referral").count() == 2
    assert send_due(timezone.now()) == 1
    message = Message.objects.get(purpose="joining.acknowledgement")
    assert message.state == "sent"
    assert message.to == joining.world.practice.email
    assert "Zoë" not in message.subject + message.body
    shown = browser.get(f"/referrals/{referral.uuid}/").content.decode()
    assert "will ring by" in shown
    assert "Not known" in shown


def test_not_yet_saves_a_draft_that_only_the_practice_sees(
    joining: Joining, signed_in: SignedIn
) -> None:
    patient = joining.patient()
    browser = signed_in(joining.gp_role)
    sent = typed(agrees="not_yet", person=str(patient.uuid), pain_condition="")
    assert browser.post("/referrals/new/", sent).status_code == 302
    draft = Referral.objects.get()
    assert draft.state == "draft"
    assert not Message.objects.exists()
    assert not Episode.objects.exists()
    worker = signed_in(joining.worker_role)
    assert worker.get(f"/referrals/{draft.uuid}/").status_code == 404
    page = browser.get(f"/referrals/new/?person={patient.uuid}").content.decode()
    assert "Zomorph 30mg capsules, one twice a day" in page
    assert browser.post("/referrals/new/", typed(person=str(patient.uuid))).status_code == 302
    draft.refresh_from_db()
    assert draft.state == "sent"


def test_a_red_flag_for_today_is_shown_and_raises_an_alert(joining: Joining) -> None:
    patient = joining.patient()
    operations.refer(
        by=joining.gp, patient=patient,
        said=Said(agrees=True, pain_condition="x", red_flags=["suicidal_thoughts", "weight_loss"]),
    )  # fmt: skip
    assert [each.kind for each in SafetyAlert.objects.all()] == ["suicidality"]


def test_every_red_flag_has_a_source_and_a_known_alert() -> None:
    for flag in red_flags().values():
        assert flag.source
        assert flag.advice
        assert not flag.alert or flag.alert in safety_kinds()
        assert flag.same_day == bool(flag.alert)


def test_without_a_yes_nothing_is_sent(joining: Joining) -> None:
    with pytest.raises(Refused, match="knows about it and agrees"):
        operations.refer(
            by=joining.gp, patient=joining.patient(),
            said=Said(agrees=False, pain_condition="Back"),
        )  # fmt: skip


@pytest.mark.parametrize(
    "line", ["morphine, as directed", "something", "Zomorph 30mg capsules", ","]
)
def test_what_is_not_certain_is_not_known(line: str) -> None:
    assert not understand(line).understood
    assert understand(line).sentence.startswith("Not known")


def test_a_plain_line_is_understood() -> None:
    (line,) = understand_all("\nZomorph 30mg capsules, one twice a day\n")
    assert line.understood
    assert "60 mg a day" in line.sentence


def test_missing_answers_keep_everything_typed(joining: Joining, signed_in: SignedIn) -> None:
    sent = typed(agrees="", person=str(joining.patient().uuid), reason="Rings after 4 <b>pm</b>")
    answer = signed_in(joining.gp_role).post("/referrals/new/", sent)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "Rings after 4 &lt;b&gt;pm&lt;/b&gt;" in page
    assert sent["once"] in page
    assert not Referral.objects.exists()


@pytest.mark.parametrize(
    "bad",
    [
        {"given_name": "x" * 300}, {"date_of_birth": "31/4/1960"}, {"nhs_number": "123"},
        {"date_of_birth": "1/1/2999"}, {"given_name": "Robert'); DROP TABLE"},
        {"medicines": "x" * 20_000}, {"red_flags": ["nothing"]}, {"readiness": "'--"},
        {"given_name": "\u202eevil"}, {"given_name": "👩‍⚕️"}, {"person": "not-a-uuid"},
    ],
)  # fmt: skip
def test_bad_input_is_a_sentence_never_an_error(
    joining: Joining, signed_in: SignedIn, bad: dict[str, Any]
) -> None:
    sent = typed(nhs_number="", given_name="A", family_name="B", date_of_birth="3/11/1960") | bad
    assert signed_in(joining.gp_role).post("/referrals/new/", sent).status_code < 500


def test_from_the_queue_to_joined(joining: Joining, signed_in: SignedIn) -> None:
    patient = joining.patient()
    referral = operations.refer(by=joining.gp, patient=patient, said=YES)
    browser = signed_in(joining.worker_role)
    assert "1 referral waits" in browser.get("/referrals/").content.decode()
    address = f"/referrals/{referral.uuid}/"
    take = {"worker": joining.worker_role.pk, "version": referral.version}
    assert browser.post(f"{address}take/", take).status_code == 302
    late = browser.post(f"{address}take/", take)
    assert late.status_code == 409
    referral.refresh_from_db()
    assert browser.post(f"{address}rung/", {"version": referral.version}).status_code == 302
    join = f"/joining/{patient.uuid}/"
    page = browser.get(join).content.decode()
    assert "never changes your right to see your GP" in page
    answers = {
        "shown": versions_now(),
        "statement": "on", "service": "yes", "sharing": "yes", "research_contact": "no",
        "evaluation": "not_asked", "how": "spoken", "worker": joining.worker_role.pk,
    }  # fmt: skip
    assert browser.post(join, answers | {"service": "no"}).status_code == 200
    assert not Enrolment.objects.exists()
    assert browser.post(join, answers | {"statement": ""}).status_code == 200
    assert f'name="shown" value="{versions_now()}"' in page
    for shown in ("", versions_now().replace("evaluation-1", "evaluation-0")):
        again = browser.post(join, answers | {"shown": shown}).content.decode()
        assert "words changed" in again
    assert not Enrolment.objects.exists()
    assert browser.post(join, answers).status_code == 302
    assert Episode.objects.get().state == "enrolled"
    kinds = dict(Consent.objects.values_list("kind", "given"))
    assert kinds == {"service": True, "sharing": True, "research_contact": False}
    referral.refresh_from_db()
    assert referral.state == "enrolled"
    assert browser.get(f"{join}welcome/").status_code == 200
    send_due(timezone.now())
    sent = dict(Message.objects.values_list("purpose", "state"))
    assert sent["joining.joined"] == "sent"
    assert sent["joining.welcome"] == "sent"


def test_a_worker_without_room_is_never_booked_over(joining: Joining) -> None:
    joining.world.enrolled(joining.worker_role)
    joining.world.enrolled(joining.worker_role)
    patient = joining.patient()
    operations.refer(by=joining.gp, patient=patient, said=YES)
    with pytest.raises(Refused, match="no room"):
        operations.enrol(
            by=joining.worker, patient=patient, project_worker=joining.worker_role,
            answers=[Answer("service", True, "spoken")], statement_given=True,
        )  # fmt: skip
    assert not Consent.objects.exists()


def test_two_people_at_once_the_second_is_told(joining: Joining) -> None:
    referral = operations.refer(by=joining.gp, patient=joining.patient(), said=YES)
    operations.close_referral(by=joining.worker, referral=referral, because="Moved", version=1)
    with pytest.raises(ChangedMeanwhile):
        operations.take_referral(
            by=joining.worker, referral=referral, worker=joining.worker_role, version=1
        )
    assert Episode.objects.get().state == "ended"
