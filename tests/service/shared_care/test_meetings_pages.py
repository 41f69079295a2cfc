"""Pages of review meetings: from a question of times to what the person reads (MDT-1, MDT-2)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from pytest_django import Settings
from tests.service.access.story import Story
from tests.service.conftest import World
from tests.service.shared_care.examples_advice import shares
from tests.service.shared_care.examples_meetings import finding, new_item, new_meeting, planned

from unhurried.service.accounts.models import Membership
from unhurried.service.shared_care.models import MeetingItem, ReviewMeeting, Task

NOW = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)  # a Monday
SignIn = Callable[[Membership], Client]


@pytest.fixture
def story(world: World, settings: Settings, tmp_path: Path) -> Iterator[Story]:
    """A worker, their person, a GP, a manager and specialists."""
    settings.FILES = tmp_path / "files"
    with time_machine.travel(NOW, tick=False):
        yield Story(world)


def words(answer: Any) -> str:
    """What stands on a page, without its markup."""
    text = re.sub(r"<[^>]+>", " ", answer.content.decode().split("<main")[-1])
    return re.sub(r"\s+", " ", text.replace("\u00a0", " "))


def to(name: str, *args: object) -> str:
    """The address of a page of this room."""
    return reverse(f"shared_care:{name}", args=args)


def test_from_beginning_a_meeting_to_its_time(story: Story, signed_in: SignIn) -> None:
    gp, worker = signed_in(story.gp), signed_in(story.worker)
    story.consultant  # noqa: B018 - to be invited
    assert "No meeting is to come" in words(worker.get(to("meetings")))
    begun = worker.post(to("new_meeting"), {"practices": [str(story.world.practice.uuid)]})
    meeting = ReviewMeeting.objects.get()
    assert begun["Location"] == to("meeting_people", meeting.uuid)
    invited = {"members": [str(each.pk) for each in (story.worker, story.gp)], "version": "1"}
    worker.post(begun["Location"], invited)
    times = {"minutes": "45", "where": "By video", "version": "2", "day_1": "10/11/2026",
             "at_1": "2", "day_2": "14/11/2026", "at_2": "2pm"}  # fmt: skip
    wrong = words(worker.post(to("meeting_times", meeting.uuid), times))
    assert "Is that in the morning or the afternoon?" in wrong
    unusual = words(worker.post(to("meeting_times", meeting.uuid), {**times, "at_1": "10"}))
    assert "Saturday 14 November 2026 is at a weekend." in unusual
    assert "These times are right all the same" in unusual
    worker.post(to("meeting_times", meeting.uuid), {**times, "at_1": "10:00", "anyway": "on"})
    assert "1 review meeting asks which time suits you" in words(gp.get("/"))
    first, second = meeting.times.order_by("starts_at")
    page = words(gp.get(to("meeting_answer", meeting.uuid)))
    assert "Tuesday 10 November 2026 at 10:00" in page
    gp.post(
        to("meeting_answer", meeting.uuid),
        {f"time_{first.pk}": "if_need_be", f"time_{second.pk}": "no"},
    )
    table = words(worker.get(to("meeting", meeting.uuid)))
    assert f"{story.gp.user.full_name} : if need be" in table
    assert f"{story.worker.user.full_name} : no answer yet" in table
    meeting.refresh_from_db()
    chosen = {"time": str(first.pk), "version": str(meeting.version)}
    worker.post(to("meeting_choose", meeting.uuid), chosen)
    shown = gp.get(to("meeting", meeting.uuid))
    assert "Review meeting, Tuesday 10 November 2026 at 10:00" in words(shown)
    file = gp.get(to("meeting_file", meeting.uuid))
    assert file["Content-Type"].startswith("text/calendar")
    assert b"DTSTART:20261110T100000Z" in file.content


def test_a_form_filled_from_an_older_version_shows_both(story: Story, signed_in: SignIn) -> None:
    meeting = planned(story)
    ReviewMeeting.objects.filter(pk=meeting.pk).update(version=2, where="Room 7")
    answer = signed_in(story.worker).post(
        to("meeting_time", meeting.uuid),
        {"day": "10/11/2026", "at": "10:00", "minutes": "30", "where": "Room 9", "version": "1"},
    )
    assert answer.status_code == 409
    text = words(answer)
    assert "Somebody changed this while you were typing" in text
    assert "Room 7" in text
    assert 'value="Room 9"' in answer.content.decode()
    taken = signed_in(story.worker).post(
        to("meeting_held", meeting.uuid), {"also_there": "A nurse", "version": "1"}
    )
    assert taken.status_code == 409
    assert "A nurse" in taken.content.decode()


def test_a_gp_of_another_practice_and_an_uninvited_specialist_find_no_meeting(
    story: Story, signed_in: SignIn
) -> None:
    meeting = finding(story)
    other = story.world.member("gp", story.world.other_practice)
    for member in (other, story.psychiatrist):
        client = signed_in(member)
        assert client.get(to("meeting", meeting.uuid)).status_code == 404
        assert "No meeting is to come" in words(client.get(to("meetings")))
    assert signed_in(story.consultant).get(to("meeting", meeting.uuid)).status_code == 200
    assert signed_in(story.consultant).get(to("meeting_people", meeting.uuid)).status_code == 404


def test_flagged_people_are_offered_and_put_on_with_why_and_the_question(
    story: Story, signed_in: SignIn
) -> None:
    meeting, worker = new_meeting(story), signed_in(story.worker)
    person = story.patient
    page = worker.get(to("meeting_agenda", meeting.uuid))
    where = f"{to('meeting_add', person.uuid)}?meeting={meeting.uuid}"
    assert where in page.content.decode()
    form = words(worker.get(where))
    assert "have not agreed to sharing with specialists" in form
    sent = {"meeting": str(meeting.uuid), "why": "The dose went up", "question": "What first?",
            "wished": "yes", "they_know": "on"}  # fmt: skip
    worker.post(to("meeting_add", person.uuid), sent)
    item = MeetingItem.objects.get()
    assert (item.wished, item.they_know) == ("yes", True)
    agenda = words(worker.get(to("meeting", meeting.uuid)))
    assert "They wanted to be there. They know that they are on the agenda." in agenda
    own = words(signed_in(story.person).get(to("meeting_items", person.uuid)))
    assert "You are on the list of the next meeting" in own
    assert "What first?" not in own
    assert "The dose went up" not in own


def test_who_may_not_know_who_it_is_sees_that_there_is_somebody(
    story: Story, signed_in: SignIn
) -> None:
    meeting = planned(story)
    item = new_item(story, meeting, why="Canary-why", question="Canary-question")
    colleague = story.world.member("project_worker")
    for member in (story.consultant, story.manager, colleague):
        client = signed_in(member)
        for name in ("meeting", "meeting_agenda"):
            text = words(client.get(to(name, meeting.uuid)))
            assert "1 person is on the agenda. Who that is, is not open to you." in text
            for secret in (story.patient.family_name, "Canary-why", "Canary-question"):
                assert secret not in text
        where = to("meeting_item", story.patient.uuid, item.uuid)
        assert client.get(where).status_code == 404
    shares(story)
    assert "Canary-question" in words(signed_in(story.consultant).get(to("meeting", meeting.uuid)))


def test_a_decision_with_its_tasks_and_what_the_person_reads(
    story: Story, signed_in: SignIn
) -> None:
    meeting, worker = planned(story), signed_in(story.worker)
    item = new_item(story, meeting)
    where = to("meeting_decide", story.patient.uuid, item.uuid)
    half = {
        "decision": "Try pacing",
        "talked": "",
        "present": "no",
        "wished": "no",
        "told": "not_yet",
        "what_1": "Look at the tablets",
        "who_1": "",
        "version": "1",
    }
    assert "Choose who does it; a team is fine." in words(worker.post(where, half))
    assert "Have they been told?" in words(worker.post(where, {"decision": "x", "version": "1"}))
    worker.post(where, {**half, "who_1": f"practice:{story.gp.pk}", "kind_1": "review"})
    task = Task.objects.get()
    assert (task.sentence, task.meant_for) == ("Look at the tablets", story.gp)
    page = words(worker.get(to("meeting_item", story.patient.uuid, item.uuid)))
    assert "Look at the tablets" in page
    assert "Tell them" in page
    assert "1 person to tell what a review meeting decided" in words(worker.get("/"))
    me = signed_in(story.person)
    assert "Try pacing" not in words(me.get(to("meeting_items", story.patient.uuid)))
    assert me.get(to("meeting_item", story.patient.uuid, item.uuid)).status_code == 404
    told = to("meeting_told", story.patient.uuid, item.uuid)
    missing = words(worker.post(told, {"told": "told", "told_on": "", "told_what": ""}))
    assert "Write what they were told, in plain words." in missing
    worker.post(told, {"told": "told", "told_on": "2/11/2026", "told_what": "We try a slower day."})
    own = words(me.get(to("meeting_item", story.patient.uuid, item.uuid)))
    assert "Try pacing" in own
    assert "We try a slower day." in own
    for secret in (item.why, item.question):
        assert secret not in own


def test_those_who_have_not_written_are_shown_without_blame(
    story: Story, signed_in: SignIn
) -> None:
    meeting = new_meeting(story, state="writing", write_until=date(2026, 11, 6), in_writing=True)
    item = new_item(story, meeting)
    shares(story)
    assert "1 review meeting in writing waits for your line" in words(signed_in(story.gp).get("/"))
    signed_in(story.consultant).post(
        to("meeting_comment", story.patient.uuid, item.uuid), {"text": "Pacing first"}
    )
    text = words(signed_in(story.worker).get(to("meeting", meeting.uuid)))
    assert (
        f"{story.consultant.user.full_name} , Pain consultant, Avon Hospital : has written" in text
    )
    assert f"{story.gp.user.full_name} , GP, Finch Lane Surgery : has not written yet" in text
    assert "Pacing first" in words(
        signed_in(story.gp).get(to("meeting_item", story.patient.uuid, item.uuid))
    )
    ticked = signed_in(story.worker).get(to("meeting_held", meeting.uuid)).content.decode()
    assert ticked.count("checked") == 1


def test_closing_a_meeting_makes_the_next_and_the_manager_reads_planned_and_held(
    story: Story, signed_in: SignIn
) -> None:
    meeting, manager = planned(story), signed_in(story.manager)
    new_item(story, meeting)
    page = words(manager.get(to("meeting_held", meeting.uuid)))
    assert "1 person has no decision yet" in page
    there = [str(each.pk) for each in meeting.invites.all()]
    manager.post(to("meeting_held", meeting.uuid), {"took_part": there, "version": "1"})
    listed = words(manager.get(to("meetings")))
    assert "To be held by 30 November 2026" in listed
    assert "Planned 1 Held 1 Not held 0" in listed
    following = ReviewMeeting.objects.get(follows=meeting)
    assert "The meeting did not come to this" in words(
        signed_in(story.worker).get(
            to("meeting_item", story.patient.uuid, meeting.items.get().uuid)
        )
    )
    assert following.items.get().patient == story.patient


def test_a_meeting_not_held_says_why_and_offers_writing(story: Story, signed_in: SignIn) -> None:
    meeting, gp = planned(story), signed_in(story.gp)
    gp.post(to("meeting_not_held", meeting.uuid), {"reason": "no_time", "version": "1"})
    text = words(gp.get(to("meeting", meeting.uuid)))
    assert "No time suited enough people" in text
    assert "Writing instead may suit better." in text
    assert "It took place" not in text


def test_the_look_at_an_agenda_is_kept_for_the_person(story: Story, signed_in: SignIn) -> None:
    meeting = planned(story)
    new_item(story, meeting)
    signed_in(story.gp).get(to("meeting", meeting.uuid))
    looked = words(signed_in(story.person).get(reverse("audit:who_looked")))
    assert "Read what a review meeting says of you" in looked
