"""FHIR and OMOP, handed in as ZIP, from the upload to the shortlist (ID-1, ID-4)."""

from __future__ import annotations

import csv
import io
import json
import uuid
import zipfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from tests.service.conftest import World, actor_for
from tests.service.identification.conftest import AS_OF, zipped

from unhurried.demo.extract.write import write_extract
from unhurried.service.accounts.models import Membership
from unhurried.service.identification import queries
from unhurried.service.identification.models import Candidate, Extract
from unhurried.service.jobs.worker import run_until_idle
from unhurried.service.patients.models import KnownMedicine, Patient

SignedIn = Callable[[Membership], Client]


@pytest.fixture(scope="module")
def three_ways(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One practice's fictional people, as CSV, FHIR NDJSON and OMOP."""
    folder = tmp_path_factory.mktemp("three")
    write_extract(
        folder, people=900, seed=5, as_of=AS_OF, damage=0, practices=1,
        formats=("csv", "fhir", "omop"),
    )  # fmt: skip
    path = folder / "fhir" / "Patient.ndjson"  # the fictional FHIR carries no names
    people = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    named = [each | {"name": [{"family": "Wren", "given": ["Ada"]}]} for each in people]
    path.write_text("".join(f"{json.dumps(each)}\n" for each in named), encoding="utf-8")
    return folder


def hand_in(client: Client, packed: bytes, name: str) -> Extract:
    """Upload, look at the columns, confirm, screen; all as the practice does it."""
    file = SimpleUploadedFile(name, packed)
    sent = {"once": str(uuid.uuid4()), "files": file}
    answer = client.post(reverse("identification:hand_in"), sent)
    assert answer.status_code == 302, answer.content.decode()
    extract = Extract.objects.latest("pk")
    if extract.state == "to_confirm":
        assert client.get(answer["Location"]).status_code == 200
        confirmed = {"once": str(uuid.uuid4()), "version": extract.version, "looks_from": ""}
        assert client.post(answer["Location"], confirmed).status_code == 302
    run_until_idle()
    extract.refresh_from_db()
    assert (extract.state, extract.problem) == ("done", "")
    return extract


@pytest.mark.parametrize("kind", ["fhir", "omop"])
def test_from_upload_to_shortlist(
    world: World, signed_in: SignedIn, three_ways: Path, tmp_path: Path, kind: str
) -> None:
    world.practice.ods_code = "Y99901"
    world.practice.save()
    client = signed_in(world.member("practice_staff"))
    extract = hand_in(client, zipped(three_ways / kind, tmp_path), f"{kind}.zip")
    assert extract.format == kind
    account = extract.summary["accounting"]
    assert account["rows_in"] == account["rows_used"] + account["rows_rejected"]
    listed = Candidate.objects.on_the_list()
    assert listed.count() == extract.summary["people"]["listed"] > 5
    gp = actor_for(world.member("gp"))
    first = queries.shortlist(gp).page.object_list[0]
    assert first.products
    assert first.date_of_birth
    if kind == "fhir":  # OMOP carries no names: the practice types them
        assert first.name == "Ada Wren"
        assert first.nhs_number
    else:
        assert first.missing == "name"
        seen = client.get(reverse("identification:shortlist")).content.decode()
        assert "Type their name" in seen


def test_a_death_in_next_months_records(
    world: World, signed_in: SignedIn, three_ways: Path
) -> None:
    """The same people a month later: somebody registered here has died, another has left."""
    world.practice.ods_code = "Y99901"
    world.practice.save()
    client = signed_in(world.member("practice_staff"))
    hand_in(client, changed(three_ways / "csv", {}), "november.zip")
    rows = Candidate.objects.on_the_list().exclude(nhs_number="").order_by("rank")
    dead, gone, well = list(rows[:3])
    people = {each.pk: registered(world, each) for each in (dead, gone, well)}
    day = AS_OF - timedelta(days=2)
    facts = {
        dead.person_id: {"Date of Death": f"{day:%d-%b-%Y}"},
        gone.person_id: {"Date Deducted": f"{day:%d-%b-%Y}"},
    }
    hand_in(client, changed(three_ways / "csv", facts), "december.zip")
    for each in people.values():
        each.refresh_from_db()
    assert people[dead.pk].date_of_death == day
    assert people[gone.pk].records_say.left == day
    assert people[well.pk].date_of_death is None
    assert KnownMedicine.objects.filter(patient=people[well.pk], source="screening").exists()


def registered(world: World, each: Candidate) -> Patient:
    born = each.date_of_birth
    return world.patient(nhs_number=each.nhs_number, date_of_birth=born)


def changed(folder: Path, facts: dict[str, dict[str, str]]) -> bytes:
    """The files as ZIP, with these facts in the row of these people."""
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w") as archive:
        for path in sorted(each for each in folder.iterdir() if each.is_file()):
            text = path.read_text(encoding="utf-8-sig")
            if "patients" in path.name:
                text = with_facts(text, facts)
            archive.writestr(path.name, text)
    return into.getvalue()


def with_facts(text: str, facts: dict[str, dict[str, str]]) -> str:
    rows = list(csv.DictReader(io.StringIO(text)))
    into = io.StringIO()
    writer = csv.DictWriter(into, list(rows[0]))
    writer.writeheader()
    for row in rows:
        writer.writerow(row | facts.get(row["Patient ID"], {}))
    return into.getvalue()
