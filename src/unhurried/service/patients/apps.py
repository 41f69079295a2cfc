"""Django's entry for the app."""

from importlib import import_module

from django.apps import AppConfig


class PatientsConfig(AppConfig):
    """Patients: the person, how to reach them, their consents, their time with the service."""

    name = "unhurried.service.patients"
    label = "patients"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register what is asked just before a message leaves, and what runs every so often."""
        import_module("unhurried.service.patients.telling")
        import_module("unhurried.service.patients.account_mail")
        import_module("unhurried.service.patients.jobs")
