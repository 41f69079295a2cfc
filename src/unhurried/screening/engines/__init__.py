"""Where the steps run: DuckDB every day, Spark where one machine is not enough."""

from __future__ import annotations


class EngineMissing(Exception):  # noqa: N818 - read as a sentence: "this engine is missing"
    """An engine cannot run here; its text says why and what to do."""
