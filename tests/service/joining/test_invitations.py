"""Invitations: prepared, approved, sent once, stopped when wrong, at most two reminders."""

from __future__ import annotations

from datetime import date, timedelta
from io import BytesIO
from pathlib import Path

import pytest
import time_machine
from django.conf import settings
from django.utils import timezone
from pypdf import PdfReader
from tests.service.joining.conftest import Joining

from unhurried.service.audit.refused import Refused
from unhurried.service.jobs.worker import run_until_idle
from unhurried.service.joining import content, operations, queries
from unhurried.service.joining.codes import REPLY
from unhurried.service.joining.models import Invitation, Step
from unhurried.service.joining.operations.referrals import Said
from unhurried.service.joining.rendering import letter_pdf
from unhurried.service.outbox.models import Message
from unhurried.service.outbox.worker import send_due
from unhurried.service.patients.models import ContactPreference, Episode, Patient

DAY = timedelta(days=1)


def words_of(pdf: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages).split())


def test_an_approved_letter_leaves_once_and_is_this_persons_alone(joining: Joining) -> None:
    first, second = joining.patient(), joining.patient()
    batch = joining.prepared(first, second)
    assert not Message.objects.exists()
    operations.approve_batch(by=joining.staff, batch=batch)
    run_until_idle()
    run_until_idle()
    assert send_due(timezone.now()) == 2
    assert send_due(timezone.now()) == 0
    for patient, other in ((first, second), (second, first)):
        message = Message.objects.get(patient_id=patient.pk)
        assert message.state == "sent"
        text = words_of((Path(settings.FILES) / message.document).read_bytes())
        assert patient.given_name in text
        assert patient.family_name in text
        assert other.given_name not in text
        assert text.count(patient.family_name) == 1  # one address block, and no other use
        assert joining.gp_role.user.full_name in text


def test_the_same_content_gives_the_same_bytes_tagged_and_in_its_language(joining: Joining) -> None:
    joining.prepared(patient := joining.patient(large_print=True))
    step = joining.step(patient)
    frozen, code = content.of_step(step)
    once, twice = (letter_pdf(content.letter_of(frozen, code)) for _ in range(2))
    assert once == twice
    root = PdfReader(BytesIO(once)).root_object
    assert "/MarkInfo" in root
    assert str(root["/Lang"]) == "en-GB"
    assert step.large_print
    assert code.replace("-", "") not in str(step.content)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"date_of_death": date(2026, 11, 1)}, "died"),
        ({"address": "7 Other Road"}, "address has changed"),
        ({"do_not_contact": True}, "does not want to be contacted"),
        ({"do_not_post": True}, "Nothing may be posted"),
    ],
)
@pytest.mark.parametrize("at", ["prepared", "approved", "posted"])
def test_what_happened_meanwhile_stops_the_letter_wherever_it_is(
    joining: Joining, change: dict[str, object], says: str, at: str
) -> None:
    batch = joining.prepared(patient := joining.patient())
    if at == "posted":
        operations.approve_batch(by=joining.staff, batch=batch)
        run_until_idle()
    if at == "approved":
        operations.approve_batch(by=joining.staff, batch=batch)
    if "do_not_contact" in change or "do_not_post" in change:
        ContactPreference.objects.filter(patient=patient).update(**change)
    else:
        Patient.objects.filter(pk=patient.pk).update(**change)
    if at == "prepared":
        operations.approve_batch(by=joining.staff, batch=batch)
    run_until_idle()
    send_due(timezone.now())
    assert not Message.objects.filter(state="sent").exists()
    step = joining.step(patient)
    assert step.state == Step.State.STOPPED
    assert says in step.explanation
    invitation = Invitation.objects.get(patient=patient)
    assert invitation.state == Invitation.State.STOPPED
    assert says in invitation.stopped_because


def test_moving_practice_and_an_old_extract_stop_it(joining: Joining) -> None:
    batch = joining.prepared(patient := joining.patient(), other := joining.patient())
    Patient.objects.filter(pk=patient.pk).update(practice=joining.world.other_practice)
    Invitation.objects.filter(patient=other).update(
        data_as_at=timezone.localdate() - timedelta(days=60)
    )
    operations.approve_batch(by=joining.staff, batch=batch)
    run_until_idle()
    send_due(timezone.now())
    assert not Message.objects.filter(state="sent").exists()
    assert "moved" in joining.step(patient).explanation
    assert "newest records" in joining.step(other).explanation


def test_at_most_two_reminders_each_in_its_time(joining: Joining) -> None:
    invitation = joining.invited(patient := joining.patient())
    with pytest.raises(Refused, match="due on"):
        remind(joining, invitation)
    now = timezone.now()
    for days, number in ((22, 1), (52, 2)):
        with time_machine.travel(now + days * DAY, tick=False):
            remind(joining, invitation)
            assert joining.step(patient, number).state == Step.State.POSTED
    with time_machine.travel(now + 100 * DAY, tick=False):
        with pytest.raises(Refused, match="every reminder"):
            remind(joining, invitation)
        assert operations.close_finished(by=joining.manager) == 1
    invitation.refresh_from_db()
    assert invitation.state == Invitation.State.NO_REPLY
    assert Message.objects.filter(patient_id=patient.pk, state="sent").count() == 3


