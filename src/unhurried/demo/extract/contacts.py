"""Where fictional people live and how to reach them: streets, postcodes and numbers never in use.

Postcodes are of areas that do not exist (ZZ1 to ZZ4), mobile numbers of the range Ofcom keeps for
drama (07700 900000 to 900999), e-mail addresses of example.org.
"""

from __future__ import annotations

from random import Random
from typing import NamedTuple

from unhurried.demo.extract.model import Person
from unhurried.demo.extract.tables import rows

STREETS = [row["name"] for row in rows("streets") if row["part"] == "street"]
TOWNS = [(row["name"], row["postcode_area"]) for row in rows("streets") if row["part"] == "town"]
MOBILE_SHARE, EMAIL_SHARE = 0.8, 0.5
LETTERS = "ABDEFGHJLNPQRSTUWXYZ"  # those a postcode may end in


class Contact(NamedTuple):
    """How to reach one person; empty where the practice has nothing."""

    address: str
    postcode: str
    mobile: str
    email: str


def contact_of(person: Person) -> Contact:
    """The same person always lives in the same place, whatever else the extract holds."""
    draw = Random(f"contact {person.person_id}")  # noqa: S311 - fiction, not secrecy
    town, area = draw.choice(TOWNS)
    address = f"{draw.randint(1, 180)} {draw.choice(STREETS)}, {town}"
    postcode = f"{area} {draw.randint(1, 9)}{draw.choice(LETTERS)}{draw.choice(LETTERS)}"
    mobile = f"07700 900{draw.randint(0, 999):03}" if draw.random() < MOBILE_SHARE else ""
    name = f"{person.given}.{person.family}.{person.person_id}".lower().replace(" ", "")
    email = f"{name}@example.org" if draw.random() < EMAIL_SHARE else ""
    return Contact(address, postcode, mobile, email.replace("'", "").replace("’", ""))
