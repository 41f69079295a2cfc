"""How each form is filled in rightly: what is sent, by whom, to which address."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from tests.service.access.examples import EXAMPLES
from tests.service.access.story import Story
from tests.service.conftest import actor_for, nhs_number

from unhurried.service.accounts.models import Membership
from unhurried.service.identification import operations as finding
from unhurried.service.identification.models import Candidate, Extract
from unhurried.service.identification.rules import Chosen
from unhurried.service.joining import operations as joining
from unhurried.service.joining.forms import versions_now
from unhurried.service.joining.models import Invitation, Step, Wording
from unhurried.service.joining.operations.invitations import Asked
from unhurried.service.patients import operations as patients
from unhurried.service.patients.models import RecordsSay

WORDS = "Some words about it"


@dataclass
class Post:
    """One valid sending."""

    may: Membership
    sent: dict[str, Any] = field(default_factory=dict)
    kwargs: dict[str, Any] = field(default_factory=dict)
    # What was picked out of the page or carries a file: not put into words here.
    files: tuple[str, ...] = ()


def today() -> str:
    """Today, as a form carries it."""
    return timezone.localdate().isoformat()


def _of(name: str, /, **sent: Any) -> Callable[[Story], Post]:
    """The example's things and person, with these fields."""

    def make(story: Story) -> Post:
        example = EXAMPLES[name](story)
        return Post(example.may, dict(sent), dict(example.kwargs))

    return make


def _role_of_somebody_new(story: Story) -> Post:
    return Post(
        story.administrator,
        {
            "email": "new.person@example.org", "full_name": "Nia New", "role": "project_worker",
            "organisation": story.world.provider.uuid, "starts": today(), "capacity": "5",
        },
    )  # fmt: skip


def _host(story: Story) -> Membership:
    story.world.other_provider.kind = "host"
    story.world.other_provider.save()
    return story.world.member("system_administrator", story.world.other_provider)


def _organisation(story: Story) -> Post:
    return Post(
        _host(story),
        {"kind": "practice", "name": "Wren Street Surgery", "ods_code": "Z99909",
         "service_name": "", "address": "1 Wren Street", "phone": "", "email": ""},
    )  # fmt: skip


def _agreement(story: Story) -> Post:
    world = story.world
    third = type(world.practice).objects.create(kind="practice", name="Third", ods_code="Z99903")
    return Post(
        _host(story),
        {"practice": third.uuid, "provider": world.provider.uuid, "starts": today()},
    )


def _decide_role(story: Story) -> Post:
    story.role_request.role = "privacy_officer"
    story.role_request.save()
    return Post(story.administrator, {"decision": "approve"}, {"asked": story.role_request.uuid})


def _break_glass(story: Story) -> Post:
    other = story.world.member("project_worker")
    return Post(
        other,
        {"nhs_number": story.patient.nhs_number, "purpose": "cover",
         "reason": "I look after them today for a colleague"},
    )  # fmt: skip


def _cover(story: Story) -> Post:
    other = story.world.member("project_worker")
    day = timezone.localdate() + timedelta(days=1)
    return Post(
        story.manager,
        {
            "worker": story.worker.pk, "covering": other.pk, "starts": day.strftime("%d/%m/%Y"),
            "ends": (day + timedelta(days=7)).strftime("%d/%m/%Y"),
        },
    )  # fmt: skip


def _edit(story: Story) -> Post:
    patient = story.patient
    return Post(
        story.worker,
        {
            "version": "1", "title": "", "given_name": "Robin", "family_name": "Finch",
            "known_as": "", "date_of_birth": "17/05/1960", "nhs_number": patient.nhs_number,
            "sex": "", "address": "1 Finch Lane", "postcode": "BS99 9ZZ", "phone": "",
            "email": "", "date_of_death": "",
        },
        {"uuid": patient.uuid},
    )  # fmt: skip


def _registered(story: Story) -> Post:
    left = timezone.localdate() - timedelta(days=20)
    RecordsSay.objects.create(patient=story.patient, left=left, as_at=timezone.localdate())
    sent = {"left": left.isoformat(), "answer": "registered"}
    return Post(story.staff, sent, {"uuid": story.patient.uuid})


def _another_worker(story: Story) -> Post:
    other = story.world.member("project_worker", capacity=5)
    return Post(
        story.manager,
        {"worker-worker": other.pk, "worker-reason": WORDS}, {"uuid": story.patient.uuid},
    )  # fmt: skip


def _resume(story: Story) -> Post:
    patients.pause(by=actor_for(story.manager), episode=story.patient.episodes.get(), reason=WORDS)
    return Post(story.manager, {}, {"uuid": story.patient.uuid})


def _withdraw(kind: str, party: str = "") -> Callable[[Story], Post]:
    def make(story: Story) -> Post:
        patients.record_consent(
            by=actor_for(story.worker), patient=story.patient, kind=kind, given=True,
            how="spoken", party=party,
        )  # fmt: skip
        return Post(story.worker, {"party": party}, {"uuid": story.patient.uuid})

    return make


def _decide_many(story: Story) -> Post:
    return Post(
        story.gp,
        {"person": [f"{story.candidate.uuid}:1"], "choice": "discuss", "months": "3",
         "not_before": "", "reason": "", "text": WORDS, "then": ""},
    )  # fmt: skip


