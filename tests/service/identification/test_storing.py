"""What is handed in is put aside safely or refused with a sentence, and nothing is left behind."""

from __future__ import annotations

import gzip
import io
import stat
import zipfile
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from pytest_django.fixtures import Settings
from tests.service.conftest import World

from unhurried.service.accounts.models import Organisation
from unhurried.service.audit.actor import Actor
from unhurried.service.audit.refused import Refused
from unhurried.service.identification import archives, operations, storing
from unhurried.service.identification.models import Extract

CSV = b"Patient ID,Issue Date,Drug,Dosage,Quantity\n7,01/10/2026,Zomorph 10mg capsules,1 bd,56\n"

LINK = (stat.S_IFLNK | 0o777) << 16


def archive(*files: tuple[str, bytes], **more: int) -> bytes:
    """A ZIP of these files; `more` sets fields of the first."""
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as packed:
        for place, (name, content) in enumerate(files):
            info = zipfile.ZipInfo(name)
            info.compress_type = zipfile.ZIP_DEFLATED
            if place == 0:
                for field, value in more.items():
                    setattr(info, field, value)
            packed.writestr(info, content)
    return into.getvalue()


def keep(*files: tuple[str, bytes]) -> storing.Kept:
    return storing.keep([SimpleUploadedFile(*each) for each in files], uuid4())


def locked() -> bytes:
    """An archive whose first member says that it is encrypted."""
    content = bytearray(archive(("a.csv", CSV)))
    content[6] |= 1
    place = content.rfind(b"PK\x01\x02")
    content[place + 8] |= 1
    return bytes(content)


def many_members() -> bytes:
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w") as packed:
        for number in range(archives.MOST_MEMBERS + 1):
            packed.writestr(f"{number}.csv", b"x")
    return into.getvalue()


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ([("a.csv", b"")], "a.csv is empty (0 bytes)"),
        ([("a.pdf", b"%PDF-1.7")], "is a PDF"),
        ([("a.csv", b"\xd0\xcf\x11\xe0\xa1\xb1")], "is an old Excel or Word file"),
        ([("a.xlsx", archive(("[Content_Types].xml", b"<x/>")))], "choose Save as"),
        ([("a.csv", bytes(range(32)) * 40)], "not a text file"),
        ([("a.png", b"\x89PNG\r\n\x1a\n")], "is a picture"),
        ([("a.rar", b"Rar!\x1a\x07\x00")], "RAR archive"),
        ([("a.csv", CSV), ("b.ndjson", b'{"resourceType": "Patient"}')], "one kind at a time"),
        ([("a.zip", archive(("../a.csv", CSV)))], "outside its folder"),
        ([("a.zip", archive(("/etc/a.csv", CSV)))], "outside its folder"),
        ([("a.zip", archive(("c:\\a.csv", CSV)))], "outside its folder"),
        ([("a.zip", archive(("..\\a.csv", CSV)))], "outside its folder"),
        (
            [
                (
                    "a.zip",
                    archive(("a.csv", b"/etc/passwd"), external_attr=(stat.S_IFLNK | 0o777) << 16),
                )
            ],
            "a link to another place",
        ),
        ([("a.zip", locked())], "locked with a password"),
        ([("a.zip", archive(("a.csv", b"0" * 30_000_000)))], "unpacks to more"),
        ([("a.zip", many_members())], "more than 10,000 files"),
        ([("a.zip", archive(("b.zip", archive(("a.csv", CSV)))))], "an archive within an archive"),
        ([("a.zip", archive(("a.csv", CSV))[:-30])], "damaged or not a whole ZIP"),
        ([("a.zip", archive((".DS_Store", b"x"), ("__MACOSX/a.csv", CSV)))], "no file of records"),
        ([("a.csv.gz", gzip.compress(CSV)[:-9])], "cut short or damaged"),
        ([("a.csv.gz", gzip.compress(b"0" * 30_000_000))], "unpacks to more"),
        ([("a.gz", gzip.compress(gzip.compress(CSV)))], "an archive within an archive"),
        ([], "Choose the file"),
    ],
)
def test_refused_with_a_sentence(files: list[tuple[str, bytes]], words: str) -> None:
    with pytest.raises(Refused, match=r".") as refusal:
        keep(*files)
    assert words in str(refusal.value)
    home = storing.folder_of(uuid4()).parent
    assert not home.exists() or not list(home.iterdir())


