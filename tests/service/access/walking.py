"""Every address of the project, read from the URL configuration itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from unhurried.service.accounts.guard import Access

# allauth's own views: they ask who is signed in themselves, and show nothing of any record.
OF_ALLAUTH = frozenset(
    {
        "accounts:sign_in", "accounts:sign_out", "account_login", "account_logout",
        "mfa_authenticate", "mfa_login_webauthn", "account_inactive", "account_reset_password",
        "account_reset_password_done", "account_reset_password_from_key",
        "account_reset_password_from_key_done", "account_change_password",
        "account_reauthenticate", "mfa_reauthenticate", "mfa_reauthenticate_webauthn",
        "mfa_index", "mfa_activate_totp", "mfa_deactivate_totp", "mfa_view_recovery_codes",
        "mfa_generate_recovery_codes", "mfa_list_webauthn", "mfa_add_webauthn",
        "mfa_remove_webauthn",
    }
)  # fmt: skip
NOT_MARKED = object()


@dataclass(frozen=True)
class Route:
    """One address: its name, the kinds of things in it, and what its view says of access."""

    name: str
    pattern: str
    kwargs: tuple[str, ...]
    view: Callable[..., Any]

    @property
    def access(self) -> Any:
        """The view's Access, None when it is open to all, NOT_MARKED when it says nothing."""
        return getattr(self.view, "access", NOT_MARKED)

    @property
    def guarded(self) -> bool:
        """Does the matrix decide here?"""
        return isinstance(self.access, Access)


def routes() -> list[Route]:
    """All of them, in the order Django tries them."""
    return list(_walk(get_resolver().url_patterns, "", ""))


def guarded_routes() -> list[Route]:
    """Those the matrix decides on."""
    return [each for each in routes() if each.guarded]


def _walk(patterns: Any, space: str, before: str) -> Iterator[Route]:
    for each in patterns:
        here = before + str(each.pattern)
        if isinstance(each, URLResolver):
            inside = f"{space}{each.namespace}:" if each.namespace else space
            yield from _walk(each.url_patterns, inside, here)
        elif isinstance(each, URLPattern):
            names = tuple(each.pattern.converters) or tuple(
                getattr(each.pattern.regex, "groupindex", ())
            )
            yield Route(f"{space}{each.name}", here, names, each.callback)
