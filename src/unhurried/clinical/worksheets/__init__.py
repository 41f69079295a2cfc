"""What a self-assessment worksheet shows: opioids beside pain, stress and sleep (SAW-1, SAW-2).

`summary(entries)` describes a week or more in the person's own numbers. It compares days, uses
middle values (medians), never counts a missing number as 0, names no cause, gives no label and no
advice: what it means is the person's to say. An exact permutation test is kept apart for the
evaluator. `clinical/data/worksheet-*.csv` hold every threshold and sentence.
"""

from unhurried.clinical.worksheets.comparing import Comparison
from unhurried.clinical.worksheets.days import Day, Kind
from unhurried.clinical.worksheets.entries import (
    Amount,
    Entry,
    Reason,
    Thing,
    TimeOfDay,
    WorksheetError,
)
from unhurried.clinical.worksheets.permutation import ExactTest, exact_p
from unhurried.clinical.worksheets.summary import Pattern, summary

__all__ = [
    "Amount",
    "Comparison",
    "Day",
    "Entry",
    "ExactTest",
    "Kind",
    "Pattern",
    "Reason",
    "Thing",
    "TimeOfDay",
    "WorksheetError",
    "exact_p",
    "summary",
]
