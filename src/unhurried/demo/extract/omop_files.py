"""The same records as OMOP CDM 5.4 tables in CSV.

Concepts are local ones (2,000,000,000 and above, the range OMOP keeps for them): dm+d for medicines
the practice codes, SNOMED for problems. A medicine the practice does not code has only its name, in
`drug_source_value`. There is no NHS number and no name: OMOP has no place for either.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

from unhurried.demo.extract.catalogue import Catalogue
from unhurried.demo.extract.damage import Damage
from unhurried.demo.extract.dates import Days
from unhurried.demo.extract.delimited import DelimitedFile, close_all
from unhurried.demo.extract.model import Issue, Person, Practice, Record
from unhurried.demo.extract.numbers import amount
from unhurried.demo.extract.tables import rows

FIRST_LOCAL_CONCEPT = 2_000_000_001
GENDERS = {"female": "8532", "male": "8507", "not known": "0"}
FROM_RECORD = "32817"  # OMOP type concept "EHR"
PRESCRIPTION = "32838"  # OMOP type concept "EHR prescription"
COLUMNS = {
    "person": (
        "person_id gender_concept_id year_of_birth month_of_birth day_of_birth birth_datetime "
        "race_concept_id ethnicity_concept_id location_id provider_id care_site_id "
        "person_source_value gender_source_value gender_source_concept_id race_source_value "
        "race_source_concept_id ethnicity_source_value ethnicity_source_concept_id"
    ),
    "drug_exposure": (
        "drug_exposure_id person_id drug_concept_id drug_exposure_start_date "
        "drug_exposure_start_datetime drug_exposure_end_date drug_exposure_end_datetime "
        "verbatim_end_date drug_type_concept_id stop_reason refills quantity days_supply sig "
        "route_concept_id lot_number provider_id visit_occurrence_id visit_detail_id "
        "drug_source_value drug_source_concept_id route_source_value dose_unit_source_value"
    ),
    "condition_occurrence": (
        "condition_occurrence_id person_id condition_concept_id condition_start_date "
        "condition_start_datetime condition_end_date condition_end_datetime "
        "condition_type_concept_id condition_status_concept_id stop_reason provider_id "
        "visit_occurrence_id visit_detail_id condition_source_value condition_source_concept_id "
        "condition_status_source_value"
    ),
    "observation_period": (
        "observation_period_id person_id observation_period_start_date "
        "observation_period_end_date period_type_concept_id"
    ),
    "death": (
        "person_id death_date death_datetime death_type_concept_id cause_concept_id "
        "cause_source_value cause_source_concept_id"
    ),
    "care_site": (
        "care_site_id care_site_name place_of_service_concept_id location_id "
        "care_site_source_value place_of_service_source_value"
    ),
    "concept": (
        "concept_id concept_name domain_id vocabulary_id concept_class_id standard_concept "
        "concept_code valid_start_date valid_end_date invalid_reason"
    ),
}
PARTS = {
    "person": {"person": 0},
    "drug_exposure": {"person": 1, "day": 3, "quantity": 11},
    "condition_occurrence": {"person": 1, "day": 3},
}


class OmopFiles:
    """The whole extract in the folder `omop/`."""

    def __init__(
        self,
        folder: Path,
        practices: tuple[Practice, ...],
        damage: Damage,
        *,
        catalogue: Catalogue,
        as_of: int,
    ) -> None:
        self._as_of, self._days = as_of, Days()
        self._files = {
            name: DelimitedFile(
                folder / f"{name}.csv",
                columns.split(),
                parts=PARTS.get(name),
                damage=damage if name in PARTS else None,
            )
            for name, columns in COLUMNS.items()
        }
        self._columns = {name: columns.split() for name, columns in COLUMNS.items()}
        self._sites = {each.code: str(i) for i, each in enumerate(practices, 1)}
        self._concepts: dict[tuple[str, str], str] = {}
        self._medicines = self._write_concepts(catalogue)
        for each in practices:
            self._write(
                "care_site",
                care_site_id=self._sites[each.code],
                care_site_name=each.name,
                place_of_service_concept_id="0",
                care_site_source_value=each.code,
            )

    def _write(self, table: str, **values: str) -> None:
        row = [values.get(column, "") for column in self._columns[table]]
        self._files[table].write([row], values.get("person_id", ""))

    def _concept(self, vocabulary: str, code: str, name: str, domain: str) -> str:
        key = (vocabulary, code)
        if key not in self._concepts:
            self._concepts[key] = str(FIRST_LOCAL_CONCEPT + len(self._concepts))
            self._write(
                "concept",
                concept_id=self._concepts[key],
                concept_name=name,
                domain_id=domain,
                vocabulary_id=vocabulary,
                concept_class_id="VMP" if domain == "Drug" else "Clinical Finding",
                concept_code=code,
                valid_start_date="1970-01-01",
                valid_end_date="2099-12-31",
            )
        return self._concepts[key]

    def _write_concepts(self, catalogue: Catalogue) -> dict[str, str]:
        for row in rows("conditions"):
            self._concept("SNOMED", row["code"], row["term"], "Condition")
        return {
            printed: self._concept("dm+d", dmd, name, "Drug") if dmd else "0"
            for printed, (name, dmd) in catalogue.product_names().items()
        }

    def write(self, record: Record) -> None:
        """Write one person to every table."""
        person = record.person
        self._person(person)
        self._observed(person)
        self._files["drug_exposure"].write(
            [
                self._exposure(person.person_id, issue, n)
                for n, issue in enumerate(record.issues, 1)
            ],
            person.person_id,
        )
        for n, (day, code, term) in enumerate(record.problems, 1):
            concept = self._concept("SNOMED", code, term, "Condition")
            self._write(
                "condition_occurrence",
                condition_occurrence_id=f"{person.person_id}{n:04}",
                person_id=person.person_id,
                condition_concept_id=concept,
                condition_start_date=self._days.text(day),
                condition_type_concept_id=FROM_RECORD,
                condition_source_value=code,
                condition_source_concept_id=concept,
            )

    def _person(self, person: Person) -> None:
        born = date.fromordinal(person.born)
        self._write(
            "person",
            person_id=person.person_id,
            gender_concept_id=GENDERS[person.sex],
            year_of_birth=str(born.year),
            month_of_birth=str(born.month),
            day_of_birth=str(born.day),
            birth_datetime=f"{self._days.text(person.born)} 00:00:00",
            race_concept_id="0",
            ethnicity_concept_id="0",
            care_site_id=self._sites[person.practice.code],
            person_source_value=person.person_id,
            gender_source_value=person.sex,
        )

    def _observed(self, person: Person) -> None:
        ended = person.left or person.died or self._as_of
        self._write(
            "observation_period",
            observation_period_id=person.person_id,
            person_id=person.person_id,
            observation_period_start_date=self._days.text(person.registered),
            observation_period_end_date=self._days.text(ended),
            period_type_concept_id=FROM_RECORD,
        )
        if person.died is not None:
            self._write(
                "death",
                person_id=person.person_id,
                death_date=self._days.text(person.died),
                death_type_concept_id=FROM_RECORD,
            )

    def _exposure(self, person_id: str, issue: Issue, number: int) -> list[str]:
        day, item = self._days.text(issue.day), issue.item
        concept = self._medicines[item.printed] if item.coding != "none" else "0"
        return [
            f"{person_id}{number:04}", person_id, "0", day, "", day, "", "", PRESCRIPTION, "", "",
            amount(item.prescription.quantity), "", item.directions, "0", "", "", "", "",
            item.printed, concept, "", "",
        ]  # fmt: skip

    def close(self) -> dict[str, int]:
        """Finish all files; rows written to each, without headings."""
        close_all(self._files.values())
        return {file.name: file.rows for file in self._files.values()}
