"""Every write of planning: the conversation, measures, the plan."""

from unhurried.service.planning.operations.assessment import (
    record_baseline,
    record_benefit,
    share_summary,
    share_with_person,
    stop_sharing_summary,
    write_part,
)
from unhurried.service.planning.operations.measures import (
    note_not_asked,
    put_aside_result,
    raise_concerns,
    save_answers,
)
from unhurried.service.planning.operations.plan import (
    add_item,
    agree,
    change_item,
    change_plan_words,
    reach_topic,
    say_how_it_goes,
    want_topic,
)

__all__ = [
    "add_item",
    "agree",
    "change_item",
    "change_plan_words",
    "note_not_asked",
    "put_aside_result",
    "raise_concerns",
    "reach_topic",
    "record_baseline",
    "record_benefit",
    "save_answers",
    "say_how_it_goes",
    "share_summary",
    "share_with_person",
    "stop_sharing_summary",
    "want_topic",
    "write_part",
]
