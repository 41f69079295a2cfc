"""What the tests of own accounts share: opening one, and getting in with it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.test import Client
from django.utils import timezone
from tests.service.conftest import actor_for

from unhurried.service.accounts.models import Membership, User
from unhurried.service.accounts.queries import actor_of_membership
from unhurried.service.audit import clock
from unhurried.service.patients import operations
from unhurried.service.patients.access import visible_patients
from unhurried.service.patients.models import Carer, OwnAccount, Patient

PASSWORD = "three quiet herons"  # noqa: S105 - fictional
BY_LINK: dict[str, Any] = {"sure": "document", "way": "email", "email": "wren@example.org"}
BY_CODE: dict[str, Any] = {"sure": "known", "way": "code"}


def a_carer(worker: Membership, patient: Patient) -> Carer:
    return operations.add_carer(
        by=actor_for(worker), patient=patient, name="Robin Marsh", relationship="partner"
    )


def opened(worker: Membership, patient: Patient, carer: Carer | None = None, **more: Any) -> Any:
    given = {**BY_LINK, **more}
    return operations.open_account(by=actor_for(worker), patient=patient, carer=carer, **given)


def begun(account: OwnAccount) -> Client:
    """They chose a password and signed in with it."""
    user = User.objects.get(pk=account.user_id)
    user.set_password(PASSWORD)
    user.save()
    client = Client()
    answer = client.post("/sign-in/", {"login": user.email, "password": PASSWORD})
    assert answer.status_code == 302
    return client


def share(worker: Membership, patient: Patient, carer: Carer, thing: str = "plan") -> None:
    operations.record_consent(
        by=actor_for(worker), patient=patient, kind="sharing", given=True, how="spoken",
        party=f"carer:{carer.pk}:{thing}", ends=timezone.localdate() + timedelta(days=30),
    )  # fmt: skip


def sees(account: OwnAccount, patient: Patient, thing: str) -> bool:
    """May this account, in a role held today, open that?"""
    held = Membership.objects.on(clock.today()).filter(user=account.user).first()
    if held is None:
        return False
    return visible_patients(actor_of_membership(held), thing).filter(pk=patient.pk).exists()
