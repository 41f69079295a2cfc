"""Every change to organisations, people, roles and agreements.

Carries the access rules of design.md section 6: roles are held in an organisation for a period,
nobody grants themselves one, and roles that see much need two people.
"""

from __future__ import annotations

from datetime import date

from django.db import transaction

from unhurried.service.accounts import mail, rules
from unhurried.service.accounts.models import (
    Agreement,
    Membership,
    OpenIdLink,
    Organisation,
    RoleRequest,
    User,
)
from unhurried.service.accounts.openid import Person
from unhurried.service.audit import clock
from unhurried.service.audit.actor import Actor, system_actor
from unhurried.service.audit.operations import write
from unhurried.service.audit.refused import Refused


def add_organisation(  # noqa: PLR0913 - one parameter a column
    *, by: Actor, kind: str, name: str, ods_code: str = "", service_name: str = "",
    address: str = "", phone: str = "", email: str = "", key: str = "",
) -> Organisation:  # fmt: skip
    """Add a practice, provider, hospital, commissioner, university or host."""
    body = (kind, name, ods_code, service_name, address, phone, email)
    with write("accounts.organisation_added", by=by, key=key, body=body) as doing:
        if doing.replay_of:
            return Organisation.objects.get(pk=doing.replay_of)
        if not rules.may_manage(by, None, home_of(by)):
            raise Refused("Only an administrator of the host can add an organisation.")
        if kind not in Organisation.Kind.values or not name.strip():
            raise Refused("An organisation needs a kind and a name.")
        code = ods_code.strip().upper()
        if code and Organisation.objects.filter(ods_code=code).exists():
            raise Refused(f"There is an organisation with the ODS code {code} already.")
        made = Organisation.objects.create(
            kind=kind, name=name.strip(), ods_code=code, service_name=service_name.strip(),
            address=address.strip(), phone=phone.strip(), email=email.strip(),
        )  # fmt: skip
        doing.about(made)
    return made


def add_user(*, by: Actor, email: str, full_name: str, password: str = "", key: str = "") -> User:
    """Make an account and invite its owner, by e-mail, to choose a password.

    `password` is for the fictional service, which tells it on the terminal: only the host's own
    command line may give one. An address that has an account already gives that account.
    """
    address = email.strip().lower()
    with write("accounts.user_added", by=by, key=key, body=(address, full_name)) as doing:
        if doing.replay_of:
            return User.objects.get(pk=doing.replay_of)
        home = home_of(by)
        if not rules.may_manage(by, home, home):
            raise Refused("Only an administrator can add a person.")
        if password and by.user_id is not None:
            raise Refused("Nobody chooses a password for somebody else.")
        found = User.objects.filter(email__iexact=address).first()
        if found is not None:
            doing.about(found, note="had an account already")
            return found
        if not full_name.strip():
            raise Refused("Type the person's name.")
        user = User(email=address, full_name=full_name.strip())
        user.set_password(password or None)
        user.save()
        if not password:
            mail.invite(user, home.name if home else "")
        doing.about(user)
    return user


def grant_role(
    *, by: Actor, user: User, organisation: Organisation, role: str, starts: date | None = None,
    capacity: int | None = None, key: str = "",
) -> Membership | RoleRequest:  # fmt: skip
    """Give somebody a role from a day on; some roles wait for a second person's approval."""
    body = (user.pk, organisation.pk, role, starts, capacity)
    with write("accounts.role_granted", by=by, key=key, body=body) as doing:
        first, today = starts or clock.today(), clock.today()
        two_people = by.user_id is not None and role in rules.NEED_TWO_PEOPLE
        if doing.replay_of:
            kind = RoleRequest if two_people else Membership
            return kind.objects.get(pk=doing.replay_of)
        rules.check_may_manage(by, organisation, home_of(by))
        rules.check_may_grant(by, user, organisation, role, first, today)
        made: Membership | RoleRequest
        if two_people:
            waiting = RoleRequest.objects.filter(
                user=user, organisation=organisation, role=role, decision="waiting"
            )
            if waiting.exists():
                raise Refused("This role is waiting for a second person's approval already.")
            made = RoleRequest.objects.create(
                user=user, organisation=organisation, role=role, starts=first,
                asked_by_id=by.user_id or 0, asked_at=clock.now(),
            )  # fmt: skip
        else:
            made = Membership.objects.create(
                user=user, organisation=organisation, role=role, starts=first, capacity=capacity
            )
        doing.about(made, note=f"{role} for user {user.pk} at organisation {organisation.pk}")
    return made


def give_role(
    *, by: Actor, email: str, full_name: str, organisation: Organisation, role: str, starts: date,
    capacity: int | None = None, key: str = "",
) -> Membership | RoleRequest:  # fmt: skip
    """Give a role to whoever has this e-mail address, with an account if they have none yet."""
    with transaction.atomic():
        user = add_user(by=by, email=email, full_name=full_name, key=key and f"{key}-user")
        return grant_role(
            by=by, user=user, organisation=organisation, role=role, starts=starts,
            capacity=capacity, key=key,
        )  # fmt: skip


