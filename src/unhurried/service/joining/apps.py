"""Django's entry for the app."""

from django.apps import AppConfig


class JoiningConfig(AppConfig):
    """Joining: referral, invitation and enrolment."""

    name = "unhurried.service.joining"
    label = "joining"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Make the checks before sending and the background work known."""
        from unhurried.service.joining import jobs, sending, stopping  # noqa: F401
