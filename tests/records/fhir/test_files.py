"""Bundles, NDJSON, gzip, damage: a reject with its row, or one sentence; never an exception."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.records.fhir.make import (
    TODAY,
    bundle,
    condition,
    issues,
    observation,
    patient,
    read_rows,
    refused,
    request,
    table,
    write,
)

from unhurried.records.canonical import UnusableInput
from unhurried.records.fhir.read import read
from unhurried.records.fhir.refusals import Fault
from unhurried.records.fhir.resources import read_resource
from unhurried.records.fhir.rows import Rows, sources


@pytest.mark.parametrize(
    ("name", "compress", "as_bundle"),
    [
        ("all.ndjson", False, False),
        ("all.ndjson.gz", True, False),
        ("all.jsonl", False, False),
        ("lines-called.json", False, False),
        ("bundle.json", False, True),
        ("bundle.json.gz", True, True),
        ("BUNDLE.JSON", False, True),
    ],
)
def test_every_kind_of_file_gives_the_same_rows(
    tmp_path: Path, name: str, compress: bool, as_bundle: bool
) -> None:
    resources = [request(), patient(), condition()]
    text = (
        bundle({"resource": row} for row in resources)
        if as_bundle
        else "".join(f"{json.dumps(row)}\n" for row in resources)
    )
    content = text.encode()
    path = tmp_path / name
    path.write_bytes(gzip.compress(content) if compress else content)
    assert sources(tmp_path) == sources(path) == (path,)
    found = [(row.record, row.content, row.fault) for row in Rows(path, name)]
    assert found == [(n, row, None) for n, row in enumerate(resources, start=1)]


@pytest.mark.parametrize("inside", [True, False])
def test_a_file_is_read_by_itself_or_with_its_folder(tmp_path: Path, inside: bool) -> None:
    path = tmp_path / "BUNDLE.JSON"
    path.write_text(bundle({"resource": row} for row in (request(), patient(), condition())))
    records = read(path if inside else tmp_path, today=TODAY)
    assert len(issues(records)) == 1
    account = records.accounting
    assert (account.files[0].file, account.rows_in, account.rows_used) == (path.name, 3, 3)


def test_many_files_in_folders_are_one_source_and_progress_is_told(tmp_path: Path) -> None:
    for part, row in (("a", patient()), ("b", request()), ("c", request("r2"))):
        (tmp_path / part).mkdir()
        write(tmp_path / part, row, name="part.ndjson")
    (tmp_path / "README.md").write_text("not data", encoding="utf-8")
    told: list[str] = []
    records = read(tmp_path, today=TODAY, progress=told.append)
    assert len(issues(records)) == 2
    assert [file.file for file in records.accounting.files] == [
        "a/part.ndjson", "b/part.ndjson", "c/part.ndjson",
    ]  # fmt: skip
    assert any("b/part.ndjson" in each for each in told)


def test_a_byte_order_mark_and_blank_lines_are_no_trouble(tmp_path: Path) -> None:
    records = read_rows(tmp_path, f"\ufeff{json.dumps(patient())}", "", "   ", request())
    assert records.accounting.rows_in == 2
    assert len(issues(records)) == 1


BIG = "9" * 5000


DAMAGED = [
    ("{", "not_json"),
    ('{"resourceType": "Patient", "id": NaN}', "not_json"),
    ('{"resourceType": "Patient", "id": -Infinity}', "not_json"),
    (f'{{"resourceType": "Patient", "multipleBirthInteger": {BIG}}}', "not_json"),
    ('{"resourceType":"Patient","id":"\\ud800"}', "not_json"),
    ('{"resourceType":"Patient","x":' + "[" * 1500 + "]" * 1500 + "}", "not_json"),
    ('{"resourceType":"Patient","x":' + "[" * 500 + "]" * 500 + "}", "too_deep"),
    ('{"resourceType":"Patient","id":"a","id":"b"}', "twice"),
    ('{"resourceType":"Patient","id":"a","meta":{"versionId":"1","versionId":"2"}}', "twice"),
    ('{"resourceType":"Patient","i\\u0064":"a","id":"c"}', "twice"),
    ("[1, 2]", "not_fhir"),
    ('"Patient"', "not_fhir"),
    ("{}", "no_kind"),
    ('{"resourceType": 3}', "no_kind"),
    ('{"resourceType":"Patient"}', "no_id"),
    ('{"resourceType":"Patient","id":["a"]}', "wrong_type"),
    ('{"resourceType":"Patient","id":"a","identifier":"b"}', "wrong_type"),
    ('{"resourceType":"Bundle","entry":[]}', "no_kind"),
]


def test_a_damaged_line_is_a_reject_and_the_rest_is_read(tmp_path: Path) -> None:
    records = read_rows(tmp_path, patient(), *(line for line, _ in DAMAGED), request())
    assert refused(records) == [(n, code) for n, (_, code) in enumerate(DAMAGED, start=2)]
    assert len(issues(records)) == 1


def test_bytes_that_are_not_text_are_a_reject(tmp_path: Path) -> None:
    good = json.dumps(patient()).encode() + b"\n" + json.dumps(request()).encode() + b"\n"
    (tmp_path / "a.ndjson").write_bytes(
        good + b'{"resourceType":"Patient","id":"\xff\xfe"}\n\x00\x01'
    )
    records = read(tmp_path, today=TODAY)
    assert refused(records) == [(3, "not_json"), (4, "not_json")]
    assert records.accounting.balanced


def test_long_text_and_other_scripts_survive_unchanged(tmp_path: Path) -> None:
    text = "Un bob bore ŵŷ 每日一次 \u202e 🌼 " + "one a day " * 15_000
    records = read_rows(tmp_path, patient(), request(dosageInstruction=[{"text": text.strip()}]))
    assert issues(records)[0][4] == text.strip()


DAMAGED_ENTRIES: list[tuple[Any, str]] = [
    ({}, "no_resource"),
    ("Patient", "not_fhir"),
    ({"resource": None}, "not_fhir"),
    ({"resource": {"resourceType": "Bundle"}}, "no_kind"),
]


def test_a_damaged_entry_is_a_reject_with_its_number(tmp_path: Path) -> None:
    entries: list[Any] = [{"resource": patient()}, *(entry for entry, _ in DAMAGED_ENTRIES)]
    entries.append({"resource": request()})
    (tmp_path / "b.json").write_text(bundle(entries), encoding="utf-8")
    records = read(tmp_path, today=TODAY)
    assert refused(records) == [(n, code) for n, (_, code) in enumerate(DAMAGED_ENTRIES, start=2)]
    assert len(issues(records)) == 1
    assert records.accounting.balanced


def test_a_key_given_twice_in_a_bundle_is_laid_to_its_own_entry(tmp_path: Path) -> None:
    twice = json.dumps(request("r2")).replace('"active"', '"active", "status": "entered-in-error"')
    rows = ",".join(f'{{"resource":{each}}}' for each in
                    (json.dumps(patient()), twice, json.dumps(request())))  # fmt: skip
    (tmp_path / "b.json").write_text(f'{{"resourceType":"Bundle","entry":[{rows}]}}')
    assert refused(read(tmp_path, today=TODAY)) == [(2, "twice")]


GOOD = f"{json.dumps(patient())}\n{json.dumps(request())}\n".encode()


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.ndjson", b"", "holds no prescriptions"),
        ("a.json", b"", "holds no prescriptions"),
        ("a.ndjson", b"\x89PNG\r\n\x1a\n\x00", "not JSON"),
        ("a.json", b"%PDF-1.7", "cannot be read at all"),
        ("a.json", bundle([{"resource": request()}]).encode()[:-9], "cannot be read at all"),
        ("a.json", b'{"resourceType":"Bundle","entry":{}}', "list of entries"),
        ("a.ndjson", GOOD.split(b"\n", maxsplit=1)[0], "holds no prescriptions"),
        ("a.ndjson.gz", gzip.compress(GOOD * 50)[:-12], "cut short or damaged"),
        ("a.ndjson.gz", GOOD, "cut short or damaged"),
        ("a.ndjson.gz", b"", "holds no prescriptions"),
        ("a.ndjson", GOOD.decode().encode("utf-16"), "UTF-16"),
        ("a.txt", GOOD, "no FHIR files"),
        ("a.ndjson", json.dumps({**request(), "context": {}}).encode(), "FHIR STU3"),
        ("a.ndjson", json.dumps({**request(), "medication": {}}).encode(), "FHIR R5"),
        ("a.ndjson", b'{"resourceType":"MedicationOrder"}', "DSTU2"),
    ],
)
def test_a_source_that_cannot_be_used_is_refused_in_one_sentence(
    tmp_path: Path, name: str, content: bytes, said: str
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(UnusableInput, match=said) as caught:
        read(tmp_path, today=TODAY)
    assert str(caught.value).endswith(".")
    assert "\n" not in str(caught.value)


def test_one_old_row_among_new_ones_is_only_a_reject(tmp_path: Path) -> None:
    records = read_rows(tmp_path, patient(), request(), request("r2", context={}))
    assert refused(records) == [(3, "fhir_stu3")]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**20), 10**20) | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3)
    ),
    max_leaves=8,
)
FIELDS = st.sampled_from(
    [
        "id", "meta", "status", "intent", "subject", "authoredOn", "dosageInstruction", "gender",
        "dispenseRequest", "medicationCodeableConcept", "medicationReference", "contained", "link",
        "birthDate", "deceasedBoolean", "deceasedDateTime", "identifier", "active", "code",
        "onsetDateTime", "effectiveDateTime", "valueBoolean", "valueCodeableConcept",
        "managingOrganization", "generalPractitioner", "verificationStatus",
    ]
)  # fmt: skip


@settings(max_examples=300)
@given(
    base=st.sampled_from([patient, request, condition, observation]),
    changes=st.dictionaries(FIELDS, JSON, max_size=3),
)
def test_whatever_stands_in_a_field_there_is_a_reading_or_a_sentence(
    base: Any, changes: dict[str, Any]
) -> None:
    text = json.dumps({**base("x"), **changes}).encode()
    rows = Rows(Path("a.ndjson"), "a.ndjson")
    found = list(rows.of_lines([text]))
    assert len(found) + rows.passed.count == 1
    if not found:
        assert base is observation
        assert "code" in changes
        return
    row = found[0]
    outcome = row.fault or read_resource(row, TODAY)[1]
    if isinstance(outcome, Fault):
        assert outcome.code
        assert outcome.reason.endswith(".")
    else:
        assert len(outcome.values) in (0, 3, 4, 8)


@settings(max_examples=4)
@given(
    base=st.sampled_from([patient, request, condition, observation]),
    changes=st.dictionaries(FIELDS, JSON, max_size=3),
    content=st.binary(max_size=200),
    name=st.sampled_from(["a.ndjson", "a.json", "a.json.gz"]),
)
def test_whatever_stands_in_a_file_there_is_a_sentence_or_an_account(
    tmp_path_factory: pytest.TempPathFactory,
    base: Any,
    changes: dict[str, Any],
    content: bytes,
    name: str,
) -> None:
    folder = tmp_path_factory.mktemp("bytes")
    (folder / name).write_bytes(content)
    changed = json.dumps({**base("x"), **changes})
    write(folder, patient(), request(), changed, changed, name="z.ndjson")
    try:
        records = read(folder, today=TODAY)
    except UnusableInput:
        return
    assert records.accounting.balanced
    assert len(issues(records)) >= 1 or refused(records)
    assert table(records, "SELECT COUNT(*) FROM rejects WHERE reason = ''") == [(0,)]
    records.close()
