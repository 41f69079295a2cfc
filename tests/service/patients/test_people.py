"""Registering people, finding them, and changing who they are (ID-1; H09, H21)."""

from __future__ import annotations

from datetime import date

import pytest
from tests.service.conftest import World, actor_for, nhs_number

from unhurried.service.audit.refused import Refused
from unhurried.service.patients import operations
from unhurried.service.patients.conflict import ChangedMeanwhile, PerhapsTheSamePerson
from unhurried.service.patients.models import Patient
from unhurried.service.patients.queries import search

BORN = date(1961, 2, 28)


def register(world: World, **more: object) -> Patient:
    values = {
        "given_name": "Wren", "family_name": "Marsh", "date_of_birth": BORN,
        "nhs_number": nhs_number(), **more,
    }  # fmt: skip
    staff = world.member("practice_staff")
    return operations.register_patient(
        by=actor_for(staff),
        practice=world.practice,
        **values,  # type: ignore[arg-type]  # facts by name
    )


def test_a_person_is_registered_once(world: World) -> None:
    number = nhs_number()
    first = register(world, nhs_number=number)
    assert register(world, nhs_number=number) == first
    assert Patient.objects.count() == 1


def test_the_same_number_with_another_birth_is_refused_with_both(world: World) -> None:
    number = nhs_number()
    register(world, nhs_number=number)
    with pytest.raises(Refused, match="28 February 1961, not 1 March 1961"):
        register(world, nhs_number=number, date_of_birth=date(1961, 3, 1))


def test_without_a_number_a_namesake_is_pointed_out(world: World) -> None:
    first = register(world, nhs_number="", given_name="José", family_name="O’Brien")
    with pytest.raises(PerhapsTheSamePerson) as refusal:
        register(world, nhs_number="", given_name="JOSE", family_name="O'Brien")
    assert refusal.value.people == [first]
    other = register(
        world, nhs_number="", given_name="JOSE", family_name="O'Brien", same_person=False
    )
    assert other != first


def test_another_practice_may_have_the_same_number(world: World) -> None:
    number = nhs_number()
    register(world, nhs_number=number)
    staff = world.member("practice_staff", world.other_practice)
    there = operations.register_patient(
        by=actor_for(staff), practice=world.other_practice, given_name="Wren",
        family_name="Marsh", date_of_birth=date(1970, 1, 1), nhs_number=number,
    )  # fmt: skip
    assert there.practice == world.other_practice


def test_amending_from_an_old_version_shows_both(world: World) -> None:
    patient = register(world)
    by = actor_for(world.member("practice_staff"))
    operations.amend_identity(by=by, patient=patient, version=1, changes={"known_as": "Wrennie"})
    with pytest.raises(ChangedMeanwhile) as refusal:
        operations.amend_identity(by=by, patient=patient, version=1, changes={"known_as": "W"})
    assert isinstance(refusal.value.current, Patient)
    assert refusal.value.current.known_as == "Wrennie"


@pytest.mark.parametrize(
    "typed", ["Mar", "wren marsh", "MARSH WREN", "28/02/1961", "28021961", "marsh 1961-02-28"]
)
def test_search_finds_by_words_and_birth(world: World, typed: str) -> None:
    patient = register(world)
    found = search(actor_for(world.member("gp")), typed)
    assert found.people is not None
    assert list(found.people.object_list) == [patient]


def test_search_by_number(world: World) -> None:
    patient = register(world)
    gp = actor_for(world.member("gp"))
    found = search(
        gp, f"{patient.nhs_number[:3]} {patient.nhs_number[3:6]}-{patient.nhs_number[6:]}"
    )
    assert found.people is not None
    assert list(found.people.object_list) == [patient]
    assert "check digit" in search(gp, "943 476 5918").problem


def test_search_shows_only_ones_own(world: World) -> None:
    register(world)
    other = actor_for(world.member("gp", world.other_practice))
    found = search(other, "Marsh")
    assert found.people is not None
    assert not found.people.object_list
