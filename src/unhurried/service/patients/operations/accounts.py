"""Writing who has an account of their own: a person, and a carer they named (design section 6).

Whoever opens one has seen who it is for. The first way in is a link by e-mail or a code on paper;
both work for three days and until a password was chosen. Closing holds from the next request.
"""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction

from unhurried.service.accounts import mail, own_accounts
from unhurried.service.accounts.models import Organisation, User
from unhurried.service.audit import clock
from unhurried.service.audit.actor import Actor
from unhurried.service.audit.operations import Write, write
from unhurried.service.audit.refused import Refused
from unhurried.service.patients import rules
from unhurried.service.patients.account_codes import FIRST, code_for
from unhurried.service.patients.account_mail import leave_start
from unhurried.service.patients.ending import when_contact_ends
from unhurried.service.patients.models import AccountCodeTry, Carer, OwnAccount, Patient
from unhurried.service.patients.queries.accounts import account_of
from unhurried.service.patients.queries.episodes import open_episode_of
from unhurried.service.patients.rules.accounts import START_WORKS, TRIES, TRY_WINDOW

HAVE_ONE = "They have an account already. Close it first if it must start anew."
NONE_OPEN = "They have no account that is open now."
NO_SUCH_CODE = (
    "That code does not work, or no longer. Please check it, or ask the person who gave it to you "
    "for a new one."
)
TOO_MANY = "Please wait an hour before trying again, or ask the person who gave you the code."


def open_account(
    *, by: Actor, patient: Patient, carer: Carer | None = None, sure: str, way: str,
    email: str = "", key: str = "",
) -> OwnAccount:  # fmt: skip
    """An account for the person, or for one of their carers, with a first way into it.

    `sure` says how `by` made sure who it is for (OwnAccount.Sure), `way` how they get in first
    (OwnAccount.Way); `email` goes with a link only. Raises Refused for a second account, and for
    an address that is anybody else's.
    """
    email = email.strip().lower()
    body = (*_whose(patient, carer), sure, way, email)
    with write(_called("opened", carer), by=by, key=key, body=body) as doing:
        if doing.replay_of:
            return OwnAccount.objects.get(pk=doing.replay_of)
        person, named = _locked(patient, carer)
        before, holder = account_of(person, named), named or person
        if before is not None and before.closed_at is not None:
            raise Refused("Their account is closed: open it again instead.")
        if before is not None or holder.user_id is not None:
            raise Refused(HAVE_ONE)
        made = _begin(by, person, named, sure, way, email, None)
        _said(doing, made)
    return made


def reopen_account(
    *, by: Actor, patient: Patient, carer: Carer | None = None, sure: str, way: str,
    email: str = "", key: str = "",
) -> OwnAccount:  # fmt: skip
    """The closed account, open again as if it were new: nothing of before lets anybody in."""
    email = email.strip().lower()
    body = (*_whose(patient, carer), sure, way, email)
    with write(_called("reopened", carer), by=by, key=key, body=body) as doing:
        if doing.replay_of:
            return OwnAccount.objects.get(pk=doing.replay_of)
        person, named = _locked(patient, carer)
        before = account_of(person, named)
        if before is None:
            raise Refused("There is no closed account to open again.")
        if before.closed_at is None:
            raise Refused(HAVE_ONE)
        # An account that goes on for other people is met by its address, like anybody's.
        own = before.user if named is None or not before.user.is_active else None
        made = _begin(by, person, named, sure, way, email, own)
        _said(doing, made)
    return made


def _begin(
    by: Actor, person: Patient, named: Carer | None, sure: str, way: str, email: str,
    own: User | None,
) -> OwnAccount:  # fmt: skip
    rules.check_may_have_account(by, person, named)
    rules.check_sure(person, sure, way, email)
    own = rules.checked_owner(person, named, email, own)
    role, where = ("patient" if named is None else "carer"), _organisation(person)
    if own is None:
        own = own_accounts.make(
            by=by, email=email or own_accounts.sign_in_name(), role=role, organisation=where,
            full_name=str(person) if named is None else named.name,
        )  # fmt: skip
    elif not own.is_active:
        if not email and not own.email.endswith(own_accounts.NO_MAILBOX):
            email = own_accounts.sign_in_name()
        own_accounts.open_again(
            by=by, user=own, email=email or own.email, role=role, organisation=where
        )
    holder: Patient | Carer = named or person
    holder.user = own
    holder.save(update_fields=["user"])
    now = clock.now()
    made = OwnAccount(
        patient=person, carer=named, user=own, sure=sure, way=way, opened_at=now,
        opened_by_id=by.user_id or 0, start_until=now + START_WORKS,
    )  # fmt: skip
    _first_way_in(made)
    return made


def _organisation(person: Patient) -> Organisation:
    """Where the role is held: the provider they are with, else their practice. It decides nothing
    of what they see."""
    episode = open_episode_of(person)
    return episode.provider if episode else person.practice


def _first_way_in(account: OwnAccount) -> None:
    """Save the account with a code, or leave its link with the outbox."""
    by_code = account.way == OwnAccount.Way.CODE
    account.code_hash = FIRST.hash_of(code_for(account)) if by_code else ""
    account.save()
    if not by_code:
        leave_start(account)


