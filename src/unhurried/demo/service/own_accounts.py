"""Somebody with an account of their own, and a carer of theirs: so that one can be them in /demo/.

Call `open_some` once, inside `clock.at(...)`, when people have joined and after that day's other
events; the carer sees the plan, worksheets and appointments, because the person agreed.
"""

from __future__ import annotations

from datetime import timedelta

from unhurried.demo.service.cast import PASSWORD, Cast
from unhurried.demo.service.joining import send
from unhurried.service.accounts.models import Membership
from unhurried.service.accounts.queries import actor_of_membership
from unhurried.service.audit import clock
from unhurried.service.audit.actor import Actor
from unhurried.service.patients import operations
from unhurried.service.patients.models import Carer, Episode, OwnAccount, Patient

PATIENT, CARER = "patient@example.org", "carer@example.org"
CARER_NAME = "Perry Standin"
SHARED = ("plan", "worksheet", "appointment")
AGREED_FOR = timedelta(days=180)


def open_some(cast: Cast) -> None:
    """Worker 1 opens an account for the first person who joined with them, and one for a carer.

    Both are then in `cast.members` under their e-mail addresses. Nobody may have joined yet: then
    nothing is done.
    """
    worker = cast.workers()[0]
    by = actor_of_membership(worker)
    patient = _first_to_join(worker)
    if patient is None:
        return
    own = operations.open_account(
        by=by, patient=patient, sure="document", way="email", email=PATIENT
    )
    carer = operations.add_carer(
        by=by, patient=patient, name=CARER_NAME, relationship="brother-in-law"
    )
    for thing in SHARED:
        _share(by, patient, carer, thing)
    theirs = operations.open_account(
        by=by, patient=patient, carer=carer, sure="known", way="email", email=CARER
    )
    send()
    for account in (own, theirs):
        cast.members[account.user.email] = _with_password(account)


def _first_to_join(worker: Membership) -> Patient | None:
    """The first to join with this worker who is still with them and may be written to."""
    joined = Episode.objects.filter(project_worker=worker, state=Episode.State.ENROLLED)
    joined = joined.filter(patient__user=None, patient__date_of_death=None)
    joined = joined.exclude(patient__contact__do_not_contact=True)
    found = joined.select_related("patient").order_by("enrolled_at", "pk").first()
    return found.patient if found else None


def _share(by: Actor, patient: Patient, carer: Carer, thing: str) -> None:
    operations.record_consent(
        by=by, patient=patient, kind="sharing", given=True, how="spoken",
        party=f"carer:{carer.pk}:{thing}", ends=clock.today() + AGREED_FOR,
    )  # fmt: skip


def _with_password(account: OwnAccount) -> Membership:
    """What they would choose by the link: the fictional service's one password."""
    account.user.set_password(PASSWORD)
    account.user.save(update_fields=["password"])
    return account.user.memberships.select_related("user", "organisation").get()
