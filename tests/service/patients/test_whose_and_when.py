"""Whose notes, names and alerts somebody meets, and that a risk finds the practice (H07, H17)."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone
from tests.service.conftest import World, actor_for

from unhurried.service.accounts.models import Membership
from unhurried.service.audit.models import Entry
from unhurried.service.audit.refused import Refused
from unhurried.service.outbox.models import Message
from unhurried.service.outbox.worker import send_due
from unhurried.service.patients import operations, queries
from unhurried.service.patients.models import Restriction

SignedIn = Callable[[Membership], Client]


@pytest.mark.parametrize("stop", ["declined", "withdrawn"])
def test_a_no_to_sharing_with_the_gp_holds_at_once_for_every_note(world: World, stop: str) -> None:
    worker, gp = world.member("project_worker"), actor_for(world.member("gp"))
    patient, by = world.enrolled(worker), actor_for(worker)
    note = operations.write_note(by=by, patient=patient, text="Walks again", visibility="gp")
    assert list(queries.visible_notes(gp, patient)) == [note]  # not asked is not a no
    share = {"by": by, "patient": patient, "kind": "sharing", "party": "gp"}
    operations.record_consent(**share, given=True, how="spoken")  # type: ignore[arg-type]
    assert list(queries.visible_notes(gp, patient)) == [note]
    if stop == "declined":
        operations.record_consent(**share, given=False, how="spoken")  # type: ignore[arg-type]
    else:
        operations.withdraw_consent(**share)  # type: ignore[arg-type]
    assert not queries.visible_notes(gp, patient).exists()
    assert queries.visible_notes(by, patient).exists()
    with pytest.raises(Refused, match="does not want"):
        operations.write_note(by=by, patient=patient, text="Slept well", visibility="gp")
    kept = operations.write_note(
        by=by, patient=patient, text="Told me", risks=["overdose"], alert=True
    )
    assert kept
    assert [each.person for each in queries.waiting_alerts(gp)] == [patient]


def test_a_search_and_the_list_of_alerts_leave_a_line_with_each_person(
    world: World, signed_in: SignedIn
) -> None:
    worker = world.member("project_worker")
    first, second = world.enrolled(worker), world.enrolled(worker)
    gp = world.member("gp")
    operations.raise_alert(by=actor_for(gp), patient=first, kind="driving")
    queries.search(actor_for(gp), "Siskin")
    for each in (first, second):
        rows = Entry.objects.filter(action="read.identity", patient_id=each.pk)
        assert rows.count() == 1
    assert signed_in(gp).get("/people/alerts/").status_code == 200
    read = Entry.objects.filter(action="read.safety_alert")
    assert list(read.values_list("patient_id", flat=True)) == [first.pk]


def test_staff_someone_asked_not_to_be_seen_by_do_not_meet_their_name_among_the_alerts(
    world: World,
) -> None:
    worker, staff = world.member("project_worker"), world.member("practice_staff")
    patient = world.enrolled(worker)
    operations.raise_alert(by=actor_for(worker), patient=patient, kind="driving")
    assert [each.person for each in queries.waiting_alerts(actor_for(staff))] == [patient]
    Restriction.objects.create(patient=patient, user=staff.user, asked_at=timezone.now())
    assert queries.waiting_alerts(actor_for(staff)) == []
    colleague = world.member("practice_staff")
    assert [each.person for each in queries.waiting_alerts(actor_for(colleague))] == [patient]


def test_the_practice_is_written_to_about_an_alert_once_and_nobody_is_named(world: World) -> None:
    for each, email in ((world.practice, "finch@example.org"), (world.other_practice, "h@e.org")):
        each.email = email
        each.save()
    worker = world.member("project_worker")
    patient, by = world.enrolled(worker), actor_for(worker)
    for _ in range(2):
        operations.raise_alert(by=by, patient=patient, kind="suicidality")
    send_due(timezone.now())
    told = Message.objects.get()
    assert (told.to, told.state) == ("finch@example.org", "sent")
    for word in (patient.given_name, patient.family_name, "suicid", "opioid"):
        assert word.casefold() not in (told.subject + told.body).casefold()
    move = {"patient": patient, "to": world.other_practice}
    operations.move_practice(by=actor_for(world.member("gp")), **move)  # type: ignore[arg-type]
    send_due(timezone.now())
    assert set(Message.objects.filter(state="sent").values_list("to", flat=True)) == {
        "finch@example.org", "h@e.org",
    }  # fmt: skip


def test_an_alert_is_raised_where_the_practice_cannot_be_written_to(world: World) -> None:
    world.practice.email = "finch\u2028@example.org"
    world.practice.save()
    worker = world.member("project_worker")
    patient = world.enrolled(worker)
    operations.raise_alert(by=actor_for(worker), patient=patient, kind="overdose")
    assert queries.waiting(actor_for(world.member("gp"))).count() == 1
    assert not Message.objects.exists()


def test_an_alert_closed_before_the_message_left_stops_it(world: World) -> None:
    world.practice.email = "finch@example.org"
    world.practice.save()
    gp = actor_for(world.member("gp"))
    patient = world.enrolled(world.member("project_worker"))
    alert = operations.raise_alert(by=gp, patient=patient, kind="driving")
    operations.close_alert(by=gp, alert=alert, action_taken="Spoke about it")
    send_due(timezone.now())
    assert Message.objects.get().state == "stopped"


def test_the_person_is_not_shown_a_safeguarding_alert_others_are(
    world: World, signed_in: SignedIn
) -> None:
    worker, gp = world.member("project_worker"), world.member("gp")
    own = world.member("patient", world.practice)
    patient = world.enrolled(worker, user=own.user)
    for kind in ("adult_at_risk", "child_at_risk", "driving"):
        operations.raise_alert(by=actor_for(worker), patient=patient, kind=kind)
    for member, seen in ((own, False), (worker, True), (gp, True)):
        client = signed_in(member)
        for path in (f"/people/{patient.uuid}/", "/people/alerts/"):
            body = client.get(path).content.decode()
            assert ("may be at risk" in body) is seen, (member.role, path)
            assert "Driving may not be safe" in body
        assert queries.waiting(actor_for(member)).count() == (3 if seen else 1)
