"""Finding a person from one box: an NHS number, words of a name, a date of birth (H09).

Only people whose identity the searcher may see; a list is shown a page at a time.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime

from django.core.paginator import Page, Paginator
from django.db import connection
from django.db.models import QuerySet

from unhurried.records.nhs_number import read_nhs_number
from unhurried.service.audit.actor import Actor
from unhurried.service.audit.operations import saw, saw_many
from unhurried.service.patients.access import visible_patients
from unhurried.service.patients.models import Episode, NameWord, Patient
from unhurried.service.patients.names import searched_words

PAGE = 25
LONGEST = 200
MOST_WORDS = 6
_NUMBER = re.compile(r"[0-9 \t\u00a0-]+", re.ASCII)
_DATE = re.compile(
    r"\b(?:[0-9]{1,2}[/.-][0-9]{1,2}[/.-][0-9]{4}|[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{8}"
    r"|[0-9]{1,2} [A-Za-z]{3,9} [0-9]{4})\b",
    re.ASCII,
)
_FORMS = ("%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y", "%Y-%m-%d", "%d%m%Y", "%d %B %Y", "%d %b %Y")
_HIGHEST = "\U0010ffff"


@dataclass(frozen=True, slots=True)
class Found:
    """What a search gave. `problem` is a sentence when the text could not be searched for."""

    text: str
    problem: str = ""
    people: Page[Patient] | None = None


def search(actor: Actor, text: str, page: int = 1) -> Found:
    """The people `actor` may see who fit `text`, by name; each of them is told of the look.

    Without any text: those who are with the service now.
    """
    typed = text.strip()
    if len(typed) > LONGEST:
        return Found(text, f"Type {LONGEST} characters at most.")
    seen = visible_patients(actor, "identity").select_related("practice")
    fitting = _fitting(seen, typed) if typed else seen.filter(pk__in=_with_the_service())
    if isinstance(fitting, str):
        return Found(text, fitting)
    ordered = fitting.order_by("search_name", "date_of_birth", "pk")
    people = Paginator(ordered, PAGE).get_page(page)
    found = list(people.object_list)
    people.object_list = found
    if found:
        saw_many("identity", by=actor, patient_ids=[each.pk for each in found], note="in a list")
    else:
        saw("identity", by=actor, object_id="search", note="listed nobody")
    return Found(text, people=people)


def _with_the_service() -> QuerySet[Episode, int]:
    """The patients of episodes that have begun and not ended."""
    now = (Episode.State.ENROLLED, Episode.State.PAUSED)
    return Episode.objects.filter(state__in=now).values_list("patient_id", flat=True)


def _fitting(seen: QuerySet[Patient], typed: str) -> QuerySet[Patient] | str:
    """The narrowed people, or the sentence that says why this cannot be searched for."""
    if _NUMBER.fullmatch(typed) and not _DATE.fullmatch(typed):
        return _by_number(seen, typed)
    dates = _DATE.findall(typed)
    born = [_read_date(each) for each in dates]
    if None in born:
        return f"{dates[born.index(None)]} is not a date: give the day first, then the month."
    words = searched_words(_DATE.sub(" ", typed))
    if not words and not born:
        return "Type an NHS number, a name or a date of birth."
    for day in filter(None, born):
        seen = seen.filter(date_of_birth=day)
    for word in words[:MOST_WORDS]:
        seen = seen.filter(pk__in=_starting(word).values("patient_id"))
    return seen


def _by_number(seen: QuerySet[Patient], typed: str) -> QuerySet[Patient] | str:
    read = read_nhs_number(typed)
    if read.digits is None:
        return read.reason or "Type an NHS number, a name or a date of birth."
    return seen.filter(nhs_number=read.digits)


def _read_date(text: str) -> date | None:
    for form in _FORMS:
        try:
            return datetime.strptime(text, form).date()  # noqa: DTZ007 - a day, not a moment
        except ValueError:
            continue
    return None


def _starting(word: str) -> QuerySet[NameWord]:
    """Name words that begin so, in the way each database can do it from its index."""
    if connection.vendor == "sqlite":
        return NameWord.objects.filter(word__gte=word, word__lt=word + _HIGHEST)
    return NameWord.objects.filter(word__startswith=word)
