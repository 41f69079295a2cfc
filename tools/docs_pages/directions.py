"""The page on directions: how they are read and how often that is right."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from directions_score import verdicts

from docs_pages.common import MADE, rows, table
from unhurried.cli.words import directions_in_words
from unhurried.clinical.opioids import directions as grammar

TABLES = {
    "seen while the grammar was written": "development.csv",
    "kept aside until it was finished": "held-out.csv",
}
EXAMPLES_OF_EACH = 3
LONGEST_CELL = 300


def page(root: Path) -> str:
    """The reference page on directions."""
    spec = root / "tests/spec/directions"
    parts = [
        MADE,
        "# How directions are read",
        "A grammar over a table of words turns directions into amounts and times. A word it does not know is a"
        " reason to abstain, because it could change the amount. It never fills in what is not written.",
        "## How often it is right\n\nDirections written and labelled for Unhurried by a hand that did not see the"
        " grammar, in the ways UK prescribers and GP systems write, other medicines among them. They are"
        " fictional, not drawn from patients' records, and no pharmacist has checked the labels yet: read the"
        " figures as a test of the grammar, not as accuracy on a practice's records.\n",
        table(
            (
                "directions",
                "labelled",
                "right",
                "abstained, as a careful reader may",
                "abstained, though plain",
                "wrong",
            ),
            [_figures(words, spec / name) for words, name in TABLES.items()],
        ),
        "The third that was kept aside was scored for the first time when the grammar was finished: 211 right, 40"
        " abstained, none wrong. The change log says what was altered after that.",
        "## Examples\n",
        table(("as written", "read as"), _examples(spec / "development.csv")),
        "## Words it knows\n\nFrom `clinical/data/directions-vocabulary.csv`. `/` stands between ways of writing.\n",
        table(("means", "written as"), _vocabulary(root)),
    ]
    return "\n\n".join(part.strip("\n") for part in parts) + "\n"


def _figures(words: str, path: Path) -> tuple[object, ...]:
    every = list(verdicts(path))
    counts = Counter(each.outcome for each in every)
    missed = sum(each.outcome == "abstained" and each.plain for each in every)
    return (
        words,
        len(every),
        counts["right"],
        counts["abstained"] - missed,
        missed,
        counts["wrong"],
    )


def _vocabulary(root: Path) -> list[tuple[str, str]]:
    by_meaning: dict[str, list[str]] = {}
    for row in rows(root / "src/unhurried/clinical/data/directions-vocabulary.csv"):
        by_meaning.setdefault(row["meaning"], []).extend(row["written"].split("|"))
    shown = []
    for meaning, ways in by_meaning.items():
        text = " / ".join(ways)
        if len(text) > LONGEST_CELL:
            text = text[:LONGEST_CELL].rsplit(" / ", 1)[0] + " / ..."
        shown.append((meaning, f"`{text}`"))
    return shown


def _examples(path: Path) -> list[tuple[str, str]]:
    seen: Counter[str] = Counter()
    shown = []
    for row in rows(path):
        kind = row["id"].rsplit("-", 1)[0] + row["status"]
        if seen[kind] >= EXAMPLES_OF_EACH or not row["text"].strip():
            continue
        seen[kind] += 1
        answer = grammar.as_json(grammar.interpret(row["text"], form=row["form"] or None))
        context = f" (the product is a {row['form']})" if row["form"] else ""
        shown.append((f"`{row['text']}`{context}", directions_in_words(answer)))
    return shown
