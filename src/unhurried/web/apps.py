"""Django's entry for what stands above the apps."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Pages that several steps share."""

    name = "unhurried.web"

    def ready(self) -> None:
        """Hand in what is put together from several steps."""
        from unhurried.web import advice_pack

        advice_pack.make_known()  # what a specialist sees beside a question
