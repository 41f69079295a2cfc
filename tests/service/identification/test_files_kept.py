"""Files are kept for some days, what came of them stays; records can be put aside (ID-4)."""

from __future__ import annotations

import os
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from tests.service.conftest import World, actor_for
from tests.service.identification.conftest import results
from tests.service.identification.test_storing import CSV

from unhurried.service.accounts.models import Membership
from unhurried.service.audit import clock
from unhurried.service.audit.actor import Actor, system_actor
from unhurried.service.audit.models import Entry
from unhurried.service.audit.refused import Refused
from unhurried.service.identification import operations, storing
from unhurried.service.identification.jobs import delete_what_is_past_its_days
from unhurried.service.identification.models import Extract
from unhurried.service.jobs.worker import run_until_idle
from unhurried.service.patients.conflict import ChangedMeanwhile

SignedIn = Callable[[Membership], Client]
SYSTEM = system_actor("screening")


def hand_in(by: Actor, content: bytes = CSV) -> Extract:
    return operations.hand_in(by=by, handed=[SimpleUploadedFile("a.csv", content)]).extract


def screened(by: Actor) -> Extract:
    """Handed in and screened, with a list of rows not used."""
    extract = hand_in(by)
    (storing.folder_of(extract.uuid) / "rejects.csv").write_bytes(b"file,record,code,reason,raw\n")
    operations.keep_results(extract=extract, results=results())
    extract.refresh_from_db()
    return extract


def days_later(days: int) -> Any:
    return clock.at(clock.now() + timedelta(days=days))


def test_deleted_after_their_days_and_the_pages_still_work(
    world: World, signed_in: SignedIn
) -> None:
    member = world.member("practice_staff")
    staff, client = actor_for(member), signed_in(member)
    extract = screened(staff)
    where = reverse("identification:extract", args=[extract.uuid])
    until = clock.today() + timedelta(days=30)
    assert f"{until:%B}" in client.get(where).content.decode()
    with days_later(29):
        assert operations.delete_old_files(by=SYSTEM) == 0
    with days_later(31):
        assert operations.delete_old_files(by=SYSTEM) == 1
        assert operations.delete_old_files(by=SYSTEM) == 0
    assert not storing.folder_of(extract.uuid).exists()
    assert Entry.objects.filter(action="identification.files_deleted").count() == 1
    extract.refresh_from_db()
    assert (extract.state, extract.summary["people"]["in_records"]) == ("done", 900)
    seen = client.get(where).content.decode()
    assert "were deleted on" in seen
    assert "rows not used, with file" not in seen
    columns = reverse("identification:columns", args=[extract.uuid])
    for answer in (client.get(columns), client.post(columns, {"version": extract.version})):
        assert answer.status_code == 409
        assert "no longer kept here" in answer.content.decode()
    assert client.get(reverse("identification:rejects", args=[extract.uuid])).status_code == 409
    with pytest.raises(Refused, match="no longer kept"):
        operations.confirm(
            by=staff, extract=extract, column_map="", looks_from=None, version=extract.version
        )
    assert (
        "30 days after they were screened"
        in client.get(reverse("identification:extracts")).content.decode()
    )


def test_the_same_records_again_bring_their_files_back(staff: Actor) -> None:
    extract = screened(staff)
    with days_later(31):
        operations.delete_old_files(by=SYSTEM)
        done = operations.hand_in(by=staff, handed=[SimpleUploadedFile("a.csv", CSV)])
        assert (done.extract.pk, done.again, done.extract.state) == (extract.pk, True, "done")
        assert storing.records_of(extract.uuid).is_dir()
        assert operations.delete_old_files(by=SYSTEM) == 0
    assert [name for name, _ in storing.folders()] == [str(extract.uuid)]
    with days_later(62):
        assert operations.delete_old_files(by=SYSTEM) == 1


def test_never_confirmed_is_put_aside(staff: Actor) -> None:
    extract = hand_in(staff)
    with days_later(31):
        assert operations.delete_old_files(by=SYSTEM) == 1
    extract.refresh_from_db()
    assert extract.state == "put_aside"


def test_what_is_under_way_keeps_its_files(staff: Actor) -> None:
    extract = hand_in(staff)
    operations.confirm(
        by=staff, extract=extract, column_map="", looks_from=None, version=extract.version
    )
    with days_later(100):
        assert operations.delete_old_files(by=SYSTEM) == 0


def test_put_aside_by_the_practice(world: World, signed_in: SignedIn) -> None:
    member = world.member("practice_staff")
    staff, client = actor_for(member), signed_in(member)
    extract = hand_in(staff)
    operations.confirm(
        by=staff, extract=extract, column_map="", looks_from=None, version=extract.version
    )
    where = reverse("identification:put_aside", args=[extract.uuid])
    extract.refresh_from_db()
    sent = {"once": str(uuid.uuid4()), "version": extract.version}
    stale = {"once": str(uuid.uuid4()), "version": 0}
    assert (
        signed_in(world.member("practice_staff", world.other_practice))
        .post(where, sent)
        .status_code
        == 404
    )
    assert client.post(where, stale).status_code == 409
    for _ in range(2):
        assert client.post(where, sent).status_code == 302
    extract.refresh_from_db()
    assert (extract.state, storing.folder_of(extract.uuid).exists()) == ("put_aside", False)
    run_until_idle()  # the job that waited finds nothing to do
    extract.refresh_from_db()
    assert extract.state == "put_aside"
    page = client.get(reverse("identification:extract", args=[extract.uuid])).content.decode()
    assert "were put aside" in page
    assert "Put these records aside" not in page
    again = operations.hand_in(by=staff, handed=[SimpleUploadedFile("a.csv", CSV)])
    assert (again.extract.pk, again.again, again.extract.files_gone_at) == (extract.pk, False, None)


def test_put_aside_while_it_is_being_screened(staff: Actor) -> None:
    extract = hand_in(staff)
    Extract.objects.update(state="running", job=uuid.uuid4())
    extract.refresh_from_db()
    operations.put_aside(by=staff, extract=extract, version=extract.version)
    assert not operations.keep_results(extract=extract, results=results())
    operations.mark_unusable(extract=extract, why="The files went away.")
    extract.refresh_from_db()
    assert (extract.state, extract.problem) == ("put_aside", "")


def test_what_was_screened_is_not_put_aside(staff: Actor, world: World) -> None:
    extract = screened(staff)
    with pytest.raises(Refused, match="screened already"):
        operations.put_aside(by=staff, extract=extract, version=extract.version)
    other = hand_in(staff, CSV + b"\n")
    with pytest.raises(ChangedMeanwhile):
        operations.put_aside(by=staff, extract=other, version=99)
    with pytest.raises(Refused, match="Only the practice"):
        operations.put_aside(
            by=actor_for(world.member("project_worker")), extract=other, version=other.version
        )


def test_folders_of_no_extract_are_cleared_away(staff: Actor) -> None:
    kept = hand_in(staff)
    storing.keep([SimpleUploadedFile("b.csv", CSV)], uuid.uuid4())
    lost = storing.keep([SimpleUploadedFile("b.csv", CSV)], uuid.uuid4())
    os.utime(storing.folder_of(lost.uuid), (1_000_000_000, 1_000_000_000))
    os.utime(storing.folder_of(kept.uuid), (1_000_000_000, 1_000_000_000))
    delete_what_is_past_its_days()
    names = {name for name, _ in storing.folders()}
    assert str(kept.uuid) in names
    assert str(lost.uuid) not in names
    assert len(names) == 2
