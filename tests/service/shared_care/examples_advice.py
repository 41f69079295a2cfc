"""Examples of questions to specialists (see access/examples.py)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils import timezone
from tests.service.access.story import Example, Factory, Story, of_patient
from tests.service.conftest import actor_for

from unhurried.service.patients.models import Consent
from unhurried.service.patients.operations import record_consent
from unhurried.service.shared_care.models import AdviceRequest
from unhurried.service.shared_care.operations import advice as operations
from unhurried.service.shared_care.operations.advice import Asked


def shares(story: Story) -> None:
    """The person says yes to sharing with specialists."""
    asked = Consent.objects.filter(patient=story.patient, kind="sharing", party="specialist")
    if not asked.exists():
        record_consent(
            by=actor_for(story.worker), patient=story.patient, kind="sharing", given=True,
            how="spoken", party="specialist",
        )  # fmt: skip


def new(story: Story, **more: Any) -> AdviceRequest:
    """A question of the worker to the story's consultant, by name."""
    shares(story)
    values: dict[str, Any] = {
        "hospital": story.world.hospital, "role": "pain_consultant",
        "specialist": story.consultant, "question": "Which of the two would you try first?",
        "wants": "next", **more,
    }  # fmt: skip
    return operations.ask(
        by=actor_for(story.worker), patient=story.patient, asked=Asked(**values),
        pack={"as_at": timezone.localdate().isoformat()},
    )  # fmt: skip


def asked(story: Story) -> AdviceRequest:
    """The story's open question, made once."""
    if "advice" not in story.__dict__:
        story.__dict__["advice"] = new(story)
    found: AdviceRequest = story.__dict__["advice"]
    return found


def answered(story: Story) -> AdviceRequest:
    """The story's answered question, made once; the person cannot read the advice yet."""
    if "advice_answered" not in story.__dict__:
        made = new(story, question="Is this safe beside the other tablets?", wants="safe")
        story.__dict__["advice_answered"] = operations.answer(
            by=actor_for(story.consultant), request=made, answer="Begin low, and look again soon.",
            if_then="If sleepy, ring me.", may_read="after_talk", version=made.version,
        )  # fmt: skip
    found: AdviceRequest = story.__dict__["advice_answered"]
    return found


def _of(thing: Callable[[Story], AdviceRequest], role: str) -> Factory:
    def make(story: Story) -> Example:
        kwargs = {"uuid": story.patient.uuid, "request_id": thing(story).uuid}
        return Example(kwargs, getattr(story, role), patient=story.patient)

    return make


EXAMPLES: dict[str, Factory] = {
    "shared_care:advice_of_person": of_patient("worker"),
    "shared_care:ask_advice": of_patient("worker"),
    "shared_care:advice_paper": _of(asked, "worker"),
    **{
        f"shared_care:{name}": _of(asked, "consultant")
        for name in (
            "advice_request", "answer_advice", "ask_back_advice", "pass_on_advice",
            "advice_not_for_me",
        )
    },
    **{
        f"shared_care:{name}": _of(asked, "worker")
        for name in ("reply_advice", "advice_another", "withdraw_advice")
    },
    **{
        f"shared_care:{name}": _of(answered, "worker")
        for name in ("advice_read", "release_advice")
    },
}  # fmt: skip
