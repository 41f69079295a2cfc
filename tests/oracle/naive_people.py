"""Rules about the person, whatever is prescribed: age, life, registration, palliative, cancer.

The half of the naive screening (ID-1 to ID-3) that looks at no issue.
"""

from datetime import date

from tests.oracle.naive_shapes import Criteria, Diagnosis, Person


def age_on(born: date, day: date) -> int:
    """Age in whole years; someone born on 29 February turns on 1 March in common years."""
    had_birthday = (day.month, day.day) >= (born.month, born.day)
    return day.year - born.year - (0 if had_birthday else 1)


def reasons_about_the_person(
    person: Person, diagnoses: list[Diagnosis], criteria: Criteria, as_of: date
) -> set[str]:
    """Why someone is not listed whatever they are prescribed."""
    reasons = set()
    # Adult on the as-of date; an unknown date of birth keeps the person in.
    if person.born is not None and age_on(person.born, as_of) < criteria["adult_age"]:
        reasons.add("under_age")
    # Alive: no date of death on or before as-of.
    if person.died is not None and person.died <= as_of:
        reasons.add("died")
    # Registered at as-of: from the first day, until the day of leaving; unknown is registered.
    if person.registered_from is not None and person.registered_from > as_of:
        reasons.add("not_registered")
    if person.registered_to is not None and person.registered_to <= as_of:
        reasons.add("not_registered")
    if at_end_of_life(diagnoses, criteria, as_of):
        reasons.add("end_of_life")
    return reasons


def at_end_of_life(diagnoses: list[Diagnosis], criteria: Criteria, as_of: date) -> bool:
    """The QOF rule: a palliative code since April 2008 with no *later* code that ends it."""
    began = [
        d.day
        for d in diagnoses
        if d.code in criteria["palliative_codes"]
        and d.day is not None
        and criteria["palliative_from"] <= d.day <= as_of
    ]
    ended = [
        d.day
        for d in diagnoses
        if d.code in criteria["palliative_ended_codes"] and d.day is not None and d.day <= as_of
    ]
    return any(not any(end > begin for end in ended) for begin in began)


def flags_from_codes(diagnoses: list[Diagnosis], criteria: Criteria, as_of: date) -> set[str]:
    """Cancer never drops anyone: it is said, and whether it is within the last five years. A code
    without a date decides nothing; it is said so that someone looks."""
    flags = set()
    cancer = [d.day for d in diagnoses if d.code in criteria["cancer_codes"]]
    days = [day for day in cancer if day is not None and day <= as_of]
    if days:
        recent = age_on(max(days), as_of) < criteria["cancer_recent_years"]
        flags.add("cancer_recent" if recent else "cancer")
    elif None in cancer:
        flags.add("cancer_undated")
    if any(d.code in criteria["palliative_codes"] and d.day is None for d in diagnoses):
        flags.add("end_of_life_undated")
    return flags
