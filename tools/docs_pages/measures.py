"""The page on measures: what may be asked, how it is scored, what a change means."""

from __future__ import annotations

from pathlib import Path

from docs_pages.common import MADE, rows, table
from unhurried.clinical.measures import Band, Measure, Scale, Threshold, measures, shown

NAMES = {"found in the source": "found", "own caution": "own caution"}
NOT_SHIPPED = [
    ("PODS", "Our sources give a range of 0 to 64 beside 15 scored questions of 0 to 4, which reach 60. Licence not known."),
    ("CollaboRATE", "Our sources give a mean of 0 to 9 and a share of 0 to 100 and do not say which a person has."),
    ("ORT, SOAPP-R, RODS", "For other people than ours, or a gate to care: not to be used."),
    ("SOWS (16 questions), COWS, PDI, SCI-02, AUDIT-C, PSFS, FFT, TFA, TOP, STOP-Bang, RIOSORD, POMI", "Not part of the assessment, or not asked for yet."),
]  # fmt: skip


def page(root: Path) -> str:
    """The reference page on measures."""
    parts = [MADE, *_kinds(), *_scoring(), *_meaning(), _same_day(root)]
    parts += ["## Not here, and why\n", table(("measure", "why"), NOT_SHIPPED)]
    return "\n\n".join(part.strip("\n") for part in parts) + "\n"


def _kinds() -> list[str]:
    heads = ("measure", "on screen", "questions", "licence", "row", "source")
    every = list(measures().values())
    return [
        "# Measures",
        "Every measure can be skipped, with a reason. A question left unanswered is never a 0: the total is then"
        " not known, unless the measure's own rule says how to fill the gap. None of these rows has been"
        " clinically signed off yet; rows marked *check* come from knowledge and have to be checked against"
        " their source first.",
        "## What we may ask\n",
        table(heads, [_measure(each) for each in every if each.questions_shipped]),
        "## What is only entered\n\nThese are not ours to share. A site with its own licence asks them on its own form"
        " and enters the numbers; we hold no question of them.\n",
        table(
            (*heads[:2], "what is entered", *heads[3:]),
            [_measure(each) for each in every if not each.questions_shipped],
        ),
    ]


def _scoring() -> list[str]:
    every = [(each, scale) for each in measures().values() for scale in each.scales]
    return [
        "## How they are scored\n",
        table(
            ("measure", "part", "rule", "range", "better", "questions unanswered", "row"),
            [_scale(each, scale) for each, scale in every],
        ),
        "Means are kept exact and shown to one decimal. EQ-5D-5L is kept as a profile of five levels and has no total:"
        " a value set is a plug-in of a site. Two goals, the four ONS4 questions and the three pain numbers are"
        " never added up.",
        "## Bands\n\nA band is looked up by the total as shown. A band is never shown alone: the number and its range"
        " go with it. Words for the clinician are not shown to the person.\n",
        table(
            ("measure", "part", "from", "to", "name", "words for the person", "row", "source"),
            [_band(each, scale, band) for each, scale in every for band in scale.bands],
        ),
    ]


def _meaning() -> list[str]:
    every = [(each, scale) for each in measures().values() for scale in each.scales]
    heads = ("measure", "part", "name", "matters from", "about the same under")
    return [
        "## How large a difference matters\n\nAt or above the first number it does, under the second it is about the"
        " same, and between the two the source leaves it open. Where sources differ, one is the default and the"
        " others stand beside it. A measure that is not here has no source: whether its change matters is not"
        " known.\n",
        table(
            (*heads, "which way", "default", "row", "source"),
            [_threshold(each, scale, by) for each, scale in every for by in scale.thresholds],
        ),
    ]


def _same_day(root: Path) -> str:
    return (
        "## Answers that open a conversation the same day\n\nThese questions are read by themselves, so that nothing"
        " else on the form can hide one. An answer that cannot be read is asked about; one left unanswered is"
        " named, because no answer is not a safe answer.\n\n"
        + table(
            ("measure", "question", "from answer", "words for the worker", "row", "source"),
            [
                (
                    r["measure"],
                    r["item"],
                    r["opens_at"],
                    r["words"],
                    _row(r["checked"]),
                    r["source"],
                )
                for r in rows(root / "src/unhurried/clinical/data/measure-safety.csv")
            ],
        )
    )


def _row(checked: str) -> str:
    return NAMES.get(checked, "check")


def _measure(each: Measure) -> tuple[object, ...]:
    entered = "the total" if each.entry == "total" else f"{len(each.items)} numbers"
    return (
        f"{each.name} (`{each.code}`)",
        each.shown_as,
        len(each.items) if each.questions_shipped else entered,
        each.licence,
        _row(each.checked),
        each.source,
    )


def _scale(each: Measure, scale: Scale) -> tuple[object, ...]:
    return (
        each.name,
        scale.part,
        scale.rule,
        f"{shown(scale.least)} to {shown(scale.most)}",
        scale.better,
        scale.missing_rule,
        _row(scale.checked),
    )


def _band(each: Measure, scale: Scale, band: Band) -> tuple[object, ...]:
    return (
        each.name,
        scale.part,
        shown(band.least),
        shown(band.most),
        band.name,
        band.words,
        _row(band.checked),
        band.source,
    )


def _threshold(each: Measure, scale: Scale, by: Threshold) -> tuple[object, ...]:
    unit = "%" if by.unit == "percent" else ""
    return (
        each.name,
        scale.part,
        by.name,
        f"{shown(by.at_least)}{unit}" + (" and another band" if by.band_too else ""),
        f"{shown(by.below)}{unit}",
        "better" if by.only_better else "both",
        "yes" if by.default else "",
        _row(by.checked),
        by.source,
    )
