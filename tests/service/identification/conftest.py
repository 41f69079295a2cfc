"""A practice with records to hand in, and people already on its list."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django.fixtures import Settings
from tests.service.conftest import World, actor_for, nhs_number

from unhurried.demo.extract.write import write_extract
from unhurried.records.contacts import ContactDetails
from unhurried.screening.listing import Person, Product
from unhurried.service.accounts.models import Membership, Organisation
from unhurried.service.audit.actor import Actor
from unhurried.service.identification import operations
from unhurried.service.identification.finding import Found, Results
from unhurried.service.identification.models import Candidate, Extract
from unhurried.service.identification.registered import InRecords

AS_OF = date(2026, 11, 1)


@pytest.fixture(autouse=True)
def _files(settings: Settings, tmp_path: Path) -> None:
    """Uploads go to a folder of the test."""
    settings.FILES = tmp_path / "files"
    settings.EXTRACTS_FOLDER = ""


@pytest.fixture
def gp(world: World) -> Actor:
    """A GP of the practice."""
    return actor_for(world.member("gp"))


def at(name: str, *args: object) -> str:
    """The address of one of the pages."""
    return reverse(f"identification:{name}", args=args)


def text(response: Any) -> str:
    """What a page says, in one line."""
    return " ".join(str(response.content.decode()).split())


def post(client: Client, where: str, **values: object) -> Any:
    """Send a form once."""
    return client.post(where, {"once": str(uuid.uuid4()), **values})


@pytest.fixture
def gp_client(world: World, signed_in: Callable[[Membership], Client]) -> Client:
    """A GP of the practice, signed in."""
    return signed_in(world.member("gp"))


@pytest.fixture
def staff_client(world: World, signed_in: Callable[[Membership], Client]) -> Client:
    """Someone at the practice's reception, signed in."""
    return signed_in(world.member("practice_staff"))


@pytest.fixture
def staff(world: World) -> Actor:
    """Someone at the practice's reception."""
    return actor_for(world.member("practice_staff"))


def person(key: str = "1", **more: Any) -> Person:
    """What screening says of a person."""
    values: dict[str, Any] = {
        "person_id": key, "age": 66, "sex": "female", "practice": "Z99901",
        "episode_start": date(2025, 1, 5), "episode_end": date(2026, 11, 20), "days_exposed": 300,
        "issues": 12, "ome_min": 40_000, "ome_max": 60_000, "ome_status": "converted",
        "ome_as_at": AS_OF,
        "products": (
            Product(name="Zomorph 20mg capsules", directions="one twice a day",
                    issued=date(2026, 10, 20), superseded=False),
        ),
    }  # fmt: skip
    return Person(**{**values, **more})


def found(key: str = "1", **more: Any) -> Found:
    """Someone an extract lists."""
    values: dict[str, Any] = {
        "person": person(key), "listed": True, "rank": int(key), "tier": "long_term", "flags": (),
        "reasons": (("meets_definition", "On opioids for 300 days (since 5 January 2025)"),),
        "nhs_number": "", "born": date(1960, 5, 17),
        "contact": ContactDetails(given_name=f"Canary{key}", family_name="Siskin",
                                  address="1 Finch Lane", postcode="BS99 9ZZ"),
    }  # fmt: skip
    return Found(**{**values, **more})


def results(
    *people: Found, as_of: date = AS_OF, out: Any = None, registered: tuple[InRecords, ...] = ()
) -> Results:
    """What an extract said."""
    summary = {
        "people": {"in_records": 900, "considered": 80, "listed": len(people), "approaching": 0},
        "accounting": {"rows_in": 100, "rows_used": 98, "rows_rejected": 2, "rows_repeated": 1,
                       "balanced": True, "files": []},
        "notes": [], "definitions": {}, "out_by_reason": {}, "elsewhere": 0,
    }  # fmt: skip
    return Results(
        as_of=as_of, summary=summary, rejects=[("A reason.", 2)], people=people, out=out or {},
        registered=registered,
    )  # fmt: skip


@pytest.fixture
def screened(world: World) -> Callable[..., Extract]:
    """Make an extract that said this, as the job would."""
    staff = world.member("practice_staff")

    def make(
        *people: Found, as_of: date = AS_OF, out: Any = None, practice: Organisation | None = None,
        registered: tuple[InRecords, ...] = (),
    ) -> Extract:  # fmt: skip
        number = Extract.objects.count()
        extract = Extract.objects.create(
            practice=practice or world.practice, provided_by=staff, provided_at=timezone.now(),
            name=f"records-{number}.csv", content=f"{number:064}", size=10, format="csv",
            state=Extract.State.RUNNING,
        )  # fmt: skip
        said = results(*people, as_of=as_of, out=out, registered=registered)
        operations.keep_results(extract=extract, results=said)
        extract.refresh_from_db()
        return extract

    return make


@pytest.fixture
def listed(screened: Callable[..., Extract], world: World) -> Callable[..., list[Candidate]]:
    """So many people on the list."""

    def make(count: int, practice: Organisation | None = None) -> list[Candidate]:
        people = [found(str(n + 1), nhs_number=nhs_number()) for n in range(count)]
        screened(*people, practice=practice)
        rows = Candidate.objects.filter(practice=practice or world.practice)
        return list(rows.order_by("rank"))

    return make


@pytest.fixture(scope="session")
def fictional(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The fictional extract of 2,000 people, as one practice exports it."""
    folder = tmp_path_factory.mktemp("extract")
    write_extract(folder, people=2_000, seed=11, as_of=AS_OF, practices=1, formats=("csv",))
    return folder / "csv"


def uploads(folder: Path) -> list[SimpleUploadedFile]:
    """The files of a folder, as a form brings them."""
    return [
        SimpleUploadedFile(path.name, path.read_bytes())
        for path in sorted(folder.iterdir())
        if path.is_file()
    ]


def zipped(folder: Path, into: Path) -> bytes:
    """The files of a folder as one archive."""
    return Path(shutil.make_archive(str(into / "extract"), "zip", folder)).read_bytes()


def days_ago(number: int) -> date:
    """A day before AS_OF."""
    return AS_OF - timedelta(days=number)


__all__ = ["Membership"]
