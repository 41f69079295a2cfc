"""Django's entry for the app."""

from django.apps import AppConfig


class WorksheetsConfig(AppConfig):
    """Worksheets: the self-assessment diary and its patterns."""

    name = "unhurried.service.worksheets"
    label = "worksheets"
    default_auto_field = "django.db.models.BigAutoField"
