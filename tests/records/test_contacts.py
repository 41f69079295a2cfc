"""Names and addresses are read for the people asked for, and for nobody else (ID-4)."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from unhurried.demo.extract.write import write_extract
from unhurried.records.column_map import ColumnMap, KindMap
from unhurried.records.contacts import ContactDetails, read_contact_details
from unhurried.records.fhir.references import NHS_NUMBER

HEAD = "Patient ID,NHS Number,Date of Birth,Title,Forename,Surname,Address,Postcode,Mobile,E-mail"


def patients(folder: Path, *rows: str, head: str = HEAD) -> Path:
    (folder / "patients.csv").write_text("\n".join([head, *rows, ""]), encoding="utf-8")
    return folder


def test_only_those_asked_for_are_read(tmp_path: Path) -> None:
    source = patients(
        tmp_path,
        '7,9990000018,01/02/1960,Mrs,Ada,Wren,"1 Finch Ln, Bristol",zz1 1zz,07700 900001,a@b.org',
        "8,,01/02/1961,Mr,Bo,Rook,2 Finch Lane,BS99 9ZZ,,",
    )
    assert read_contact_details(source, None, ["7"]) == {
        "7": ContactDetails(
            title="Mrs", given_name="Ada", family_name="Wren", address="1 Finch Ln\nBristol",
            postcode="ZZ1 1ZZ", phone="07700 900001", email="a@b.org",
        )
    }  # fmt: skip
    assert set(read_contact_details(source, None, ["9990000018"])) == {"9990000018"}
    assert read_contact_details(source, None, []) == {}
    assert read_contact_details(source, None, ["9"]) == {}


def test_lines_of_an_address_in_columns_of_their_own(tmp_path: Path) -> None:
    head = "Patient ID,DOB,First name,Surname,House name,Number and street,Town,Postcode"
    source = patients(tmp_path, "7,01/02/1960,Ada,Wren,The Nest,1 Finch Lane,Bristol,", head=head)
    assert read_contact_details(source, None, {"7"})["7"].address == (
        "The Nest\n1 Finch Lane\nBristol"
    )


def test_two_rows_that_disagree_leave_the_field_empty(tmp_path: Path) -> None:
    source = patients(
        tmp_path,
        "7,,01/02/1960,,Ada,Wren,1 Finch Lane,BS99 9ZZ,,",
        "7,,01/02/1960,,ada,Wren,99 Heron Street,BS99 9ZZ,07700 900001,",
        "7,,01/02/1960,,Ada,Wren,1 Finch Lane,BS99 9ZZ,,",
    )
    found = read_contact_details(source, None, {"7"})["7"]
    assert (found.given_name, found.address, found.phone) == ("Ada", "", "07700 900001")


def test_a_column_map_says_who_the_person_is(tmp_path: Path) -> None:
    source = patients(tmp_path, "Q7,01/02/1960,Ada,Wren", head="Ours,Born,Forename,Surname")
    told = ColumnMap({"patients": KindMap({"patient_id": "Ours", "date_of_birth": "Born"})})
    assert read_contact_details(source, told, {"Q7"})["Q7"].family_name == "Wren"
    assert read_contact_details(source, None, {"Q7"}) == {}


def test_damaged_rows_and_strange_texts_are_not_names(tmp_path: Path) -> None:
    source = patients(
        tmp_path,
        f"7,,01/02/1960,,{'A' * 600},Wren\x07,1 Finch Lane,,,",
        '8,,01/02/1960,,"Bo,Rook',
        "9,,01/02/1960,,Cy,Jay,,,,",
    )
    found = read_contact_details(source, None, {"7", "8", "9"})
    assert found["7"].given_name == found["7"].family_name == ""
    assert "8" not in found
    assert found["9"].given_name == "Cy"


def test_fhir_patients(tmp_path: Path) -> None:
    patient = {
        "resourceType": "Patient",
        "id": "p7",
        "identifier": [{"system": NHS_NUMBER, "value": "9990000018"}],
        "name": [
            {"use": "old", "family": "Jay", "given": ["Ada"]},
            {"use": "official", "family": "Wren", "given": ["Ada", "May"], "prefix": ["Mrs"]},
        ],
        "address": [
            {"use": "home", "line": ["1 Finch Lane"], "city": "Bristol", "postalCode": "bs99 9zz"}
        ],
        "telecom": [
            {"system": "phone", "use": "home", "value": "0117 496 0001"},
            {"system": "phone", "use": "mobile", "value": "07700 900001"},
        ],
    }
    other = {"resourceType": "Patient", "id": "p8", "name": [{"family": "Rook"}]}
    lines = "\n".join(json.dumps(each) for each in (patient, other))
    (tmp_path / "Patient.ndjson").write_text(lines, encoding="utf-8")
    wanted = ContactDetails(
        title="Mrs", given_name="Ada May", family_name="Wren", address="1 Finch Lane\nBristol",
        postcode="BS99 9ZZ", phone="07700 900001",
    )  # fmt: skip
    assert read_contact_details(tmp_path, None, {"p7"}) == {"p7": wanted}
    assert read_contact_details(tmp_path, None, {"9990000018"}) == {"9990000018": wanted}


def test_two_current_addresses_are_no_address(tmp_path: Path) -> None:
    patient = {
        "resourceType": "Patient", "id": "p7", "name": [{"family": "Wren"}],
        "address": [{"line": ["1 Finch Lane"]}, {"line": ["2 Heron Street"]}, "odd", None],
        "telecom": "odd",
    }  # fmt: skip
    (tmp_path / "bundle.json").write_text(json.dumps(patient), encoding="utf-8")
    found = read_contact_details(tmp_path, None, {"p7"})["p7"]
    assert (found.family_name, found.address, found.phone) == ("Wren", "", "")


@pytest.mark.parametrize("style", [1, 2, 3, 4])
def test_the_fictional_extract_in_every_style(tmp_path: Path, style: int) -> None:
    write_extract(
        tmp_path, people=40, seed=3, as_of=date(2026, 11, 1), damage=0, practices=style,
        formats=("csv",),
    )  # fmt: skip
    code = f"y9990{style}"
    ours = tmp_path / "ours"
    ours.mkdir()
    for path in (tmp_path / "csv").glob(f"{code}-*.csv"):
        path.rename(ours / path.name)
    head, *rows = (ours / f"{code}-patients.csv").read_bytes().splitlines()
    if rows:
        separator = b"\t" if b"\t" in head else b","
        ids = [row.split(separator)[0].decode() for row in rows]
        found = read_contact_details(ours, None, ids)
        assert set(found) == set(ids)
        assert all(each.family_name and each.address and each.postcode for each in found.values())
