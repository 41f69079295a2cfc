"""Every page of joining as each role: what is theirs opens, what is not is not found."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

import pytest
from django.test import Client
from django.utils import timezone
from pypdf import PdfReader
from pytest_django import DjangoAssertNumQueries
from tests.service.joining.conftest import Joining

from unhurried.service.accounts.models import Membership
from unhurried.service.identification.models import Candidate, Extract
from unhurried.service.jobs.worker import run_until_idle
from unhurried.service.joining import operations
from unhurried.service.joining.codes import REPLY
from unhurried.service.joining.models import Invitation, ReplyAttempt, Wording, WordingComplaint
from unhurried.service.joining.operations.referrals import Said
from unhurried.service.patients.models import Patient

SignedIn = Callable[[Membership], Client]


def candidate(joining: Joining, patient: Patient) -> Candidate:
    """A candidate a GP agreed to invite."""
    extract, _ = Extract.objects.get_or_create(
        practice=joining.world.practice, content="x" * 64,
        defaults={
            "provided_by": joining.staff_role, "provided_at": timezone.now(), "name": "x",
            "size": 1, "format": "csv", "state": "done", "as_of": timezone.localdate(),
        },
    )  # fmt: skip
    return Candidate.objects.create(
        practice=joining.world.practice, extract=extract, person_id=str(patient.pk),
        nhs_number=patient.nhs_number, standing="listed", choice="invite", patient=patient,
        decided_at=timezone.now(), decided_by=joining.gp_role,
    )  # fmt: skip


def test_from_the_list_to_a_printed_letter_and_a_reply(
    joining: Joining, signed_in: SignedIn, client: Client
) -> None:
    people = [joining.patient(), joining.patient(large_print=True)]
    ticked = [str(candidate(joining, each).uuid) for each in people]
    browser = signed_in(joining.staff_role)
    assert "2 people to invite" in browser.get("/invitations/").content.decode()
    assert people[0].given_name in browser.get("/invitations/choose/").content.decode()
    answer = browser.post("/invitations/choose/", {"who": ticked})
    assert answer.status_code == 302, answer.content.decode()
    batch = answer["Location"]
    page = browser.get(batch).content.decode()
    assert "Approve all 2" in page
    step = joining.step(people[0])
    assert (
        people[0].given_name in browser.get(f"/invitations/letters/{step.uuid}/").content.decode()
    )
    pdf = browser.get(f"/invitations/letters/{step.uuid}.pdf")
    assert pdf["Content-Type"] == "application/pdf"
    assert browser.post(f"{batch}decide/", {"decision": "approve"}).status_code == 302
    run_until_idle()
    printed = browser.get(f"{batch}letters.pdf")
    assert printed["Content-Type"] == "application/pdf"
    pages = [each.extract_text() for each in PdfReader(BytesIO(printed.content)).pages]
    assert "2 letters" in pages[0]
    assert not any(each.given_name in pages[0] for each in people)
    assert browser.get("/invitations/").status_code == 200
    invitation = Invitation.objects.get(patient=people[0])
    assert invitation.candidate_uuid
    code = REPLY.code_for(invitation.uuid)
    opened = client.get(f"/reply/{code}/").content.decode()
    assert people[0].given_name not in opened
    thanks = client.post("/reply/", {"code": code.lower(), "reply": "yes"}).content.decode()
    assert "Thank you" in thanks
    assert people[0].given_name not in thanks
    invitation.refresh_from_db()
    assert (invitation.reply, invitation.reply_how) == ("yes", "online")
    worker = signed_in(joining.worker_role)
    assert "1 reply to ring back" in worker.get("/invitations/").content.decode()
    address = f"/invitations/{invitation.uuid}/"
    assert worker.get(address).status_code == 200
    assert worker.post(f"{address}rung/", {"version": invitation.version}).status_code == 302
    assert "joining" in worker.get(address).content.decode()


@pytest.mark.parametrize("channel", ["letter", "email"])
def test_staff_never_see_a_code_with_which_they_could_answer(
    joining: Joining, signed_in: SignedIn, channel: str
) -> None:
    patient = joining.patient(by_email=True, email="siskin@example.org")
    invitation = joining.invited(patient, channel=channel)
    code, step = REPLY.code_for(invitation.uuid), joining.step(patient)
    for role in (joining.gp_role, joining.staff_role, joining.worker_role):
        browser = signed_in(role)
        for where in (f"/invitations/{invitation.uuid}/", f"/invitations/letters/{step.uuid}/"):
            page = browser.get(where)
            assert page.status_code == 200
            assert code not in page.content.decode()
        if channel == "letter":
            pdf = browser.get(f"/invitations/letters/{step.uuid}.pdf").content
            text = "".join(each.extract_text() for each in PdfReader(BytesIO(pdf)).pages)
            assert code not in text
            assert "0000-0000-0000" in text
    if channel == "letter" and step.batch is not None:
        where = f"/invitations/batches/{step.batch.uuid}/letters.pdf"
        printed = signed_in(joining.staff_role).get(where)
        pages = PdfReader(BytesIO(printed.content)).pages
        assert code in "".join(each.extract_text() for each in pages)


def test_codes_that_do_not_work_all_answer_alike_and_are_limited(
    joining: Joining, client: Client
) -> None:
    invitation = joining.invited(joining.patient())
    Invitation.objects.filter(pk=invitation.pk).update(reply_until=timezone.now())
    answers = {
        client.post("/reply/", {"code": code, "reply": "yes"}).content.decode().replace(code, "")
        for code in (REPLY.code_for(invitation.uuid), "2222-2222-2222", "nonsense")
    }
    bodies = {each.split("<main")[1].split("csrfmiddlewaretoken")[0] for each in answers}
    assert len(bodies) == 1
    for _ in range(10):
        last = client.post("/reply/", {"code": "3333-3333-3333", "reply": "no"})
    assert "wait an hour" in last.content.decode()
    assert ReplyAttempt.objects.count() == 10


@pytest.mark.parametrize(
    ("role", "opens", "shut"),
    [
        ("gp", ["/referrals/", "/referrals/new/", "/invitations/", "/wording/",
                "/wording/invitation/", "/invitations/card.pdf", "/invitations/choose/",
                "/invitations/reminders/", "/wording/sms/", "/wording/invitation/example.pdf"],
         ["/wording/settings/", "/wording/invitation/edit/", "/joining/workers/"]),
        ("practice_staff", ["/referrals/", "/invitations/", "/wording/", "/invitations/choose/"],
         ["/referrals/new/", "/wording/settings/", "/joining/workers/"]),
        ("project_worker", ["/referrals/", "/invitations/", "/invitations/choose/",
                            "/joining/workers/", "/wording/welcome/example.pdf"],
         ["/referrals/new/", "/wording/invitation/edit/"]),
        ("service_manager", ["/referrals/", "/invitations/counts/", "/wording/",
                             "/joining/workers/",
                             "/wording/settings/", "/wording/invitation/edit/"],
         ["/referrals/new/", "/invitations/choose/", "/invitations/reminders/"]),
        ("commissioner", [], ["/referrals/", "/invitations/", "/wording/", "/joining/workers/"]),
    ],
)  # fmt: skip
def test_each_role_meets_its_own_pages(
    joining: Joining, signed_in: SignedIn, role: str, opens: list[str], shut: list[str]
) -> None:
    operations.refer(
        by=joining.gp, patient=joining.patient(), said=Said(agrees=True, pain_condition="Back")
    )
    joining.invited(joining.patient())
    browser = signed_in(joining.world.member(role))
    for address in opens:
        assert browser.get(address).status_code == 200, address
    for address in shut:
        assert browser.get(address).status_code == 404, address


def test_another_practice_and_provider_see_nothing_of_it(
    joining: Joining, signed_in: SignedIn
) -> None:
    patient = joining.patient()
    invitation = joining.invited(patient)
    other = joining.patient()
    referral = operations.refer(
        by=joining.gp, patient=other, said=Said(agrees=True, pain_condition="Back")
    )
    step = joining.step(patient)
    batch = step.batch
    assert batch is not None
    strangers = [
        joining.world.member("gp", joining.world.other_practice),
        joining.world.member("practice_staff", joining.world.other_practice),
        joining.world.member("project_worker", joining.world.other_provider),
        joining.world.member("service_manager", joining.world.other_provider),
        joining.world.member("gp", ended=True),
    ]
    for stranger in strangers:
        browser = signed_in(stranger)
        for address in (
            f"/invitations/{invitation.uuid}/", f"/referrals/{referral.uuid}/",
            f"/invitations/letters/{step.uuid}/", f"/invitations/letters/{step.uuid}.pdf",
            f"/invitations/batches/{batch.uuid}/", f"/joining/{other.uuid}/",
            f"/invitations/in-conversation/{patient.uuid}/",
        ):  # fmt: skip
            answer = browser.get(address)
            assert answer.status_code in {302, 404}
            assert patient.given_name not in answer.content.decode()
        for address in ("/invitations/", "/referrals/", "/invitations/choose/"):
            body = browser.get(address).content.decode()
            assert patient.given_name not in body
            assert other.given_name not in body


def test_lists_ask_the_database_as_often_for_fifty_as_for_five(
    joining: Joining, signed_in: SignedIn, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    browser = signed_in(joining.staff_role)
    addresses = ("/referrals/", "/invitations/", "/invitations/choose/")

    def counts() -> list[int]:
        made = []
        for address in addresses:
            with django_assert_max_num_queries(60) as asked:
                browser.get(address)
            made.append(len(asked))
        return made

    def fill(number: int) -> None:
        for _ in range(number):
            candidate(joining, joining.patient())
            operations.refer(
                by=joining.gp, patient=joining.patient(),
                said=Said(agrees=True, pain_condition="Back"),
            )  # fmt: skip
        joining.prepared(*[joining.patient() for _ in range(number)])

    fill(3)
    counts()
    few = counts()
    fill(20)
    assert counts() == few


def test_wording_is_checked_locked_and_used_only_when_approved(
    joining: Joining, signed_in: SignedIn
) -> None:
    browser = signed_in(joining.manager_role)
    newest = joining.wordings["invitation"]
    sent = {"based_on": 1, "language": "en-GB", "subject": newest.subject, "body": newest.body}
    unkind = newest.body + "\n\nWe help addicts to stop."  # wording: allowed
    bad = browser.post("/wording/invitation/edit/", sent | {"body": unkind})
    assert bad.status_code == 200
    assert "We help addicts to stop." in bad.content.decode()  # wording: allowed
    assert Wording.objects.filter(kind="invitation").count() == 1
    better = sent | {"body": newest.body.replace("tiring", "wearing") + "\n\nWe look forward."}
    assert browser.post("/wording/invitation/edit/", better).status_code == 302
    late = browser.post("/wording/invitation/edit/", sent | {"body": newest.body + "\n\nMine."})
    assert late.status_code == 409
    assert "We look forward." in late.content.decode()
    assert "Mine." in late.content.decode()
    joining.prepared(patient := joining.patient())
    assert joining.step(patient).wording == newest  # version 2 waits for a GP
    gp = signed_in(joining.gp_role)
    assert gp.post("/wording/invitation/approve/", {"number": 2}).status_code == 302
    joining.prepared(later := joining.patient())
    step = joining.step(later)
    assert step.wording is not None
    assert step.wording.number == 2
    said = {"number": 1, "text": "It upset me."}
    assert gp.post("/wording/invitation/complain/", said).status_code == 302
    assert WordingComplaint.objects.get().wording == newest
    assert "It upset me." in browser.get("/wording/").content.decode()


def test_settings_hold_two_reminders_at_most(joining: Joining, signed_in: SignedIn) -> None:
    browser = signed_in(joining.manager_role)
    values = {
        "version": 1, "reminders": 3, "days_before_reminder_1": 21, "days_before_reminder_2": 28,
        "working_days_to_ring": 5, "oldest_data_days": 42, "reply_code_days": 180,
    }  # fmt: skip
    assert browser.post("/wording/settings/", values).status_code == 200
    assert browser.post("/wording/settings/", values | {"reminders": 1}).status_code == 302
    assert browser.post("/wording/settings/", values | {"reminders": 2}).status_code == 409


def test_the_person_sees_their_own_and_no_one_elses(joining: Joining, signed_in: SignedIn) -> None:
    mine = joining.world.member("patient", joining.world.practice)
    patient = joining.patient(user=mine.user)
    invitation = joining.invited(patient)
    other = joining.invited(joining.patient())
    browser = signed_in(mine)
    assert "invited you" in browser.get(f"/invitations/{invitation.uuid}/").content.decode()
    assert browser.get(f"/invitations/{other.uuid}/").status_code == 404
    assert browser.get("/invitations/").status_code == 200
