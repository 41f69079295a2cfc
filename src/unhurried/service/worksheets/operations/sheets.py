"""Starting a worksheet, changing its days, the person's reading of it, showing it to the GP."""

from __future__ import annotations

from datetime import date

from unhurried.service.audit import clock
from unhurried.service.audit.actor import Actor
from unhurried.service.audit.operations import write
from unhurried.service.patients.conflict import ChangedMeanwhile
from unhurried.service.patients.models import Patient
from unhurried.service.patients.queries import open_episode_of
from unhurried.service.patients.words import check_text
from unhurried.service.worksheets import rules
from unhurried.service.worksheets.models import Worksheet


def locked(pk: int) -> Worksheet:
    """The worksheet as saved now, locked, with whose it is."""
    rows = Worksheet.objects.select_related("patient", "episode")
    return rows.select_for_update(of=("self",)).get(pk=pk)


def check_version(current: Worksheet, version: int) -> None:
    """Raise ChangedMeanwhile when somebody saved another version first."""
    if current.version != version:
        raise ChangedMeanwhile(current)


def start_worksheet(
    *, by: Actor, patient: Patient, starts: date, days: int = 7,
    kept: str = Worksheet.Kept.TELEPHONE, key: str = "",
) -> Worksheet:  # fmt: skip
    """A new worksheet for some days in a row; earlier days may be filled in afterwards."""
    body = (patient.pk, starts, days, kept)
    with write("worksheets.started", by=by, key=key, body=body) as doing:
        if doing.replay_of:
            return Worksheet.objects.get(pk=doing.replay_of)
        # The patient's row is what two people starting at once wait for.
        person = Patient.objects.select_for_update().get(pk=patient.pk)
        episode = rules.check_may_start(person, open_episode_of(person))
        rules.check_days(starts, days, kept, clock.today())
        rules.check_no_overlap(starts, days, list(person.worksheets.all()))
        sheet = Worksheet.objects.create(
            patient=person, episode=episode, starts=starts, days=days, kept=kept,
            started_at=clock.now(), started_by_id=by.user_id,
        )  # fmt: skip
        doing.about(sheet, patient_id=person.pk, note=f"{days} days, {kept}")
    return sheet


def change_days(
    *, by: Actor, worksheet: Worksheet, days: int, kept: str, version: int, key: str = ""
) -> Worksheet:
    """The worksheet with more or fewer days, or kept in another way; no entry is lost."""
    body = (worksheet.pk, days, kept, version)
    with write("worksheets.days_changed", by=by, key=key, body=body) as doing:
        current = locked(worksheet.pk)
        if doing.replay_of:
            return current
        check_version(current, version)
        rules.check_may_write(current)
        rules.check_days(current.starts, days, kept, max(clock.today(), current.starts))
        others = current.patient.worksheets.exclude(pk=current.pk)
        rules.check_no_overlap(current.starts, days, list(others))
        newest = current.lines.standing().order_by("-day").values_list("day", flat=True).first()
        rules.check_keeps_lines(current, days, newest)
        current.days, current.kept = days, kept
        current.version += 1
        current.save()
        doing.about(current, patient_id=current.patient_id, note=f"{days} days, {kept}")
    return current


def say_what_i_make(
    *, by: Actor, worksheet: Worksheet, words: str, version: int, key: str = ""
) -> Worksheet:
    """The worksheet with what the person makes of it, in their own words; empty takes it away."""
    body = (worksheet.pk, words, version)
    with write("worksheets.own_words_written", by=by, key=key, body=body) as doing:
        current = locked(worksheet.pk)
        if doing.replay_of:
            return current
        check_version(current, version)
        rules.check_may_write(current)
        check_text("What you make of it", words, rules.LONGEST_WORDS, lines=True)
        current.what_i_make = words
        current.version += 1
        current.save()
        doing.about(current, patient_id=current.patient_id)
    return current


def share_pattern(*, by: Actor, worksheet: Worksheet, shared: bool, key: str = "") -> Worksheet:
    """The worksheet with its pattern shown to the GP practice, or no longer.

    On the person's wish only. The practice reads the sentences and sees, on the timeline, the
    middle of each day's pain and stress; never an entry. The page says so before it is shared.
    """
    action = "worksheets.pattern_shared" if shared else "worksheets.pattern_unshared"
    with write(action, by=by, key=key, body=(worksheet.pk, shared)) as doing:
        current = locked(worksheet.pk)
        if doing.replay_of:
            return current
        if shared:
            rules.check_may_write(current)
            rules.check_may_share(current.patient, clock.now())
        if shared != (current.shared_at is not None):
            current.shared_at = clock.now() if shared else None
            current.shared_by_id = by.user_id if shared else None
            current.save()
        doing.about(current, patient_id=current.patient_id)
    return current
