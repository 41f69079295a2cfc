"""`unhurried admin`: the first administrator of a new service."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from unhurried.cli.exits import CommandError, Exit
from unhurried.cli.serve import ADDRESS_KEPT
from unhurried.cli.terminal import say

app = typer.Typer(help="Who administers the service.", no_args_is_help=True)


@app.callback()
def _main() -> None:
    """Who administers the service."""


@app.command("create")
def create(
    email: Annotated[str, typer.Argument(help="The address they sign in with.")],
    name: Annotated[str, typer.Argument(help="Their full name.")],
    data: Annotated[
        Path | None, typer.Option("--data", help="The service's folder (else UNHURRIED_DATA).")
    ] = None,
    house: Annotated[
        str, typer.Option("--host-name", help="Who runs the computer, on first use.")
    ] = "Host of the service",
) -> None:
    """Make someone a system administrator and print where they choose their password."""
    from unhurried.cli.service import open_service

    kept = (data or Path(os.environ.get("UNHURRIED_DATA", "service-data"))) / ADDRESS_KEPT
    if kept.is_file():
        os.environ.setdefault("UNHURRIED_ADDRESS", kept.read_text(encoding="utf-8").strip())
    open_service(data, needs="accounts_user")
    from django.core.exceptions import ValidationError
    from django.core.validators import validate_email
    from django.db import transaction

    from unhurried.service.accounts import mail, operations, queries
    from unhurried.service.audit.actor import system_actor
    from unhurried.service.audit.refused import Refused

    try:
        validate_email(email.strip())
    except ValidationError as error:
        raise CommandError(
            f"{email} is not an e-mail address. Type it as name@example.org.", Exit.WRONG_USAGE
        ) from error
    by = system_actor("command line")
    try:
        with transaction.atomic():
            host = queries.host() or operations.add_organisation(by=by, kind="host", name=house)
            user = operations.add_user(by=by, email=email, full_name=name)
            operations.grant_role(by=by, user=user, organisation=host, role="system_administrator")
    except Refused as refusal:
        raise CommandError(str(refusal), Exit.REFUSED) from refusal
    say(f"{user.full_name} administers the service now. They choose their password here:")
    say(mail.link_for(user))
    say("The link works for three days. After it they set up a second step for signing in.")
