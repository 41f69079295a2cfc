"""Django's entry for the app."""

from importlib import import_module

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Accounts: people who work here, their organisations, roles and what each role may see."""

    name = "unhurried.service.accounts"
    label = "accounts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register what is asked just before a message leaves."""
        import_module("unhurried.service.accounts.lost_steps")
