"""A provider leaves: everybody moves on one day with what is open, and nothing leaves after it."""

from __future__ import annotations

from datetime import date

from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect
from tests.journeys.hands import tick
from tests.journeys.middle import RESTRICTED, Middle, middle
from tests.service.conftest import actor_for

from unhurried.service.accounts.models import Agreement, Membership
from unhurried.service.audit import clock
from unhurried.service.audit.actor import system_actor
from unhurried.service.audit.operations import write
from unhurried.service.outbox.models import Message
from unhurried.service.outbox.operations import post
from unhurried.service.outbox.worker import send_due
from unhurried.service.patients import operations as patients
from unhurried.service.patients.models import Note
from unhurried.service.sessions.models import Appointment
from unhurried.service.shared_care.operations import tasks
from unhurried.service.team.models import Handover
from unhurried.service.team.operations import handover as handing
from unhurried.service.team.operations.withdrawal import carry_out_due

__all__ = ["middle"]

OLD, NEXT = "Larkfield Community Health", "Another Provider"
SENTENCE = "Please ring her about the new tablets"
ORDINARY = "Likes to meet in the garden"
END = 2  # days ago


def test_a_provider_withdraws_and_nobody_is_lost(middle: Middle) -> None:
    world = middle.cast.world
    manager = world.member("service_manager", world.other_provider)
    worker = world.member("project_worker", world.other_provider)
    worker.user.full_name = "Marigold Nextley"
    worker.user.save()
    letter = what_is_open(middle)
    begin_it(middle)
    tell_one(middle)
    name_somebody(middle, manager, worker)
    page = open_the_record(middle)
    the_day(middle, letter)
    nothing_for_the_old_worker(middle, page)
    certificate(middle, manager)
    the_new_worker_goes_on(middle, worker)
    their_own_place(middle)


def what_is_open(story: Middle) -> Message:
    """A task, an alert, an appointment, notes, a text to be sent; and somebody else as well."""
    by, patient, world = actor_for(story.worker), story.patient, story.cast.world
    for practice in (world.practice, world.other_practice):
        Agreement.objects.create(
            practice=practice, provider=world.other_provider, starts=date(2024, 1, 1)
        )
    world.enrolled(story.worker, given_name="Wren", family_name="Sandpiper")
    with story.on(8) as now:
        task = tasks.ask(
            by=actor_for(story.cast.member("gp")), patient=patient, to="provider", kind="other",
            sentence=SENTENCE, person_knows="agrees",
        )  # fmt: skip
        tasks.take(by=by, task=task, version=1)
        patients.raise_alert(by=by, patient=patient, kind="driving")
        send_due(now)
        patients.write_note(by=by, patient=patient, text=ORDINARY)
        patients.write_note(
            by=by, patient=patient, text=RESTRICTED, visibility=Note.Visibility.RESTRICTED
        )
        Appointment.objects.create(
            patient=patient, episode=patient.episodes.get(), worker=story.worker, minutes=60,
            starts_at=story.moment(-3), place="practice", booked_at=now, changed_at=now,
        )  # fmt: skip
        with write("test.posted", by=by) as doing:
            letter = post(
                purpose="sessions.reminder", about="x:1", channel="sms", to="07700900000",
                body="We meet soon", patient_id=patient.pk, provider_id=world.provider.pk,
                due_at=story.moment(END, 12),
            )  # fmt: skip
            doing.about(letter)
    return letter


def begin_it(story: Middle) -> None:
    """The manager begins it, and sees who is there and what is open about each."""
    page = story.window("service_manager")
    with story.on(6):
        page.goto(story.address(reverse("team:handovers")))
        page.get_by_role("link", name="Our service leaves").click()
        page.get_by_label("The provider that takes everybody on").select_option(label=NEXT)
        day = timezone.localdate(story.moment(END))
        page.get_by_label("First day the other provider runs the service").fill(f"{day:%d/%m/%Y}")
        page.get_by_label("Why, in a few neutral words").fill("The agreement ends")
        page.get_by_role("button", name="Begin to hand everybody over").click()
        expect(page.get_by_text("It has begun.")).to_be_visible()
        expect(page.get_by_text("2 of 2 who have joined have not been told yet.")).to_be_visible()
        row = page.get_by_role("row", name="Nightjar")
        for kind in ("Safety alert", "Task", "Appointment to come", "Not sent yet"):
            expect(row).to_contain_text(f"{kind}: 1")


