"""The pages of worksheets, as the person, their worker, their carer and their GP meet them."""

from __future__ import annotations

import re
from datetime import timedelta
from io import BytesIO

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pypdf import PdfReader
from tests.service.conftest import actor_for
from tests.service.worksheets.conftest import Kept, SignIn

from unhurried.service.accounts.models import Membership
from unhurried.service.audit import clock
from unhurried.service.patients import operations as patients
from unhurried.service.patients.models import KnownMedicine
from unhurried.service.worksheets import operations, queries
from unhurried.service.worksheets.models import Line
from unhurried.service.worksheets.rules import Given

LINE = {"time": "evening", "taken": "", "pain": "", "stress": "", "sleep": "", "happening": "",
        "medicine": "", "other": "", "amount": ""}  # fmt: skip


def where(kept: Kept, rest: str = "") -> str:
    """A page of the worksheet."""
    return f"/people/{kept.patient.uuid}/worksheets/{kept.sheet.uuid}/{rest}"


def text_of(answer: object) -> str:
    """The words of a page."""
    body = answer.content.decode()  # type: ignore[attr-defined]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body)).replace("\xa0", " ")


PAGES = ("", "add/", "week/", "days/", "pattern/", "code/", "pattern.pdf", "sheet.pdf",
         "sheet.pdf?print=large", "pattern.pdf?print=large")  # fmt: skip


def test_every_page_opens_for_the_person(kept: Kept, signed_in: SignIn) -> None:
    kept.a_week()
    client = signed_in(kept.person)
    assert client.get("/worksheets/").status_code == 200
    for rest in PAGES:
        assert client.get(where(kept, rest)).status_code == 200, rest


def test_one_number_is_enough_and_a_blank_is_not_nought(kept: Kept, signed_in: SignIn) -> None:
    sent = {**LINE, "day": kept.day(6).isoformat(), "stress": "0"}
    answer = signed_in(kept.person).post(where(kept, "add/"), sent)
    assert answer.status_code == 302
    line = Line.objects.get()
    assert (line.stress, line.pain, line.sleep, line.taken) == (0, None, None, "")


def test_nothing_taken_is_an_answer_like_any_other(kept: Kept, signed_in: SignIn) -> None:
    sent = {**LINE, "day": kept.day(6).isoformat(), "taken": "none"}
    signed_in(kept.person).post(where(kept, "add/"), sent)
    assert Line.objects.get().taken == "none"


def test_an_empty_line_is_turned_away_kindly_with_the_rest_kept(
    kept: Kept, signed_in: SignIn
) -> None:
    sent = {**LINE, "day": kept.day(2).isoformat(), "time": "night"}
    answer = signed_in(kept.person).post(where(kept, "add/"), sent)
    assert "Any one thing is enough" in text_of(answer)
    assert f'<option value="{kept.day(2).isoformat()}" selected>' in answer.content.decode()


def test_their_own_medicines_are_offered_and_another_may_be_typed(
    kept: Kept, signed_in: SignIn
) -> None:
    for product in ("Codeine 30mg tablets", "Ramipril 5mg capsules"):
        KnownMedicine.objects.create(
            patient=kept.patient, product=product, directions="One daily",
            as_at=kept.today, source="screening",
        )  # fmt: skip
    client = signed_in(kept.person)
    page = client.get(where(kept, "add/")).content.decode()
    assert "Codeine 30mg tablets" in page
    assert "Ramipril" not in page
    sent = {**LINE, "day": kept.day(6).isoformat(), "taken": "extra",
            "medicine": "Codeine 30mg tablets", "amount": "2"}  # fmt: skip
    client.post(where(kept, "add/"), sent)
    client.post(where(kept, "add/"), {**sent, "other": "Oramorph"})
    products = list(Line.objects.order_by("pk").values_list("product", "amount"))
    assert products == [("Codeine 30mg tablets", "2"), ("Oramorph", "2")]


def test_a_line_corrected_meanwhile_shows_both_and_can_still_be_saved(
    kept: Kept, signed_in: SignIn
) -> None:
    kept.write(1, pain=8, time="evening")
    old = Line.objects.get()
    new = operations.correct_line(by=kept.by, line=old, given=Given(kept.day(1), pain=7))
    client = signed_in(kept.person)
    sent = {**LINE, "day": kept.day(1).isoformat(), "pain": "5"}
    answer = client.post(where(kept, f"entries/{old.uuid}/"), sent)
    assert answer.status_code == 409
    assert "Pain 7 out of 10" in text_of(answer)
    again = where(kept, f"entries/{new.uuid}/")
    assert f'action="{again}"' in answer.content.decode()
    assert client.post(again, sent).status_code == 302
    assert Line.objects.standing().get().pain == 5


# -- from paper ------------------------------------------------------------------------------


def grid(kept: Kept, **cells: str) -> dict[str, str]:
    """Some places of the first day's grid."""
    return {"version": "1"} | {
        f"{kept.day(0):%Y%m%d}-{name.replace('_', '-')}": text for name, text in cells.items()
    }


