"""Writing on a worksheet: once, replayed, refused, in the trail; blanks are never 0 (SAW-1)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from tests.service.conftest import actor_for
from tests.service.worksheets.conftest import Kept, moment

from unhurried.service.audit import clock
from unhurried.service.audit.models import Entry
from unhurried.service.audit.operations import SentTwiceDifferently
from unhurried.service.audit.refused import Refused
from unhurried.service.patients import operations as patients
from unhurried.service.patients.conflict import ChangedMeanwhile
from unhurried.service.worksheets import operations, queries, rules
from unhurried.service.worksheets.models import CodeAttempt, Line, Worksheet
from unhurried.service.worksheets.rules import MOST_LINES, Given

KEY = "0b8f9c1e-2f6f-4d8c-9c6b-7f6b0c1d2e3f"


def trail(action: str) -> list[Entry]:
    """The rows of one kind of write."""
    return list(Entry.objects.filter(action=f"worksheets.{action}"))


def standing(sheet: Worksheet) -> list[Line]:
    """What stands on a worksheet, in the order it was written."""
    return list(sheet.lines.standing().order_by("pk"))


# -- starting --------------------------------------------------------------------------------


def test_a_worksheet_starts_once_however_often_it_is_sent(kept: Kept) -> None:
    made = [
        operations.start_worksheet(
            by=kept.by, patient=kept.patient, starts=kept.day(0), days=7, key=KEY
        )
        for _ in range(2)
    ]
    assert made[0] == made[1]
    assert Worksheet.objects.count() == 1
    (row,) = trail("started")
    assert (row.patient_id, row.note) == (kept.patient.pk, "7 days, telephone")


@pytest.mark.parametrize(("first", "days"), [(-3, 7), (0, 1), (6, 7), (-10, 28)])
def test_days_of_two_worksheets_never_overlap(kept: Kept, first: int, days: int) -> None:
    assert kept.sheet.days == 7
    with pytest.raises(Refused, match="already"):
        operations.start_worksheet(
            by=kept.by, patient=kept.patient, starts=kept.day(first), days=days
        )
    operations.start_worksheet(by=kept.by, patient=kept.patient, starts=kept.day(-7), days=7)


@pytest.mark.parametrize(
    ("first", "days", "how"), [(0, 0, "paper"), (0, 29, "paper"), (-120, 7, "paper"),
                               (60, 7, "paper"), (0, 7, "stone")],
)  # fmt: skip
def test_days_that_are_no_worksheets_are_refused(
    kept: Kept, first: int, days: int, how: str
) -> None:
    with pytest.raises(Refused):
        operations.start_worksheet(
            by=kept.by, patient=kept.patient, starts=kept.day(first), days=days, kept=how
        )
    assert not Worksheet.objects.exists()


def test_nobody_who_has_not_joined_keeps_a_worksheet(kept: Kept) -> None:
    with pytest.raises(Refused, match="joined"):
        operations.start_worksheet(by=kept.by, patient=kept.world.patient(), starts=clock.today())


# -- lines -----------------------------------------------------------------------------------


def test_a_line_is_written_once_and_blanks_stay_blank(kept: Kept) -> None:
    given = Given(kept.day(2), time="evening", taken="extra", stress=0)
    first = operations.add_line(by=kept.by, worksheet=kept.sheet, given=given, key=KEY)
    again = operations.add_line(by=kept.by, worksheet=kept.sheet, given=given, key=KEY)
    assert first == again
    (line,) = standing(kept.sheet)
    assert (line.pain, line.stress, line.sleep) == (None, 0, None)
    (row,) = trail("line_added")
    assert row.patient_id == kept.patient.pk
    with pytest.raises(SentTwiceDifferently):
        operations.add_line(
            by=kept.by, worksheet=kept.sheet, given=replace(given, stress=1), key=KEY
        )


@pytest.mark.parametrize(
    "given",
    [
        {}, {"time": "night"}, {"happening": "  "}, {"pain": 11}, {"stress": -1},
        {"taken": "double"}, {"reasons": ("boredom",)}, {"time": "noon", "pain": 1},
        {"product": "x" * 301}, {"happening": "x" * 4_001}, {"amount": "a\x00"},
    ],
)  # fmt: skip
def test_a_line_that_says_nothing_or_cannot_be_is_refused(
    kept: Kept, given: dict[str, object]
) -> None:
    with pytest.raises(Refused):
        kept.write(0, **given)
    assert not Line.objects.exists()


@pytest.mark.parametrize("number", [-1, 7])
def test_a_line_is_of_a_day_of_the_worksheet_that_has_come(kept: Kept, number: int) -> None:
    with pytest.raises(Refused):
        kept.write(number, pain=5)


def test_nothing_is_written_for_a_day_to_come(kept: Kept) -> None:
    sheet = operations.start_worksheet(by=kept.by, patient=kept.patient, starts=clock.today())
    tomorrow = clock.today() + timedelta(days=1)
    with pytest.raises(Refused, match="still to come"):
        operations.add_line(by=kept.by, worksheet=sheet, given=Given(tomorrow, pain=1))


def test_a_correction_keeps_the_old_line(kept: Kept) -> None:
    kept.write(1, taken="extra", pain=8)
    (old,) = standing(kept.sheet)
    given = Given(kept.day(1), taken="usual", pain=8)
    new = operations.correct_line(by=kept.by, line=old, given=given, key=KEY)
    assert operations.correct_line(by=kept.by, line=old, given=given, key=KEY) == new
    assert standing(kept.sheet) == [new]
    old.refresh_from_db()
    assert (old.taken, new.corrects, len(trail("line_corrected"))) == ("extra", old, 1)
    with pytest.raises(Refused, match="Nothing is changed"):
        operations.correct_line(by=kept.by, line=new, given=given)


def test_the_second_of_two_corrections_is_shown_the_first(kept: Kept) -> None:
    kept.write(1, pain=8)
    (old,) = standing(kept.sheet)
    for pain in (7, 6):
        newest = operations.correct_line(
            by=kept.by, line=standing(kept.sheet)[0], given=Given(kept.day(1), pain=pain)
        )
    with pytest.raises(ChangedMeanwhile) as conflict:
        operations.correct_line(by=kept.by, line=old, given=Given(kept.day(1), pain=5))
    assert conflict.value.current == newest
    with pytest.raises(ChangedMeanwhile):
        operations.take_out_line(by=kept.by, line=old)


def test_a_line_taken_out_counts_no_more_and_is_kept(kept: Kept) -> None:
    kept.write(1, pain=8)
    (line,) = standing(kept.sheet)
    operations.take_out_line(by=kept.by, line=line, key=KEY)
    operations.take_out_line(by=kept.by, line=line, key=KEY)
    assert standing(kept.sheet) == []
    assert queries.line_of(kept.sheet, line.uuid) is None
    assert (Line.objects.count(), len(trail("line_taken_out"))) == (1, 1)
    with pytest.raises(ChangedMeanwhile):
        operations.correct_line(by=kept.by, line=line, given=Given(kept.day(1), pain=7))


def test_a_worksheet_is_not_filled_without_end(kept: Kept) -> None:
    row = Line(worksheet=kept.sheet, day=kept.day(0), pain=1, how="code", written_at=clock.now())
    rows = [Line(worksheet=row.worksheet, day=row.day, pain=1, how="code",
                 written_at=row.written_at) for _ in range(MOST_LINES)]  # fmt: skip
    Line.objects.bulk_create(rows)
    with pytest.raises(Refused, match="full"):
        kept.write(0, pain=2)


def test_nothing_more_is_written_after_the_time_with_the_service(kept: Kept) -> None:
    assert kept.sheet.days == 7
    manager = actor_for(kept.world.member("service_manager"))
    patients.end_episode(by=manager, episode=kept.sheet.episode, reason="Moved away")
    with pytest.raises(Refused, match="ended"):
        kept.write(0, pain=2)


# -- days, words, sharing --------------------------------------------------------------------


def test_days_change_without_losing_what_is_written(kept: Kept) -> None:
    kept.write(5, pain=5)
    for _ in range(2):
        sheet = operations.change_days(
            by=kept.by, worksheet=kept.sheet, days=14, kept="paper", version=1, key=KEY
        )
    assert (sheet.days, sheet.kept, sheet.version) == (14, "paper", 2)
    with pytest.raises(Refused, match="Something is written"):
        operations.change_days(by=kept.by, worksheet=sheet, days=5, kept="paper", version=2)
    with pytest.raises(ChangedMeanwhile):
        operations.change_days(by=kept.by, worksheet=sheet, days=21, kept="paper", version=1)
    assert len(trail("days_changed")) == 1


def test_own_words_are_kept_and_the_second_writer_sees_the_first(kept: Kept) -> None:
    for _ in range(2):
        operations.say_what_i_make(
            by=kept.by, worksheet=kept.sheet, words="It is the letters.", version=1, key=KEY
        )
    with pytest.raises(ChangedMeanwhile) as conflict:
        operations.say_what_i_make(by=kept.by, worksheet=kept.sheet, words="Mine", version=1)
    assert conflict.value.current.what_i_make == "It is the letters."  # type: ignore[attr-defined]
    (row,) = trail("own_words_written")
    assert "letters" not in row.note


def test_sharing_is_a_switch_and_not_against_what_was_said_under_consents(kept: Kept) -> None:
    for shared in (True, True, False):
        sheet = operations.share_pattern(by=kept.by, worksheet=kept.sheet, shared=shared)
        assert (sheet.shared_at is not None) == shared
    patients.record_consent(
        by=kept.by, patient=kept.patient, kind="sharing", given=False, how="spoken", party="gp"
    )
    with pytest.raises(Refused, match="Consents"):
        operations.share_pattern(by=kept.by, worksheet=kept.sheet, shared=True)


# -- from paper ------------------------------------------------------------------------------


def test_a_week_from_paper_is_put_in_place_and_can_be_put_right(kept: Kept) -> None:
    kept.write(0, time="morning", pain=9)  # by telephone: left alone
    week = [Given(kept.day(0), time="morning", pain=3, sleep=4),
            Given(kept.day(0), time="evening"),
            Given(kept.day(1), time="night", taken="extra")]  # fmt: skip
    for _ in range(2):
        sheet = operations.transcribe(
            by=kept.by, worksheet=kept.sheet, week=week, version=1, key=KEY
        )
    assert [line.pain for line in standing(sheet)] == [9, 3, None]
    mended = [replace(week[0], pain=2), replace(week[1], stress=5), Given(kept.day(1), "night")]
    operations.transcribe(by=kept.by, worksheet=sheet, week=mended, version=2)
    assert [(line.pain, line.stress) for line in standing(sheet)] == [
        (9, None),
        (2, None),
        (None, 5),
    ]
    assert sheet.lines.count() == 5
    with pytest.raises(ChangedMeanwhile):
        operations.transcribe(by=kept.by, worksheet=sheet, week=week, version=2)
    assert len(trail("week_transcribed")) == 2


@pytest.mark.parametrize("change", ["correct", "take_out"])
def test_a_grid_open_meanwhile_does_not_undo_a_correction(kept: Kept, change: str) -> None:
    week = [Given(kept.day(0), time="morning", pain=3)]
    sheet = operations.transcribe(by=kept.by, worksheet=kept.sheet, week=week, version=1)
    (line,) = standing(sheet)
    if change == "correct":
        operations.correct_line(by=kept.by, line=line, given=replace(week[0], pain=8))
    else:
        operations.take_out_line(by=kept.by, line=line)
    with pytest.raises(ChangedMeanwhile):  # the grid was opened before that
        operations.transcribe(by=kept.by, worksheet=sheet, week=week, version=2)
    assert [each.pain for each in standing(sheet)] == ([8] if change == "correct" else [])


def test_a_week_with_one_wrong_place_is_not_half_saved(kept: Kept) -> None:
    week = [Given(kept.day(0), time="night", pain=3), Given(kept.day(7), time="night", pain=3)]
    with pytest.raises(Refused):
        operations.transcribe(by=kept.by, worksheet=kept.sheet, week=week, version=1)
    assert not Line.objects.exists()


# -- the code --------------------------------------------------------------------------------


def code_of(kept: Kept) -> str:
    """The worksheet's working code."""
    operations.make_code(by=kept.by, worksheet=kept.sheet)
    return queries.live_code(kept.sheet)


