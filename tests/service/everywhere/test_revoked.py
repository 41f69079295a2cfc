"""What somebody may see ends between two clicks: the next one finds nothing of the record."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from tests.service.access.examples import EXAMPLES, NOTHING_OF_ANYBODY
from tests.service.access.story import Story
from tests.service.access.test_every_view import doors
from tests.service.everywhere.conftest import SignIn
from tests.service.everywhere.sending import undone

from unhurried.service.accounts.models import Agreement, BreakGlass, Membership, User
from unhurried.service.patients.models import Episode, Patient, Restriction

AT_THE_PROVIDER = frozenset({"project_worker", "service_manager", "clinical_supervisor"})
AT_THE_PRACTICE = frozenset({"gp", "practice_staff"})


def _role_ends(story: Story, may: Membership) -> None:
    Membership.objects.filter(pk=may.pk).update(ends=timezone.localdate())


def _account_closed(story: Story, may: Membership) -> None:
    User.objects.filter(pk=may.user_id).update(is_active=False)


def _agreement_ends(story: Story, may: Membership) -> None:
    Agreement.objects.filter(practice=story.world.practice).update(ends=timezone.localdate())


def _everybody_moves(story: Story, may: Membership) -> None:
    Patient.objects.filter(practice=story.world.practice).update(
        practice=story.world.other_practice
    )


def _another_worker(story: Story, may: Membership) -> None:
    other = story.world.member("project_worker")
    Episode.objects.filter(project_worker=may).update(project_worker=other)


CHANGES: dict[str, tuple[Callable[[Story, Membership], None], Callable[[str], bool]]] = {
    "the role ends": (_role_ends, lambda _: True),
    "the account is closed": (_account_closed, lambda _: True),
    "the agreement ends": (_agreement_ends, lambda role: role in AT_THE_PROVIDER),
    "the person moves to another practice": (
        _everybody_moves, lambda role: role in AT_THE_PRACTICE
    ),
    "another project worker takes over": (_another_worker, lambda role: role == "project_worker"),
}  # fmt: skip
# About nobody's record: the end of an agreement, a move or a handover changes nothing there.
OF_STAFF = (
    "accounts:", "web:", "audit:", "outbox:", "joining:worker", "joining:answer_complaint",
    "sessions:limits", "sessions:component", "team:supervis", "team:support", "team:time",
    "team:claim", "team:learning", "patients:end_cover",
)  # fmt: skip
# Lists and letters that are the provider's or the practice's own, not one person's.
NOT_OF_ONE_PERSON = frozenset(
    {"identification:extract", "identification:columns", "identification:progress",
     "identification:rejects", "joining:batch", "joining:decide_batch", "joining:print"}
    | {
        f"shared_care:meeting{part}"
        for part in ("", "_people", "_times", "_answer", "_choose", "_time", "_writing", "_held",
                     "_not_held", "_agenda", "_file")
    }
    | {
        f"team:{page}"  # without a name where no agreement holds: team/test_handover.py
        for page in ("handover", "name_receiver", "close_handover", "call_off_handover",
                     "carry_out_withdrawal", "handover_certificate", "handover_manifest")
    }
)  # fmt: skip


def _concerned(name: str, change: str, role: str, *, shared: bool) -> bool:
    if change in {"the role ends", "the account is closed"}:
        return True
    if name.startswith(OF_STAFF) or name in NOTHING_OF_ANYBODY | NOT_OF_ONE_PERSON:
        return False
    if change == "another project worker takes over":
        return not shared
    if change == "the person moves to another practice":  # a candidate is of the extract
        return not name.startswith("identification:")
    return CHANGES[change][1](role)


@pytest.mark.parametrize("change", CHANGES)
def test_the_next_click_finds_nothing(story: Story, signed_in: SignIn, change: str) -> None:
    wrong = []
    do, applies = CHANGES[change]
    secrets = _secrets(story)
    for route in doors():
        if not route.kwargs:
            continue
        example = EXAMPLES[route.name](story)
        may = example.may
        if not applies(may.role) or not _concerned(
            route.name, change, may.role, shared=example.shared
        ):
            continue
        where = reverse(route.name, kwargs=example.kwargs)
        client = signed_in(may)
        with undone():
            do(story, may)
            for answer in (client.get(where), client.post(where, {})):
                led = answer.status_code == 302 and answer["Location"].startswith("/sign-in/")
                if answer.status_code not in {404, 405} and not led:
                    wrong.append(f"{route.name} as {may.role}: {answer.status_code}")
                text = answer.content.decode(errors="replace")
                wrong += [f"{route.name}: {each} is in it" for each in secrets if each in text]
    assert not wrong, "\n".join(["", *wrong])


def _secrets(story: Story) -> list[str]:
    for each in ("patient", "newcomer", "invitation", "step", "candidate", "message"):
        getattr(story, each)
    people = list(Patient.objects.all())
    return [each.given_name for each in people] + [each.family_name for each in people]


def test_an_opening_by_break_glass_ends_with_its_hour(story: Story, signed_in: SignIn) -> None:
    other = story.world.member("project_worker")
    where = reverse("patients:person", args=[story.patient.uuid])
    client = signed_in(other)
    assert client.get(where).status_code == 404
    opened = BreakGlass.objects.create(
        user=other.user, membership=other, patient_id=story.patient.pk, purpose="cover",
        reason="Covering for a colleague today", opened_at=timezone.now(),
        until=timezone.now() + timedelta(hours=1),
    )  # fmt: skip
    assert client.get(where).status_code == 200
    BreakGlass.objects.filter(pk=opened.pk).update(until=timezone.now())
    answer = client.get(where)
    assert answer.status_code == 404
    assert story.patient.family_name not in answer.content.decode()


def test_a_person_who_asks_that_somebody_does_not_look_is_heard_at_once(
    story: Story, signed_in: SignIn
) -> None:
    client = signed_in(story.gp)
    where = reverse("patients:person", args=[story.patient.uuid])
    assert client.get(where).status_code == 200
    Restriction.objects.create(patient=story.patient, user=story.gp.user, asked_at=timezone.now())
    assert client.get(where).status_code == 404
    found = client.get(reverse("patients:people"), {"q": story.patient.family_name})
    assert story.patient.given_name not in found.content.decode()


def test_a_role_chosen_in_one_place_gives_nothing_in_another(
    story: Story, signed_in: SignIn
) -> None:
    user = story.gp.user
    elsewhere = Membership.objects.create(
        user=user, organisation=story.world.other_practice, role="gp",
        starts=timezone.localdate() - timedelta(days=1),
    )  # fmt: skip
    client = signed_in(story.gp)
    where = reverse("patients:person", args=[story.patient.uuid])
    assert client.get(where).status_code == 200
    _role_ends(story, story.gp)
    assert client.get(where).status_code == 404  # now acting in the role that is left
    assert elsewhere.organisation_id != story.patient.practice_id