def test_a_week_is_typed_in_with_blanks(kept: Kept, signed_in: SignIn) -> None:
    sent = grid(kept, sleep="3", evening_took="extra", evening_why="31", evening_stress="8")
    assert signed_in(kept.worker).post(where(kept, "week/"), sent).status_code == 302
    morning, evening = Line.objects.order_by("pk")
    assert (morning.time, morning.sleep, morning.pain) == ("morning", 3, None)
    assert (evening.taken, evening.reasons, evening.stress, evening.how) == (
        "extra", ["pain", "stress"], 8, "paper"
    )  # fmt: skip
    page = signed_in(kept.worker).get(where(kept, "week/")).content.decode()
    assert 'value="1 3"' in page


@pytest.mark.parametrize(("cell", "text"), [("evening_pain", "11"), ("evening_why", "8"),
                                            ("sleep", "well"), ("night_stress", "-1"),
                                            ("morning_pain", "½")])  # fmt: skip
def test_what_was_typed_is_kept_when_a_place_is_wrong(
    kept: Kept, signed_in: SignIn, cell: str, text: str
) -> None:
    sent = grid(kept, morning_happening="Kingfisher", **{cell: text})
    answer = signed_in(kept.worker).post(where(kept, "week/"), sent)
    page = answer.content.decode()
    assert not Line.objects.exists()
    assert 'value="Kingfisher"' in page
    assert f'value="{text}"' in page
    name = f"{kept.day(0):%Y%m%d}-{cell.replace('_', '-')}"
    assert f'href="#id_{name}"' in page


def test_two_who_type_in_the_same_week_see_both(kept: Kept, signed_in: SignIn) -> None:
    client = signed_in(kept.worker)
    client.post(where(kept, "week/"), grid(kept, night_pain="3"))
    answer = client.post(where(kept, "week/"), grid(kept, night_pain="4"))
    assert answer.status_code == 409
    assert "Saved now 3 What you typed 4" in text_of(answer)
    assert Line.objects.get().pain == 3


# -- what it shows ---------------------------------------------------------------------------


def test_the_pattern_is_said_in_the_persons_numbers_without_cause(
    kept: Kept, signed_in: SignIn
) -> None:
    kept.a_week()
    page = text_of(signed_in(kept.person).get(where(kept, "pattern/")))
    assert (
        "On the 4 days you took extra, your stress was higher than usual (8 against 4) and your "
        "pain about the same (6 against 6)." in page
    )
    assert "Only you can say" in page
    for word in ("because", "should", "p =", "permutation", "significant"):
        assert word not in page.split("side by side")[-1].lower()


def test_too_little_says_so_and_how_much_more_would_do(kept: Kept, signed_in: SignIn) -> None:
    for number in (0, 1, 2):
        kept.write(number, pain=5)
    page = text_of(signed_in(kept.person).get(where(kept, "pattern/")))
    assert "Too little to say yet" in page
    assert "4 more days with something written would be enough to look" in page


def test_the_drawing_joins_nothing_across_a_gap(kept: Kept) -> None:
    for number in (0, 1, 3, 4):
        kept.write(number, pain=5)
    (week,) = queries.shown(kept.sheet).weeks
    assert len(week.spots) == 4
    assert len(week.joins) == 2
    assert all(each.x2 - each.x1 < 40 for each in week.joins)


def test_the_drawing_has_no_style_of_its_own(kept: Kept, signed_in: SignIn) -> None:
    kept.a_week()
    page = signed_in(kept.person).get(where(kept, "pattern/")).content.decode()
    assert "<svg" in page
    assert "style=" not in page
    assert "<style" not in page


def test_the_papers_say_what_the_pages_say(kept: Kept, signed_in: SignIn) -> None:
    kept.a_week()
    client = signed_in(kept.person)
    for rest in ("pattern.pdf", "pattern.pdf?print=large"):
        pages = PdfReader(BytesIO(client.get(where(kept, rest)).content))
        text = " ".join(" ".join(page.extract_text() for page in pages.pages).split())
        assert "your stress was higher than usual (8 against 4)" in text
        assert pages.trailer["/Root"]["/MarkInfo"]["/Marked"]  # type: ignore[index]
    sheet = PdfReader(BytesIO(client.get(where(kept, "sheet.pdf")).content))
    assert len(sheet.pages) == 1
    assert "a dose wearing off" in sheet.pages[0].extract_text()


# -- who sees what ---------------------------------------------------------------------------


def _carer(kept: Kept, *, shares: bool) -> Membership:
    carer = kept.world.member("carer", kept.world.practice)
    made = patients.add_carer(
        by=kept.by, patient=kept.patient, name="Robin Wren", relationship="Friend",
        user=carer.user,
    )  # fmt: skip
    patients.record_consent(
        by=kept.by, patient=kept.patient, kind="sharing", given=shares, how="spoken",
        party=f"carer:{made.pk}:worksheet", ends=clock.today() + timedelta(days=30),
    )  # fmt: skip
    return carer