def test_a_lying_archive_is_stopped_while_it_unpacks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(storing, "MOST_UNPACKED", 50)
    with pytest.raises(Refused, match="unpacks to more"):
        keep(("a.zip", archive(("a.csv", CSV * 5))))


def test_names_are_our_own() -> None:
    odd = "..\\..\\<b>\u202epatients\u0000 of July.CSV"
    kept = keep(
        (odd, CSV), ("patients.txt", b"Patient ID,DOB\n7,1/2/1960\n"), ("Patients.TXT", CSV)
    )
    files = {path.name for path in storing.records_of(kept.uuid).iterdir()}
    assert files == {"b_patients_of_July.CSV", "patients.txt", "2-Patients.TXT"}
    assert "\u202e" not in kept.name
    for path in storing.records_of(kept.uuid).iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(storing.folder_of(kept.uuid).stat().st_mode) == 0o700


def test_the_same_content_however_packed() -> None:
    plain = keep(("a.csv", CSV))
    assert keep(("b.zip", archive(("x/y.csv", CSV)))).content == plain.content
    assert keep(("c.csv.gz", gzip.compress(CSV))).content == plain.content
    assert keep(("a.csv", CSV + b"\n")).content != plain.content


def test_files_without_an_ending_get_one() -> None:
    kept = keep(("export", CSV))
    assert [path.name for path in storing.records_of(kept.uuid).iterdir()] == ["export.csv"]
    assert keep(("bundle", b'{"resourceType": "Bundle", "entry": []}')).format == "fhir"


def test_too_much_at_once(settings: Settings) -> None:
    settings.EXTRACT_MB = 0
    with pytest.raises(Refused, match="more than 0 MB"):
        keep(("a.csv", CSV))


def test_folders_on_the_server(
    world: World, staff: Actor, settings: Settings, tmp_path: Path
) -> None:
    root = tmp_path / "ready"
    mine, theirs = root / "Z99901" / "march", root / "Z99902" / "march"
    for folder in (mine, theirs):
        folder.mkdir(parents=True)
        (folder / "issues.csv").write_bytes(CSV)
    with pytest.raises(Refused, match="not among those"):
        operations.hand_in_folder(by=staff, name="march")  # no folder is allowed by the setting
    settings.EXTRACTS_FOLDER = str(root)
    for name in ("../Z99902/march", "/etc", "..", ".", "", "april"):
        with pytest.raises(Refused, match="not among those"):
            operations.hand_in_folder(by=staff, name=name)
    extract, again = operations.hand_in_folder(by=staff, name="march")
    assert (extract.name, again) == ("march", False)
    (root / "Z99901" / "link").symlink_to(theirs)
    with pytest.raises(Refused, match="a link"):
        operations.hand_in_folder(by=staff, name="link")
    (mine / "inner.csv").symlink_to(theirs / "issues.csv")
    with pytest.raises(Refused, match="a link"):
        operations.hand_in_folder(by=staff, name="march")
    assert Extract.objects.count() == 1
    assert Organisation.objects.get(ods_code="Z99901").pk == extract.practice_id


def test_project_workers_hand_in_nothing(world: World) -> None:
    from tests.service.conftest import actor_for

    worker = actor_for(world.member("project_worker"))
    with pytest.raises(Refused, match="Only the practice"):
        operations.hand_in(by=worker, handed=[SimpleUploadedFile("a.csv", CSV)])
