"""Measures: each question can be left out, a gap is not known, and no risk stays on a form."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from tests.service.conftest import World, actor_for
from tests.service.planning.conftest import own, page

from unhurried.clinical import measures as clinical
from unhurried.service.accounts.models import Membership
from unhurried.service.audit import clock
from unhurried.service.audit.refused import Refused
from unhurried.service.patients import operations as patients
from unhurried.service.patients.models import Patient, SafetyAlert
from unhurried.service.planning import operations, queries, tables
from unhurried.service.planning.models import NotAsked, Result

SignIn = Callable[[Membership], Client]
CALM = {"do": "answers", **{f"q-{n}": "0" for n in range(1, 10)}}


def save(by: Membership, person: Patient, code: str, **answers: Any) -> Result:
    """Answers saved by somebody."""
    return operations.save_answers(by=actor_for(by), patient=person, code=code, answers=answers)


def fill(client: Client, person: Patient, code: str, sent: dict[str, Any]) -> Any:
    """The form of a measure, sent."""
    return client.post(reverse("planning:measure", args=[person.uuid, code]), sent)


def alerts(person: Patient) -> list[str]:
    """The kinds of alert open for this person."""
    return list(person.alerts.filter(closed_at=None).values_list("kind", flat=True))


def test_the_suggested_set_takes_less_than_twelve_minutes() -> None:
    at_start = [code for code, each in tables.offered().items() if each.at_start]
    assert at_start == ["PEG", "PHQ4", "ONS4", "UCLA3", "SDS", "GOALS"]
    assert queries.minutes_at_start() <= tables.setting("most_minutes_at_start") == 12
    assert sum(len(clinical.measure(code).items) for code in at_start) == 21


def test_every_safety_question_has_an_alert_and_words_for_the_person() -> None:
    from unhurried.clinical.tables import read_table
    from unhurried.service.patients.tables import safety_kinds

    for row in read_table("measure-safety"):
        kind = tables.alert_kind(row["measure"], row["item"])
        assert kind in safety_kinds()
        assert tables.help_now(kind)
        assert any(row["measure"] == m for m in ("PHQ9", "SAFE"))


def test_a_number_has_its_range_its_words_and_what_a_change_means(
    worker: Membership, person: Patient, signed_in: SignIn
) -> None:
    for month, (p, e, g) in enumerate(((8, 8, 8), (7, 7, 7), (4, 5, 4)), start=1):
        with clock.at(datetime(2026, month, 3, 10, tzinfo=UTC)):
            last = save(worker, person, "PEG", P=p, E=e, G=g)
    text = page(signed_in(worker), "result", person, last.uuid).replace("\xa0", " ")
    assert "4.3" in text
    assert "from 0 to 10; lower is better" in text
    assert "In the middle part of the range" in text
    assert "4.3 now and 8 before: lower by 3.7. Here lower is better." in text
    assert "4.3 now and 7 before: lower by 2.7." in text
    assert "Reed 2023" in text
    (series,) = queries.measure_series(actor_for(worker), person)
    assert [float(score) for _, score, _ in series.points] == [8, 7, pytest.approx(4.33, abs=0.01)]


def test_a_question_left_out_is_never_a_nought(
    worker: Membership, person: Patient, signed_in: SignIn
) -> None:
    made = save(worker, person, "PEG", P=4, E=None, G=4)
    shown = queries.shown(made)
    assert shown.lines[0].number == ""
    assert "1 of 3 questions left out" in shown.lines[0].why_not
    assert len(shown.left_out) == 1
    text = page(signed_in(worker), "result", person, made.uuid)
    assert "Not known" in text
    assert "Left out" in text
    assert queries.measure_series(actor_for(worker), person) == ()


def test_nothing_answered_is_left_with_a_reason_instead(
    worker: Membership, person: Patient, signed_in: SignIn
) -> None:
    client = signed_in(worker)
    answer = fill(client, person, "PEG", {"do": "answers", "q-P": "skip"})
    assert "Nothing is answered yet" in answer.content.decode()
    assert fill(client, person, "PEG", {"do": "leave", "reason": "too_tired"}).status_code == 302
    assert NotAsked.objects.get().reason == "too_tired"
    assert "Too tired or in too much pain" in page(client, "measures", person)
    assert "Choose why" in fill(client, person, "PEG", {"do": "leave"}).content.decode()


def test_saved_twice_it_counts_once(worker: Membership, person: Patient) -> None:
    by = actor_for(worker)
    for _ in range(2):
        operations.save_answers(
            by=by, patient=person, code="PHQ9", answers={"9": 2}, key="k", named={}
        )
    assert Result.objects.count() == SafetyAlert.objects.count() == 1


@pytest.mark.parametrize("answer", ["1", "2", "3"])
def test_thoughts_of_being_better_off_dead_open_a_conversation_today(
    worker: Membership, person: Patient, signed_in: SignIn, answer: str
) -> None:
    sent = fill(signed_in(worker), person, "PHQ9", {**CALM, "q-9": answer})
    made = Result.objects.get()
    assert sent.headers["Location"] == reverse("planning:today", args=[person.uuid, made.uuid])
    assert alerts(person) == ["suicidality"]
    text = page(signed_in(worker), "today", person, made.uuid)
    for words in ("talk together today", "116 123", "999", "Needed:", "have been told"):
        assert words in text


def test_the_person_who_answers_so_on_their_own_page_is_thanked_and_told_whom_to_ring(
    worker: Membership, person: Patient, signed_in: SignIn
) -> None:
    client = signed_in(own(person))
    assert fill(client, person, "PHQ9", {**CALM, "q-9": "1"}).status_code == 302
    assert alerts(person) == ["suicidality"]
    made = Result.objects.get()
    assert made.by_person
    text = page(client, "today", person, made.uuid)
    for words in ("Thank you for telling us", 'href="tel:116123"', 'href="tel:999"', "today"):
        assert words in text
    assert "safeguarding" not in text


def test_feeling_unsafe_or_unsure_opens_it_too(
    worker: Membership, person: Patient, signed_in: SignIn
) -> None:
    for answer in ("1", "2"):
        fill(signed_in(own(person)), person, "SAFE", {"do": "answers", "q-1": answer})
    assert alerts(person) == ["not_safe"]
    # Whoever looks over the person's shoulder does not read it in the banner.
    assert "Does not feel safe" not in page(signed_in(own(person)), "measures", person)
    assert "Does not feel safe" in page(signed_in(worker), "measures", person)


def test_an_error_elsewhere_on_the_form_never_hides_it(
    worker: Membership, person: Patient, signed_in: SignIn
) -> None:
    answer = fill(signed_in(own(person)), person, "PHQ9", {**CALM, "q-1": "zzz", "q-9": "3"})
    assert answer.status_code == 200
    assert not Result.objects.exists()
    assert alerts(person) == ["suicidality"]
    assert "Thank you for telling us" in answer.content.decode()


def test_said_after_going_back_in_the_browser_it_is_heard(
    worker: Membership, person: Patient, signed_in: SignIn
) -> None:
    client, once = signed_in(own(person)), {"once": "8e4d1a36-5a1e-4c4b-9d0e-000000000003"}
    fill(client, person, "PHQ9", {**CALM, **once})
    assert alerts(person) == []
    assert fill(client, person, "PHQ9", {**CALM, "q-1": "3", **once}).status_code == 422
    again = fill(client, person, "PHQ9", {**CALM, "q-9": "1", **once}).content.decode()
    assert alerts(person) == ["suicidality"]
    assert "Thank you for telling us" in again
    assert "already sent" in again


@pytest.mark.parametrize("given", ["zzz", "7", ["0", "2"], ["2", "0"]])
def test_an_answer_nobody_can_read_is_asked_about(
    worker: Membership, person: Patient, signed_in: SignIn, given: Any
) -> None:
    fill(signed_in(worker), person, "PHQ9", {**CALM, "q-9": given})
    assert not Result.objects.exists()
    assert alerts(person) == ["suicidality"]


def test_it_is_raised_even_when_the_episode_has_ended(
    worker: Membership, person: Patient, signed_in: SignIn
) -> None:
    patients.end_episode(by=actor_for(worker), episode=person.episodes.get(), reason="moved on")
    answer = fill(signed_in(own(person)), person, "PHQ9", {**CALM, "q-9": "1"})
    assert "not with the service now" in answer.content.decode()
    assert alerts(person) == ["suicidality"]


def test_no_alert_for_calm_answers_and_silence_is_named(
    worker: Membership, person: Patient, signed_in: SignIn
) -> None:
    client = signed_in(worker)
    assert fill(client, person, "PHQ9", CALM).headers["Location"].endswith("/")
    assert alerts(person) == []
    fill(client, person, "PHQ9", {**CALM, "q-9": "skip"})
    last = Result.objects.latest("pk")
    assert "ask about it" in page(client, "result", person, last.uuid)
    assert client.get(reverse("planning:today", args=[person.uuid, last.uuid])).status_code == 404


def test_when_saving_breaks_there_is_no_alert_without_answers(
    worker: Membership, person: Patient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(**_more: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("unhurried.service.planning.operations.measures.raise_alert", broken)
    with pytest.raises(RuntimeError):
        save(worker, person, "PHQ9", **{"9": 1})
    assert not Result.objects.exists()


def test_what_needs_a_licence_is_entered_by_the_worker_as_numbers_only(
    worker: Membership, person: Patient, signed_in: SignIn
) -> None:
    client = signed_in(worker)
    assert fill(client, person, "SWEMWBS", {"do": "answers", "q-total": "24.1"}).status_code == 302
    assert queries.shown(Result.objects.get()).lines[0].number == "24.1"
    beyond = fill(client, person, "SWEMWBS", {"do": "answers", "q-total": "99"})
    assert "Give a number from 7 to 35" in beyond.content.decode()
    assert fill(signed_in(own(person)), person, "SWEMWBS", {"q-total": "20"}).status_code == 404
    with pytest.raises(Refused, match="on paper"):
        save(own(person), person, "SWEMWBS", total=20)


def test_one_goal_is_not_measured_against_another(worker: Membership, person: Patient) -> None:
    by = actor_for(worker)

    def save_goal(name: str, answer: int) -> Result:
        return operations.save_answers(
            by=by, patient=person, code="GOALS", answers={"1": answer, "2": None},
            named={"1": name},
        )  # fmt: skip

    def since(result: Result) -> list[object]:
        (line,) = queries.shown(result, queries.history(person, result)).lines
        return [line.first and line.first.direction, line.previous and line.previous.direction]

    save_goal("Walk the dog", 2)
    assert since(save_goal("Sleep through", 8)) == [None, None]
    assert "5 now and 2 before" in str(since(save_goal(" walk the  DOG", 5))[0])
    goals = queries.measure_series(by, person)
    assert [[float(value) for _, value, _ in each.points] for each in goals] == [[2, 5]]


def test_answers_about_one_medicine_are_not_measured_against_another(
    worker: Membership, person: Patient
) -> None:
    by = actor_for(worker)
    for medicine, answer, compared in (("Codeine", 0, 0), ("Tramadol", 3, 0), ("codeine", 2, 1)):
        made = operations.save_answers(
            by=by, patient=person, code="SDS", answers={str(n): answer for n in range(1, 6)},
            named={"medicine": medicine},
        )  # fmt: skip
        line = queries.shown(made, queries.history(person, made)).lines[0]
        assert bool(line.first) is bool(compared)
    assert "10 now and 0 before" in str(line.first and line.first.direction)


def test_goals_carry_the_persons_own_words(
    worker: Membership, person: Patient, signed_in: SignIn
) -> None:
    sent = {"do": "answers", "named-1": "Feed the ducks with Ada", "q-1": "2"}
    fill(signed_in(own(person)), person, "GOALS", sent)
    assert "Feed the ducks with Ada" in page(signed_in(worker), "measures", person)


def test_answers_entered_by_mistake_no_longer_count(
    worker: Membership, person: Patient, signed_in: SignIn
) -> None:
    made = save(worker, person, "PEG", P=1, E=1, G=1)
    where = reverse("planning:put_aside", args=[person.uuid, made.uuid])
    assert "project worker entered" in (
        signed_in(own(person)).post(where, {"because": "wrong"}).content.decode()
    )
    assert signed_in(worker).post(where, {"because": "Typed for another day"}).status_code == 302
    assert queries.results_of(person) == []
    with pytest.raises(Refused, match="already"):
        operations.put_aside_result(by=actor_for(worker), result=made, because="again")


def test_the_gp_sees_numbers_never_answers_and_nothing_the_person_keeps_from_them(
    world: World, worker: Membership, person: Patient, signed_in: SignIn
) -> None:
    made = save(worker, person, "PHQ9", **{str(n): 1 for n in range(1, 10)})
    gp = world.member("gp")
    text = page(signed_in(gp), "result", person, made.uuid)
    assert "from 0 to 27" in text
    assert "Trouble falling" not in text
    assert (
        signed_in(gp).get(reverse("planning:today", args=[person.uuid, made.uuid])).status_code
        == 404
    )
    patients.record_consent(
        by=actor_for(worker), patient=person, kind="sharing", given=False, how="spoken", party="gp"
    )
    assert "from 0 to 27" not in page(signed_in(gp), "measures", person)
    where = reverse("planning:result", args=[person.uuid, made.uuid])
    assert signed_in(gp).get(where).status_code == 404
    assert queries.measure_series(actor_for(gp), person) == ()


def test_no_question_text_stands_outside_the_clinical_tables() -> None:
    from pathlib import Path

    here = Path(tables.__file__).parent
    written = "\n".join(
        each.read_text(encoding="utf-8") for kind in ("*.py", "*.html", "*.csv")
        for each in here.rglob(kind)
    )  # fmt: skip
    for measure in clinical.measures().values():
        for item in measure.items:
            assert not (len(item.text) > 30 and item.text in written), item.text
