"""The service's pages with 100 and with 20,000 patients: questions asked, and what they cost.

Both sizes are built in one run, each in a SQLite file of its own (and in PostgreSQL too where
DATABASE_URL names a server; the databases are made and dropped). Times are CPU seconds of this
process, PostgreSQL's own beside it in wall clock; what counts is the ratio.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from measure import PYTHON, machine

ROOT = Path(__file__).parents[1]
ADDRESSES = (
    ("home", "gp", "/"),
    ("people, by whole name", "gp", "/people/?q=given7+heron12"),
    ("people, by three letters", "gp", "/people/?q=her"),
    ("people, by NHS number", "gp", "/people/?q={number}"),
    ("people, by name, as a project worker", "worker", "/people/?q=her"),
    ("a person", "gp", "/people/{person}/"),
    ("a person, as a project worker", "worker", "/people/{person}/"),
    ("shortlist", "gp", "/finding/"),
    ("referrals", "worker", "/referrals/"),
    ("invitations", "staff", "/invitations/"),
    ("people to invite", "staff", "/invitations/choose/"),
    ("outbox", "manager", "/letters-and-messages/"),
    ("home, as a service manager", "manager", "/"),
)


def main() -> None:
    """Print the table, one for each kind of database."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--few", type=int, default=100)
    parser.add_argument("--many", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--child", type=int, help="measure one size in this process")
    wanted = parser.parse_args()
    if wanted.child is not None:
        print(json.dumps(measured(wanted.child, wanted.rounds)))
        return
    print(machine())
    for kind in ("SQLite", *(["PostgreSQL"] if os.environ.get("DATABASE_URL") else [])):
        few, many = (_in_child(kind, size, wanted.rounds) for size in (wanted.few, wanted.many))
        print(f"\n{kind}, {wanted.few:,} and {wanted.many:,} patients, {wanted.rounds} rounds\n")
        print(table(few, many))


def _in_child(kind: str, size: int, rounds: int) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as data:
        environment = {**os.environ, "UNHURRIED_DATA": data}
        if kind == "SQLite":
            environment.pop("DATABASE_URL", None)
        command = [PYTHON, __file__, "--child", str(size), "--rounds", str(rounds)]
        done = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def table(few: dict[str, Any], many: dict[str, Any]) -> str:
    """A Markdown table: questions, CPU and wall clock, and the ratios."""
    lines = [
        "| page | questions | CPU p50 ms | CPU p50 ratio | CPU p95 ratio | wall p50 ratio |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    for name, one in few.items():
        other = many[name]
        ratio = {key: other[key] / one[key] for key in ("cpu50", "cpu95", "wall50")}
        questions = (
            one["queries"] if one["queries"] == other["queries"]
            else f"{one['queries']}, **{other['queries']}**"
        )  # fmt: skip
        lines.append(
            f"| {name} | {questions} | {one['cpu50']:.1f}, {other['cpu50']:.1f} "
            f"| {ratio['cpu50']:.2f} | {ratio['cpu95']:.2f} | {ratio['wall50']:.2f} |"
        )
    return "\n".join(lines)


def measured(size: int, rounds: int) -> dict[str, Any]:
    """The figures of each page in a new database of this size."""
    sys.path.insert(0, str(ROOT))
    os.environ["DJANGO_SETTINGS_MODULE"] = "unhurried.web.settings"
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection
    from django.test.utils import setup_test_environment

    settings.UNHURRIED_TEST_NUMBERS = True
    setup_test_environment()
    made = connection.vendor == "postgresql"
    if made:
        connection.creation.create_test_db(verbosity=0, autoclobber=True)
    else:
        call_command("migrate", verbosity=0)
    try:
        return _pages(size, rounds)
    finally:
        if made:
            connection.creation.destroy_test_db(settings.DATABASES["default"]["NAME"], verbosity=0)


def _noting(asked: list[str]) -> Any:
    """Note every question but those that keep a session awake."""

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if "django_session" not in sql:
            asked.append(sql)
        return execute(sql, params, many, context)

    return note


def _populated(size: int) -> Any:
    """A service of this many patients, and the story of those who look at it."""
    from datetime import date

    from django.db import connection, transaction
    from tests.service.access.story import Story
    from tests.service.conftest import World
    from tests.service.everywhere.crowd import Crowd

    from unhurried.service.accounts.models import Agreement, Organisation

    make = Organisation.objects.create
    kinds = ("practice", "practice", "provider", "provider", "hospital", "hospital")
    places = [make(kind=kind, name=f"Place {number}") for number, kind in enumerate(kinds)]
    for each in places[:2]:
        Agreement.objects.create(practice=each, provider=places[2], starts=date(2024, 1, 1))
    with transaction.atomic():
        story = Story(World(places[0], places[1], places[2], places[3], places[4], places[5]))
        Crowd(story).grow(size)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")  # as its own housekeeping does within minutes
    return story


def _pages(size: int, rounds: int) -> dict[str, Any]:
    from django.db import connection
    from django.test import Client

    from unhurried.service.patients.models import Patient

    story = _populated(size)
    clients = {}
    for name in ("gp", "worker", "staff", "manager"):
        member = getattr(story, name)
        clients[name] = client = Client()
        client.force_login(member.user)
        session = client.session
        session["membership"], session["second_factor"] = member.pk, "totp"
        session.save()
    one = Patient.objects.filter(episodes__project_worker=story.worker).order_by("-pk")[0]
    told = {"person": one.uuid, "number": one.nhs_number}
    figures: dict[str, Any] = {}
    for name, role, pattern in ADDRESSES:
        where = pattern.format(**told)
        for _ in range(3):
            assert clients[role].get(where).status_code == 200, where
        asked: list[str] = []
        with connection.execute_wrapper(_noting(asked)):
            clients[role].get(where)
        cpu, wall = [], []
        for _ in range(rounds):
            start = time.perf_counter(), time.process_time()
            clients[role].get(where)
            wall.append((time.perf_counter() - start[0]) * 1e3)
            cpu.append((time.process_time() - start[1]) * 1e3)
        figures[name] = {
            "queries": len(asked),
            "cpu50": statistics.median(cpu), "wall50": statistics.median(wall),
            "cpu95": statistics.quantiles(cpu, n=20)[-1],
        }  # fmt: skip
    return figures


if __name__ == "__main__":
    main()
