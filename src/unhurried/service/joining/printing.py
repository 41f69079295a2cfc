"""One document of a batch's letters, to print: only those still right to send, now (H11, H14)."""

from __future__ import annotations

from unhurried.service.audit import clock
from unhurried.service.audit.actor import Actor
from unhurried.service.audit.operations import saw_many
from unhurried.service.audit.refused import Refused
from unhurried.service.joining import content, rules
from unhurried.service.joining.models import Batch, Invitation, Step
from unhurried.service.joining.rendering import letters_pdf


def letters_of(actor: Actor, batch: Batch) -> bytes:
    """The batch's letters behind a cover that counts them; who was left out is on the page.

    Raises Refused when there is nothing to print.
    """
    posted = batch.steps.filter(channel=Step.Channel.LETTER, state=Step.State.POSTED)
    seen = posted.filter(invitation__in=Invitation.objects.visible_to(actor))
    rows = seen.select_related(
        "invitation__patient", "invitation__endorsed_by", "invitation__practice"
    )
    now = clock.now()
    steps = [each for each in rows.order_by("pk") if not rules.why_not_send(each, now)]
    if not steps:
        raise Refused("There is no letter to print: look at the batch for each one's state.")
    people = [each.invitation.patient_id for each in steps]
    saw_many("invitation", by=actor, patient_ids=people, note=f"printed, batch {batch.uuid}")
    letters = [content.letter_of(*content.of_step(each)) for each in steps]
    # Large print has its own page set-up: it comes after the others.
    plain = [each for each in letters if not each["large_print"]]
    large = [each for each in letters if each["large_print"]]
    held_back = posted.count() - len(steps)
    return letters_pdf([*plain, *large], cover=_cover(batch, len(plain), len(large), held_back))


def _cover(batch: Batch, plain: int, large: int, held_back: int) -> dict[str, object]:
    lines = [f"{plain + large} letters: {plain} in ordinary print, {large} in large print."]
    if held_back:
        lines.append(
            f"{held_back} held back: the reasons are on the page of this batch, or ask a colleague "
            "to print it."
        )
    lines += ["Check the number of envelopes against the number of letters.",
              "This page names nobody. Recycle it when the letters are posted."]  # fmt: skip
    return {
        "title": f"{plain + large} letters to post",
        "text": f"{batch.practice.name}, prepared {content.in_words(clock.today())}.",
        "lines": lines,
    }
