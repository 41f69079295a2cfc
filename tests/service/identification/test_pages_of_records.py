"""Handing in on the pages: files, folders, columns, and what is refused with a sentence."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django.fixtures import Settings
from tests.service.conftest import World
from tests.service.identification.conftest import at, post, text, uploads

from unhurried.service.accounts.models import Membership
from unhurried.service.identification.models import Candidate, Extract
from unhurried.service.jobs.worker import run_until_idle

SignedIn = Callable[[Membership], Client]
Listed = Callable[..., list[Candidate]]
Screened = Callable[..., Extract]


def test_handing_in_on_the_pages(
    world: World, staff_client: Client, fictional: Path, tmp_path: Path
) -> None:
    world.practice.ods_code = "Y99901"
    world.practice.save()
    assert "Nothing was handed in yet" in text(staff_client.get(at("extracts")))
    answer = post(staff_client, at("hand_in"), files=uploads(fictional))
    assert answer.status_code == 302
    where = answer["Location"]
    assert where.endswith("/columns/")
    seen = text(staff_client.get(where))
    assert "NHS number" in seen
    assert "Which column holds what" in seen
    extract = Extract.objects.get()
    sent = {"version": extract.version, "looks_from": ""}
    assert post(staff_client, where, **sent, **{"issues.product": ""}).status_code == 200
    answer = post(staff_client, where, **sent)
    assert answer["Location"] == at("extract", extract.uuid)
    waiting = text(staff_client.get(answer["Location"]))
    assert "Look again" in waiting
    state = json.loads(staff_client.get(at("progress", extract.uuid)).content)
    assert state["over"] is False
    run_until_idle()
    done = text(staff_client.get(answer["Location"]))
    account = Extract.objects.get().summary["accounting"]
    assert f"{account['rows_in']:,} rows in = {account['rows_used']:,} used" in done
    assert json.loads(staff_client.get(at("progress", extract.uuid)).content)["over"] is True
    rejects = staff_client.get(at("rejects", extract.uuid))
    assert rejects["Content-Disposition"].startswith("attachment")
    body = b"".join(rejects.streaming_content)  # type: ignore[attr-defined]  # a FileResponse
    assert body.startswith(b"file,record,code,reason,raw")
    answer = post(staff_client, at("hand_in"), files=uploads(fictional))
    assert "the very same records before" in text(staff_client.get(answer["Location"]))


def test_refused_files_get_a_sentence(staff_client: Client, settings: Settings) -> None:
    for name, content, words in (
        ("report.pdf", b"%PDF-1.7 ...", "is a PDF"),
        ("empty.csv", b"", "is empty (0 bytes)"),
        ("<b>bad.csv", b"\x00\x01\x02\x03" * 200, "&lt;b&gt;bad"),
    ):
        answer = post(staff_client, at("hand_in"), files=SimpleUploadedFile(name, content))
        assert answer.status_code == 200
        assert words in text(answer)
    assert "Choose the file" in text(post(staff_client, at("hand_in")))
    settings.EXTRACT_MB = 0
    answer = post(staff_client, at("hand_in"), files=SimpleUploadedFile("a.csv", b"x" * 1_100_000))
    assert answer.status_code == 413
    assert "is more than 0 MB" in text(answer)
    assert not Extract.objects.exists()


def test_a_file_of_another_kind_beside_the_usual(
    world: World, staff_client: Client, fictional: Path
) -> None:
    odd = SimpleUploadedFile("list.csv", b"Ref;When;What\n1;2;3\n")
    where = post(staff_client, at("hand_in"), files=[*uploads(fictional), odd])["Location"]
    seen = text(staff_client.get(where))
    assert "What is one row of this file?" in seen
    number = seen.split('id="kind-')[-1].split('"')[0]
    version = Extract.objects.get().version
    sent = {"version": version, f"kind-{number}": "problems", "looks_from": ""}
    assert "leave it out" in text(post(staff_client, where, **sent))
    sent[f"kind-{number}"] = ""
    assert post(staff_client, where, **sent).status_code == 302
    assert post(staff_client, where, **sent).status_code == 200  # it is being screened already


def test_columns_of_unusual_headings_are_chosen(world: World, staff_client: Client) -> None:
    rows = "".join(f"7;{day:02}/09/2026;Zomorph 10mg capsules;1 bd;56\n" for day in range(1, 20))
    odd = SimpleUploadedFile("ours.csv", f"Who;On;Tablet;How;Much\n{rows}".encode())
    where = post(staff_client, at("hand_in"), files=odd)["Location"]
    kind = {"version": Extract.objects.get().version, "kind-0": "issues", "looks_from": ""}
    shown = text(post(staff_client, where, **kind, look="again"))
    assert 'name="issues.patient_id"' in shown
    assert "Choose the column of ours.csv that holds" in text(post(staff_client, where, **kind))
    chosen = {
        "issues.patient_id": "Who", "issues.issue_date": "On", "issues.product": "Tablet",
        "issues.directions": "How", "issues.quantity": "Much",
    }  # fmt: skip
    twice = {**chosen, "issues.quantity": "How"}
    assert "choose it once" in text(post(staff_client, where, **kind, **twice))
    assert post(staff_client, where, **kind, **chosen).status_code == 302
    run_until_idle()
    extract = Extract.objects.get()
    assert (extract.state, extract.problem) == ("done", "")
    again = SimpleUploadedFile("april.csv", f"Who;On;Tablet;How;Much\n{rows[:300]}".encode())
    straight = post(staff_client, at("hand_in"), files=again)
    assert Extract.objects.exclude(pk=extract.pk).get().state == "waiting"
    assert "columns" not in straight["Location"]
