"""Every write of joining; import them from here."""

from unhurried.service.joining.operations.enrolment import describe_worker, enrol
from unhurried.service.joining.operations.invitations import (
    approve_batch,
    close_finished,
    hand_back,
    invite_in_conversation,
    post_steps,
    prepare_invitations,
    prepare_reminders,
    put_batch_aside,
    stop_invitation,
)
from unhurried.service.joining.operations.referrals import (
    close_referral,
    note_referral_call,
    refer,
    take_referral,
)
from unhurried.service.joining.operations.replies import (
    note_invitation_call,
    record_reply,
    reply_online,
)
from unhurried.service.joining.operations.wording import (
    answer_complaint,
    approve_wording,
    begin_with_first_wording,
    change_settings,
    log_complaint,
    save_wording,
)

__all__ = [
    "answer_complaint",
    "approve_batch",
    "approve_wording",
    "begin_with_first_wording",
    "change_settings",
    "close_finished",
    "close_referral",
    "describe_worker",
    "enrol",
    "hand_back",
    "invite_in_conversation",
    "log_complaint",
    "note_invitation_call",
    "note_referral_call",
    "post_steps",
    "prepare_invitations",
    "prepare_reminders",
    "put_batch_aside",
    "record_reply",
    "refer",
    "reply_online",
    "save_wording",
    "stop_invitation",
    "take_referral",
]
