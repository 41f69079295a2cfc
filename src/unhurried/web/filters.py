"""How pages write dates, numbers and addresses: filters and helpers of the templates."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.http import QueryDict
from django.utils import timezone
from markupsafe import Markup, escape

NO_BREAK = "\N{NO-BREAK SPACE}"


def day(value: date | datetime | None) -> str:
    """`3 November 2026`; nothing for no date."""
    if value is None or not isinstance(value, date):
        return ""
    if isinstance(value, datetime) and timezone.is_aware(value):
        value = timezone.localtime(value)
    return f"{value.day}{NO_BREAK}{value:%B}{NO_BREAK}{value.year:04d}"


def moment(value: datetime | None) -> str:
    """`3 November 2026 at 14:05`, in the service's own time zone."""
    if not isinstance(value, datetime):
        return day(value)
    if timezone.is_aware(value):
        value = timezone.localtime(value)
    return f"{day(value)} at{NO_BREAK}{value:%H:%M}"


def nhs_number(value: str | None) -> str:
    """`999 123 4567`, kept on one line; anything that is no NHS number stays as it is."""
    text = str(value or "")
    if len(text) != 10 or not text.isdecimal():
        return text
    return NO_BREAK.join((text[:3], text[3:6], text[6:]))


def paragraphs(value: str | None) -> Markup:
    """Typed text with its line breaks kept and nothing in it taken for markup."""
    lines: Iterable[str] = str(value or "").splitlines()
    return Markup("<br>").join(escape(line) for line in lines)


def with_query(given: QueryDict | None, **changes: object) -> str:
    """This page's query string with some values changed, or left out when None: `?q=x&page=2`."""
    query = given.copy() if given is not None else QueryDict(mutable=True)
    for name, value in changes.items():
        query.pop(name, None)
        if value is not None:
            query[name] = str(value)
    return f"?{query.urlencode()}" if query else "?"
