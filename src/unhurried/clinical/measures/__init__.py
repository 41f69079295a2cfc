"""Questionnaires: what may be asked, how it is scored, what a change means (issue 4, ASM-1).

`measures()` says what there is, `score` adds answers up or says why it cannot, `change` says what
a difference means on that measure, `safety` says which answers open a conversation the same day.
An unanswered question is never a 0. `docs/reference/measures.md` shows the tables.
"""

from unhurried.clinical.measures.answering import Answer, Answers
from unhurried.clinical.measures.changing import Change, Judgement, change
from unhurried.clinical.measures.definitions import (
    Band,
    Item,
    Measure,
    MeasureError,
    Scale,
    Threshold,
    measure,
    measures,
)
from unhurried.clinical.measures.safety import Concern, Safety, safety
from unhurried.clinical.measures.scoring import Score, score, shown

__all__ = [
    "Answer",
    "Answers",
    "Band",
    "Change",
    "Concern",
    "Item",
    "Judgement",
    "Measure",
    "MeasureError",
    "Safety",
    "Scale",
    "Score",
    "Threshold",
    "change",
    "measure",
    "measures",
    "safety",
    "score",
    "shown",
]