def tell_one(story: Middle) -> None:
    """One is told and keeps restricted notes back; the other by letter, not asked."""
    page = story.window("service_manager")
    with story.on(5):
        page.get_by_role("link", name="Nightjar").click()
        tick(page.get_by_label("By telephone"))
        page.get_by_label("May restricted notes go along").select_option(value="yes")
        page.get_by_role("button", name="Note that they were told").click()
        expect(page.get_by_text("Stay behind", exact=True)).to_be_visible()
        other = Handover.objects.get().people.get(patient__family_name="Sandpiper")
        handing.tell(
            by=actor_for(story.cast.member("service_manager")), row=other, how="letter"
        )  # fmt: skip


def window(story: Middle, name: str, member: Membership) -> Page:
    """The window of somebody at the next provider."""
    if name not in story.windows:
        story.windows[name] = story.another()
        story.sign_in(story.windows[name], member)
    return story.windows[name]


def name_somebody(story: Middle, manager: Membership, worker: Membership) -> None:
    """The next manager names a worker for each; the worker sees whom, and no record yet."""
    page = window(story, "next manager", manager)
    with story.on(4):
        page.goto(story.address("/"))
        page.get_by_role("link", name="2 people to be handed over need somebody").click()
        page.get_by_role("link", name=OLD).click()
        for name in ("Nightjar", "Sandpiper"):
            tick(page.get_by_role("checkbox", name=name))
        page.get_by_label("Who is to take them on").select_option(value=str(worker.pk))
        page.get_by_role("button", name="Name them").click()
        expect(page.get_by_role("row", name="Nightjar")).to_contain_text("Marigold Nextley")
        expect(page.get_by_text("Still missing before the day")).to_have_count(0)
        page = window(story, "next worker", worker)
        page.goto(story.address(reverse("team:handovers")))
        page.get_by_role("link", name=OLD).click()
        expect(page.get_by_role("row", name="Nightjar")).to_be_visible()
        assert page.context.request.get(story.where()).status == 404


def open_the_record(story: Middle) -> Page:
    """The old worker has the record open on the evening before."""
    page = story.window("project_worker")
    with story.on(END + 1, 17):
        page.goto(story.where())
        expect(page.get_by_role("link", name="Write a note")).to_be_visible()
    return page


def the_day(story: Middle, letter: Message) -> None:
    """The chore moves everybody; the text that was waiting is stopped, and nothing follows it."""
    theirs = Message.objects.filter(provider_id=story.cast.world.provider.pk, state="sent")
    before = theirs.count()
    with story.on(END, 9):
        assert carry_out_due(by=system_actor("handover")) == 1
    with story.on(END, 13):
        send_due(clock.now())
    letter.refresh_from_db()
    assert letter.state == "stopped"
    assert theirs.count() == before


def nothing_for_the_old_worker(story: Middle, page: Page) -> None:
    """The next click ends at the door; whoever comes in again finds nothing."""
    with story.on(END, 14):
        page.get_by_role("link", name="Write a note").click()
        expect(page.get_by_role("heading", name="Write a note")).to_have_count(0)
        assert "Nightjar" not in page.content()
        story.sign_in(page, story.worker)
        answer = page.goto(story.where())
        assert answer is not None
        assert answer.status == 404
        assert "Nightjar" not in page.content()


def certificate(story: Middle, manager: Membership) -> None:
    """Counts in are counts out."""
    page = window(story, "next manager", manager)
    with story.on(END, 14):
        made = Handover.objects.get()
        page.goto(story.address(reverse("team:handover_certificate", args=[made.uuid])))
        expect(page.get_by_text("Counts add up")).to_be_visible()
        expect(page.get_by_role("row", name="Marigold Nextley")).to_contain_text("2")
    counts = made.certificate
    assert (counts["people"], counts["taken_on"], counts["left"]) == (2, 2, 0)
    assert (counts["items"]["left"], counts["stopped"]) == (0, 1)


def the_new_worker_goes_on(story: Middle, worker: Membership) -> None:
    """The alert, the task and the notes are there; what was said in confidence is not."""
    page = window(story, "next worker", worker)
    with story.on(END, 15):
        page.goto(story.where())
        expect(page.get_by_role("region", name="Safety alerts")).to_contain_text("raised")
        page.goto(story.where("notes/"))
        expect(page.get_by_text(ORDINARY)).to_be_visible()
        assert RESTRICTED not in page.content()
        page.goto(story.where("ask/"))
        expect(page.get_by_role("link", name=SENTENCE)).to_be_visible()


def their_own_place(story: Middle) -> None:
    """The person reads who works with them now."""
    page = story.window("person")
    with story.on(END, 18):
        page.goto(story.address("/"))
        expect(page.get_by_role("region", name="My project worker")).to_contain_text(
            "Marigold Nextley"
        )