def test_every_reminder_due_is_counted_and_shown_page_by_page(
    joining: Joining, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(queries.to_remind.__globals__, "PER_PAGE", 2)
    for _ in range(3):
        joining.invited(joining.patient())
    assert not queries.to_remind(joining.staff).paginator.count
    with time_machine.travel(timezone.now() + 22 * DAY, tick=False):
        first, second = (queries.to_remind(joining.staff, number) for number in (1, 2))
        assert queries.to_do(joining.staff).reminders_due == 3
        chosen = queries.chosen_to_remind(
            joining.staff, [str(second.object_list[0].uuid), "not a number"]
        )
    assert len(first.object_list) == 2
    assert chosen == list(second.object_list)


def remind(joining: Joining, invitation: Invitation) -> None:
    made = operations.prepare_reminders(
        by=joining.staff, practice=joining.world.practice, invitations=[invitation]
    )
    assert made.batch is not None
    operations.approve_batch(by=joining.staff, batch=made.batch)
    run_until_idle()
    send_due(timezone.now())


def test_a_reply_stops_the_reminder_already_approved(joining: Joining) -> None:
    invitation = joining.invited(patient := joining.patient())
    with time_machine.travel(timezone.now() + 22 * DAY, tick=False):
        made = operations.prepare_reminders(
            by=joining.staff, practice=joining.world.practice, invitations=[invitation]
        )
        assert made.batch is not None
        operations.approve_batch(by=joining.staff, batch=made.batch)
        operations.record_reply(
            by=joining.worker, invitation=invitation, reply="no", how="phone", version=1
        )
        run_until_idle()
        send_due(timezone.now())
    assert Message.objects.filter(patient_id=patient.pk).count() == 1
    assert joining.step(patient, 1).state == Step.State.STOPPED


def test_no_thank_you_is_remembered_unless_they_ask(joining: Joining) -> None:
    invitation = joining.invited(patient := joining.patient())
    operations.record_reply(
        by=joining.worker, invitation=invitation, reply="no", how="phone", version=1
    )
    with pytest.raises(Refused, match="no thank you"):
        joining.prepared(patient)
    operations.invite_in_conversation(
        by=joining.gp, patient=patient, endorsed_by=joining.gp_role,
        again_because="They asked at the desk",
    )  # fmt: skip
    assert Invitation.objects.filter(patient=patient).count() == 2


def test_the_persons_wishes_decide_the_way(joining: Joining) -> None:
    texter = joining.patient(by_letter=False, by_sms=True, phone="07700 900 123")
    mailer = joining.patient(by_letter=False, by_email=True, email="siskin@example.org")
    batch = joining.prepared(texter, mailer)
    operations.approve_batch(by=joining.staff, batch=batch)
    run_until_idle()
    send_due(timezone.now())
    for patient, channel in ((texter, "sms"), (mailer, "email")):
        message = Message.objects.get(patient_id=patient.pk)
        assert (message.channel, message.state) == (channel, "sent")
        assert "opioid" not in (message.subject + message.body).casefold()
        code = REPLY.code_for(Invitation.objects.get(patient=patient).uuid)
        assert f"https://service.example/reply/{code}/" in message.body


def test_someone_who_wants_no_writing_is_left_out_with_a_sentence(joining: Joining) -> None:
    with pytest.raises(Refused, match="conversation"):
        joining.prepared(joining.patient(by_letter=False, by_email=False, by_sms=False))


def test_put_aside_nothing_leaves_and_they_may_be_asked_later(joining: Joining) -> None:
    batch = joining.prepared(patient := joining.patient())
    operations.put_batch_aside(by=joining.staff, batch=batch)
    with pytest.raises(Refused, match="decided already"):
        operations.approve_batch(by=joining.staff, batch=batch)
    assert joining.invited(patient)


def test_a_name_without_a_shape_in_the_typeface_is_said_not_guessed(joining: Joining) -> None:
    batch = joining.prepared(patient := joining.patient(given_name="李"))
    operations.approve_batch(by=joining.staff, batch=batch)
    run_until_idle()
    assert "typeface" in joining.step(patient).explanation


def answered(joining: Joining, invitation: Invitation, reply: str) -> None:
    invitation.refresh_from_db()
    operations.record_reply(
        by=joining.worker, invitation=invitation, reply=reply, how="post",
        version=invitation.version,
    )  # fmt: skip


def test_a_no_to_an_old_letter_leaves_what_a_later_referral_opened(joining: Joining) -> None:
    invitation = joining.invited(patient := joining.patient())
    operations.refer(
        by=joining.gp, patient=patient, said=Said(agrees=True, pain_condition="Back pain")
    )
    answered(joining, invitation, "no")
    assert Episode.objects.get().state == Episode.State.REFERRED


@pytest.mark.parametrize("later", ["referral", "nothing"])
def test_a_change_of_mind_ends_what_the_letters_own_yes_opened_unless_a_referral_rests_on_it(
    joining: Joining, later: str
) -> None:
    invitation = joining.invited(patient := joining.patient())
    answered(joining, invitation, "yes")
    if later == "referral":
        operations.refer(
            by=joining.gp, patient=patient, said=Said(agrees=True, pain_condition="Back pain")
        )
    answered(joining, invitation, "no")
    assert Episode.objects.get().state == ("referred" if later == "referral" else "ended")


def test_a_no_to_an_old_letter_leaves_what_a_later_yes_opened(joining: Joining) -> None:
    first = joining.invited(patient := joining.patient())
    answered(joining, first, "not_now")
    second = operations.invite_in_conversation(
        by=joining.gp, patient=patient, endorsed_by=joining.gp_role, again_because="She asked"
    )
    answered(joining, second, "yes")
    answered(joining, first, "no")
    assert Episode.objects.get().state == Episode.State.REFERRED
