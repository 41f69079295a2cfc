"""May this happen now? Each `check_` raises Refused with a sentence for the screen."""

from unhurried.service.patients.rules.accounts import (
    check_may_have_account,
    check_sure,
    checked_owner,
)
from unhurried.service.patients.rules.circle import (
    check_carer,
    check_cover,
    check_may_end_cover,
    check_may_restrict,
    is_named_worker,
    may_end_cover,
)
from unhurried.service.patients.rules.consents import (
    check_consent,
    check_consent_end,
    is_in_force,
    keeps_notes_from_gp,
    service_consent_ended,
)
from unhurried.service.patients.rules.contact import age_on, why_left, why_not_contact
from unhurried.service.patients.rules.episodes import (
    WITHDRAWS,
    check_may_change_provider,
    check_may_change_worker,
    check_may_end,
    check_may_enrol,
    check_may_open_episode,
    check_may_pause,
    check_may_resume,
    check_may_work,
    is_served,
    room_left,
)
from unhurried.service.patients.rules.identity import (
    check_at_their_practice,
    check_identity,
    check_may_move,
    check_may_register,
    check_number_is_free,
    check_same_birth,
    checked_nhs_number,
)
from unhurried.service.patients.rules.notes import (
    check_alert,
    check_may_acknowledge,
    check_note,
    check_safety_floor,
)

__all__ = [
    "WITHDRAWS",
    "age_on",
    "check_alert",
    "check_at_their_practice",
    "check_carer",
    "check_consent",
    "check_consent_end",
    "check_cover",
    "check_identity",
    "check_may_acknowledge",
    "check_may_change_provider",
    "check_may_change_worker",
    "check_may_end",
    "check_may_end_cover",
    "check_may_enrol",
    "check_may_have_account",
    "check_may_move",
    "check_may_open_episode",
    "check_may_pause",
    "check_may_register",
    "check_may_restrict",
    "check_may_resume",
    "check_may_work",
    "check_note",
    "check_number_is_free",
    "check_safety_floor",
    "check_same_birth",
    "check_sure",
    "checked_nhs_number",
    "checked_owner",
    "is_in_force",
    "is_named_worker",
    "is_served",
    "keeps_notes_from_gp",
    "may_end_cover",
    "room_left",
    "service_consent_ended",
    "why_left",
    "why_not_contact",
]
