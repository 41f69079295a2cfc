"""Rules on accounts of patients and carers: whose, made sure how, at which address."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from unhurried.service.accounts.models import User
from unhurried.service.accounts.own_accounts import NO_MAILBOX, is_carers_only, user_at
from unhurried.service.audit.actor import Actor
from unhurried.service.audit.refused import Refused
from unhurried.service.patients.models import Carer, ContactPreference, OwnAccount, Patient

Sure, Way = OwnAccount.Sure, OwnAccount.Way
# As long as links to choose a password work (PASSWORD_RESET_TIMEOUT).
START_WORKS = timedelta(days=3)
TRY_WINDOW = timedelta(hours=1)
TRIES = 10  # codes that do not work, from one place within the window
# The same words whoever's it is: staff, another person, another carer.
TAKEN = "This address cannot be used here. Ask for another one, or hand over a code on paper."
NOT_TO_WRITE = "The person does not want to be contacted: hand over a code on paper."


def nhs_login_is_set_up() -> bool:
    """Can people sign in with NHS login here?"""
    return bool(settings.OPENID.get("nhs-login"))


def check_may_have_account(by: Actor, patient: Patient, carer: Carer | None) -> None:
    """Refuse for oneself, for somebody who died, and for who is not a carer of this person now."""
    if by.user_id is None:
        raise Refused("An account is opened by somebody who knows whose it is.")
    if by.user_id == patient.user_id or (carer is not None and by.user_id == carer.user_id):
        raise Refused("Ask somebody who works here to do this for you.")
    if patient.date_of_death is not None:
        raise Refused("The record says that this person has died.")
    if carer is not None and (carer.patient_id != patient.pk or carer.ended_at is not None):
        raise Refused("They are not a carer of this person now: note them as one first.")


def check_sure(patient: Patient, sure: str, way: str, email: str) -> None:
    """Refuse when it was not said how one made sure, or the first way in does not go with it."""
    if sure not in Sure.values or (sure == Sure.NHS_LOGIN and not nhs_login_is_set_up()):
        raise Refused("Say how you made sure who they are.")
    if way not in Way.values:
        raise Refused("Say how they get in the first time.")
    if sure == Sure.NHS_LOGIN and way != Way.EMAIL:
        raise Refused("With NHS login, give the e-mail address they use there: it needs no code.")
    if way == Way.CODE:
        if email:
            raise Refused(
                "With a code on paper nothing is ever sent by e-mail: leave the address empty."
            )
        return
    try:
        validate_email(email)
    except ValidationError as wrong:
        raise Refused("Type their e-mail address in full, for example name@example.org.") from wrong
    if ContactPreference.objects.filter(patient=patient, do_not_contact=True).exists():
        raise Refused(NOT_TO_WRITE)


def checked_owner(
    patient: Patient, carer: Carer | None, email: str, own: User | None
) -> User | None:
    """Whose account the address is: `own` (had before), another person's carer's, or None (free).

    Raises Refused, in one sentence for all, when it is anybody else's. A carer may be a carer of
    several people with one account; nobody is a patient and something else with one.
    """
    found = user_at(email) if email else None
    if found is None or (own is not None and found.pk == own.pk):
        if found is None and email.endswith(NO_MAILBOX):
            raise Refused(TAKEN)
        return own
    if carer is None or not is_carers_only(found) or Patient.objects.filter(user=found).exists():
        raise Refused(TAKEN)
    twice = Carer.objects.filter(patient=patient, user=found, ended_at=None).exclude(pk=carer.pk)
    if twice.exists():
        raise Refused(TAKEN)
    return found
