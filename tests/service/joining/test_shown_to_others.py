"""No medicine stands where somebody else may read it: a subject, first lines, a text message."""

from __future__ import annotations

import pytest
from tests.service.joining.conftest import Joining

from unhurried.service.audit.refused import Refused
from unhurried.service.joining import operations
from unhurried.service.joining.models import Wording
from unhurried.service.joining.tables import first_wording, shown_to_others
from unhurried.service.joining.words import look_over

LATER = "\n\n" + "You choose what to talk about, how often to meet and where. " * 8


@pytest.mark.parametrize(
    ("kind", "place"),
    [
        ("email", "subject"), ("email", "body"), ("sms", "body"), ("invitation", "subject"),
        ("reminder_1", "subject"), ("reminder_2", "subject"), ("welcome", "subject"),
    ],
)  # fmt: skip
@pytest.mark.parametrize(
    "named",
    [
        "opioids", "Opiate", "painkillers", "codeine", "Zomorph", "co-codamol", "OxyContin",
        "butrans", "Bu-Trans", "tramadol's", "pregabalin", "diazepam", "Oramorph",
    ],
)  # fmt: skip
def test_a_template_that_names_a_medicine_there_is_refused_with_a_sentence(
    joining: Joining, kind: str, place: str, named: str
) -> None:
    subject, body = first_wording(kind)
    text = f"About your {named} now"
    subject = text if place == "subject" else subject
    body = f"{text}. {body}" if place == "body" else body
    with pytest.raises(Refused, match=r"Someone else may (see|read)"):
        operations.save_wording(
            by=joining.manager, provider=joining.world.provider, kind=kind, subject=subject,
            body=body, based_on=joining.wordings[kind].number,
        )  # fmt: skip


@pytest.mark.parametrize("kind", sorted(Wording.Kind.values))
def test_our_own_wording_names_none_there(kind: str) -> None:
    subject, body = first_wording(kind)
    assert not [each for each in look_over(kind, subject, body) if "Someone else" in each.why]


def test_words_that_only_look_like_a_medicine_are_no_reason() -> None:
    for text in ("Long-term pain", "a short talk", "Dr Norm Forte", "Living with pain"):
        found = look_over("email", text, "Hello")
        assert not [each for each in found if "Someone else" in each.why], text


def test_further_down_an_e_mail_and_inside_a_letter_a_medicine_may_be_named() -> None:
    for kind, body in (("email", LATER + "codeine"), ("invitation", "codeine")):
        assert not [each for each in look_over(kind, "Hello", body) if "Someone" in each.why]


def test_every_row_has_its_source() -> None:
    assert all(each.source and each.version and each.sign_off for each in shown_to_others())
    assert {each.kind for each in shown_to_others()} <= set(Wording.Kind.values)


@pytest.mark.parametrize("channel", ["email", "sms"])
def test_a_service_named_after_a_medicine_is_not_put_there_by_its_name(
    joining: Joining, channel: str
) -> None:
    wording = joining.wordings[channel]
    Wording.objects.filter(pk=wording.pk).update(
        subject="From {{ service_name }}", body="{{ service_name }} " + wording.body
    )
    joining.world.provider.service_name = "The Opioid Review"
    joining.world.provider.save()
    patient = joining.patient(
        by_email=True, email="s@example.org", by_sms=True, phone="07700900123"
    )
    with pytest.raises(Refused, match="Someone else may"):
        joining.prepared(patient, channel=channel)