def by_code(kept: Kept, code: str, sender: str = "192.0.2.1", **given: object) -> Line:
    """A line with a code."""
    what = Given(kept.day(6), **({"pain": 4} | given))  # type: ignore[arg-type]
    return operations.add_by_code(code=code, given=what, sender=sender)


def test_a_code_adds_a_line_however_it_is_typed(kept: Kept) -> None:
    code = code_of(kept)
    line = by_code(kept, code.lower().replace("-", " "))
    assert (line.worksheet, line.how, line.written_by) == (kept.sheet, "code", None)
    (row,) = trail("line_added")
    assert (row.actor_name, row.patient_id) == ("worksheet code", kept.patient.pk)


def test_a_code_is_nowhere_kept(kept: Kept) -> None:
    code = code_of(kept)
    (row,) = kept.sheet.codes.all()
    plain = code.replace("-", "")
    assert not [field for field in vars(row).values() if plain in str(field)]


def test_a_stopped_or_replaced_code_writes_nothing_more(kept: Kept) -> None:
    first = code_of(kept)
    second = code_of(kept)
    assert first != second
    with pytest.raises(Refused, match="does not work"):
        by_code(kept, first)
    operations.stop_code(by=kept.by, worksheet=kept.sheet)
    with pytest.raises(Refused, match="does not work"):
        by_code(kept, second)
    assert queries.live_code(kept.sheet) == ""
    assert not Line.objects.exists()


