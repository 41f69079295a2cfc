"""A whole practice's canonical tables as a history for the naive screening.

What a product and its directions mean comes from the clinical rules, which have tests of their own;
everything after that is compared.
"""

from datetime import date, timedelta
from fractions import Fraction

from tests.oracle.naive_shapes import (
    DEFAULT_CRITERIA,
    Criteria,
    Diagnosis,
    History,
    Issue,
    Part,
    Person,
)

from unhurried.clinical.opioids.directions import Understood, interpret
from unhurried.clinical.opioids.dose import daily_dose
from unhurried.clinical.opioids.factors import factor_set
from unhurried.clinical.opioids.ome import oral_morphine_equivalent
from unhurried.clinical.opioids.products import Product, find_product
from unhurried.clinical.tables import read_table
from unhurried.records.canonical import Records

EPOCH = date(1970, 1, 1)
IN_MG = {"mg": Fraction(1), "microgram": Fraction(1, 1000), "g": Fraction(1000)}
PALLIATIVE = {
    "PALCARE_COD": "palliative_codes",
    "PALCARENI_COD": "palliative_ended_codes",
}


def criteria_with_all_codes() -> Criteria:
    """The default criteria with the code lists that ship, as readers may write the codes."""
    found: dict[str, set[str]] = {}
    for name in ("codelist-palliative", "codelist-cancer"):
        for row in read_table(name):
            meaning = PALLIATIVE.get(row["cluster"], "cancer_codes")
            found.setdefault(meaning, set()).update((row["code"], "snomed:" + row["code"]))
    return DEFAULT_CRITERIA | found


def part_of(written: str, code: str, directions: str) -> Part:
    name = f"{written}|{code}"
    system, _, identifier = code.partition(":")
    product = find_product(written, **({system: identifier} if system in ("dmd", "bnf") else {}))
    if product is None:
        return Part(product=name, directions=directions, drug_class="other")
    reading = interpret(directions, form=product.form)
    dose = daily_dose(product, reading)
    ome = oral_morphine_equivalent(product, dose, factor_set())
    understood = reading if isinstance(reading, Understood) else None
    return Part(
        product=name,
        directions=directions,
        drug_class=product.drug_class,
        ingredient=product.ingredient,
        release=product.release,
        route=product.route,
        ome_min_ug=micrograms(ome.min),
        ome_max_ug=micrograms(ome.max),
        ome_status=ome.status,
        units_per_day_max=quantity_a_day(product, understood) if understood else None,
        as_required=understood.as_required if understood else False,
        paracetamol_mg=dose.paracetamol_mg_per_day_max,
    )


def micrograms(mg: Fraction | None) -> int | None:
    return None if mg is None else int(mg * 1000 + Fraction(1, 2))


def quantity_a_day(product: Product, reading: Understood) -> Fraction | None:
    """What is taken a day at most, in what a quantity is counted in: tablets, patches or ml."""
    units, liquid = reading.units_per_day_max, product.per_ml is not None
    if units is None:
        return None
    if reading.unit in IN_MG:
        if product.strength is None or product.unit != "mg":
            return None
        mg = units * IN_MG[reading.unit]
        return mg / product.strength * (product.per_ml or 1)
    return units if (reading.unit == "ml") is liquid else None


def day_of(number: int | None) -> date | None:
    return None if number is None else EPOCH + timedelta(days=number)


def history_of(records: Records) -> History:
    """The canonical tables as plain lists."""
    rows = records.connection.execute
    people = rows(
        "SELECT person_id, born, died, registered_from, registered_to FROM people"
    ).fetchall()
    issues = rows(
        "SELECT issue, person_id, day, product, code, coalesce(directions, ''),"
        " quantity_thousandths, days_supply FROM issues JOIN people USING (person)"
        " JOIN medicines USING (medicine) ORDER BY issue"
    ).fetchall()
    diagnoses = rows("SELECT person_id, code, day FROM diagnoses JOIN people USING (person)")
    parts: dict[tuple[str, str, str], Part] = {}
    for row in issues:
        words = (row[3], row[4] or "", row[5])
        if words not in parts:
            parts[words] = part_of(*words)
    return History(
        people=[
            Person(
                person_id=person_id,
                born=day_of(born),
                died=day_of(died),
                registered_from=day_of(since),
                registered_to=day_of(until),
            )
            for person_id, born, died, since, until in people
        ],
        issues=[
            Issue(
                issue=number,
                person_id=person_id,
                day=EPOCH + timedelta(days=day),
                part=parts[product, code or "", directions],
                quantity=None if thousandths is None else Fraction(thousandths, 1000),
                days_supply=days,
            )
            for number, person_id, day, product, code, directions, thousandths, days in issues
        ],
        diagnoses=[
            Diagnosis(person_id=person_id, code=code, day=day_of(day))
            for person_id, code, day in diagnoses.fetchall()
        ],
    )
