"""Django's entry for the app."""

from django.apps import AppConfig


class PlanningConfig(AppConfig):
    """Planning: assessment, measures, the pain management plan."""

    name = "unhurried.service.planning"
    label = "planning"
    default_auto_field = "django.db.models.BigAutoField"