@pytest.mark.parametrize("shares", [True, False])
def test_a_carer_reads_by_consent_and_writes_nothing(
    kept: Kept, signed_in: SignIn, shares: bool
) -> None:
    kept.a_week()
    client = signed_in(_carer(kept, shares=shares))
    expected = 200 if shares else 404
    assert client.get(where(kept)).status_code == expected
    assert client.get(where(kept, "pattern/")).status_code == expected
    assert client.get("/worksheets/").status_code == 200
    for rest in ("add/", "days/", "code/", "week/", "share/"):
        assert client.post(where(kept, rest), {}).status_code == 404, rest


def test_a_gp_reads_the_sentences_only_when_shared_and_never_an_entry(
    kept: Kept, signed_in: SignIn
) -> None:
    kept.a_week()
    operations.say_what_i_make(by=kept.by, worksheet=kept.sheet, words="Goldcrest", version=1)
    client = signed_in(kept.gp)
    shared = f"/people/{kept.patient.uuid}/worksheets/shared/"
    for rest in PAGES:
        assert client.get(where(kept, rest)).status_code == 404, rest
    assert "shares no worksheet" in text_of(client.get(shared))
    signed_in(kept.person).post(where(kept, "share/"), {"share": "yes"})
    page = text_of(client.get(shared))
    assert "your stress was higher than usual" in page
    assert "Kingfisher" not in page
    assert "Goldcrest" not in page
    patients.record_consent(
        by=kept.by, patient=kept.patient, kind="sharing", given=False, how="spoken", party="gp"
    )
    assert "shares no worksheet" in text_of(client.get(shared))


@pytest.mark.parametrize("shared", [False, True])
def test_before_sharing_it_is_said_that_the_gp_sees_each_days_numbers(
    kept: Kept, signed_in: SignIn, shared: bool
) -> None:
    kept.a_week()
    operations.share_pattern(by=kept.by, worksheet=kept.sheet, shared=shared)
    assert bool(queries.points(actor_for(kept.gp), kept.patient)) is shared
    page = signed_in(kept.person).get(
        reverse("worksheets:pattern", args=[kept.patient.uuid, kept.sheet.uuid])
    )
    assert "pain and stress for each day on the timeline" in text_of(page)


def test_the_timeline_gets_what_its_viewer_may_see(kept: Kept) -> None:
    kept.a_week()
    worker, gp = actor_for(kept.worker), actor_for(kept.gp)
    found = queries.points(worker, kept.patient)
    assert [each.value for each in found if each.of == "stress"] == [8, 4, 8, 4, 8, 4, 8]
    (happening,) = queries.happenings(worker, kept.patient)
    assert (happening.kind, happening.on) == ("worksheet", kept.day(0))
    assert "7 of 7 days" in happening.text
    assert not queries.points(gp, kept.patient)
    assert not queries.happenings(gp, kept.patient)
    operations.share_pattern(by=kept.by, worksheet=kept.sheet, shared=True)
    assert len(queries.points(gp, kept.patient)) == 14
    (happening,) = queries.happenings(gp, kept.patient)
    assert happening.href.endswith("/worksheets/shared/")
    stranger = actor_for(kept.world.member("project_worker"))
    assert not queries.points(stranger, kept.patient)


def test_pages_ask_the_database_no_more_when_more_is_written(kept: Kept, signed_in: SignIn) -> None:
    client = signed_in(kept.worker)
    counts = []
    for many in (3, 40):
        rows = [
            Line(worksheet=kept.sheet, day=kept.day(n % 7), pain=n % 11, how="telephone",
                 written_at=clock.now()) for n in range(many)
        ]  # fmt: skip
        Line.objects.bulk_create(rows)
        counts.append([_questions(client, where(kept, rest)) for rest in PAGES])
    assert counts[0] == counts[1]


def _questions(client: Client, address: str) -> int:
    client.get("/")
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


# -- with a code -----------------------------------------------------------------------------


def test_with_a_code_one_writes_and_is_shown_nothing(kept: Kept, signed_in: SignIn) -> None:
    kept.a_week()
    owner = signed_in(kept.person)
    owner.post(where(kept, "code/"), {"do": "make"})
    code = queries.live_code(kept.sheet)
    assert code in owner.get(where(kept, "code/")).content.decode()
    stranger = Client()
    opened = stranger.get(f"/my-week/{code}/")
    sent = {**LINE, "day": kept.day(6).isoformat(), "pain": "7", "code": code}
    saved = stranger.post("/my-week/", sent)
    assert Line.objects.latest("pk").pain == 7
    for answer in (opened, saved):
        page = answer.content.decode()
        for secret in (kept.patient.given_name, kept.patient.family_name, "Kingfisher", "opioid"):
            assert secret not in page
        assert "sessionid" not in answer.cookies
    wrong = stranger.post("/my-week/", {**sent, "code": "2222-2222-2222"})
    assert "does not work" in text_of(wrong)
    assert 'value="7" checked' in wrong.content.decode()


def test_a_code_that_never_was_looks_like_one_that_works(kept: Kept) -> None:
    operations.make_code(by=kept.by, worksheet=kept.sheet)
    pages = [
        re.sub(r'value="[^"]*"', "", Client().get(f"/my-week/{code}/").content.decode())
        for code in (queries.live_code(kept.sheet), "2222-2222-2222")
    ]
    assert pages[0] == pages[1]
