"""The picture's geometry, for any life at all: nothing lies on anything else, nothing is lost."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from datetime import date, timedelta
from itertools import combinations, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from unhurried.web.case.drawing import Content, DoseStep, Drawing, Event, Score, Size, Span, draw
from unhurried.web.case.drawing.draw import NARROW, WIDE
from unhurried.web.case.drawing.markers import markers
from unhurried.web.case.drawing.scale import Days, round_most, ticks

TODAY = date(2026, 11, 23)
KINDS = {
    "joined": "Joined", "session": "", "plan": "Plan agreed", "pause": "Paused", "missed": "",
    "resume": "Going on", "worker": "New worker", "alert": "Safety alert", "ended": "Ended",
}  # fmt: skip
SVG = "{http://www.w3.org/2000/svg}"
sizes = st.sampled_from([WIDE, NARROW])
lengths = st.integers(0, 1500)


@st.composite
def steps(draw_: st.DrawFn, days: int) -> tuple[DoseStep, ...]:
    """Lists on some days: known, a range, at least, a gap, or nothing listed."""
    starts = sorted(draw_(st.sets(st.integers(0, days), max_size=25)), reverse=True)
    found = []
    for ago in starts:
        least = draw_(st.none() | st.sampled_from([0.0, 5, 42.5, 90, 240, 1200]))
        more = draw_(st.none() | st.sampled_from([0.0, 20, 300]))
        most = None if least is None or more is None else least + more
        words = "not known" if least is None else f"at least {least:g}"
        words = words if most is None else f"{least:g} to {most:g}"
        beside = draw_(st.sampled_from(["", "", "Methadone: never converted"]))
        found.append(DoseStep(TODAY - timedelta(days=ago), least, most, words, beside))
    return tuple(found)


@st.composite
def lives(draw_: st.DrawFn) -> Content:
    """Any life, up to four years, with up to 150 events, many of them on the same day."""
    days = draw_(lengths)
    # the edges of the paper and one busy day come often: there it is narrow
    ago = st.sampled_from([0, 0, days, days // 2]) | st.integers(0, days)
    told = draw_(st.lists(st.tuples(ago, st.sampled_from(sorted(KINDS))), max_size=60))
    every = draw_(st.sampled_from([0, 1, 7, 14]))
    told += [(when, "session") for when in range(0, days, every)] if every else []
    told.sort(reverse=True)
    events = [
        Event(number, TODAY - timedelta(days=when), kind, KINDS[kind])
        for number, (when, kind) in enumerate(told, 1)
    ]
    scores = draw_(
        st.lists(st.tuples(ago, st.sampled_from(["pain", "stress"]), st.integers(0, 10)),
                 max_size=60)
    )  # fmt: skip
    pause = draw_(st.none() | st.tuples(ago, ago))
    spans: tuple[Span, ...] = ()
    if pause is not None:
        start, end = sorted(pause, reverse=True)
        spans = (Span(TODAY - timedelta(days=start), TODAY - timedelta(days=end), "paused"),)
    return Content(
        first=TODAY - timedelta(days=draw_(st.just(days) | ago)), last=TODAY, today=TODAY,
        steps=draw_(steps(days)), events=tuple(events), spans=spans,
        scores=tuple(Score(TODAY - timedelta(days=when), of, n) for when, of, n in scores),
        shows_dose=draw_(st.booleans()), shows_scores=draw_(st.booleans()),
    )  # fmt: skip


def drawn(content: Content, size: Size) -> Drawing:
    return draw(content, size, key="t", title="Timeline", description="In words")


def read(picture: Drawing) -> ET.Element:
    return ET.fromstring(picture.svg)  # noqa: S314 - our own picture


@settings(max_examples=50, deadline=None)
@given(content=lives(), size=sizes)
def test_no_words_lie_over_other_words_or_leave_the_paper(content: Content, size: Size) -> None:
    picture = drawn(content, size)
    for words in picture.words:
        assert words.box.left >= -0.01, words
        assert words.box.right <= size.width + 0.01, words
    for one, other in combinations(picture.words, 2):
        # numbers up the side may come as near as their lines are; nothing else touches
        assert not one.box.meets(other.box, apart=-size.letters * 0.3), (one, other)


@settings(max_examples=50, deadline=None)
@given(content=lives(), size=sizes)
def test_every_event_shown_stands_under_one_marker_in_order(content: Content, size: Size) -> None:
    picture = drawn(content, size)
    shown = [each for each in content.events if content.first <= each.on <= content.last]
    assert [each for marker in picture.markers for each in marker.events] == shown
    for one, other in pairwise(picture.markers):
        assert one.right < other.left
    for marker in picture.markers:
        assert marker.left >= 0
        assert marker.right <= size.width


@settings(max_examples=60, deadline=None)
@given(places=st.lists(st.floats(40, 336), min_size=1, max_size=900))
def test_hundreds_of_events_on_a_telephone_still_have_their_markers(places: list[float]) -> None:
    events = [Event(number, TODAY, "session") for number, _ in enumerate(places, 1)]
    made = markers(events, sorted(places), 2, 342, 13)
    assert [each for marker in made for each in marker.events] == events
    assert all(one.right < other.left for one, other in pairwise(made))


@settings(max_examples=20, deadline=None)
@given(content=lives(), size=sizes)
def test_the_picture_is_well_formed_and_carries_no_style(content: Content, size: Size) -> None:
    root = read(drawn(content, size))
    assert root.get("role") == "img"
    named = (root.get("aria-labelledby") or "").split()
    ids = {each.get("id"): each.text for each in root.iter() if each.get("id")}
    assert [ids[name] for name in named] == ["Timeline", "In words"]
    for each in root.iter():
        assert each.get("style") is None
        assert each.tag not in {f"{SVG}style", f"{SVG}script"}
        for value in each.attrib.values():
            assert "nan" not in value.lower()
            assert "inf" not in value.lower()


def test_typed_text_is_never_markup() -> None:
    step = DoseStep(TODAY - timedelta(days=60), 10, 10, "<b>&\"'", "<script>x</script>")
    svg = drawn(Content(TODAY - timedelta(days=60), TODAY, TODAY, (step,)), WIDE).svg
    assert "<b>" not in svg
    assert "<script>" not in svg
    assert "&lt;script&gt;" in svg


def step(ago: int, least: float | None, most: float | None, words: str = "x") -> DoseStep:
    return DoseStep(TODAY - timedelta(days=ago), least, most, words)


def path_of(content: Content) -> list[str]:
    """The unbroken stretches of the upper edge."""
    root = read(drawn(content, WIDE))
    paths = [each.get("d", "") for each in root.iter(f"{SVG}path")
             if each.get("stroke-width") == "2.5"]  # fmt: skip
    return [part for part in paths[-1].split("M") if part] if paths else []


def test_what_is_not_known_is_a_gap_with_a_word_and_never_nought() -> None:
    gap = step(100, None, None, "not known")
    content = Content(
        TODAY - timedelta(days=200), TODAY, TODAY, (step(200, 60, 60), gap, step(50, 40, 40))
    )
    assert len(path_of(content)) == 2
    picture = drawn(content, WIDE)
    assert "not known" in [each.text for each in picture.words]
    whole = Content(
        TODAY - timedelta(days=200), TODAY, TODAY, (step(200, 60, 60), step(50, 40, 40))
    )
    assert len(path_of(whole)) == 1


def test_a_range_is_a_band_and_no_range_is_none() -> None:
    def bands(most: float) -> int:
        content = Content(TODAY - timedelta(days=90), TODAY, TODAY, (step(90, 60, most),))
        root = read(drawn(content, WIDE))
        return sum(each.get("fill-opacity") is not None for each in root.iter(f"{SVG}rect"))

    assert bands(100) == 1
    assert bands(60) == 0


def test_lists_that_say_the_same_are_one_step_with_a_dot_each() -> None:
    same = (step(90, 60, 60), step(60, 60, 60), step(30, 60, 60))
    content = Content(TODAY - timedelta(days=90), TODAY, TODAY, same)
    assert len(content.lasting()) == 1
    root = read(drawn(content, WIDE))
    assert sum(each.get("r") == "3.5" for each in root.iter(f"{SVG}circle")) == 3


def test_a_step_that_began_earlier_comes_in_at_the_edge() -> None:
    content = Content(TODAY - timedelta(days=30), TODAY, TODAY, (step(300, 60, 60), step(10, 5, 5)))
    kept = content.lasting()
    assert [(start, end) for _, start, end in kept] == [
        (TODAY - timedelta(days=30), TODAY - timedelta(days=10)),
        (TODAY - timedelta(days=10), TODAY),
    ]


def test_planned_steps_have_their_own_lines_and_reach_beyond_today() -> None:
    ahead = tuple(DoseStep(TODAY + timedelta(days=days), 50, 50, "50") for days in (10, 40))
    content = Content(
        TODAY - timedelta(days=60), TODAY + timedelta(days=80), TODAY, (step(60, 60, 60),),
        planned=ahead,
    )  # fmt: skip
    assert [(start, end) for _, start, end in content.planning()] == [
        (TODAY + timedelta(days=10), TODAY + timedelta(days=40)),
        (TODAY + timedelta(days=40), TODAY + timedelta(days=80)),
    ]
    assert "today" in [each.text for each in drawn(content, WIDE).words]


@pytest.mark.parametrize("days", [1, 13, 60, 200, 700, 4000, 30000])
def test_some_days_are_always_named_and_never_crowd(days: int) -> None:
    axis = Days(TODAY - timedelta(days=days), TODAY, 46, 866)
    named = ticks(axis, 15)
    places = [axis.x(each.on) for each in named]
    assert len(named) <= 18
    assert named or days < 7
    assert all(other - one > 34 for one, other in pairwise(places))


@pytest.mark.parametrize("value", [0, 3, 20, 64, 119, 120, 300, 4321])
def test_the_axis_has_air_above_and_few_numbers(value: float) -> None:
    most, step_ = round_most(value)
    assert most > value
    assert 2 <= round(most / step_) <= 6
