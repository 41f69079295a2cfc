"""Two people edited the same thing: the second is shown both versions and keeps what they typed."""

from __future__ import annotations

from django.db import models

from unhurried.service.audit.refused import Refused


class ChangedMeanwhile(Refused):
    """Somebody saved another version first; `current` is what is saved now."""

    def __init__(self, current: models.Model) -> None:
        super().__init__(
            "Somebody changed this while you were typing. Below are the saved version and yours: "
            "look at both, then save what is right."
        )
        self.current = current


class UnderAnotherName(Refused):
    """This NHS number and date of birth are here under quite another name.

    `person` is who has them; None for somebody who may not see that record.
    """

    def __init__(self, person: models.Model | None) -> None:
        super().__init__(
            "This NHS number and date of birth are registered here under another name. "
            + (
                "Look at both names, and say whether it is the same person."
                if person is not None
                else "Check the number; if it is right, ask a colleague to look."
            )
        )
        self.person = person


class PerhapsTheSamePerson(Refused):
    """Somebody with this name and date of birth is already here; `people` are those."""

    def __init__(self, people: list[models.Model]) -> None:
        super().__init__(
            "Somebody with this name and date of birth is already registered at the practice. "
            "Open that person, or say that this is another person."
        )
        self.people = people
