"""Django's entry for the app."""

from importlib import import_module

from django.apps import AppConfig

# What each room makes known: its clocks, whose record it opens.
MAKES_KNOWN = ("supervision", "handover")


class TeamConfig(AppConfig):
    """Supervision, time, learning, caseloads and handover."""

    name = "unhurried.service.team"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Let each room make its clocks known."""
        for room in MAKES_KNOWN:
            import_module(f"unhurried.service.team.clocks.{room}")
