"""A question to a specialist as the person lets it be read today (CON-6, CON-7).

What went along was frozen when it was asked; consent is not. A part the person does not show any
more is withheld from everybody who reads the question. Words the asker typed are withheld from the
specialist when they stand in something the person has restricted since: only from the specialist,
who cannot try words out, so that nobody learns from it what a note they may not read says.
"""

from __future__ import annotations

from dataclasses import dataclass

from unhurried.service.audit.actor import Actor
from unhurried.service.patients.models import Note
from unhurried.service.shared_care.advice_packs import Pack, allowed_today
from unhurried.service.shared_care.models.advice import AdviceRequest
from unhurried.service.shared_care.rules.kept_words import Kept, kept_from, repeats
from unhurried.service.shared_care.specialists import SPECIALISTS

Who = Note.Visibility
TYPED = {
    "question": "The words of the question", "matters": "What matters to the person",
    "tried": "What was tried",
}  # fmt: skip
WORDS_WITHHELD = (
    "{} is not shown here: the person has restricted some of it since. Ask the team that asked."
)


@dataclass(frozen=True, slots=True)
class AsOfToday:
    """What may be read of a question, and a sentence for each part that may not."""

    question: str
    matters: str
    tried: str
    pack: Pack
    withheld: tuple[str, ...]


def as_of_today(actor: Actor, request: AdviceRequest) -> AsOfToday:
    """The question and what went along, as `actor` may read it today."""
    pack, withheld = allowed_today(request.patient, request.pack)
    typed = {name: getattr(request, name) for name in TYPED}
    said = list(withheld)
    if actor.role in SPECIALISTS:
        kept = _kept_since(request, pack)
        for name, text in typed.items():
            if repeats(text, kept):
                typed[name] = ""
                said.append(WORDS_WITHHELD.format(TYPED[name]))
    return AsOfToday(**typed, pack=pack, withheld=tuple(said))


def _kept_since(request: AdviceRequest, pack: Pack) -> Kept:
    """Rows of words restricted since it was asked, and of a plan that is no longer shown."""
    notes = Note.objects.filter(patient_id=request.patient_id)
    since = notes.filter(visibility=Who.RESTRICTED, at__gt=request.asked_at)
    texts = list(since.values_list("text", flat=True))
    if "plan" in request.pack and "plan" not in pack:
        plan = request.pack["plan"]
        texts += [plan.get("matters", ""), plan.get("helps", "")]
    shared = notes.filter(visibility=Who.SHARED_WITH_GP).values_list("text", flat=True)
    return Kept(kept_from(texts, shared).in_a_row, frozenset())
