"""An answer on its way back to whoever asked, until somebody there says they saw it (COM-2)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from unhurried.service.accounts.models import Membership, Organisation
from unhurried.service.patients.models import Patient
from unhurried.service.shared_care.models.advice import AdviceRequest
from unhurried.service.shared_care.models.messages import Side, ThreadMessage
from unhurried.service.shared_care.models.tasks import Task
from unhurried.service.shared_care.models.waiting import Waiting


class Answer(Waiting):
    """The answer to a task, a message or a question to a specialist. It waits for the side that
    asked; `closed_at` is when somebody there said that they have seen it.

    The words stay where they were written: this only says that they are there.
    """

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="+")
    practice = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    provider = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, related_name="+"
    )
    side = models.CharField(max_length=10, choices=Side.choices)  # the side that asked
    asked_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    answered_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    task = models.ForeignKey(Task, on_delete=models.PROTECT, null=True, related_name="answers")
    message = models.ForeignKey(
        ThreadMessage, on_delete=models.PROTECT, null=True, related_name="answers"
    )
    request = models.ForeignKey(
        AdviceRequest, on_delete=models.PROTECT, null=True, related_name="answers"
    )
    seen_by = models.ForeignKey(
        Membership, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(task__isnull=False, message=None, request=None)
                | Q(task=None, message__isnull=False, request=None)
                | Q(task=None, message=None, request__isnull=False),
                name="an_answer_is_to_one_thing",
            ),
            *(
                models.UniqueConstraint(fields=[name], name=f"a_{name}_answers_once")
                for name in ("task", "message", "request")
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["patient", "closed_at"], name="answers_of_a_person")
        ]
