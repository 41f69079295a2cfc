"""The practices find people: an extract handed in, screened, and looked at by a GP."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from random import Random

from unhurried.demo.service.cast import Cast
from unhurried.service.audit import clock
from unhurried.service.identification import operations, queries
from unhurried.service.identification.models import Candidate, Extract
from unhurried.service.identification.rules import Chosen
from unhurried.service.jobs.worker import run_until_idle

# What the fictional GPs choose, and how often; reasons are codes of not_suitable.csv.
CHOICES = (
    ("invite", "", 62), ("not_now", "", 12), ("not_suitable", "agreed_plan", 8),
    ("not_suitable", "pain_clinic", 6), ("not_suitable", "cancer_pain", 4), ("discuss", "", 8),
)  # fmt: skip


def hand_in(cast: Cast, practice: str, folder: Path) -> None:
    """Practice staff hand in a folder that lies on the server, confirm its columns, and wait."""
    by = cast.actor("practice_staff", practice)
    extract = operations.hand_in_folder(by=by, name=folder.name).extract
    if extract.state == Extract.State.TO_CONFIRM:
        operations.confirm(
            by=by, extract=extract, column_map=extract.column_map, looks_from=None,
            version=extract.version,
        )  # fmt: skip
    run_until_idle()


def look_at_some(cast: Cast, practice: str, draw: Random) -> list[Candidate]:
    """A GP looks at this week's people and decides; those agreed to."""
    by = cast.actor("gp", practice)
    house = cast.organisations[practice]
    waiting = queries.undecided(house, clock.today()).order_by("rank")[: queries.pace(house)]
    agreed = []
    for candidate in waiting:
        choice, reason, _share = draw.choices(CHOICES, [share for *_rest, share in CHOICES])[0]
        later = clock.today() + timedelta(days=draw.choice((60, 90, 120)))
        chosen = Chosen(
            choice=choice, reason=reason, not_before=later if choice == "not_now" else None
        )
        done = operations.decide(
            by=by, candidates={candidate.uuid: candidate.version}, chosen=chosen
        )
        if choice == "invite":
            agreed += done.decided
    return agreed
