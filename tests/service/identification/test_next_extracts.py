"""What the next extract changes, and what was decided and stays so (ID-5)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from tests.service.conftest import World, nhs_number
from tests.service.identification.conftest import AS_OF, found, person

from unhurried.records.contacts import ContactDetails
from unhurried.service.audit import clock
from unhurried.service.audit.actor import Actor
from unhurried.service.identification import operations, queries
from unhurried.service.identification.models import Candidate, Extract
from unhurried.service.identification.rules import Chosen
from unhurried.service.patients.models import KnownMedicine

Screened = Callable[..., Extract]
LATER = AS_OF + timedelta(days=21)


def decided(by: Actor, candidate: Candidate, **chosen: Any) -> operations.Decided:
    return operations.decide(
        by=by, candidates={candidate.uuid: candidate.version}, chosen=Chosen(**chosen)
    )


def one() -> Candidate:
    return Candidate.objects.get()


def test_a_decision_is_remembered_and_the_change_is_shown(gp: Actor, screened: Screened) -> None:
    screened(found("1"))
    decided(gp, one(), choice="not_suitable", reason="cancer_pain")
    screened(found("1", person=person("1", ome_min=90_000, ome_max=90_000)), as_of=LATER)
    now = one()
    assert (now.choice, now.change) == ("not_suitable", "dose")
    assert now.change_words == "The dose was 40 to 60 mg a day, as at 1 November 2026."
    assert not queries.undecided(now.practice, clock.today()).exists()


def test_on_the_first_extract_nobody_is_new_and_later_only_the_new_are(screened: Screened) -> None:
    screened(found("1"))
    assert one().change == ""
    screened(found("1"), found("2"), as_of=LATER)
    assert list(Candidate.objects.order_by("rank").values_list("change", flat=True)) == ["", "new"]


def test_someone_no_longer_listed_stays_known(gp: Actor, screened: Screened) -> None:
    screened(found("1"), found("2"))
    first = Candidate.objects.get(person_id="1")
    decided(gp, first, choice="invite")
    waiting = queries.agreed_waiting_for_invitation
    assert [each.pk for each in waiting(first.practice)] == [first.pk]
    out = {"1": [("died", "Has died (2 November 2026)")]}
    screened(found("2"), as_of=LATER, out=out)
    first.refresh_from_db()
    assert (first.standing, first.change) == ("gone", "gone")
    assert first.change_words == "Has died (2 November 2026)."
    assert not waiting(first.practice).exists()
    assert queries.waiting_for_gp(first.practice).look_again == 1
    screened(found("1"), found("2"), as_of=LATER + timedelta(days=1))
    first.refresh_from_db()
    assert (first.change, first.choice) == ("back", "invite")


def test_an_older_extract_changes_no_list(screened: Screened) -> None:
    screened(found("1"), as_of=LATER)
    older = screened(found("2"), as_of=AS_OF)
    assert older.state == Extract.State.DONE
    assert "a later day" in older.left_alone
    assert one().person_id == "1"


def test_people_are_matched_by_number_and_never_against_their_birthday(screened: Screened) -> None:
    number = nhs_number()
    screened(found("1"))
    screened(found("1", nhs_number=number), as_of=LATER)  # the number is now known
    assert one().nhs_number == number
    screened(found("9", nhs_number=number), as_of=LATER)  # a new id at the practice
    assert (one().person_id, one().nhs_number) == ("9", number)
    screened(found("9"), as_of=LATER)  # the number was damaged this month
    assert one().nhs_number == number
    screened(found("9", nhs_number=number, born=date(1999, 1, 1)), as_of=LATER)
    rows = Candidate.objects.order_by("pk").values_list("nhs_number", "standing")
    assert list(rows) == [(number, "gone"), ("", "listed")]


def test_one_id_with_two_birthdays_is_two_people(screened: Screened) -> None:
    screened(found("1"))
    screened(found("1", born=date(1999, 1, 1)), as_of=LATER)
    assert Candidate.objects.count() == 2


def test_very_long_ids_and_half_characters(screened: Screened) -> None:
    odd = person("1", person_id="7" * 500 + "\x00")
    other = person("2", person_id="7" * 500 + "8")
    long = ContactDetails(given_name="A" * 400, family_name="Wren\x00", email="not an address")
    screened(found("1", person=odd, contact=long), found("2", person=other))
    first, second = Candidate.objects.order_by("rank")
    assert first.person_id != second.person_id
    assert (first.given_name, first.family_name, first.email) == ("", "Wren", "")
    screened(found("1", person=odd, contact=long), found("2", person=other), as_of=LATER)
    assert Candidate.objects.count() == 2


def test_details_typed_by_the_practice_stay(staff: Actor, screened: Screened) -> None:
    screened(found("1"))
    operations.type_details(
        by=staff, candidate=one(), version=one().version, details={"family_name": "Rook"}
    )
    screened(found("1"), as_of=LATER)
    assert one().family_name == "Rook"


def test_medicines_of_those_registered_follow_the_records(
    world: World, gp: Actor, screened: Screened
) -> None:
    screened(found("1"))
    decided(gp, one(), choice="invite")
    newer = person("1", ome_as_at=date(2026, 11, 15), products=())
    screened(found("1", person=newer), as_of=date(2026, 11, 15))
    days = set(KnownMedicine.objects.values_list("as_at", flat=True))
    assert days == {AS_OF}
    again = replace(person("1").products[0], name="Zomorph 10mg capsules")
    newest = person("1", ome_as_at=date(2026, 11, 16), products=(again,))
    screened(found("1", person=newest), as_of=date(2026, 11, 16))
    newest_list = KnownMedicine.objects.filter(as_at=date(2026, 11, 16))
    assert [each.product for each in newest_list] == ["Zomorph 10mg capsules"]


def test_reasons_no_longer_given_still_count_for_the_yield(gp: Actor, screened: Screened) -> None:
    both = (("higher_dose", "High."), ("meets_definition", "On opioids."))
    screened(found("1", reasons=both))
    decided(gp, one(), choice="invite")
    screened(found("1", reasons=both[1:]), as_of=LATER)
    current = [each.code for each in one().reasons.filter(current=True)]
    assert current == ["meets_definition"]
    found_yield = queries.yield_of([one().practice])
    first = found_yield.reasons[0]
    assert (first.label, first.agreed) == ("Higher dose", 1)
