"""Django's entry for the app."""

from importlib import import_module

from django.apps import AppConfig

# What each room makes known: its clocks, its checks before sending, whose record it opens.
MAKES_KNOWN = (
    "tasks", "discussions", "access_problems", "summaries", "advice", "answers", "meetings",
)  # fmt: skip


class SharedCareConfig(AppConfig):
    """Tasks, messages, discussions, summaries, advice and review meetings."""

    name = "unhurried.service.shared_care"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Let each room make its clocks known."""
        for room in MAKES_KNOWN:
            import_module(f"unhurried.service.shared_care.clocks.{room}")
