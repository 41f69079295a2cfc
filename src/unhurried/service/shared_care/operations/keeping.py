"""What a project worker writes to a practice or a specialist repeats nothing restricted (CON-6).

The same rule as for record summaries: compared only with what the writer may read themself.
"""

from __future__ import annotations

from collections.abc import Mapping

from unhurried.service.audit.actor import Actor
from unhurried.service.patients.models import Patient
from unhurried.service.shared_care.queries.summary_kept import kept_for
from unhurried.service.shared_care.rules.kept_words import check_repeats_nothing


def check_keeps(by: Actor, patient: Patient, texts: Mapping[str, str]) -> None:
    """Refuse words of a restricted note in `texts`, which are called as on the form."""
    if by.role == "project_worker" and any(each.strip() for each in texts.values()):
        check_repeats_nothing(texts, kept_for(by, patient).restricted)
