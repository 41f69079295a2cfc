"""Writing what somebody was given to read or do, and what they thought of it (SES-2, SES-4)."""

from __future__ import annotations

from unhurried.service.audit import clock
from unhurried.service.audit.actor import Actor
from unhurried.service.audit.operations import write
from unhurried.service.audit.refused import Refused
from unhurried.service.patients.conflict import ChangedMeanwhile
from unhurried.service.patients.models import Patient
from unhurried.service.sessions import library
from unhurried.service.sessions.models import ResourceGiven, Session

Opinion = ResourceGiven.Opinion


def give_resource(
    *, by: Actor, patient: Patient, code: str, session: Session | None = None, key: str = ""
) -> ResourceGiven:
    """The resource, given now; given again after it was put aside, it is asked about anew."""
    body = (patient.pk, code, session and session.pk)
    with write("sessions.resource_given", by=by, key=key, body=body) as doing:
        if doing.replay_of:
            return ResourceGiven.objects.get(pk=doing.replay_of)
        resource = library.resource(code)
        if resource is None:
            raise Refused("Choose something from the library.")
        if by.membership_id is None:
            raise Refused("A resource is given by a person in a role.")
        rows = ResourceGiven.objects.select_for_update()
        found = rows.filter(patient=patient, code=code).first()
        given = found or ResourceGiven(patient=patient, code=code, version=0)
        given.title, given.session = resource.title, session
        given.given_by_id, given.given_at = by.membership_id, clock.now()
        if given.opinion == Opinion.DROPPED:
            given.opinion, given.opinion_at = Opinion.NOT_SAID, None
        given.version += 1
        given.save()
        doing.about(given, patient_id=patient.pk, note="again" if found else "")
    return given


def say_of_resource(
    *, by: Actor, given: ResourceGiven, opinion: str, version: int, key: str = ""
) -> ResourceGiven:
    """What the person thought of it: liked, not for me, put aside; "" takes an answer back."""
    body = (given.pk, opinion, version)
    with write("sessions.resource_said", by=by, key=key, body=body) as doing:
        current = ResourceGiven.objects.select_for_update().get(pk=given.pk)
        if doing.replay_of:
            return current
        if current.version != version:
            raise ChangedMeanwhile(current)
        if opinion not in Opinion.values:
            raise Refused("Choose what they thought of it.")
        current.opinion = opinion
        current.opinion_at = clock.now() if opinion else None
        current.version += 1
        current.save()
        doing.about(current, patient_id=current.patient_id, note=opinion)
    return current