def approve_grant(*, by: Actor, request: RoleRequest, approved: bool, key: str = "") -> RoleRequest:
    """Decide, as a second person, on a role that was asked for."""
    with write("accounts.role_decided", by=by, key=key, body=(request.pk, approved)) as doing:
        asked = RoleRequest.objects.select_for_update().get(pk=request.pk)
        if doing.replay_of:
            return asked
        rules.check_may_manage(by, asked.organisation, home_of(by))
        rules.check_may_decide(by, asked)
        asked.decision = RoleRequest.Decision.APPROVED if approved else "declined"
        asked.decided_by_id, asked.decided_at = by.user_id, clock.now()
        asked.save(update_fields=["decision", "decided_by", "decided_at"])
        if approved:
            starts = max(asked.starts, clock.today())
            rules.check_may_grant(
                by, asked.user, asked.organisation, asked.role, starts, clock.today()
            )
            Membership.objects.create(
                user=asked.user, organisation=asked.organisation, role=asked.role, starts=starts
            )
        doing.about(asked, note=f"{asked.role} for user {asked.user_id}: {asked.decision}")
    return asked


def end_role(
    *, by: Actor, membership: Membership, on: date | None = None, key: str = ""
) -> Membership:
    """End a role: `on` is the first day it is no longer held, today unless given."""
    with write("accounts.role_ended", by=by, key=key, body=(membership.pk, on)) as doing:
        held = Membership.objects.select_for_update().get(pk=membership.pk)
        if doing.replay_of:
            return held
        last = on or clock.today()
        rules.check_may_manage(by, held.organisation, home_of(by))
        rules.check_may_end_role(by, held, last, clock.today())
        held.ends = last
        held.save(update_fields=["ends"])
        doing.about(held, note=f"{held.role} of user {held.user_id} ends {last.isoformat()}")
    return held


def start_agreement(
    *, by: Actor, practice: Organisation, provider: Organisation, starts: date | None = None,
    key: str = "",
) -> Agreement:  # fmt: skip
    """Record that a provider runs the service for a practice from a day on."""
    body = (practice.pk, provider.pk, starts)
    with write("accounts.agreement_started", by=by, key=key, body=body) as doing:
        if doing.replay_of:
            return Agreement.objects.get(pk=doing.replay_of)
        first = starts or clock.today()
        rules.check_may_manage(by, provider, home_of(by))
        rules.check_may_agree(practice, provider, first)
        made = Agreement.objects.create(practice=practice, provider=provider, starts=first)
        doing.about(made)
    return made


def end_agreement(
    *, by: Actor, agreement: Agreement, on: date | None = None, key: str = ""
) -> Agreement:
    """End an agreement: `on` is the first day it no longer holds, today unless given."""
    with write("accounts.agreement_ended", by=by, key=key, body=(agreement.pk, on)) as doing:
        found = Agreement.objects.select_for_update().get(pk=agreement.pk)
        if doing.replay_of:
            return found
        last = on or clock.today()
        rules.check_may_manage(by, found.provider, home_of(by))
        rules.check_may_end_agreement(found, last)
        found.ends = last
        found.save(update_fields=["ends"])
        doing.about(found, note=f"ends {last.isoformat()}")
    return found


def home_of(by: Actor) -> Organisation | None:
    """The organisation `by` acts in."""
    return Organisation.objects.filter(pk=by.organisation_id or 0).first()


def match_openid(*, person: Person) -> User:
    """Who somebody known to an NHS identity service is here; never a new account.

    By the link made before, else by an e-mail address the service verified, which makes the link.
    Raises Refused when nobody fits, and when a patient's sign-in would open a staff account.
    """
    links = OpenIdLink.objects.filter(issuer=person.issuer, subject=person.subject)
    link = links.select_related("user").first()
    if link is not None:
        rules.check_whose_sign_in(link.user, patient=person.patient)
        return link.user
    found = User.objects.filter(email__iexact=person.email).first() if person.email else None
    if found is None or not found.is_active:
        raise Refused(
            "Nobody here is linked to this NHS sign-in. Ask your administrator, or sign in with "
            "your password."
        )
    rules.check_whose_sign_in(found, patient=person.patient)
    return link_openid(
        by=system_actor("sign-in"), user=found, issuer=person.issuer, subject=person.subject
    ).user


def link_openid(*, by: Actor, user: User, issuer: str, subject: str, key: str = "") -> OpenIdLink:
    """Link somebody to their name at an NHS identity service; one person has one name there."""
    body = (user.pk, issuer, subject)
    with write("accounts.openid_linked", by=by, key=key, body=body) as doing:
        if doing.replay_of:
            return OpenIdLink.objects.get(pk=doing.replay_of)
        own = by.user_id in {None, user.pk}
        if not own and not rules.may_manage(by, None, home_of(by)):
            raise Refused("Only an administrator of the host can link somebody else.")
        if OpenIdLink.objects.filter(user=user, issuer=issuer).exists():
            raise Refused(
                "Your account is linked to another NHS sign-in already. Ask your administrator."
            )
        made = OpenIdLink.objects.create(
            user=user, issuer=issuer, subject=subject, linked_at=clock.now()
        )
        doing.about(made, note=f"user {user.pk}")
    return made
