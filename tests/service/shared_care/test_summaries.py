"""The record summary: one screen, sent once, on the record or sent back (COM-1, SHC-1)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone
from tests.service.conftest import World, actor_for
from tests.service.shared_care.summary_story import After, after_a_session

from unhurried.service.audit import clock
from unhurried.service.audit.refused import Refused
from unhurried.service.outbox.models import Message
from unhurried.service.patients.conflict import ChangedMeanwhile
from unhurried.service.patients.operations import raise_alert
from unhurried.service.shared_care import summary_sources
from unhurried.service.shared_care.clocks.reminding import remind_of_waiting
from unhurried.service.shared_care.clocks.summaries import open_rows
from unhurried.service.shared_care.models import RecordSummary
from unhurried.service.shared_care.operations import summaries as operations
from unhurried.service.shared_care.queries import summaries as queries
from unhurried.service.shared_care.queries.summary_lines import first_lines
from unhurried.service.shared_care.summary_sources import SourceKind
from unhurried.service.shared_care.times import (
    due,
)
from unhurried.service.shared_care.waits import (
    reached,
    waiting_for,
)

State = RecordSummary.State


@pytest.fixture
def after(world: World) -> After:
    found = after_a_session(world)
    found.shares()
    return found


def text_for(after: After, row: RecordSummary, role: str = "gp") -> str:
    """What a reader of that role is shown of it."""
    actor = after.doctor if role == "gp" else actor_for(after.world.member(role))
    found = queries.summary_of(actor, after.patient, row.uuid)
    return found.text if found else ""


def test_it_is_filled_in_from_what_was_recorded(after: After) -> None:
    after.takes("Morphine sulfate 10mg modified-release tablets", "One tablet twice a day")
    after.note("She slept better", "gp")
    row = after.send(after.save(asked="Please look at the laxative"))
    text = text_for(after, row)
    assert str(after.patient) in text
    assert "Worked on: Pacing" in text
    assert "by phone" in text
    assert "50 minutes" in text
    assert "OME 20 mg a day, as at" in text
    assert "Morphine sulfate 10mg modified-release tablets (One tablet twice a day)" in text
    assert "Asked of you: Please look at the laxative" in text
    assert "Next meeting: None booked yet" in text


def test_next_steps_go_only_when_ticked(after: After) -> None:
    assert "Walk to the gate" not in text_for(after, after.send(after.save()))
    again = after.send(after.save(tick="chose_next"))
    assert "Chose to do next: Walk to the gate" in text_for(after, again)


def test_what_is_not_known_is_said(after: After) -> None:
    after.takes("Morphine sulfate 10mg modified-release tablets", "As directed")
    after.takes("Wonderbalm 3mg tablets", "One daily")
    text = text_for(after, after.send(after.save()))
    assert "Wonderbalm 3mg tablets (not known)" in text
    assert "as at" in text


def test_many_medicines_are_counted_not_cut(after: After) -> None:
    for number in range(12):
        after.takes(f"Codeine phosphate {number + 1}5mg tablets of a long name", "One at night")
    text = text_for(after, after.send(after.save()))
    line = next(each for each in text.splitlines() if each.startswith("Opioids"))
    assert "more in the list" in line or "Listed: 12" in line
    assert len(line) < 340


def test_more_than_a_screen_is_refused(after: After) -> None:
    row = after.save(asked="line\n" * 30)
    with pytest.raises(Refused, match="more than 20 lines"):
        after.send(row)
    with pytest.raises(Refused, match="shorten it to 200"):
        after.save(asked="x" * 201, version=1)


def test_nothing_ticked_is_not_sent(after: After) -> None:
    row = after.save()
    RecordSummary.objects.filter(pk=row.pk).update(
        lines={code: {**each, "goes": False} for code, each in row.lines.items()}
    )
    row.refresh_from_db()
    with pytest.raises(Refused, match="Nothing is ticked"):
        after.send(row)


def test_a_gp_sees_nothing_before_it_is_sent(after: After) -> None:
    row = after.save(asked="Please look at the laxative")
    assert text_for(after, row) == ""
    assert not queries.waiting_seen(after.doctor)


@pytest.mark.parametrize("answer", ["never asked", "no", "withdrawn"])
def test_without_consent_only_the_fact_of_an_alert_goes(world: World, answer: str) -> None:
    after = after_a_session(world)
    if answer != "never asked":
        after.shares(given=answer == "withdrawn")
        after.patient.consents.update(withdrawn_at=timezone.now())
    raise_alert(by=after.by, patient=after.patient, kind="suicidality")
    with pytest.raises(Refused, match="Only the line about safety"):
        after.save(asked="Please look at the laxative")
    with pytest.raises(Refused, match="Only the line about safety"):
        after.save(codes=["871731000000106"])
    text = text_for(after, after.send(after.save()))
    assert "Thoughts of suicide or self-harm" in text
    for kept in ("Pacing", "by phone", "Next meeting", "OME"):
        assert kept not in text


def test_consent_withdrawn_later_leaves_the_alert_alone(after: After) -> None:
    plain = after.send(after.save(asked="Please look at the laxative"))
    raise_alert(by=after.by, patient=after.patient, kind="overdose")
    with_alert = after.send(after.save(asked="Please look at the laxative"))
    after.patient.consents.update(withdrawn_at=timezone.now())
    assert text_for(after, plain) == ""
    text = text_for(after, with_alert)
    assert "Overdose" in text
    assert "laxative" not in text
    assert with_alert.pk in open_rows().values_list("pk", flat=True)


def test_what_nobody_may_read_any_more_does_not_wait(after: After) -> None:
    row = after.send(after.save())
    assert open_rows().filter(pk=row.pk)
    after.patient.consents.update(withdrawn_at=timezone.now())
    assert not open_rows().filter(pk=row.pk)


def test_safeguarding_is_never_in_it(after: After) -> None:
    raise_alert(by=after.by, patient=after.patient, kind="adult_at_risk")
    assert "Safety" not in text_for(after, after.send(after.save()))


def test_an_alert_raised_since_is_looked_at_first(after: After) -> None:
    row = after.save()
    raise_alert(by=after.by, patient=after.patient, kind="suicidality")
    with pytest.raises(Refused, match="has changed since you looked: “Safety”"):
        after.send(row)
    assert after.send(after.save(version=row.version)).state == State.SENT


def test_two_at_once_both_see_both(after: After) -> None:
    row = after.save(asked="The first words")
    after.save(asked="Other words", version=row.version)
    with pytest.raises(ChangedMeanwhile):
        after.save(asked="The first words, changed", version=row.version)
    with pytest.raises(ChangedMeanwhile):
        after.send(row)


def test_sent_is_for_good_and_a_correction_says_what_it_corrects(after: After) -> None:
    first = after.send(after.save(asked="Please look at the laxative"))
    was = text_for(after, first)
    with pytest.raises(Refused, match="sent already"):
        after.send(first)
    second = after.send(after.save(asked="Nothing more"))
    assert text_for(after, first) == was
    assert second.corrects_id == first.pk
    assert "This corrects the summary sent on" in text_for(after, second)
    first.refresh_from_db()
    assert (first.state, first.closed_at is not None) == (State.CORRECTED, True)


def test_what_is_on_the_record_stays_so_when_corrected(after: After) -> None:
    first = after.send(after.save())
    operations.file_summary(by=after.doctor, summary=first)
    after.send(after.save())
    first.refresh_from_db()
    assert first.state == State.FILED


def test_the_practice_answers_and_only_once(after: After) -> None:
    row = after.send(after.save())
    with pytest.raises(Refused, match="The practice answers"):
        operations.file_summary(by=after.by, summary=row)
    operations.file_summary(by=after.doctor, summary=row)
    with pytest.raises(Refused, match="does not wait"):
        operations.return_summary(by=after.doctor, summary=row, because="Too late")
    row.refresh_from_db()
    assert row.closed_at is not None
    assert not open_rows().exists()


def test_sent_back_it_waits_for_the_worker(after: After) -> None:
    row = after.send(after.save())
    operations.return_summary(by=after.doctor, summary=row, because="Whose dose is this?")
    assert not queries.waiting_seen(after.doctor)
    assert queries.to_do(after.by).sent_back == 1
    waits = queries.waiting_seen(after.by)
    assert [each.returned_because for each in waits] == ["Whose dose is this?"]
    row.refresh_from_db()
    operations.leave_summary(by=after.by, summary=row, because="They rang and it is clear")
    assert not open_rows().exists()


def test_its_clock_runs_until_it_is_on_the_record(after: After) -> None:
    after.world.practice.email = "practice@example.org"
    after.world.practice.save()
    row = after.send(after.save())
    assert row.late_from == due("summary", row.opened_at, "late")
    assert row.late_from is not None
    with clock.at(row.late_from - timedelta(minutes=1)):
        assert not open_rows().filter(reached("late", clock.now()))
    with clock.at(row.late_from):
        remind_of_waiting(by=after.by)
        remind_of_waiting(by=after.by)
    assert Message.objects.filter(to="practice@example.org").count() == 1


def test_the_manager_knows_that_it_waits_and_not_what_it_says(after: After) -> None:
    row = after.send(after.save(asked="Please look at the laxative"))
    for role in ("service_manager", "practice_staff"):
        found = waiting_for(actor_for(after.world.member(role)))
        assert [(each.person, each.href) for each in found] == [(str(after.patient), "")]
        assert "laxative" not in str(found)
        assert text_for(after, row, role) == ""


def test_a_session_waits_for_its_summary_until_it_is_sent(after: After) -> None:
    assert [each.begun for each in queries.to_write(after.by)] == [False]
    row = after.save()
    assert [each.begun for each in queries.to_write(after.by)] == [True]
    after.send(row)
    assert queries.to_write(after.by) == []
    assert queries.to_do(after.doctor).to_file == 1


def test_codes_are_those_of_the_table_and_never_a_diagnosis(after: After) -> None:
    text = text_for(after, after.send(after.save(codes=["871731000000106"])))
    assert "SNOMED CT: 871731000000106 Referral to social prescribing service" in text
    with pytest.raises(Refused, match="Choose codes"):
        after.save(codes=["75544000"])


def test_another_step_can_hand_its_own_in(after: After, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(summary_sources, "_kinds", dict(summary_sources._kinds))
    step = replace(after.handed(), kind="reduction_step", what="a step of the plan")
    summary_sources.hands_in(
        SourceKind(
            "reduction_step", "a step", lambda _by, _who, uuid: step if uuid == step.uuid else None,
            lambda _by: [], lambda _by, _who: ["A Nuthatch"], frozenset,
        )
    )  # fmt: skip
    lines = first_lines(after.patient, step)
    row = operations.save_summary(
        by=after.by, patient=after.patient, handed=step, lines=lines, codes=["1811000124107"]
    )
    text = text_for(after, after.send(row))
    assert "Living with pain: a step of the plan" in text
    assert "1811000124107 Pain medication review" in text
    with pytest.raises(Refused, match="nobody shared with the GP"):
        after.save(asked="About Nuthatch")
    with pytest.raises(ValueError, match="handed in already"):
        summary_sources.hands_in(replace(summary_sources.source_kinds()[0], find=lambda *_: None))
