"""Every write about a person: who they are, how to reach them, what they agreed to, what is
written about them, and their time with the service."""

from unhurried.service.patients.operations.accounts import (
    begin_with_code,
    close_account,
    open_account,
    reopen_account,
    start_account_again,
)
from unhurried.service.patients.operations.alerts import (
    acknowledge_alert,
    close_alert,
    raise_alert,
    remind_of_unanswered,
)
from unhurried.service.patients.operations.circle import (
    add_carer,
    arrange_cover,
    end_carer,
    end_cover,
    lift_restriction,
    restrict,
)
from unhurried.service.patients.operations.consents import record_consent, withdraw_consent
from unhurried.service.patients.operations.episodes import (
    change_project_worker,
    change_provider,
    end_episode,
    enrol_episode,
    open_episode,
    pause,
    resume,
)
from unhurried.service.patients.operations.notes import write_note
from unhurried.service.patients.operations.people import (
    amend_identity,
    move_practice,
    record_medicines,
    register_patient,
    set_contact_preferences,
)
from unhurried.service.patients.operations.records import (
    answer_leaving,
    note_from_records,
    record_no_medicines,
)

__all__ = [
    "acknowledge_alert",
    "add_carer",
    "amend_identity",
    "answer_leaving",
    "arrange_cover",
    "begin_with_code",
    "change_project_worker",
    "change_provider",
    "close_account",
    "close_alert",
    "end_carer",
    "end_cover",
    "end_episode",
    "enrol_episode",
    "lift_restriction",
    "move_practice",
    "note_from_records",
    "open_account",
    "open_episode",
    "pause",
    "raise_alert",
    "record_consent",
    "record_medicines",
    "record_no_medicines",
    "register_patient",
    "remind_of_unanswered",
    "reopen_account",
    "restrict",
    "resume",
    "set_contact_preferences",
    "start_account_again",
    "withdraw_consent",
    "write_note",
]
