"""Records as practices' systems export them: three files a practice, each in its own style."""

from __future__ import annotations

from pathlib import Path

from unhurried.demo.extract.contacts import contact_of
from unhurried.demo.extract.damage import Damage
from unhurried.demo.extract.dates import Days
from unhurried.demo.extract.delimited import DelimitedFile
from unhurried.demo.extract.model import Item, Person, Practice, Record
from unhurried.demo.extract.numbers import amount
from unhurried.demo.extract.tables import rows

KINDS = ("patients", "issues", "problems")
# The field of each kind of file that damage knows as its day.
DAY_FIELDS = {"patients": "born", "issues": "day", "problems": "day"}
SEX_WORDS = {"female": "Female", "male": "Male", "not known": "Unknown"}
SEX_LETTERS = {"female": "F", "male": "M", "not known": "U"}


class CsvPractice:
    """One practice's export."""

    def __init__(self, folder: Path, practice: Practice, damage: Damage) -> None:
        self._code = practice.code
        self._style = next(row for row in rows("styles") if row["style"] == practice.style)
        self._days = Days(self._style["date_format"])
        self._tails: dict[Item, list[str]] = {}
        self._fields = {kind: self._headings(kind) for kind in KINDS}
        self.files = {
            kind: DelimitedFile(
                folder / f"{practice.code.lower()}-{kind}.csv",
                list(self._fields[kind].values()),
                parts=self._parts(kind),
                damage=damage,
                days=self._days,
                encoding=self._style["encoding"],
                separator=self._style["separator"],
            )
            for kind in KINDS
        }
        order = list(self._fields["issues"])
        self._person_at, self._day_at = order.index("person"), order.index("day")

    def _headings(self, kind: str) -> dict[str, str]:
        return {
            row["field"]: row["heading"]
            for row in rows("headings")
            if row["headings"] == self._style["headings"] and row["kind"] == kind
        }

    def _parts(self, kind: str) -> dict[str, int]:
        order = list(self._fields[kind])
        named = {part: part for part in ("person", "number", "quantity")}
        named["day"] = DAY_FIELDS[kind]
        return {part: order.index(name) for part, name in named.items() if name in order}

    def write(self, record: Record) -> None:
        """Write one person's rows to the three files."""
        person_id, text = record.person.person_id, self._days.text
        self.files["patients"].write([self._patient(record.person)], person_id)
        issues = []
        for day, item in record.issues:
            row = (self._tails.get(item) or self._tail(item)).copy()
            row[self._person_at] = person_id
            row[self._day_at] = text(day)
            issues.append(row)
        self.files["issues"].write(issues, person_id)
        problems = [
            self._row("problems", person=person_id, day=text(day), code=code, term=term)
            for day, code, term in record.problems
        ]
        self.files["problems"].write(problems, person_id)

    def _row(self, kind: str, **values: str) -> list[str]:
        return [values[field] for field in self._fields[kind]]

    def _patient(self, person: Person) -> list[str]:
        number = person.nhs_number
        if number and self._style["number_format"] == "spaced":
            number = f"{number[:3]} {number[3:6]} {number[6:]}"
        sexes = SEX_WORDS if self._style["sex_format"] == "word" else SEX_LETTERS
        return self._row(
            "patients",
            person=person.person_id,
            number=number,
            given=person.given,
            family=person.family,
            born=self._days.text(person.born),
            sex=sexes[person.sex],
            practice=self._code,
            registered=self._days.text(person.registered),
            left=self._days.text(person.left),
            died=self._days.text(person.died),
            **contact_of(person)._asdict(),
        )

    def _tail(self, item: Item) -> list[str]:
        """The row of an item with person and day still to be filled in."""
        row = self._row(
            "issues",
            person="",
            day="",
            product=item.printed,
            directions=item.directions,
            quantity=self._quantity(item),
        )
        self._tails[item] = row
        return row

    def _quantity(self, item: Item) -> str:
        counted_in, quantity = item.prescription.product.counted_in, item.prescription.quantity
        if counted_in == "puff":
            counted_in = "dose"
        if self._style["quantity_format"] == "plural" and quantity != 1 and len(counted_in) > 2:
            counted_in += "es" if counted_in.endswith("ch") else "s"
        return f"{amount(quantity)} {counted_in}"


class CsvFiles:
    """The whole extract in the folder `csv/`."""

    def __init__(self, folder: Path, practices: tuple[Practice, ...], damage: Damage) -> None:
        self._practices = {each.code: CsvPractice(folder, each, damage) for each in practices}

    def write(self, record: Record) -> None:
        """Write one person where their practice would."""
        self._practices[record.person.practice.code].write(record)

    def close(self) -> dict[str, int]:
        """Finish all files; rows written to each, without headings."""
        files = [file for each in self._practices.values() for file in each.files.values()]
        for file in files:
            file.close()
        return {file.name: file.rows for file in files}
