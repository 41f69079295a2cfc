"""A valid sending of every form of `team` (see everywhere/posts.py)."""

from __future__ import annotations

from collections.abc import Callable

from tests.service.access.story import Story
from tests.service.everywhere.filling import Post
from tests.service.rooms import gathered

POSTS: dict[str, Callable[[Story], Post]] = gathered("tests.service.team", "posts_", "POSTS")