def test_a_code_ends_with_the_worksheet(kept: Kept) -> None:
    code, last = code_of(kept), kept.sheet.last_day
    with clock.at(moment(last + timedelta(days=1), 23)):
        by_code(kept, code)
    given = Given(last, pain=4)
    with clock.at(moment(last + timedelta(days=2), 1)):
        with pytest.raises(Refused, match="does not work"):
            operations.add_by_code(code=code, given=given, sender="192.0.2.1")
        with pytest.raises(Refused, match="over"):
            operations.make_code(by=kept.by, worksheet=kept.sheet)


def test_a_code_ends_with_consent(kept: Kept) -> None:
    code = code_of(kept)
    patients.record_consent(
        by=kept.by, patient=kept.patient, kind="service", given=False, how="spoken"
    )
    with pytest.raises(Refused, match="does not work"):
        by_code(kept, code)


def test_codes_cannot_be_guessed_at_leisure(kept: Kept) -> None:
    code = code_of(kept)
    for _ in range(10):
        with pytest.raises(Refused, match="does not work"):
            by_code(kept, "2222-2222-2222")
    with pytest.raises(Refused, match="wait an hour"):
        by_code(kept, code)
    by_code(kept, code, sender="192.0.2.2")
    with clock.at(clock.now() + timedelta(minutes=61)):
        by_code(kept, code, pain=5)


