"""From the rows of one file to the incoming tables: one pass of SQL for the rows, few strings in
Python (ID-1)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import duckdb

from unhurried.records.canonical import add_file
from unhurried.records.column_map import FileKind, KindMap
from unhurried.records.csv.columns import MEDICINE, numbered
from unhurried.records.csv.identity import by_number
from unhurried.records.csv.judge import CODES, judge, refuse_grouped, sentences
from unhurried.records.csv.meanings import Meanings, interpret, split_combined
from unhurried.records.csv.problems import number_codes, palliative_codes
from unhurried.records.csv.raw import Raw, bring_in
from unhurried.records.csv.sniff import Sniffed
from unhurried.records.finish import in_row_order, key_medicines, key_people

# A fact from these columns on an issue or problem row is a fact about the person.
ABOUT = ("nhs_number", "date_of_birth", "age", "sex", "practice", "date_of_death")
PEOPLE_COLUMNS = {
    "nhs_number": "nhs_number",
    "born": "date_of_birth",
    "sex": "sex",
    "practice": "practice",
    "died": "date_of_death",
    "registered_from": "registered",
    "registered_to": "deregistered",
    "stated_age": "age",
}
# A death, or leaving the practice, counts even when something else on the row is wrong: no letter
# goes to a person who died or left.
LEAVING = ("date_of_death", "deregistered")
LEAVING_COUNTS = ("date_of_birth", "nhs_number", "registered", "deregistered", "identity")
NO_SNOMED = "has no SNOMED codes: palliative care and cancer were looked for by term only."
BY_TERM = " LEFT JOIN by_term ON by_term.text = raw.term"
NOT_KNOWN = {
    "quantity": "a quantity that could not be read (not known)",
    "days_supply": "a length of supply that could not be read (not known)",
    "sex": "a sex that could not be read (not known)",
    "age": "an age that could not be read (not known)",
    "nhs_number": "an NHS number turned into a spreadsheet number (not known; patient ID used)",
    "problem_date": "a date without a day (the problem is kept, its date not known)",
    "dmd": "a medicine code that could not be read (the name is used)",
    "bnf": "a BNF code that could not be read (the name is used)",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A recognised file with the columns settled on."""

    sniffed: Sniffed
    kind: FileKind
    columns: KindMap


@dataclass(frozen=True, slots=True)
class Loaded:
    """A file that was loaded: its number, its rows, and what is worth telling about it."""

    number: int
    raw: Raw
    notes: tuple[str, ...]


def load(connection: duckdb.DuckDBPyConnection, source: Source, *, today: date) -> Loaded:
    """Load one file into the incoming tables and `rejects` (their `raw` is filled in later).

    Raises UnusableInput when the file as a whole cannot be used.
    """
    headings = dict(source.columns.columns)
    places = {name: place for place, name in enumerate(numbered(source.sniffed.headings))}
    raw = bring_in(connection, source.sniffed, {r: places[h] for r, h in headings.items()})
    number = add_file(connection, source.sniffed.name, rows_in=raw.rows)
    meanings = interpret(
        connection,
        headings,
        rows=raw.rows,
        headings=headings,
        kind=source.kind,
        today=today,
        order=source.columns.date_order,
    )
    as_written = {r: source.sniffed.headings[places[h]] for r, h in headings.items()}
    bad = judge(connection, source.kind, as_written, meanings)
    if bad:
        refuse_grouped(connection, source.sniffed.name, raw.rows)
    if source.kind != "patients":
        bad += _Work(connection, number, raw, headings, meanings, bad > 0).reject_strangers()
    work = _Work(connection, number, raw, headings, meanings, bad > 0)
    if bad:
        work.list_rejects()
    work.fill(source.kind)
    notes = work.notes(source.sniffed.name, source.kind)
    connection.execute("DROP TABLE raw")
    return Loaded(number, raw, notes)


