"""Whose referrals, letters and lists somebody sees, and what must not leave (T3, T4, H11, H13)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from tests.service.joining.conftest import Joining
from tests.service.joining.test_invitations import words_of

from unhurried.service.accounts.models import Agreement, Membership
from unhurried.service.audit.models import Entry
from unhurried.service.identification.models import Candidate, Extract
from unhurried.service.identification.operations.medicines import note_medicines
from unhurried.service.identification.queries import agreed
from unhurried.service.jobs.worker import run_until_idle
from unhurried.service.joining import operations, queries
from unhurried.service.joining.models import Invitation
from unhurried.service.joining.operations.enrolment import Answer
from unhurried.service.joining.operations.invitations import Asked
from unhurried.service.joining.operations.referrals import Said
from unhurried.service.joining.printing import letters_of
from unhurried.service.outbox.models import Message
from unhurried.service.outbox.worker import send_due
from unhurried.service.patients.models import Patient, Restriction
from unhurried.service.patients.operations import end_episode, record_medicines
from unhurried.service.patients.operations.people import Medicine

SignedIn = Callable[[Membership], Client]
AGREES = Said(agrees=True, pain_condition="Lower back")


def candidate(joining: Joining, patient: Patient) -> Candidate:
    """Someone of the newest list whom the GP agreed to invite."""
    today = timezone.localdate()
    extract = Extract.objects.create(
        practice=patient.practice, provided_by=joining.staff_role, state=Extract.State.DONE,
        as_of=today, screened_at=timezone.now(), content=f"of {patient.pk}", name="October",
        provided_at=timezone.now(), size=1, format="csv",
    )  # fmt: skip
    return Candidate.objects.create(
        practice=patient.practice, extract=extract, patient=patient, person_id=str(patient.pk),
        standing=Candidate.Standing.LISTED, choice=Candidate.Choice.INVITE,
        decided_by=joining.gp_role, decided_at=timezone.now(), first_listed_at=timezone.now(),
    )  # fmt: skip


def keep_from(member: Membership, patient: Patient) -> None:
    """The person asks that this member of staff does not see their record."""
    Restriction.objects.create(patient=patient, user=member.user, asked_at=timezone.now())


def test_when_an_agreement_ends_the_provider_sees_no_referral_invitation_or_letter(
    joining: Joining, signed_in: SignedIn
) -> None:
    referral = operations.refer(by=joining.gp, patient=(referred := joining.patient()), said=AGREES)
    batch = joining.prepared(invited := joining.patient())
    invitation, step = Invitation.objects.get(patient=invited), joining.step(invited)
    paths = [
        "/referrals/", f"/referrals/{referral.uuid}/", "/invitations/",
        f"/invitations/{invitation.uuid}/", f"/invitations/letters/{step.uuid}/",
        f"/invitations/letters/{step.uuid}.pdf", f"/invitations/batches/{batch.uuid}/",
        f"/invitations/batches/{batch.uuid}/letters.pdf",
    ]  # fmt: skip
    worker = signed_in(joining.worker_role)
    assert worker.get(paths[1]).status_code == 200
    assert worker.get(paths[6]).status_code == 200
    Agreement.objects.filter(practice=joining.world.practice).update(ends=timezone.localdate())
    for path in paths:
        answer = worker.get(path)
        body = answer.content.decode(errors="replace")
        assert answer.status_code == (200 if path.count("/") == 2 else 404), path
        assert referred.family_name not in body
        assert invited.family_name not in body
    assert signed_in(joining.gp_role).get(paths[1]).status_code == 200


def test_who_asked_not_to_be_seen_by_someone_is_on_none_of_their_lists_or_letters(
    joining: Joining, signed_in: SignedIn
) -> None:
    referred, listed = joining.patient(), joining.patient()
    referral = operations.refer(by=joining.gp, patient=referred, said=AGREES)
    candidate(joining, listed)
    batch = joining.prepared(kept := joining.patient(), seen := joining.patient())
    operations.approve_batch(by=joining.gp, batch=batch)
    run_until_idle()
    for member in (joining.staff_role, joining.worker_role):
        for each in (referred, listed, kept):
            keep_from(member, each)
        client = signed_in(member)
        assert client.get(f"/referrals/{referral.uuid}/").status_code == 404
        for path in (
            "/referrals/", "/invitations/", "/invitations/choose/",
            f"/invitations/batches/{batch.uuid}/",
        ):  # fmt: skip
            body = client.get(path).content.decode()
            for each in (referred, listed, kept):
                assert each.family_name not in body, path
    text = words_of(letters_of(joining.staff, batch))
    assert kept.family_name not in text
    assert seen.family_name in text
    assert "1 held back" in text


def test_a_person_sees_that_they_were_on_a_list_or_printed(joining: Joining) -> None:
    batch = joining.prepared(patient := joining.patient())
    operations.approve_batch(by=joining.staff, batch=batch)
    run_until_idle()
    operations.refer(by=joining.gp, patient=(referred := joining.patient()), said=AGREES)
    before = Entry.objects.filter(patient_id=patient.pk, action="read.invitation").count()
    queries.invitations(joining.worker)
    queries.steps_of(joining.staff, batch)
    letters_of(joining.staff, batch)
    queries.referrals(joining.worker)
    rows = Entry.objects.filter(patient_id=patient.pk, action="read.invitation")
    assert rows.count() == before + 3
    assert rows.filter(note__startswith="printed").count() == 1
    assert Entry.objects.filter(patient_id=referred.pk, action="read.referral").exists()


def test_someone_the_latest_records_no_longer_list_is_not_written_to(joining: Joining) -> None:
    listed = candidate(joining, patient := joining.patient())
    made = operations.prepare_invitations(
        by=joining.staff, practice=joining.world.practice,
        asked=[Asked(patient=patient, endorsed_by=joining.gp_role, candidate_uuid=listed.uuid)],
    )  # fmt: skip
    assert made.batch is not None
    operations.approve_batch(by=joining.staff, batch=made.batch)
    Candidate.objects.filter(pk=listed.pk).update(standing=Candidate.Standing.GONE)
    run_until_idle()
    send_due(timezone.now())
    assert not Message.objects.filter(state="sent").exists()
    assert "no longer list them" in Invitation.objects.get(patient=patient).stopped_because


def joined(joining: Joining) -> Patient:
    """Someone who has joined; their welcome letter waits."""
    operations.refer(by=joining.gp, patient=(patient := joining.patient()), said=AGREES)
    operations.enrol(
        by=joining.worker, patient=patient, project_worker=joining.worker_role,
        answers=[Answer("service", True, "spoken")], statement_given=True,
    )  # fmt: skip
    assert Message.objects.filter(purpose="joining.welcome", state="waiting").exists()
    return patient


@pytest.mark.parametrize(
    ("change", "says"),
    [("moved", "another practice"), ("ended", "no longer"), ("house", "address")],
)
def test_a_welcome_letter_does_not_follow_someone_who_moved_or_left(
    joining: Joining, change: str, says: str
) -> None:
    patient = joined(joining)
    if change == "moved":
        Patient.objects.filter(pk=patient.pk).update(practice=joining.world.other_practice)
    elif change == "house":
        Patient.objects.filter(pk=patient.pk).update(address="7 Other Road")
    else:
        end_episode(by=joining.worker, episode=patient.episodes.get(), reason="Their wish")
    send_due(timezone.now())
    message = Message.objects.get(purpose="joining.welcome")
    assert message.state == "stopped"
    assert says in message.explanation


def test_an_unchanged_welcome_letter_leaves(joining: Joining) -> None:
    joined(joining)
    send_due(timezone.now())
    assert Message.objects.get(purpose="joining.welcome").state == "sent"


def test_what_staff_typed_about_a_person_is_not_in_the_outbox_or_the_audit_trail(
    joining: Joining,
) -> None:
    batch = joining.prepared(patient := joining.patient())
    operations.approve_batch(by=joining.staff, batch=batch)
    run_until_idle()
    invitation = Invitation.objects.get(patient=patient)
    operations.stop_invitation(
        by=joining.staff, invitation=invitation, because="Her husband opens the post",
        version=invitation.version,
    )  # fmt: skip
    send_due(timezone.now())
    message = Message.objects.get(patient_id=patient.pk)
    assert message.state == "stopped"
    assert "husband" not in message.explanation
    assert not Entry.objects.filter(note__contains="husband").exists()


def test_putting_a_batch_aside_keeps_what_someone_has_answered_meanwhile(joining: Joining) -> None:
    batch = joining.prepared(answered := joining.patient(), other := joining.patient())
    invitation = Invitation.objects.get(patient=answered)
    operations.record_reply(
        by=joining.staff, invitation=invitation, reply="yes", how="phone",
        version=invitation.version,
    )  # fmt: skip
    operations.put_batch_aside(by=joining.staff, batch=batch)
    invitation.refresh_from_db()
    assert invitation.state == Invitation.State.REPLIED
    assert Invitation.objects.visible_to(joining.worker).to_ring_back().count() == 1
    assert Invitation.objects.get(patient=other).state == Invitation.State.STOPPED
    assert Entry.objects.filter(patient_id=other.pk, action="joining.invitation_put_aside").exists()


def test_letters_can_be_read_by_the_service_alone(joining: Joining) -> None:
    joining.invited(joining.patient())
    (letter,) = (Path(settings.FILES) / "letters").glob("*.pdf")
    assert letter.stat().st_mode & 0o077 == 0
    assert letter.parent.stat().st_mode & 0o077 == 0


def test_a_referral_says_how_old_the_list_is_that_it_begins_from(
    joining: Joining, signed_in: SignedIn
) -> None:
    then = timezone.localdate() - timedelta(days=60)
    record_medicines(
        by=joining.gp, patient=(patient := joining.patient()), as_at=then, source="screening",
        medicines=[Medicine("Zomorph 30mg capsules", "one twice a day")],
    )  # fmt: skip
    body = signed_in(joining.gp_role).get(f"/referrals/new/?person={patient.uuid}").content.decode()
    assert "Zomorph 30mg capsules" in body
    shown = " ".join(body.replace("\N{NO-BREAK SPACE}", " ").split())
    assert f"from the list as at {then.day} {then:%B} {then.year}" in shown


def test_tries_of_reply_codes_are_counted_by_where_they_come_from_behind_our_proxy(
    joining: Joining, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    try:
        monkeypatch.setattr(operations, "reply_online", lambda *, sender, **_: seen.append(sender))
        for address in ("192.0.2.1", "192.0.2.2"):
            client.post(
                "/reply/", {"code": "2346-789C-DFGH", "reply": "yes"},
                HTTP_X_FORWARDED_FOR=f"203.0.113.9, {address}",
            )  # fmt: skip
    finally:
        settings.ALLAUTH_TRUSTED_PROXY_COUNT = 0
    assert seen == ["192.0.2.1", "192.0.2.2"]


def test_a_person_kept_from_a_gp_is_not_named_when_the_gp_types_their_name(
    joining: Joining, signed_in: SignedIn
) -> None:
    patient = joining.patient()
    typed = {
        "agrees": "yes", "pain_condition": "Back", "benzodiazepine": "unknown",
        "readiness": "not_discussed", "given_name": patient.given_name,
        "family_name": patient.family_name, "date_of_birth": "17/5/1960",
    }  # fmt: skip
    client, shown = signed_in(joining.gp_role), f"person={patient.uuid}"
    assert shown in client.post("/referrals/new/", typed).content.decode()
    keep_from(joining.gp_role, patient)
    assert shown not in client.post("/referrals/new/", typed).content.decode()


def test_the_list_leaves_a_line_with_those_registered_and_the_old_practice_writes_no_more(
    joining: Joining,
) -> None:
    found = candidate(joining, patient := joining.patient())
    agreed(joining.worker)
    rows = Entry.objects.filter(patient_id=patient.pk, action="read.candidate")
    assert rows.count() == 1
    found.products = [{"name": "Zomorph 30mg capsules", "directions": "one twice a day"}]
    found.ome_as_at = timezone.localdate()
    note_medicines(found, joining.gp)
    assert patient.medicines.count() == 1
    patient.medicines.all().delete()
    patient.practice = joining.world.other_practice
    patient.save()
    found.patient = patient
    note_medicines(found, joining.gp)
    assert not patient.medicines.exists()
