"""Django's entry for the app."""

from django.apps import AppConfig


class SessionsConfig(AppConfig):
    """Sessions: appointments, what was done, resources."""

    name = "unhurried.service.sessions"
    label = "meetings"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Make known the check before sending, what stops, what goes along, what a summary says."""
        from unhurried.service.sessions import going_along, reminders, stopping, summary  # noqa: F401
