"""Every read other modules need about a person; nothing here writes."""

from unhurried.service.patients.queries.accounts import (
    AccountNow,
    Shared,
    account_now,
    account_of,
    shared_with,
)
from unhurried.service.patients.queries.alerts import (
    WaitingAlert,
    alert_of,
    as_seen_by,
    is_late,
    kind_of,
    unanswered_alerts,
    waiting,
    waiting_alerts,
)
from unhurried.service.patients.queries.banner import Banner, banner
from unhurried.service.patients.queries.consents import (
    AskedAbout,
    asked_about,
    consent_in_force,
    may_be_asked_about_research,
)
from unhurried.service.patients.queries.corrections import (
    Written,
    beside_corrections,
    note_to_correct,
    notes_with_corrections,
)
from unhurried.service.patients.queries.dose import (
    DoseLine,
    current_medicines,
    dose_history,
    dose_line,
)
from unhurried.service.patients.queries.episodes import (
    active_without_worker,
    moved_without_agreement,
    near_two_years,
    open_episode_of,
    those_with_a_service,
    with_a_service,
    workers_to_choose,
    workers_with_room,
)
from unhurried.service.patients.queries.happenings import happenings
from unhurried.service.patients.queries.moving import (
    Consequences,
    consequences_of_move,
    practices_to_move_to,
)
from unhurried.service.patients.queries.needs import (
    NEEDS,
    Asks,
    Needing,
    Needs,
    asks_of,
    counts_of_needs,
    needing,
    withdrawn,
)
from unhurried.service.patients.queries.notes import visible_notes
from unhurried.service.patients.queries.own_answers import OwnAnswer, own_answer, own_answers
from unhurried.service.patients.queries.page import (
    PersonPage,
    carers_of,
    colleagues,
    consent_kinds,
    contact_of,
    cover_of,
    covers_now,
    person_page,
    sees_reason,
    sharing_parties,
)
from unhurried.service.patients.queries.records import RecordsSaid, records_said
from unhurried.service.patients.queries.search import Found, search
from unhurried.service.patients.queries.staff import (
    StaffMember,
    restrictions_of,
    staff_around,
    worker_is_shut_out,
)

__all__ = [
    "NEEDS",
    "AccountNow",
    "AskedAbout",
    "Asks",
    "Banner",
    "Consequences",
    "DoseLine",
    "Found",
    "Needing",
    "Needs",
    "OwnAnswer",
    "PersonPage",
    "RecordsSaid",
    "Shared",
    "StaffMember",
    "WaitingAlert",
    "Written",
    "account_now",
    "account_of",
    "active_without_worker",
    "alert_of",
    "as_seen_by",
    "asked_about",
    "asks_of",
    "banner",
    "beside_corrections",
    "carers_of",
    "colleagues",
    "consent_in_force",
    "consent_kinds",
    "consequences_of_move",
    "contact_of",
    "counts_of_needs",
    "cover_of",
    "covers_now",
    "current_medicines",
    "dose_history",
    "dose_line",
    "happenings",
    "is_late",
    "kind_of",
    "may_be_asked_about_research",
    "moved_without_agreement",
    "near_two_years",
    "needing",
    "note_to_correct",
    "notes_with_corrections",
    "open_episode_of",
    "own_answer",
    "own_answers",
    "person_page",
    "practices_to_move_to",
    "records_said",
    "restrictions_of",
    "search",
    "sees_reason",
    "shared_with",
    "sharing_parties",
    "staff_around",
    "those_with_a_service",
    "unanswered_alerts",
    "visible_notes",
    "waiting",
    "waiting_alerts",
    "with_a_service",
    "withdrawn",
    "worker_is_shut_out",
    "workers_to_choose",
    "workers_with_room",
]
