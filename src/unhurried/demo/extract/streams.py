"""Streams of random numbers, one for each purpose, so that one can change without the others."""

from __future__ import annotations

from random import Random


def stream(*name: object) -> Random:
    """A stream that the same name (seed, purpose, place) always begins in the same way."""
    return Random(":".join(map(str, name)))  # noqa: S311 - fiction, not secrecy
