"""The template environment: the NHS.UK components, our own macros, and few globals."""

from __future__ import annotations

from typing import Any

from django.contrib.staticfiles.storage import staticfiles_storage
from django.urls import reverse
from jinja2 import ChainableUndefined, ChoiceLoader, Environment, PackageLoader

from unhurried.web import filters
from unhurried.web.around import around

# Those with pages of their own.
SERVICE_APPS = (
    "accounts",
    "patients",
    "shared_care",
    "identification",
    "joining",
    "planning",
    "worksheets",
    "sessions",
    "team",
)


def environment(**options: Any) -> Environment:
    """Make the environment Django's Jinja2 backend uses.

    Templates of an app live in `service/<app>/templates/<app>/`.
    """
    own = options.pop("loader")
    options["undefined"] = ChainableUndefined  # the NHS.UK macros read parameters not given
    options["trim_blocks"] = options["lstrip_blocks"] = True
    loaders = [own]
    loaders += [PackageLoader(f"unhurried.service.{app}") for app in SERVICE_APPS]
    loaders.append(PackageLoader("nhsuk_frontend_jinja"))
    made = Environment(loader=ChoiceLoader(loaders), **options)  # noqa: S701 - Django sets autoescape
    made.globals.update(
        static=staticfiles_storage.url, url=_url, around=around, with_query=filters.with_query
    )
    made.filters.update(
        day=filters.day,
        moment=filters.moment,
        nhs_number=filters.nhs_number,
        paragraphs=filters.paragraphs,
    )
    return made


def _url(name: str, *args: object, **kwargs: object) -> str:
    return reverse(name, args=args or None, kwargs=kwargs or None)
