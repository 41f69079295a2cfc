"""Writing wording: versions, a GP's approval, complaints, settings (INV-4, INV-5)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from unhurried.service.accounts.models import Organisation
from unhurried.service.audit import clock
from unhurried.service.audit.actor import Actor
from unhurried.service.audit.operations import write
from unhurried.service.audit.refused import Refused
from unhurried.service.joining import rules
from unhurried.service.joining.models import (
    Settings,
    Wording,
    WordingApproval,
    WordingComplaint,
)
from unhurried.service.joining.tables import first_wording
from unhurried.service.joining.words import look_over
from unhurried.service.patients.conflict import ChangedMeanwhile

SETTINGS = (
    "reminders", "days_before_reminder_1", "days_before_reminder_2", "working_days_to_ring",
    "oldest_data_days", "reply_code_days",
)  # fmt: skip


def begin_with_first_wording(*, by: Actor, provider: Organisation) -> list[Wording]:
    """The provider's wording, with ours as version 1 of each kind that has none yet."""
    missing = set(Wording.Kind) - {
        Wording.Kind(kind)
        for kind in Wording.objects.filter(provider=provider).values_list("kind", flat=True)
    }
    for kind in sorted(missing):
        with write("joining.wording_begun", by=by) as doing:
            subject, body = first_wording(kind)
            made = Wording.objects.create(
                provider=provider, kind=kind, number=1, subject=subject, body=body,
                written_by_name="Unhurried", written_at=clock.now(),
            )  # fmt: skip
            doing.about(made)
    return list(Wording.objects.filter(provider=provider))


def save_wording(
    *, by: Actor, provider: Organisation, kind: str, subject: str, body: str, based_on: int,
    language: str = "en-GB", key: str = "",
) -> Wording:  # fmt: skip
    """A new version of a text, for a GP to approve; versions already sent stay as they were.

    Raises Refused when words in it stigmatise or press, or a needed statement is missing, and
    ChangedMeanwhile when another version than `based_on` is the newest by now.
    """
    body = body.replace("\r\n", "\n")
    sent = (provider.pk, kind, language, subject, body, based_on)
    with write("joining.wording_saved", by=by, key=key, body=sent) as doing:
        if doing.replay_of:
            return Wording.objects.get(pk=doing.replay_of)
        if by.organisation_id != provider.pk:
            raise Refused("Wording is written by the provider of the service.")
        newest = Wording.objects.filter(provider=provider, kind=kind, language=language).first()
        if newest is not None and newest.number != based_on:
            raise ChangedMeanwhile(newest)
        blocking = [each for each in look_over(kind, subject, body) if each.blocks]
        if blocking:
            words = f"“{blocking[0].words}”: " if blocking[0].words else ""
            more = f" ({len(blocking)} things to put right.)" if len(blocking) > 1 else ""
            raise Refused(f"{words}{blocking[0].why} {blocking[0].instead}{more}")
        made = Wording.objects.create(
            provider=provider, kind=kind, language=language, subject=" ".join(subject.split()),
            body=body.strip(), number=newest.number + 1 if newest else 1, written_at=clock.now(),
            written_by_name=by.name, written_by_id=by.membership_id,
        )  # fmt: skip
        doing.about(made)
    return made


def approve_wording(*, by: Actor, wording: Wording, key: str = "") -> WordingApproval:
    """A GP's signature under one version, for letters of their practice."""
    with write("joining.wording_approved", by=by, key=key, body=wording.pk) as doing:
        if doing.replay_of:
            return WordingApproval.objects.get(pk=doing.replay_of)
        if by.role != "gp":
            raise Refused("Letters go in a GP's name, so a GP approves them.")
        practice = by.organisation_id or 0
        if rules.provider_of(practice, clock.today()).pk != wording.provider_id:
            raise Refused("This wording is of another provider.")
        newest = Wording.objects.filter(
            provider=wording.provider, kind=wording.kind, language=wording.language
        ).first()
        if newest is not None and newest.pk != wording.pk:
            raise ChangedMeanwhile(newest)
        if any(each.blocks for each in look_over(wording.kind, wording.subject, wording.body)):
            raise Refused("Something in this wording must be put right before it is approved.")
        approval, made = WordingApproval.objects.get_or_create(
            wording=wording, practice_id=practice,
            defaults={"approved_by_id": by.membership_id or 0, "approved_at": clock.now()},
        )  # fmt: skip
        doing.about(approval, note="" if made else "again")
    return approval


def log_complaint(
    *, by: Actor, wording: Wording, text: str, practice: Organisation | None = None, key: str = ""
) -> WordingComplaint:
    """What somebody found wrong with a text, kept with the version they received."""
    with write("joining.complaint_logged", by=by, key=key, body=(wording.pk, text)) as doing:
        if doing.replay_of:
            return WordingComplaint.objects.get(pk=doing.replay_of)
        if not text.strip():
            raise Refused("Write down what they said, in their words if you can.")
        made = WordingComplaint.objects.create(
            wording=wording, practice=practice, text=text.strip(),
            logged_by_id=by.membership_id or 0, logged_at=clock.now(),
        )  # fmt: skip
        doing.about(made)
    return made


def answer_complaint(
    *, by: Actor, complaint: WordingComplaint, done: str, key: str = ""
) -> WordingComplaint:
    """The complaint, with what was done about it."""
    with write("joining.complaint_answered", by=by, key=key, body=(complaint.pk, done)) as doing:
        current = WordingComplaint.objects.select_for_update().get(pk=complaint.pk)
        if doing.replay_of:
            return current
        if not done.strip():
            raise Refused("Say what was done, even when the words stay as they are.")
        current.done, current.done_at = done.strip(), clock.now()
        current.done_by_id = by.membership_id
        current.save()
        doing.about(current)
    return current


def change_settings(
    *, by: Actor, provider: Organisation, version: int, changes: Mapping[str, Any], key: str = ""
) -> Settings:
    """The provider's settings for inviting, changed; they hold for what is prepared from now on."""
    unknown = set(changes) - set(SETTINGS)
    if unknown:
        raise TypeError(f"not settings: {', '.join(sorted(unknown))}")
    body = (provider.pk, version, sorted(changes.items()))
    with write("joining.settings_changed", by=by, key=key, body=body) as doing:
        current, _made = Settings.objects.get_or_create(provider=provider)
        if doing.replay_of:
            return current
        if current.version != version:
            raise ChangedMeanwhile(current)
        for name, value in changes.items():
            setattr(current, name, value)
        if current.reminders > 2:
            raise Refused("Two reminders are the most: more would press people.")
        current.version += 1
        current.save()
        doing.about(current)
    return current
