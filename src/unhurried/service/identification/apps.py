"""Django's entry for the app."""

from importlib import import_module

from django.apps import AppConfig


class IdentificationConfig(AppConfig):
    """Identification: finding people in a practice's records and a GP's triage of the list."""

    name = "unhurried.service.identification"
    label = "identification"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Let the workers know how to screen."""
        import_module("unhurried.service.identification.jobs")
