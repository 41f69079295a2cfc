"""Nothing about them without them: what every discussion of a person says of the person (COM-4)."""

from __future__ import annotations

from django.db import models

from unhurried.service.accounts.models import Membership


class Presence(models.Model):
    """Was the person there, did they want to be, and have they been told? All three are asked of
    every discussion of them; "not asked" is an honest answer and shows."""

    class Wished(models.TextChoices):
        YES = "yes", "They wanted to be there"
        NO = "no", "They did not want to be there"
        NOT_ASKED = "not_asked", "They were not asked"

    present = models.BooleanField()
    wished = models.CharField(max_length=10, choices=Wished.choices)
    told_at = models.DateTimeField(null=True, blank=True)
    told_by = models.ForeignKey(
        Membership, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    told_what = models.TextField(blank=True)
    # They said that they do not want to hear of it; nobody is reminded then.
    rather_not_know = models.BooleanField(default=False)

    class Meta:
        abstract = True