def test_whoever_guesses_from_many_places_locks_nobody_else_out(kept: Kept) -> None:
    code = code_of(kept)
    CodeAttempt.objects.bulk_create(
        CodeAttempt(sender=f"somewhere {n}", at=clock.now()) for n in range(rules.ATTEMPTS_IN_ALL)
    )
    by_code(kept, code)
    with pytest.raises(Refused, match="wait an hour"):
        by_code(kept, "2222-2222-2222")
    assert CodeAttempt.objects.count() == rules.ATTEMPTS_IN_ALL  # and fills no table


def test_a_code_stopped_while_somebody_presses_save_writes_nothing(
    kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = code_of(kept)
    found = kept.sheet.codes.select_related("worksheet__patient", "worksheet__episode").get()
    operations.stop_code(by=kept.by, worksheet=kept.sheet)
    monkeypatch.setattr(
        "unhurried.service.worksheets.operations.codes._working", lambda *_given: found
    )
    with pytest.raises(Refused, match="does not work"):
        by_code(kept, code)
    assert not kept.sheet.lines.exists()


def test_a_code_tells_no_days(kept: Kept) -> None:
    sheet = operations.start_worksheet(by=kept.by, patient=kept.patient, starts=kept.day(7))
    operations.make_code(by=kept.by, worksheet=sheet)
    with pytest.raises(Refused) as refusal:
        by_code(kept, queries.live_code(sheet))
    assert not any(letter.isdigit() for letter in str(refusal.value))
