"""The fictional extract from the upload to a GP's decision, with the real worker (ID-4, ID-5)."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from tests.service.conftest import World, actor_for
from tests.service.identification.conftest import uploads, zipped

from unhurried.service.audit import clock
from unhurried.service.audit.actor import Actor
from unhurried.service.identification import columns, operations, queries, storing
from unhurried.service.identification.models import Candidate, Extract
from unhurried.service.identification.rules import Chosen
from unhurried.service.jobs.models import Job
from unhurried.service.jobs.operations import claim, return_expired
from unhurried.service.jobs.worker import run_until_idle


@pytest.fixture
def practice_staff(world: World) -> Actor:
    """Staff of the practice whose code the fictional extract carries."""
    world.practice.ods_code = "Y99901"
    world.practice.save()
    return actor_for(world.member("practice_staff"))


def confirmed(by: Actor, extract: Extract) -> None:
    toml = columns.confirmed(extract.uuid, "", {})
    operations.confirm(
        by=by, extract=extract, column_map=toml, looks_from=None, version=extract.version
    )


def test_from_upload_to_shortlist(
    world: World, practice_staff: Actor, fictional: Path, tmp_path: Path
) -> None:
    packed = SimpleUploadedFile("our extract.zip", zipped(fictional, tmp_path))
    extract, again = operations.hand_in(by=practice_staff, handed=[packed])
    assert (extract.state, again, extract.name) == ("to_confirm", False, "our extract.zip")
    files = sorted(storing.records_of(extract.uuid).iterdir())
    assert [path.stat().st_mode & 0o777 for path in files] == [0o600] * 3
    look = columns.look(extract.uuid, "")
    assert [group.kind for group in look.groups] == ["patients", "issues", "problems"]
    assert not look.warnings
    confirmed(practice_staff, extract)
    run_until_idle()
    extract.refresh_from_db()
    assert extract.state == Extract.State.DONE, extract.problem
    account = extract.summary["accounting"]
    assert account["rows_in"] == account["rows_used"] + account["rows_rejected"]
    assert sum(count for _, count in extract.rejects) == account["rows_rejected"]
    with (storing.folder_of(extract.uuid) / "rejects.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == account["rows_rejected"]
    assert not any(cell[:1] in set("=+-@") for row in rows for cell in row.values())
    listed = Candidate.objects.on_the_list()
    assert listed.count() == extract.summary["people"]["listed"] > 20
    assert all(each.family_name and each.reasons.count() for each in listed)
    shortlist = queries.shortlist(actor_for(world.member("gp")))
    assert len(shortlist.page.object_list) == shortlist.waiting.this_week == 5
    assert [each.rank for each in shortlist.page.object_list] == [1, 2, 3, 4, 5]


def test_the_same_records_again_change_nothing(
    world: World, practice_staff: Actor, fictional: Path, tmp_path: Path
) -> None:
    first, _ = operations.hand_in(by=practice_staff, handed=uploads(fictional))
    confirmed(practice_staff, first)
    run_until_idle()
    gp = actor_for(world.member("gp"))
    one = queries.shortlist(gp).page.object_list[0]
    operations.decide(by=gp, candidates={one.uuid: one.version}, chosen=Chosen(choice="discuss"))
    before = list(Candidate.objects.order_by("pk").values())
    packed = SimpleUploadedFile("other name.zip", zipped(fictional, tmp_path))
    second, again = operations.hand_in(by=practice_staff, handed=[packed])
    assert (second.pk, again) == (first.pk, True)
    assert run_until_idle() == 0
    assert list(Candidate.objects.order_by("pk").values()) == before
    assert [path.name for path in (storing.folder_of(first.uuid).parent).iterdir()] == [
        str(first.uuid)
    ]


def test_next_month_needs_no_confirming(
    world: World, practice_staff: Actor, fictional: Path, tmp_path: Path
) -> None:
    first, _ = operations.hand_in(by=practice_staff, handed=uploads(fictional))
    confirmed(practice_staff, first)
    run_until_idle()
    next_month = tmp_path / "next"
    next_month.mkdir()
    for path in fictional.iterdir():
        lines = path.read_bytes().splitlines(keepends=True)
        kept = lines[:-1] if "issues" in path.name else lines
        (next_month / path.name).write_bytes(b"".join(kept))
    second, again = operations.hand_in(by=practice_staff, handed=uploads(next_month))
    assert (second.state, again) == ("waiting", False)
    run_until_idle()
    second.refresh_from_db()
    assert second.state == Extract.State.DONE
    assert not Candidate.objects.filter(change="new").exists()


def test_a_killed_worker_is_followed_by_another(
    world: World, practice_staff: Actor, fictional: Path
) -> None:
    extract, _ = operations.hand_in(by=practice_staff, handed=uploads(fictional))
    confirmed(practice_staff, extract)
    work = claim()
    assert work is not None
    assert operations.begin(extract=extract.uuid, job=work.uuid) is not None
    Job.objects.update(lease_until=clock.now().replace(year=2000))  # and then it was killed
    assert return_expired() == 1
    Job.objects.update(due_at=clock.now())
    assert run_until_idle() == 1
    extract.refresh_from_db()
    assert extract.state == Extract.State.DONE
    assert not work.still_mine()
    count = Candidate.objects.count()
    assert operations.begin(extract=extract.uuid, job=work.uuid) is None  # it comes back too late
    assert Candidate.objects.count() == count


def test_another_practices_extract_is_refused(world: World, fictional: Path) -> None:
    staff = actor_for(world.member("practice_staff"))  # of Z99901; the records say Y99901
    extract, _ = operations.hand_in(by=staff, handed=uploads(fictional))
    confirmed(staff, extract)
    run_until_idle()
    extract.refresh_from_db()
    assert extract.state == Extract.State.UNUSABLE
    assert "Y99901, yours is Z99901" in extract.problem
    assert not Candidate.objects.exists()
