"""Valid sendings of the forms of accounts that need something made first."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django.utils import timezone
from tests.service.access.story import Story
from tests.service.everywhere.filling import WORDS, Post

from unhurried.service.accounts.models import OpenIdLink


def clear_second_step(story: Story) -> Post:
    """Somebody who lost their recovery codes."""
    someone = story.world.member("project_worker")
    Authenticator.objects.create(user=someone.user, type="recovery_codes", data={})
    return Post(story.administrator, {"reason": WORDS}, {"membership": someone.pk})


def unlink(story: Story) -> Post:
    """An NHS sign-in of one's own, linked before."""
    found = OpenIdLink.objects.create(
        user=story.worker.user, issuer="https://id.example", subject="1", linked_at=timezone.now()
    )
    return Post(story.worker, {"link": found.pk})
