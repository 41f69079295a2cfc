"""A GP decides, once, undoably, and what came of it is kept (ID-5)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from tests.service.conftest import World, actor_for
from tests.service.identification.conftest import found

from unhurried.records.contacts import ContactDetails
from unhurried.service.audit import clock
from unhurried.service.audit.actor import Actor
from unhurried.service.audit.models import Entry
from unhurried.service.audit.operations import SentTwiceDifferently
from unhurried.service.audit.refused import Refused
from unhurried.service.identification import operations, queries
from unhurried.service.identification.models import Candidate, Decision, Extract
from unhurried.service.identification.rules import UNDO_WITHIN, Chosen
from unhurried.service.patients.models import Patient

Listed = Callable[..., list[Candidate]]


def decide(by: Actor, *candidates: Candidate, key: str = "", **chosen: Any) -> operations.Decided:
    versions = {each.uuid: each.version for each in candidates}
    done = operations.decide(by=by, candidates=versions, chosen=Chosen(**chosen), key=key)
    for each in candidates:
        each.refresh_from_db()
    return done


def test_staff_do_not_decide(staff: Actor, listed: Listed) -> None:
    with pytest.raises(Refused, match="A GP decides"):
        decide(staff, *listed(1), choice="discuss")


def test_the_same_form_again_is_the_same_decision(gp: Actor, listed: Listed) -> None:
    people = listed(2)
    versions = {each.uuid: each.version for each in people}
    key = str(uuid4())
    first = operations.decide(by=gp, candidates=versions, chosen=Chosen(choice="discuss"), key=key)
    again = operations.decide(by=gp, candidates=versions, chosen=Chosen(choice="discuss"), key=key)
    assert (first.batch, len(again.decided)) == (again.batch, 2)
    assert Decision.objects.count() == 2
    with pytest.raises(SentTwiceDifferently):
        operations.decide(by=gp, candidates=versions, chosen=Chosen(choice="invite"), key=key)


def test_inviting_registers_the_person_once(gp: Actor, listed: Listed) -> None:
    candidate = listed(1)[0]
    decide(gp, candidate, choice="invite")
    decide(gp, candidate, choice="discuss")
    decide(gp, candidate, choice="invite")
    patient = Patient.objects.get()
    assert (patient.nhs_number, patient.postcode) == (candidate.nhs_number, "BS99 9ZZ")
    assert [each.choice for each in candidate.decisions.all()] == ["invite", "discuss", "invite"]
    audited = Entry.objects.filter(action="identification.decided")
    assert {each.patient_id for each in audited} == {patient.pk}


def test_of_many_those_that_cannot_be_are_named(
    gp: Actor, world: World, screened: Callable[..., Extract]
) -> None:
    nameless = found("2", contact=ContactDetails())
    screened(found("1"), nameless, found("3"))
    one, two, three = Candidate.objects.order_by("rank")
    other = actor_for(world.member("gp"))
    stale = {each.uuid: each.version for each in (one, two, three)}
    decide(other, three, choice="discuss")
    done = operations.decide(by=gp, candidates=stale, chosen=Chosen(choice="invite"))
    assert [each.pk for each in done.decided] == [one.pk]
    assert [(each.pk, words.split(":")[0]) for each, words in done.left] == [
        (two.pk, "To invite them, first type their name."),
        (three.pk, "Someone else decided about them a moment ago"),
    ]
    two.refresh_from_db()
    assert (two.choice, two.patient) == ("", None)


def test_undo_puts_back_what_was(gp: Actor, listed: Listed) -> None:
    candidate = listed(1)[0]
    decide(gp, candidate, choice="not_now", not_before=clock.today() + timedelta(days=30))
    before = candidate.not_before
    done = decide(gp, candidate, choice="invite")
    operations.undo(by=gp, batch=done.batch)
    candidate.refresh_from_db()
    assert (candidate.choice, candidate.not_before) == ("not_now", before)
    assert Decision.objects.filter(undoes__batch=done.batch).count() == 1
    again = operations.undo(by=gp, batch=done.batch)
    assert [words for _, words in again.left] == ["Something else was decided since."]


def test_undo_within_bounds_only(gp: Actor, world: World, listed: Listed) -> None:
    one, two = listed(2)
    late = decide(gp, one, choice="discuss")
    with clock.at(clock.now() + UNDO_WITHIN + timedelta(seconds=1)):
        done = operations.undo(by=gp, batch=late.batch)
    assert "30 minutes" in done.left[0][1]
    sent = decide(gp, two, choice="invite")
    assert two.patient is not None
    operations.mark_invited(by=gp, patient=two.patient)
    assert "already gone out" in operations.undo(by=gp, batch=sent.batch).left[0][1]
    other = actor_for(world.member("gp", world.other_practice))
    with pytest.raises(Refused, match="nothing to undo"):
        operations.undo(by=other, batch=late.batch)


def test_invited_and_enrolled_are_marked_once(gp: Actor, listed: Listed, world: World) -> None:
    candidate = listed(1)[0]
    decide(gp, candidate, choice="invite")
    assert candidate.patient is not None
    first = clock.now()
    operations.mark_invited(by=gp, patient=candidate.patient, at=first)
    operations.mark_invited(by=gp, patient=candidate.patient, at=first + timedelta(days=1))
    operations.mark_enrolled(by=gp, patient=candidate.patient)
    operations.mark_enrolled(by=gp, patient=world.patient())  # a direct referral: nothing to mark
    candidate.refresh_from_db()
    assert candidate.invited_at == first
    assert not queries.agreed_waiting_for_invitation(candidate.practice).exists()
    done = decide(gp, candidate, choice="not_suitable", reason="other", text="Words")
    assert "already gone out" in done.left[0][1]
    found_yield = queries.yield_of([candidate.practice])
    assert (found_yield.invited, found_yield.enrolled) == (1, 1)


def test_waiting_counts_and_workload(gp: Actor, listed: Listed, world: World) -> None:
    people = listed(12)
    waiting = queries.waiting_for_gp(world.practice)
    assert (waiting.undecided, waiting.this_week) == (12, 5)
    assert waiting.workload.words == "12 people, about 2 hours; at 5 a week, 3 weeks"
    decide(gp, *people[:3], choice="discuss")
    waiting = queries.waiting_for_gp(world.practice)
    assert (waiting.undecided, waiting.this_week, waiting.to_discuss) == (9, 2, 3)
    provider = queries.agreed_waiting_for_invitation(world.provider)
    decide(gp, people[4], choice="invite")
    assert [each.pk for each in provider.all()] == [people[4].pk]
    assert not queries.agreed_waiting_for_invitation(world.other_provider).exists()