@dataclass(frozen=True, slots=True)
class _Work:
    connection: duckdb.DuckDBPyConnection
    number: int
    raw: Raw
    headings: Mapping[str, str]
    meanings: Meanings
    some_bad: bool

    def value(self, role: str) -> str:
        """SQL for what a column means, NULL where the file has no such column."""
        if role in self.meanings.roles:
            return f"m_{role}.value"
        return f"NULLIF(trim(raw.{role}), '')" if role in self.headings else "NULL"

    @property
    def person(self) -> str:
        """SQL for the person a row is about."""
        return by_number(
            "raw.patient_id" if "patient_id" in self.headings else None,
            self.value("nhs_number") if "nhs_number" in self.headings else None,
            self.value("date_of_birth"),
        )

    def rows(self, *roles: str) -> str:
        """SQL FROM and WHERE: the usable rows with the meanings of these roles."""
        named = [role for role in dict.fromkeys(roles) if role in self.meanings.roles]
        joins = "".join(f" LEFT JOIN m_{role} ON m_{role}.text = raw.{role}" for role in named)
        return f"FROM raw{joins} WHERE {self.usable}"

    @property
    def usable(self) -> str:
        """SQL that is true for a row of `raw` that is not in `bad`."""
        return "raw.rowid NOT IN (SELECT row FROM bad)" if self.some_bad else "TRUE"

    def identity_roles(self) -> tuple[str, ...]:
        """The columns the person depends on."""
        return ("nhs_number", "date_of_birth") if "nhs_number" in self.headings else ()

    def reject_strangers(self) -> int:
        """Refuse rows whose NHS number or date of birth is not that of the patient they name."""
        roles = [r for r in ("nhs_number", "date_of_birth") if r in self.headings]
        if not roles or "patient_id" not in self.headings:
            return 0
        differs = " OR ".join(
            f"{self.value(role)} <> known.{'born' if role == 'date_of_birth' else role}"
            for role in roles
        )
        joins = "".join(f" LEFT JOIN m_{role} ON m_{role}.text = raw.{role}" for role in roles)
        refused = self.connection.execute(
            "INSERT INTO bad SELECT raw.rowid, 'identity', NULL FROM raw JOIN (SELECT person_id,"
            " MIN(nhs_number) AS nhs_number, MIN(born) AS born FROM incoming_people WHERE record"
            " IS NOT NULL GROUP BY person_id HAVING COUNT(DISTINCT nhs_number) < 2 AND"
            f" COUNT(DISTINCT born) < 2) known ON known.person_id = trim(raw.patient_id){joins}"
            f" WHERE ({differs}) AND {self.usable}"
        )
        return int(refused.fetchall()[0][0])

    def list_rejects(self) -> None:
        """Enter the rows of `bad` in `rejects`."""
        listed = sentences()
        usual = " ".join(
            "WHEN '{}' THEN '{}'".format(code, words.replace("'", "''"))
            for code, words in listed.items()
        )
        self.connection.execute(
            f"INSERT INTO rejects SELECT ?, {self.raw.record.replace('rowid', 'bad.row')}, code,"
            f" COALESCE(reason, CASE code {usual} END), '' FROM bad"
            + ("" if self.raw.fast else " JOIN raw ON raw.rowid = bad.row")
            + " ORDER BY bad.row",
            [self.raw.sniffed.name],
        )

    def fill(self, kind: FileKind) -> None:
        """Fill the incoming table of this kind, and what its rows say about people."""
        if kind == "patients":
            self._fill_people()
        elif kind == "issues":
            self._fill_issues()
            self._fill_facts()
        else:
            self._fill_diagnoses()
            self._fill_facts()

    def _people_values(self) -> str:
        return ", ".join(self.value(role) for role in PEOPLE_COLUMNS.values())

    def _fill_people(self) -> None:
        record = self.raw.record.replace("rowid", "raw.rowid")
        self.connection.execute(
            "INSERT INTO incoming_people (file, record, person_id,"
            f" {', '.join(PEOPLE_COLUMNS)}) SELECT {self.number}, {record}, {self.person},"
            f" {self._people_values()} {self.rows(*PEOPLE_COLUMNS.values())}"
        )
        if "deregistered" not in self.headings:
            self.connection.execute("INSERT INTO silent_files VALUES (?)", [self.number])
        if self.some_bad and "patient_id" in self.headings:
            self._fill_leaving()
        if "practice_name" in self.headings and "practice" in self.headings:
            self.connection.execute(
                "INSERT INTO practices SELECT DISTINCT trim(practice) AS p, trim(practice_name) AS"
                " n FROM raw WHERE p <> '' AND n <> '' AND p NOT IN"
                f" (SELECT practice FROM practices) AND {self.usable} ORDER BY p, n"
            )

    def _fill_leaving(self) -> None:
        known = [role for role in LEAVING if role in self.headings]
        if not known:
            return
        values = ", ".join(self.value(role) for role in LEAVING)
        some = " OR ".join(f"{self.value(role)} IS NOT NULL" for role in known)
        joins = "".join(f" LEFT JOIN m_{role} ON m_{role}.text = raw.{role}" for role in known)
        codes = ", ".join(f"'{code}'" for code in LEAVING_COUNTS)
        self.connection.execute(
            "INSERT INTO incoming_people (file, person_id, died, registered_to)"
            f" SELECT ?, trim(raw.patient_id) AS named, {values}"
            f" FROM raw JOIN bad ON bad.row = raw.rowid{joins}"
            f" WHERE ({some}) AND named <> '' AND code IN ({codes})",
            [self.number],
        )

    def _fill_facts(self) -> None:
        roles = [role for role in ABOUT if role in self.headings]
        if not roles:
            return
        self.connection.execute(
            "INSERT INTO incoming_people (file, record, person_id,"
            f" {', '.join(PEOPLE_COLUMNS)}) SELECT DISTINCT {self.number}, NULL::INTEGER,"
            f" {self.person}, {self._people_values()} {self.rows(*self.identity_roles(), *roles)}"
        )

    def _fill_issues(self) -> None:
        named, quantity = self._number_medicines()
        which = self._number_people()
        directions = "COALESCE(raw.directions, '')" if "directions" in self.headings else "''"
        if "product_with_directions" in self.headings:
            directions = f"COALESCE(NULLIF({directions}, ''), medicine.directions)"
        record = self.raw.record.replace("rowid", "raw.rowid")
        usable = self.rows("issue_date", "quantity", "days_supply").replace(
            " WHERE ",
            f" JOIN m_medicine AS medicine ON {named} JOIN m_person AS who ON {which} WHERE ",
            1,
        )
        issue_hash = self._issue_hash()
        with in_row_order(self.connection):
            self.connection.execute(
                f"INSERT INTO keyed_issues SELECT {self.number}, {record}, who.key,"
                f" medicine.key, {issue_hash}, m_issue_date.value, {directions}, {quantity},"
                f" {self.value('days_supply')} {usable}"
            )

    def _issue_hash(self) -> str:
        if "issue_id" in self.headings:
            return "hash(COALESCE(raw.issue_id, ''))"
        if self.meanings.timed:
            # Two issues of one day told apart by their time of day are two issues.
            return "CASE WHEN m_issue_date.seconds > 0 THEN hash(m_issue_date.seconds) ELSE 0 END"
        return "0"

    def _number_people(self) -> str:
        """Make table `m_person`; return SQL to join it to `raw`."""
        roles = [role for role in ("patient_id", *self.identity_roles()) if role in self.headings]
        raw = ", ".join(f"raw.{role}" for role in roles)
        joins = "".join(
            f" LEFT JOIN m_{role} ON m_{role}.text = raw.{role}"
            for role in roles
            if role in self.meanings.roles
        )
        self.connection.execute(
            f"CREATE OR REPLACE TEMP TABLE seen AS SELECT raw.*, {self.person} AS person_id"
            f" FROM (SELECT DISTINCT {raw} {self.rows()}) AS raw{joins}"
        )
        key_people(self.connection, "SELECT person_id FROM seen")
        self.connection.execute(
            "CREATE OR REPLACE TEMP TABLE m_person AS SELECT k.key, s.* EXCLUDE (person_id)"
            " FROM seen s JOIN person_keys k USING (person_id)"
        )
        return " AND ".join(f"who.{role} = raw.{role}" for role in roles)

    def _number_medicines(self) -> tuple[str, str]:
        """Make table `m_medicine`; return SQL to join it to `raw`, and for the quantity."""
        roles = [role for role in MEDICINE if role in self.headings]
        codes = [f"NULLIF({self.value(role)}, '')" for role in ("dmd", "bnf")]
        product = self.value("product")
        quantity = self.value("quantity")
        joins = "".join(
            f" LEFT JOIN m_{role} ON m_{role}.text = raw.{role}"
            for role in roles
            if role in self.meanings.roles
        )
        extra = ""
        if "product_with_directions" in roles:
            split_combined(self.connection)
            joins += " LEFT JOIN m_combined c ON c.text = raw.product_with_directions"
            product = f"COALESCE({product}, c.product)"
            quantity = f"COALESCE({quantity}, medicine.thousandths)"
            extra = ", c.directions, c.thousandths"
        distinct = f"SELECT DISTINCT {', '.join(f'raw.{role}' for role in roles)} {self.rows()}"
        self.connection.execute(
            f"CREATE OR REPLACE TEMP TABLE named AS SELECT raw.*, COALESCE({product}, '') AS name,"
            f" COALESCE({', '.join(codes)}, '') AS code{extra} FROM ({distinct}) AS raw{joins}"
        )
        key_medicines(self.connection, "SELECT name AS product, code FROM named")
        self.connection.execute(
            "CREATE OR REPLACE TEMP TABLE m_medicine AS SELECT k.key, n.* EXCLUDE (name, code)"
            " FROM named n JOIN medicine_keys k ON k.product = n.name AND k.code = n.code"
        )
        return " AND ".join(f"medicine.{role} = raw.{role}" for role in roles), quantity

    def _fill_diagnoses(self) -> None:
        record = self.raw.record.replace("rowid", "raw.rowid")
        roles = [role for role in CODES if role in self.headings]
        texts = " UNION ".join(f"SELECT value FROM m_{role}" for role in roles) or "SELECT NULL"
        terms = "SELECT DISTINCT term FROM raw" if "term" in self.headings else "SELECT NULL"
        number_codes(self.connection, texts, terms)
        # The code that screening can use: a concept, else that of a listed term, else as written.
        values = [self.value(role) for role in roles]
        concepts = [f"CASE WHEN {each} IN (FROM concepts) THEN {each} END" for each in values]
        by_term = ["by_term.code"] if "term" in self.headings else []
        written = [f"NULLIF({each}, '')" for each in values]
        code = f"COALESCE({', '.join([*concepts, *by_term, *written])}, '')"
        usable = self.rows(*CODES, "problem_date", *self.identity_roles())
        if by_term:
            usable = usable.replace(" WHERE ", f"{BY_TERM} WHERE ", 1)
        self.connection.execute(
            "INSERT INTO incoming_diagnoses (file, record, person_id, code, term, day)"
            f" SELECT {self.number}, {record}, {self.person}, {code},"
            f" COALESCE({self.value('term')}, ''), {self.value('problem_date')} {usable}"
        )
        if self.some_bad and "patient_id" in self.headings:
            self._fill_palliative(code)

    def _fill_palliative(self, code: str) -> None:
        """Palliative care on a row refused for its date or code counts, its day not known."""
        joins = "".join(
            f" LEFT JOIN m_{role} ON m_{role}.text = raw.{role}"
            for role in CODES
            if role in self.meanings.roles
        )
        joins += BY_TERM if "term" in self.headings else ""
        self.connection.execute(
            "INSERT INTO incoming_diagnoses (file, person_id, code, term)"
            f" SELECT {self.number}, trim(raw.patient_id) AS named, {code} AS listed,"
            f" COALESCE({self.value('term')}, '') FROM raw JOIN bad ON bad.row = raw.rowid{joins}"
            f" WHERE named <> '' AND bad.code IN ('code', 'problem_date')"
            f" AND listed IN ({palliative_codes()})"
        )

    def _any(self, table: str) -> bool:
        return bool(self.connection.execute(f"FROM {table} LIMIT 1").fetchall())

    def notes(self, name: str, kind: FileKind) -> tuple[str, ...]:
        """What could not be read although the rows were used, counted by row."""
        notes = []
        if kind == "problems" and self.raw.rows and not self._any("concepts"):
            notes.append(f"{name} {NO_SNOMED}")
        told = [role for role in self.meanings.unread if role in NOT_KNOWN]
        if "nhs_number" in self.meanings.troubled:
            told.append("nhs_number")
        for role in told:
            # A used row with a fault in its NHS number is one that names its patient otherwise.
            fault = "m.reason IS NOT NULL" if role == "nhs_number" else "m.reason IS NULL"
            rows = self.connection.execute(
                f"SELECT COUNT(*), ANY_VALUE(raw.{role}) FROM raw JOIN m_{role} m"
                f" ON m.text = raw.{role} WHERE m.value IS NULL AND {fault}"
                f" AND trim(raw.{role}) <> '' AND {self.usable}"
            ).fetchall()
            count, example = rows[0]
            if count:
                have = "1 row has" if count == 1 else f"{count} rows have"
                notes.append(f"{name}: {have} {NOT_KNOWN[role]}, for example “{example[:40]}”.")
        return tuple(notes)
