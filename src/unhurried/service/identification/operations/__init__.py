"""Every write of finding people: handing in, keeping what was found, deciding, what came of it."""

from unhurried.service.identification.operations.deciding import (
    Decided,
    decide,
    mark_enrolled,
    mark_invited,
    record_conversation,
    set_pace,
    type_details,
    undo,
)
from unhurried.service.identification.operations.files import (
    delete_old_files,
    delete_orphans,
    put_aside,
)
from unhurried.service.identification.operations.handing_in import (
    HandedIn,
    begin,
    confirm,
    hand_in,
    hand_in_folder,
    mark_unusable,
)
from unhurried.service.identification.operations.keeping import keep_results
from unhurried.service.identification.operations.registered import registered_people

__all__ = [
    "Decided",
    "HandedIn",
    "begin",
    "confirm",
    "decide",
    "delete_old_files",
    "delete_orphans",
    "hand_in",
    "hand_in_folder",
    "keep_results",
    "mark_enrolled",
    "mark_invited",
    "mark_unusable",
    "put_aside",
    "record_conversation",
    "registered_people",
    "set_pace",
    "type_details",
    "undo",
]
