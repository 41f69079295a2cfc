"""Every command of `unhurried`, and who may give it: whoever can sign in to the machine.

Commands have no roles. Those that touch the service's data act as a named part of the system in
the audit trail, so a new one is added here with what it reaches.
"""

from __future__ import annotations

from typer.main import get_command

from unhurried.cli.main import app

# "files": reads and writes only files it is given. "host": the service's own data, by its host.
REACHES = {
    "directions": "files", "dose": "files", "screen": "files", "demo": "host", "serve": "host",
    "worker": "host", "admin create": "host", "audit verify": "host", "audit checkpoint": "host",
}  # fmt: skip


def test_every_command_is_listed_with_what_it_reaches() -> None:
    found: set[str] = set()
    for name, command in getattr(get_command(app), "commands", {}).items():
        inner = getattr(command, "commands", None)
        found |= {f"{name} {each}" for each in inner} if inner else {name}
    assert found == set(REACHES)