def _undo(story: Story) -> Post:
    done = finding.decide(
        by=actor_for(story.gp), candidates={story.candidate.uuid: 1},
        chosen=Chosen(choice="discuss", not_before=None, reason="", text=""),
    )  # fmt: skip
    assert not done.left
    batch = story.candidate.decisions.get().batch
    return Post(story.gp, {"then": ""}, {"batch": batch})


def _hand_in(story: Story) -> Post:
    text = b"NHS Number,Medication,Issue Date\n9990000018,Codeine 30mg tablets,01/10/2026\n"
    return Post(story.staff, {"files": [SimpleUploadedFile("issues.csv", text)]}, files=("files",))


def _put_aside(story: Story) -> Post:
    Extract.objects.filter(pk=story.extract.pk).update(state=Extract.State.TO_CONFIRM)
    return Post(story.staff, {"version": "1"}, {"uuid": story.extract.uuid})


def _details(story: Story) -> Post:
    return Post(
        story.staff,
        {"version": "1", "title": "", "given_name": "Robin", "family_name": "Finch",
         "date_of_birth": "17/05/1960", "address": "1 Finch Lane", "postcode": "", "phone": "",
         "email": ""},
        {"uuid": story.candidate.uuid},
    )  # fmt: skip


def _refer(story: Story) -> Post:
    return Post(
        story.gp,
        {
            "nhs_number": nhs_number(), "date_of_birth": "17/05/1961", "given_name": "Robin",
            "family_name": "Finch", "phone": "", "agrees": "yes", "pain_condition": WORDS,
            "medicines": "", "benzodiazepine": "no", "readiness": "curious", "concern_words": "",
            "reason": "", "red_flags": [], "candidate": "",
        },
    )  # fmt: skip


def _approved(story: Story) -> Wording:
    provider = story.world.provider
    joining.begin_with_first_wording(by=actor_for(story.manager), provider=provider)
    for each in Wording.objects.filter(provider=provider):
        joining.approve_wording(by=actor_for(story.gp), wording=each)
    return Wording.objects.filter(provider=provider, kind="invitation").latest("pk")


def _prepared(story: Story) -> Any:
    _approved(story)
    made = joining.prepare_invitations(
        by=actor_for(story.staff), practice=story.world.practice,
        asked=[Asked(patient=story.world.patient(), endorsed_by=story.gp)],
    )  # fmt: skip
    assert made.batch is not None
    return made.batch


def _choose(story: Story) -> Post:
    _approved(story)
    Candidate.objects.filter(pk=story.candidate.pk).update(
        choice="invite", patient=story.world.patient(), decided_at=timezone.now(),
        decided_by=story.gp,
    )  # fmt: skip
    one = str(story.candidate.uuid)
    return Post(story.staff, {"who": [one], f"how-{one}": "letter"})


def _reminders(story: Story) -> Post:
    batch = _prepared(story)
    joining.approve_batch(by=actor_for(story.staff), batch=batch)
    long_ago = timezone.now() - timedelta(days=40)
    Step.objects.filter(batch=batch).update(state="posted", posted_at=long_ago)
    found = Invitation.objects.get(steps__batch=batch)
    return Post(story.staff, {"who": [str(found.uuid)]})


def _decide_batch(story: Story) -> Post:
    return Post(story.staff, {"decision": "approve"}, {"uuid": _prepared(story).uuid})


def _say(story: Story) -> Post:
    _approved(story)
    sent = {"gp": story.gp.pk, "again_because": ""}
    return Post(story.gp, sent, {"uuid": story.world.patient().uuid})


def _rung_back(story: Story) -> Post:
    found = story.invitation
    Invitation.objects.filter(pk=found.pk).update(state="replied", reply="yes")
    story.world.provider.episodes.create(
        patient=found.patient, practice=story.world.practice, opened_at=timezone.now()
    )
    return Post(story.worker, {"version": "1"}, {"uuid": found.uuid})


def _take(story: Story) -> Post:
    story.newcomer  # noqa: B018 - with their episode
    return Post(
        story.worker, {"version": "1", "worker": story.worker.pk}, {"uuid": story.referral.uuid}
    )


def _rung(story: Story) -> Post:
    _take(story)
    joining.take_referral(
        by=actor_for(story.worker), referral=story.referral, worker=story.worker, version=1
    )
    return Post(story.worker, {"version": "2"}, {"uuid": story.referral.uuid})


def _complain(story: Story) -> Post:
    return Post(
        story.manager, {"number": story.wording.number, "text": WORDS}, {"kind": "invitation"}
    )


def _approve(story: Story) -> Post:
    joining.begin_with_first_wording(by=actor_for(story.manager), provider=story.world.provider)
    return Post(story.gp, {"number": "1"}, {"kind": "reminder_1"})


def _edit_wording(story: Story) -> Post:
    _approved(story)
    found = Wording.objects.get(provider=story.world.provider, kind="reminder_1")
    return Post(
        story.manager,
        {"based_on": "1", "language": "en-GB", "subject": "A letter from your surgery",
         "body": f"{found.body}\n\nWe look forward to it."},
        {"kind": "reminder_1"},
    )  # fmt: skip


def _join(story: Story) -> Post:
    _approved(story)
    newcomer = story.newcomer
    return Post(
        story.worker,
        {"statement": "on", "service": "yes", "sharing": "yes", "research_contact": "no",
         "evaluation": "not_asked", "how": "spoken", "worker": story.worker.pk,
         "shown": versions_now()},
        {"uuid": newcomer.uuid},
    )  # fmt: skip
