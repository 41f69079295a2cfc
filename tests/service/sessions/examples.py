"""An example of every thing that stands in an address of `sessions` (see access/examples.py)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.utils import timezone
from tests.service.access.story import Example, Factory, Story, of_patient

from unhurried.service.sessions.models import Appointment, Component, ResourceGiven, Session
from unhurried.service.sessions.operations.catalogue import ensure_catalogue


def kept(name: str, make: Callable[[Story], Any]) -> Callable[[Story], Any]:
    """The story's thing of this name, made once for this story."""

    def get(story: Story) -> Any:
        if name not in story.__dict__:
            story.__dict__[name] = make(story)
        return story.__dict__[name]

    return get


def _appointment(story: Story, **more: Any) -> Appointment:
    now = timezone.now()
    values = {
        "patient": story.patient, "episode": story.patient.episodes.get(), "worker": story.worker,
        "starts_at": (now + timedelta(days=3)).replace(minute=0, second=0, microsecond=0),
        "minutes": 60, "place": "practice", "booked_at": now, "changed_at": now,
    }  # fmt: skip
    return Appointment.objects.create(**{**values, **more})


def past(story: Story) -> Appointment:
    """An appointment whose time has passed, of which nobody said how it was."""
    return _appointment(story, starts_at=timezone.now() - timedelta(minutes=90))


def _session(story: Story) -> Session:
    now = timezone.now()
    return Session.objects.create(
        patient=story.patient, episode=story.patient.episodes.get(), worker=story.worker,
        named_worker=story.worker, at=now, place="phone", recorded_at=now,
        next_steps="Walk to the gate",
    )  # fmt: skip


def _given(story: Story) -> ResourceGiven:
    return ResourceGiven.objects.create(
        patient=story.patient, code="your-pain-is-real", title="Your pain is real",
        given_by=story.worker, given_at=timezone.now(),
    )  # fmt: skip


def _component(story: Story) -> Component:
    """A line this service added: another service has none of its code."""
    provider = story.world.provider
    ensure_catalogue(provider.pk)
    return Component.objects.create(provider=provider, code="tai_chi", name="Tai chi", place=99)


appointment = kept("an_appointment", _appointment)
session = kept("a_session", _session)
given = kept("a_resource_given", _given)
component = kept("a_component", _component)


def _of(name: str, thing: Callable[[Story], Any]) -> Factory:
    def make(story: Story) -> Example:
        kwargs = {"uuid": story.patient.uuid, name: thing(story).uuid}
        return Example(kwargs, story.worker, patient=story.patient)

    return make


EXAMPLES: dict[str, Factory] = {
    "sessions:limits": lambda s: Example({"worker": s.worker.pk}, s.manager, shared=True),
    "sessions:resource": lambda s: Example({"code": "pacing"}, s.worker, shared=True),
    "sessions:resource_on_paper": lambda s: Example({"code": "pacing"}, s.worker, shared=True),
    "sessions:component": lambda s: Example({"code": component(s).code}, s.manager, shared=True),
    **{
        f"sessions:{name}": of_patient("worker")
        for name in ("book", "sessions", "record", "recaps", "given", "give")
    },
    **{
        f"sessions:{name}": _of("appointment", appointment)
        for name in ("appointment", "change", "cancel", "missed", "calendar_file")
    },
    **{f"sessions:{name}": _of("session", session) for name in ("session", "correct")},
    "sessions:said": _of("given", given),
}
