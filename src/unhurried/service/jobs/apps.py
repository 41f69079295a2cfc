"""Django's entry for the app."""

from django.apps import AppConfig


class JobsConfig(AppConfig):
    """Jobs: work in the background that survives a killed worker."""

    name = "unhurried.service.jobs"
    label = "jobs"
    default_auto_field = "django.db.models.BigAutoField"
