"""What every thing that waits for somebody carries: since when, and from when it is late."""

from __future__ import annotations

import uuid

from django.db import models


class Waiting(models.Model):
    """Something that waits for somebody to act. It is late from `late_from` on, and somebody else
    sees it, too, from `passed_on_from` on (`times.due` says when); `closed_at` ends it."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    opened_at = models.DateTimeField()
    late_from = models.DateTimeField(null=True, blank=True)
    passed_on_from = models.DateTimeField(null=True, blank=True)
    # Which of the two somebody was written to about: "", late, passed_on.
    reminded = models.CharField(max_length=12, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True
