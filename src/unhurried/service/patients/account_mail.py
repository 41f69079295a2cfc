"""E-mails about somebody's own account: they name nobody and say nothing of health.

What is asked at the moment of sending stands here as well, for these and for the messages every
account gets: to a name without a mailbox nothing leaves, and no link to choose a password goes to
whom only NHS login makes sure of.
"""

from __future__ import annotations

from django.conf import settings

from unhurried.service.accounts.mail import TEXTS, link_for
from unhurried.service.accounts.own_accounts import NO_MAILBOX, has_begun, user_at
from unhurried.service.outbox.models import Message
from unhurried.service.outbox.operations import post
from unhurried.service.outbox.registry import check_before_sending
from unhurried.service.patients.models import ContactPreference, OwnAccount

START = "patients.own_account"
SUBJECT = "Your account"
NOT_ME = "If you did not expect this, you need do nothing: without you nobody can use it."
LINK = (
    "An account was opened for you, as agreed.\n\nTo choose your password, open this page within "
    "three days:\n\n{link}\n\nAfter that you sign in with this e-mail address and your password. "
    f"{NOT_ME}"
)
NHS_LOGIN = (
    "An account was opened for you, as agreed.\n\nSign in with NHS login, with this e-mail "
    f"address:\n\n{{link}}\n\n{NOT_ME}"
)
MORE = (
    "Something was added to your account, as agreed. You sign in as before:\n\n{link}\n\nIf you "
    "did not expect this, you need do nothing."
)


def leave_start(account: OwnAccount) -> None:
    """Leave the first link, or word of what was added, with the outbox; in the caller's write."""
    user = account.user
    if user.email.endswith(NO_MAILBOX):
        return
    front = f"{settings.ADDRESS}/sign-in/"
    if has_begun(user):
        body = MORE.format(link=front)
    elif account.sure == OwnAccount.Sure.NHS_LOGIN:
        body = NHS_LOGIN.format(link=front)
    else:
        body = LINK.format(link=link_for(user))
    post(
        purpose=START, about=f"{account.uuid}:{account.starts}", channel="email", to=user.email,
        subject=SUBJECT, body=body, patient_id=account.patient_id,
        practice_id=account.patient.practice_id,
    )  # fmt: skip


@check_before_sending(START, "An account of one's own: the first link")
def check_still_to_begin(message: Message) -> str:
    """Is the account still open, at this address, for somebody who may be written to?"""
    uuid, _, number = message.about.partition(":")
    rows = OwnAccount.objects.select_related("user", "patient", "carer")
    account = rows.filter(uuid=uuid).first()
    if account is None or account.closed_at is not None:
        return "The account was closed before this was sent."
    if str(account.starts) != number:
        return "Another link was sent after this one."
    if account.user.email != message.to:
        return "The account has another e-mail address now, so this was not sent to the old one."
    if account.patient.date_of_death is not None:
        return "The person has died: nothing more is sent."
    if ContactPreference.objects.filter(patient=account.patient, do_not_contact=True).exists():
        return "The person does not want to be contacted."
    return ""


def check_mailbox(message: Message) -> str:
    """Has the account a mailbox, and may its password be chosen by whoever reads it?"""
    if message.to.endswith(NO_MAILBOX):
        return "They gave no e-mail address, so nothing is sent."
    if message.purpose != "account.password_reset_key":
        return ""
    user = user_at(message.to)
    waits = OwnAccount.objects.filter(user=user, closed_at=None, sure=OwnAccount.Sure.NHS_LOGIN)
    if user is not None and not has_begun(user) and waits.exists():
        return "They sign in with NHS login first, so no link to choose a password was sent."
    return ""


for kind, (subject, _text) in TEXTS.items():
    check_before_sending(kind.replace("/email/", ".").replace("/", "."), subject)(check_mailbox)