def start_account_again(
    *, by: Actor, patient: Patient, carer: Carer | None = None, key: str = ""
) -> OwnAccount:
    """Another link or code, in the same way to the same address; the one before stops working.

    Raises Refused once they chose a password: then the account is closed and opened again.
    """
    body = _whose(patient, carer)
    with write(_called("started_again", carer), by=by, key=key, body=body) as doing:
        if doing.replay_of:
            return OwnAccount.objects.get(pk=doing.replay_of)
        person, named = _locked(patient, carer)
        account = _open_one(person, named)
        rules.check_may_have_account(by, person, named)
        if own_accounts.has_begun(account.user):
            raise Refused(
                "They can sign in already. If the password is lost, and with it the way to a new "
                "one, close the account and open it again."
            )
        account.user.set_unusable_password()  # links made before stop working
        account.user.save(update_fields=["password"])
        account.starts += 1
        account.start_until = clock.now() + START_WORKS
        _first_way_in(account)
        _said(doing, account)
    return account


def close_account(
    *, by: Actor, patient: Patient, carer: Carer | None = None, because: str, key: str = ""
) -> OwnAccount:
    """Nobody gets in with this account from the next request on.

    A carer of several people stops seeing this person only; when something was lost, they have to
    choose a new password as well.
    """
    body = (*_whose(patient, carer), because)
    with write(_called("closed", carer), by=by, key=key, body=body) as doing:
        if doing.replay_of:
            return OwnAccount.objects.get(pk=doing.replay_of)
        account = _open_one(*_locked(patient, carer))
        if because not in OwnAccount.Because.values:
            raise Refused("Say why the account is closed.")
        _close(by, account, because)
        _said(doing, account)
    return account


def _close(by: Actor, account: OwnAccount, because: str) -> None:
    account.closed_at, account.closed_by_id, account.closed_because = (
        clock.now(),
        by.user_id,
        because,
    )
    account.code_hash = ""
    account.save()
    if account.carer is not None:
        Carer.objects.filter(pk=account.carer.pk).update(user=None)
        elsewhere = OwnAccount.objects.filter(user=account.user, closed_at=None)
        if elsewhere.exists() or Carer.objects.filter(user=account.user, ended_at=None).exists():
            if because == OwnAccount.Because.LOST:
                own_accounts.forget_ways_in(account.user)
            return
    own_accounts.shut(by=by, user=account.user)


def close_for_ended_carer(by: Actor, carer: Carer) -> None:
    """Who is no carer any more has no account for it; inside the caller's write."""
    account = OwnAccount.objects.filter(carer=carer, closed_at=None).select_related("user").first()
    if account is not None:
        with write("patients.carer_account_closed", by=by) as doing:
            _close(by, account, OwnAccount.Because.OVER)
            _said(doing, account)


@when_contact_ends
def close_for_the_dead(patient: Patient, _why: str, by: Actor) -> None:
    """Nobody signs in as somebody who died. Who moved away goes on seeing their own record."""
    if patient.date_of_death is None:
        return
    account = OwnAccount.objects.filter(patient=patient, carer=None, closed_at=None).first()
    if account is not None:
        with write("patients.account_closed", by=by) as doing:
            _close(by, account, OwnAccount.Because.OVER)
            _said(doing, account)


def begin_with_code(*, code: str, sender: str) -> str:
    """The address at which whoever has this code chooses their first password.

    Raises Refused, in the same words for a code that never was, is too old, was used or belongs to
    a closed account, and when too many that do not work came from one place.
    """
    now, hashed = clock.now(), FIRST.hash_of_sender(sender)
    tries = AccountCodeTry.objects.filter(sender=hashed, at__gte=now - TRY_WINDOW)
    if tries.count() >= TRIES:
        raise Refused(TOO_MANY)
    rows = OwnAccount.objects.filter(
        code_hash=FIRST.hash_of(code), closed_at=None, start_until__gt=now
    )
    found = rows.select_related("user").first()
    if found is None or own_accounts.has_begun(found.user):
        with transaction.atomic():
            AccountCodeTry.objects.filter(at__lt=now - timedelta(days=2)).delete()
            AccountCodeTry.objects.create(sender=hashed, at=now)
        raise Refused(NO_SUCH_CODE)
    return mail.link_for(found.user)


def _called(what: str, carer: Carer | None) -> str:
    """The action's name: the person's own account, or a carer's."""
    return f"patients.account_{what}" if carer is None else f"patients.carer_account_{what}"


def _whose(patient: Patient, carer: Carer | None) -> tuple[int, int | None]:
    return patient.pk, carer.pk if carer else None


def _locked(patient: Patient, carer: Carer | None) -> tuple[Patient, Carer | None]:
    """Both as saved; two at once wait for each other on the person."""
    rows = Patient.objects.select_related("practice").select_for_update(of=("self",))
    person = rows.get(pk=patient.pk)
    return person, Carer.objects.select_for_update().get(pk=carer.pk) if carer else None


def _open_one(patient: Patient, carer: Carer | None) -> OwnAccount:
    found = account_of(patient, carer)
    if found is None or found.closed_at is not None:
        raise Refused(NONE_OPEN)
    return found


def _said(doing: Write, account: OwnAccount) -> None:
    words = f"{account.sure}, by {account.way}"
    note = f"closed: {account.closed_because}" if account.closed_at else words
    doing.about(account, patient_id=account.patient_id, note=note)
