"""May this happen now? Each `check_` raises Refused with a sentence for the screen."""

from unhurried.service.planning.rules.assessment import (
    NUMBERS,
    ONE,
    SEVERAL,
    check_baseline,
    check_benefit,
    check_may_share_summary,
    check_not_taken_back,
    check_part,
)
from unhurried.service.planning.rules.common import check_open_episode, check_writer
from unhurried.service.planning.rules.measures import (
    check_answers,
    check_may_put_aside,
    check_not_asked,
    checked_measure,
    concerns,
)
from unhurried.service.planning.rules.plan import (
    ItemGiven,
    PlanWords,
    check_agree,
    check_item,
    check_may_change,
    check_plan_words,
    check_topic,
    check_went,
    is_untouched,
    may_change,
)

__all__ = [
    "NUMBERS",
    "ONE",
    "SEVERAL",
    "ItemGiven",
    "PlanWords",
    "check_agree",
    "check_answers",
    "check_baseline",
    "check_benefit",
    "check_item",
    "check_may_change",
    "check_may_put_aside",
    "check_may_share_summary",
    "check_not_asked",
    "check_not_taken_back",
    "check_open_episode",
    "check_part",
    "check_plan_words",
    "check_topic",
    "check_went",
    "check_writer",
    "checked_measure",
    "concerns",
    "is_untouched",
    "may_change",
]
