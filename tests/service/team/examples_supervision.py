"""An example of every thing that stands in an address of supervision."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone
from tests.service.access.story import Example, Factory, Story
from tests.service.sessions.examples import kept

from unhurried.service.accounts.models import Membership
from unhurried.service.team.models import Supervises, SupervisionMeeting, SupportRequest


def _supervisor(story: Story) -> Membership:
    supervisor = story.world.member("clinical_supervisor")
    now = timezone.now()
    Supervises.objects.create(
        worker=story.worker, supervisor=supervisor, starts=timezone.localdate() - timedelta(days=9),
        assigned_at=now,
    )  # fmt: skip
    return supervisor


supervisor = kept("a_supervisor", _supervisor)


def supervision(story: Story, **more: Any) -> SupervisionMeeting:
    """A supervision of the worker, this minute last hour unless told otherwise."""
    now = timezone.now()
    values: dict[str, Any] = {
        "worker": story.worker, "supervisor": supervisor(story), "minutes": 60,
        "starts_at": now - timedelta(hours=1), "planned_at": now,
    }  # fmt: skip
    return SupervisionMeeting.objects.create(**values | more)


def _request(story: Story) -> SupportRequest:
    return SupportRequest.objects.create(
        worker=story.worker, supervisor=supervisor(story), opened_at=timezone.now(),
        words="A long week",
    )  # fmt: skip


meeting = kept("a_supervision", supervision)
request = kept("a_request_for_support", _request)


def _meeting(story: Story) -> Example:
    return Example({"uuid": meeting(story).uuid}, supervisor(story))


EXAMPLES: dict[str, Factory] = {
    **{
        f"team:supervision_{name}": _meeting
        for name in ("meeting", "move", "not_held", "record", "sign")
    },
    "team:supervisor": lambda s: Example({"worker": s.worker.pk}, s.manager, shared=True),
    "team:support_answer": lambda s: Example({"uuid": request(s).uuid}, supervisor(s)),
}
