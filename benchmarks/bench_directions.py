"""How many distinct sets of directions a second one core interprets.

Distinct strings, none seen before, drawn by recombining amounts, times and trailing words the way
prescribing systems do; no result is cached between them.
"""

from __future__ import annotations

import argparse
import itertools
import random
import statistics
import time

from unhurried.clinical.opioids.directions import NotUnderstood, interpret

AMOUNTS = ("one", "1", "TWO", "1-2", "one or two", "2.5ml", "5-10ml", "half", "1 tablet", "2 caps")
TIMES = (
    "twice a day", "bd", "QDS", "four times a day", "every 4-6 hours", "at night", "every 12 hours",
    "3 TIMES A DAY", "in the morning", "up to four times a day", "every 72 hours", "mane and nocte",
)  # fmt: skip
ENDS = (
    "", "when required", "prn", "for pain", "with food", "max 8 in 24 hours", "as directed",
    "WHEN REQUIRED FOR PAIN MAX 6 IN 24 HOURS", "swallow whole", "after food", "if needed",
)  # fmt: skip
STARTS = ("", "take ", "TAKE ", "Take ", "to be taken: ", "please take ")


def distinct_texts(wanted: int) -> list[str]:
    """That many different texts, in a fixed order."""
    texts: dict[str, None] = {}
    chance = random.Random(7)
    combinations = list(itertools.product(STARTS, AMOUNTS, TIMES, ENDS))
    chance.shuffle(combinations)
    for round_ in itertools.count():
        for start, amount, when, end in combinations:
            marker = f" {'.' * round_}" if round_ else ""
            texts[f"{start}{amount} {when} {end}".strip() + marker] = None
            if len(texts) >= wanted:
                return list(texts)
    raise AssertionError


def main() -> None:
    """Print strings a second: median and range of several passes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--texts", type=int, default=7900)
    parser.add_argument("--passes", type=int, default=7)
    wanted = parser.parse_args()
    texts = distinct_texts(wanted.texts)
    interpret("one twice a day")
    rates = []
    for _ in range(wanted.passes):
        started = time.process_time()
        answers = [interpret(text) for text in texts]
        rates.append(len(texts) / (time.process_time() - started))
    abstained = sum(isinstance(answer, NotUnderstood) for answer in answers)
    print(f"{len(texts):,} distinct texts, {abstained} not understood")
    print(
        f"directions a second (CPU): median {statistics.median(rates):,.0f},"
        f" from {min(rates):,.0f} to {max(rates):,.0f}"
    )


if __name__ == "__main__":
    main()
