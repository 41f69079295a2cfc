"""The pages of finding people."""

from unhurried.service.identification.views.extracts import (
    columns,
    extract,
    extracts,
    folder,
    hand_in,
    progress,
    put_aside,
    rejects,
)
from unhurried.service.identification.views.lists import other_list, results, shortlist
from unhurried.service.identification.views.people import (
    conversation,
    decide,
    decide_many,
    details,
    pace,
    person,
    undo,
)

__all__ = [
    "columns",
    "conversation",
    "decide",
    "decide_many",
    "details",
    "extract",
    "extracts",
    "folder",
    "hand_in",
    "other_list",
    "pace",
    "person",
    "progress",
    "put_aside",
    "rejects",
    "results",
    "shortlist",
    "undo",
]
