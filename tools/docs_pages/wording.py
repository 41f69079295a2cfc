"""The page on wording: what is looked for in letters and notes, and how often that is right."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from docs_pages.common import MADE, rows, table
from unhurried.clinical.wording import check
from unhurried.clinical.wording.rules import rules

TABLES = {
    "written before the code": "written-before-the-code.csv",
    "written after, to break it": "written-after.csv",
    "written last, scored before any change": "scored-unseen.csv",
}
EXAMPLES_OF_EACH = 2


def page(root: Path) -> str:
    """The reference page on wording."""
    data = root / "src/unhurried/clinical/data"
    spec = root / "tests/spec/wording"
    labelled = [row for name in TABLES.values() for row in rows(spec / name)]
    parts = [
        MADE,
        "# Wording that does no harm",
        'An invitation that seemed to say "we will stop your opioids", and a name that suggested a fight, hurt people'
        " the service was for. So letters and templates are read before they are used, and notes as they are written."
        ' In a template a finding blocks; in a note it only warns. A negation ("we will never stop your medicines") or'
        ' a complete choice ("only if you agree") lifts a finding that presses. It reads words, not meaning: a person'
        " should read every template too.",
        "## What it looks for\n",
        table(
            ("rule", "why", "write instead", "found in", "lifted in"),
            [_rule(name, labelled) for name in rules()],
        ),
        "## How often it is right\n\nSentences written and labelled for Unhurried, fictional, by the hand that wrote the"
        " rules, which were mended until all were right: read the figures as a test, not as accuracy on letters it has"
        f" never seen. The last table was first scored unseen: {_first_score(rows(spec / 'scored-unseen.csv'))}.\n",
        table(
            ("sentences", "labelled", "something to find", "nothing to find", "right"),
            [_figures(words, rows(spec / name)) for words, name in TABLES.items()],
        ),
        "## What an invitation has to say\n",
        table(
            ("missing", "a sentence to use"),
            [
                (why["text"], offer["text"])
                for why in rows(data / "wording-statements.csv")
                for offer in rows(data / "wording-statements.csv")
                if why["kind"] == "why"
                and offer["kind"] == "offer"
                and why["statement"] == offer["statement"]
            ],
        ),
        "## Reading age\n\nFlesch-Kincaid, SMOG and the Automated Readability Index; the middle one is compared with the"
        " aim. They count words and syllables and know nothing of meaning.\n",
        table(
            ("text", "reading age at most"),
            [(row["kind"], row["age_at_most"]) for row in rows(data / "reading-aims.csv")],
        ),
    ]
    return "\n\n".join(part.strip("\n") for part in parts) + "\n"


def _rule(name: str, labelled: list[dict[str, str]]) -> tuple[str, ...]:
    rule = rules()[name]
    found = [
        each.words
        for row in labelled
        if row["rules"] == name
        for each in check(row["text"], kind="template")
    ]
    shown = list(dict.fromkeys(found))[:EXAMPLES_OF_EACH]
    lifted = {"nothing": "", "negation": "negation", "choice": "negation, choice"}[rule.lifted_by]
    return (
        f"`{name}`",
        rule.why,
        rule.instead,
        "; ".join(f"“{words}”" for words in shown),
        lifted,
    )


def _first_score(unseen: list[dict[str, str]]) -> str:
    counts = Counter(row["first_score"] for row in unseen)
    return f"{counts['right']} of {len(unseen)} right, {counts['missed']} missed, {counts['false alarm']} false alarms"


def _figures(words: str, labelled: list[dict[str, str]]) -> tuple[object, ...]:
    right = sum(
        check(row["text"], kind="template").rules == set(row["rules"].split()) for row in labelled
    )
    hurting = sum(bool(row["rules"]) for row in labelled)
    return words, len(labelled), hurting, len(labelled) - hurting, right
