"""The few fields of FHIR R4 that screening reads, checked strictly; every other field is let pass.

A wrong type in a field that is read makes the row a reject; a wrong type anywhere else is no
business of ours. The heads of resources are checked row by row. The parts that repeat from row to
row (dosage, medicine, supply) are left as they are in the head and checked once for each distinct
content by whoever reads them.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter
from pydantic.alias_generators import to_camel


class Element(BaseModel):
    """What all FHIR elements share: camelCase names, no coercion, unknown fields let pass."""

    model_config = ConfigDict(strict=True, extra="ignore", alias_generator=to_camel)


PositiveInt = Annotated[int, Field(gt=0)]
Decimal_ = Annotated[float, Field(allow_inf_nan=False)]


class Coding(Element):
    """One code of one system."""

    system: str | None = None
    code: str | None = None
    display: str | None = None
    user_selected: bool | None = None


class CodeableConcept(Element):
    """A thing said in codes, in words or both."""

    coding: tuple[Coding, ...] = Field(default=(), strict=False)
    text: str | None = None


class Identifier(Element):
    """A number someone gave to a thing."""

    use: str | None = None
    system: str | None = None
    value: str | None = None


class Reference(Element):
    """A pointer to another resource, by address or by identifier."""

    reference: str | None = None
    identifier: Identifier | None = None


class Quantity(Element):
    """A measured amount."""

    value: Decimal_ | None = None
    comparator: str | None = None
    unit: str | None = None
    system: str | None = None
    code: str | None = None


class Range(Element):
    """From one amount to another."""

    low: Quantity | None = None
    high: Quantity | None = None


class Ratio(Element):
    """One amount for each of another."""

    numerator: Quantity | None = None
    denominator: Quantity | None = None


class Period(Element):
    """From one moment to another."""

    start: str | None = None
    end: str | None = None


class Repeat(Element):
    """How often something is to happen."""

    bounds_duration: Quantity | None = None
    bounds_range: Range | None = None
    bounds_period: Period | None = None
    count: int | None = None
    count_max: int | None = None
    duration: Decimal_ | None = None
    duration_max: Decimal_ | None = None
    frequency: PositiveInt | None = None
    frequency_max: PositiveInt | None = None
    period: Decimal_ | None = None
    period_max: Decimal_ | None = None
    period_unit: str | None = None
    day_of_week: tuple[str, ...] = Field(default=(), strict=False)
    time_of_day: tuple[str, ...] = Field(default=(), strict=False)
    when: tuple[str, ...] = Field(default=(), strict=False)
    offset: int | None = None


class Timing(Element):
    """When something is to happen."""

    event: tuple[str, ...] = Field(default=(), strict=False)
    repeat: Repeat | None = None
    code: CodeableConcept | None = None


class DoseAndRate(Element):
    """How much is taken at one time; any rate is a reason to abstain."""

    type: CodeableConcept | None = None
    dose_quantity: Quantity | None = None
    dose_range: Range | None = None
    rate_ratio: Any = None
    rate_range: Any = None
    rate_quantity: Any = None


class Dosage(Element):
    """Directions: in words, in structure or both."""

    sequence: int | None = None
    text: str | None = None
    additional_instruction: tuple[CodeableConcept, ...] = Field(default=(), strict=False)
    patient_instruction: str | None = None
    timing: Timing | None = None
    as_needed_boolean: bool | None = None
    as_needed_codeable_concept: CodeableConcept | None = None
    site: CodeableConcept | None = None
    dose_and_rate: tuple[DoseAndRate, ...] = Field(default=(), strict=False)
    max_dose_per_period: Ratio | None = None
    max_dose_per_administration: Quantity | None = None
    max_dose_per_lifetime: Quantity | None = None


class DispenseRequest(Element):
    """How much may be supplied, for how long."""

    quantity: Quantity | None = None
    expected_supply_duration: Quantity | None = None
    number_of_repeats_allowed: int | None = None


class Meta(Element):
    """Which version of a resource this is."""

    version_id: str | None = None
    last_updated: str | None = None


class Resource(Element):
    """What every resource we read has."""

    id: str | None = None
    meta: Meta | None = None
    implicit_rules: str | None = None


class PatientLink(Element):
    """Another record of the same person."""

    type: str | None = None


class Patient(Resource):
    """A person."""

    resource_type: Literal["Patient"]
    identifier: tuple[Identifier, ...] = Field(default=(), strict=False)
    active: bool | None = None
    gender: str | None = None
    birth_date: str | None = None
    deceased_boolean: bool | None = None
    deceased_date_time: str | None = None
    managing_organization: Reference | None = None
    general_practitioner: tuple[Reference, ...] = Field(default=(), strict=False)
    link: tuple[PatientLink, ...] = Field(default=(), strict=False)


class MedicationRequest(Resource):
    """A prescription; its repeating parts are checked by content, not by row."""

    resource_type: Literal["MedicationRequest"]
    status: str | None = None
    intent: str | None = None
    do_not_perform: bool | None = None
    medication_codeable_concept: Any = None
    medication_reference: Reference | None = None
    subject: Reference | None = None
    authored_on: str | None = None
    dosage_instruction: Any = None
    dispense_request: Any = None
    contained: tuple[Any, ...] = Field(default=(), strict=False)


class Medication(Resource):
    """What a prescription may point to instead of saying it."""

    resource_type: Literal["Medication"]
    code: CodeableConcept | None = None
    status: str | None = None


class Condition(Resource):
    """A coded problem."""

    resource_type: Literal["Condition"]
    verification_status: CodeableConcept | None = None
    code: CodeableConcept | None = None
    subject: Reference | None = None
    onset_date_time: str | None = None
    onset_period: Period | None = None
    recorded_date: str | None = None


class Observation(Resource):
    """Something noted about a person: a coded entry, with or without a value."""

    resource_type: Literal["Observation"]
    status: str | None = None
    code: CodeableConcept | None = None
    subject: Reference | None = None
    effective_date_time: str | None = None
    effective_period: Period | None = None
    effective_instant: str | None = None
    issued: str | None = None
    value_boolean: bool | None = None
    value_codeable_concept: CodeableConcept | None = None
    value_string: str | None = None


class Procedure(Resource):
    """Something done for a person."""

    resource_type: Literal["Procedure"]
    status: str | None = None
    code: CodeableConcept | None = None
    subject: Reference | None = None
    performed_date_time: str | None = None
    performed_period: Period | None = None


class EpisodeOfCare(Resource):
    """A registration with a practice."""

    resource_type: Literal["EpisodeOfCare"]
    status: str | None = None
    patient: Reference | None = None
    period: Period | None = None


class Organization(Resource):
    """A practice."""

    resource_type: Literal["Organization"]
    identifier: tuple[Identifier, ...] = Field(default=(), strict=False)
    name: str | None = None


Used = (
    Patient
    | MedicationRequest
    | Medication
    | Condition
    | Observation
    | Procedure
    | Organization
    | EpisodeOfCare
)
USED: TypeAdapter[Used] = TypeAdapter(Annotated[Used, Field(discriminator="resource_type")])
CONCEPT = TypeAdapter(CodeableConcept)
DOSAGES = TypeAdapter(Annotated[tuple[Dosage, ...], Field(strict=False)])
DISPENSE = TypeAdapter(DispenseRequest)
