"""The forms of a summary: text to paste, tagged paper, a valid FHIR document, a message back."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from typing import Any
from xml.etree import ElementTree

import pytest
from django.test import Client
from django.urls import reverse
from fhir.resources.R4B import get_fhir_model_class
from fhir.resources.R4B.bundle import Bundle
from pypdf import PdfReader
from tests.service.conftest import World
from tests.service.shared_care.summary_story import After, after_a_session

from unhurried.service.accounts.models import Membership
from unhurried.service.patients.operations import raise_alert
from unhurried.service.shared_care.documents.facts import Facts, packed, unpacked
from unhurried.service.shared_care.documents.fhir import fhir_document
from unhurried.service.shared_care.documents.paper import summary_pdf
from unhurried.service.shared_care.documents.prsb import MANDATORY, message_back
from unhurried.service.shared_care.documents.text import plain_text
from unhurried.service.shared_care.summary_tables import codes, limit

SignIn = Callable[[Membership], Client]


@pytest.fixture
def after(world: World) -> After:
    found = after_a_session(world)
    found.shares()
    found.takes("Morphine sulfate 10mg modified-release tablets", "One tablet twice a day")
    return found


@pytest.fixture
def facts(after: After) -> Facts:
    row = after.send(after.save(asked="Is <b>5 & 6</b> right?", codes=["390893007"]))
    return unpacked(json.loads(json.dumps(row.facts)))


def by_kind(bundle: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """The resources of a document by their kind."""
    found: dict[str, list[dict[str, Any]]] = {}
    for entry in bundle["entry"]:
        found.setdefault(entry["resource"]["resourceType"], []).append(entry["resource"])
    return found


def test_text_fits_and_is_plain(facts: Facts) -> None:
    text = plain_text(facts)
    assert len(text) <= limit("characters")
    assert len(text.splitlines()) <= limit("lines")
    assert text.isascii()


def test_the_document_is_valid_fhir(facts: Facts) -> None:
    made = fhir_document(facts)
    bundle = Bundle.model_validate(made)
    assert json.loads(bundle.model_dump_json())["type"] == "document"
    for entry in made["entry"]:
        get_fhir_model_class(entry["resource"]["resourceType"]).model_validate(entry["resource"])


def test_a_broken_document_would_be_noticed(facts: Facts) -> None:
    made = fhir_document(facts)
    del made["entry"][0]["resource"]["title"]
    with pytest.raises(ValueError, match="title"):
        Bundle.model_validate(made)


def test_the_composition_comes_first_and_every_reference_leads_somewhere(facts: Facts) -> None:
    made = fhir_document(facts)
    assert made["entry"][0]["resource"]["resourceType"] == "Composition"
    addresses = [each["fullUrl"] for each in made["entry"]]
    assert len(set(addresses)) == len(addresses)
    assert all(each.startswith("urn:uuid:") for each in addresses)
    wanted = set(references(made))
    assert wanted <= set(addresses)
    assert wanted == set(addresses) - {addresses[0]}
    assert [each["resource"]["id"] for each in made["entry"]] == [
        each.removeprefix("urn:uuid:") for each in addresses
    ]


def references(value: Any) -> list[str]:
    """Every reference anywhere in it."""
    if isinstance(value, list):
        return [one for each in value for one in references(each)]
    if not isinstance(value, dict):
        return []
    own = [value["reference"]] if isinstance(value.get("reference"), str) else []
    return own + references(list(value.values()))


def test_what_the_document_says(facts: Facts, after: After) -> None:
    found = by_kind(fhir_document(facts))
    number = {"system": "https://fhir.nhs.uk/Id/nhs-number", "value": after.patient.nhs_number}
    assert found["Patient"][0]["identifier"] == [number]
    assert found["Encounter"][0]["class"]["code"] == "VR"
    assert [each["status"] for each in found["MedicationStatement"]] == ["unknown"]
    (dose,) = found["Observation"]
    assert dose["valueString"].startswith("20 mg a day, as at ")
    assert "coding" not in dose["code"]
    event = found["Composition"][0]["event"][0]["code"][0]["coding"][0]
    assert (event["system"], event["code"]) == ("http://snomed.info/sct", "390893007")
    assert "Condition" not in found
    profiles = [each["meta"]["profile"] for kind in found.values() for each in kind]
    assert all(each[0].startswith("https://fhir.hl7.org.uk/") for each in profiles)


def test_narrative_is_text_and_never_markup(facts: Facts) -> None:
    for entry in fhir_document(facts)["entry"]:
        for text in narratives(entry["resource"]):
            root = ElementTree.fromstring(text)  # noqa: S314 - our own
            assert {each.tag.partition("}")[2] for each in root.iter()} <= {"div", "p"}
    assert "&lt;b&gt;5 &amp; 6&lt;/b&gt;" in json.dumps(fhir_document(facts))


def narratives(value: Any) -> list[str]:
    """Every narrative anywhere in it."""
    if isinstance(value, list):
        return [one for each in value for one in narratives(each)]
    if not isinstance(value, dict):
        return []
    own = [value["div"]] if "div" in value else []
    return own + narratives(list(value.values()))


def test_made_twice_it_is_the_same(facts: Facts) -> None:
    assert fhir_document(facts) == fhir_document(unpacked(packed(facts)))


def test_an_alert_alone_is_a_valid_document_without_the_meeting(world: World) -> None:
    after = after_a_session(world)
    raise_alert(by=after.by, patient=after.patient, kind="overdose")
    row = after.send(after.save())
    made = fhir_document(unpacked(row.facts))
    Bundle.model_validate(made)
    kinds = set(by_kind(made))
    assert kinds == {"Composition", "Patient", "Practitioner", "Organization"}


def test_a_correction_says_what_it_replaces(after: After) -> None:
    first = after.send(after.save())
    second = unpacked(after.send(after.save()).facts)
    made = fhir_document(second)
    Bundle.model_validate(made)
    (replaced,) = made["entry"][0]["resource"]["relatesTo"]
    assert replaced["targetIdentifier"]["value"] == f"urn:uuid:{first.uuid}"
    assert message_back(second)["message"]["replaces"] == str(first.uuid)


def test_somebody_of_whom_little_is_known(facts: Facts) -> None:
    bare = replace(
        facts, nhs_number="", address="", postcode="", family_name="", practice_code="",
        provider_code="", session_minutes=None,
    )  # fmt: skip
    Bundle.model_validate(fhir_document(bare))
    message = message_back(bare)
    assert message["demographics_not_known"] == ["nhs_number", "address"]
    assert set(message["demographics"]) == set(MANDATORY)


def test_the_message_back_says_that_nobody_validated_it(facts: Facts) -> None:
    message = message_back(facts)
    assert "Not validated by PRSB" in message["status"]
    assert message["part"] == "message back to GP and referrer"
    assert [each["text"] for each in message["sections"]] == [each.text for each in facts.lines]


def test_the_paper_is_tagged_and_one_page(facts: Facts) -> None:
    reader = PdfReader(BytesIO(summary_pdf(facts)))
    root: Any = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en-GB"
    assert len(reader.pages) == 1
    text = reader.pages[0].extract_text()
    assert facts.name in text
    assert "<b>5 & 6</b>" in text


def test_no_code_is_a_dependence_diagnosis() -> None:
    assert "75544000" not in codes("session") | codes("reduction_step")


def test_files_come_as_what_they_are(after: After, signed_in: SignIn) -> None:
    row = after.send(after.save())
    client = signed_in(after.gp)
    for form, kind in (
        ("text", "text/plain; charset=utf-8"), ("paper", "application/pdf"),
        ("fhir", "application/fhir+json"), ("message", "application/json"),
    ):  # fmt: skip
        where = reverse("shared_care:summary_file", args=[after.patient.uuid, row.uuid, form])
        answer = client.get(where)
        assert (answer.status_code, answer["Content-Type"]) == (200, kind)
    draft = after.save()
    for uuid, form in ((row.uuid, "word"), (draft.uuid, "text")):
        where = reverse("shared_care:summary_file", args=[after.patient.uuid, uuid, form])
        assert signed_in(after.worker).get(where).status_code == 404
