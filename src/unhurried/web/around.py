"""What stands around every page: who is signed in and as what, where they can go, the demo flag."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from uuid import UUID

from django.conf import settings
from django.contrib.messages import get_messages
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from unhurried.service.accounts.models import Organisation
from unhurried.service.accounts.policy import grant_for, roles
from unhurried.service.audit.actor import Actor
from unhurried.service.tables import rows


@dataclass(frozen=True, slots=True)
class Place:
    """One entry of the navigation."""

    text: str
    href: str
    current: bool


@dataclass(frozen=True, slots=True)
class Around:
    """Everything the base layout shows beside the page itself."""

    demo: bool
    doors_href: str = ""  # of the demo: where one chooses who to be
    name: str = ""
    role: str = ""
    organisation: str = ""
    places: tuple[Place, ...] = ()
    more: tuple[Place, ...] = ()
    person: tuple[Place, ...] = ()
    may_search: bool = False
    search_href: str = ""
    sign_in_href: str = ""
    sign_out_href: str = ""
    account_href: str = ""
    roles_href: str = ""
    messages: tuple[tuple[str, str], ...] = ()


def around(request: HttpRequest | None, path: str | None = None) -> Around:
    """The surroundings of a page; only the bare frame when there is no request to ask.

    `path` is where the navigation says one is, if not at the request's own address.
    """
    demo = bool(settings.DEMO)
    doors = str(settings.LOGIN_URL) if demo else ""
    if not isinstance(request, HttpRequest):
        return Around(demo=demo, doors_href=doors)
    actor: Actor | None = getattr(request, "actor", None)
    said = tuple((str(each.level_tag), str(each)) for each in get_messages(request))
    if actor is None:
        way_in = address("accounts:sign_in")
        return Around(demo=demo, doors_href=doors, messages=said, sign_in_href=way_in)
    organisation = Organisation.objects.filter(pk=actor.organisation_id or 0).first()
    role = roles().get(actor.role)
    search = address("patients:people")
    return Around(
        demo=demo,
        doors_href=doors,
        name=actor.name,
        role=role.name if role else actor.role,
        organisation=organisation.name if organisation else "",
        places=places(actor.role, request.path if path is None else path),
        more=places(actor.role, request.path if path is None else path, where="more"),
        person=rooms_of_a_record(actor.role, request.path if path is None else path),
        may_search=bool(search) and actor.role not in {"patient", "carer"}
        and grant_for(actor.role, "identity", "r") is not None,
        search_href=search,
        sign_out_href=address("accounts:sign_out"),
        account_href=address("accounts:account"),
        roles_href=address("accounts:choose_role"),
        messages=said,
    )  # fmt: skip


def address(page: str) -> str:
    """The address of a page, what stands in it after a space; nothing if there is none."""
    name, *things = page.split()
    try:
        return reverse(name, args=things)
    except NoReverseMatch:
        return ""


@cache
def _navigation(where: str) -> tuple[tuple[frozenset[str], str, str], ...]:
    return tuple(
        (frozenset(row["roles"].split()), row["text"], row["page"])
        for row in rows("unhurried.web", "navigation.csv")
        if row["where"] == where
    )


def places(role: str, path: str, where: str = "row") -> tuple[Place, ...]:
    """The navigation of a role; the entry whose address begins this page's is the current one.

    `where`: "row" for what stands above every page, "more" for what stands at its foot.
    """
    found = [(text, address(page)) for served, text, page in _navigation(where) if role in served]
    found = [(text, href) for text, href in found if href]
    within = [
        href for _text, href in found if path.startswith(href) and (href != "/" or path == "/")
    ]
    here = max(within, key=len, default="")
    return tuple(Place(text, href, href == here) for text, href in found)


@cache
def _rooms() -> tuple[tuple[str, str, str, str, tuple[str, ...]], ...]:
    return tuple(
        (row["page"], row["text"], row["own_text"], row["object"], tuple(row["also"].split()))
        for row in rows("unhurried.web", "person_places.csv")
    )


def rooms_of_a_record(role: str, path: str) -> tuple[Place, ...]:
    """The rooms of the record whose page this is, as far as the role has them at all.

    Whether this person's are open to this actor is for the page: what is not theirs is not found.
    A carer has what was shared with them on their own first page.
    """
    uuid = _whose(path)
    if uuid is None or role == "carer":
        return ()
    found = []
    within: dict[str, str] = {}  # how this page's address begins, and the room that is of
    for page, text, own_text, thing, also in _rooms():
        grant = grant_for(role, thing, "r")
        shown = own_text if role == "patient" else text
        if grant is not None and grant.scope != "metadata" and shown:
            href = reverse(page, args=[uuid])
            found.append((shown, href))
            begins = [href, *(f"/people/{uuid}/{part}/" for part in also)]
            within |= {each: href for each in begins if path.startswith(each)}
    here = within[max(within, key=len)] if within else ""
    return tuple(Place(text, href, href == here) for text, href in found)


def _whose(path: str) -> UUID | None:
    """The person whose record an address is in: `/people/<uuid>/...`."""
    parts = path.split("/")
    if parts[:2] != ["", "people"] or len(parts) < 4:
        return None
    try:
        return UUID(parts[2])
    except ValueError:
        return None
