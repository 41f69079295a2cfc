"""What has been read so far of some directions, before it is checked and added up."""

from __future__ import annotations

from unhurried.clinical.opioids.directions.vocabulary import Token

NUMBERS = frozenset({"number", "word_number", "fraction", "glyph", "naked_number"})
"""Kinds of token that an amount can begin with."""
SENTENCE_ENDS = frozenset({"stop", "comma"})


class Abstain(Exception):  # noqa: N818 - it is not an error: declining is an answer
    """The directions are not certain. `code` is a row of directions-reasons, `word` its word."""

    def __init__(self, code: str, word: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.word = word


class Amount:
    """How much at one time, in scaled whole numbers; `mg` is the same dose in milligrams, or 0."""

    __slots__ = ("high", "low", "mg", "unit")

    def __init__(self, low: int, high: int, unit: str | None = None, mg: int = 0) -> None:
        self.low = low
        self.high = high
        self.unit = unit
        self.mg = mg


class Frequency:
    """How often, as times per day from low/low_per to high/high_per (plain whole numbers).

    `style` is "times" (four times a day), "period" (daily) or "interval" (every four hours).
    """

    __slots__ = ("high", "high_per", "low", "low_per", "style")

    def __init__(self, low: int, low_per: int, high: int, high_per: int, style: str) -> None:
        self.low = low
        self.low_per = low_per
        self.high = high
        self.high_per = high_per
        self.style = style

    def same(self, other: Frequency) -> bool:
        """Say whether both come to the same times per day."""
        return (
            self.low * other.low_per == other.low * self.low_per
            and self.high * other.high_per == other.high * self.high_per
        )

    def top(self) -> Frequency:
        """The highest frequency of the range, as a frequency of its own."""
        return Frequency(self.high, self.high_per, self.high, self.high_per, self.style)

    def within(self, other: Frequency) -> bool:
        """Say whether this range lies inside the other's."""
        return (
            self.low * other.low_per >= other.low * self.low_per
            and self.high * other.high_per <= other.high * self.high_per
        )


class Limit:
    """A stated maximum: `value` units, doses (`unit` "dose") or times in `days` days.

    `days` is 0 when no period is written and -1 when the limit is on one dose.
    """

    __slots__ = ("days", "per", "times", "unit", "value")

    def __init__(
        self, value: int, unit: str | None, days: int, *, times: bool = False, per: int = 1
    ) -> None:
        self.value = value
        self.unit = unit
        self.days = days
        self.times = times
        self.per = per


class Group:
    """One amount with the times it is taken at."""

    __slots__ = ("amount", "frequency", "joined", "slots", "time_first", "weekdays")

    def __init__(self, joined: str = "") -> None:
        self.amount: Amount | None = None
        self.frequency: Frequency | None = None
        self.slots: list[str] = []
        self.weekdays = 0
        self.joined = joined
        self.time_first = False

    def timed(self) -> bool:
        """Say whether any time has been read for this group."""
        return self.frequency is not None or bool(self.slots) or self.weekdays != 0


class Draft:
    """One step of the directions (most have only one).

    `duration` is in days: 0 not stated, -1 stated but of no exact length. `required_after` is how
    many amounts had been read when "as required" came. `divided` is the number of divided doses
    (-1 when not stated). `waits` says that a next step must follow. `half_days` counts "1 am",
    which could be a clock time. `strength` is so many milligrams in so many ml, as
    written in front. `on_night` says that "on" was taken for the Latin at night,
    `widened` that "up to" made a range of how often.
    """

    __slots__ = (
        "advised_daily", "as_required", "breakthrough", "changed", "directed", "divided",
        "duration", "ended", "groups", "half_days", "implied", "labelled", "limits", "on_night",
        "patch", "renewed", "required_after", "strength", "totals", "up_to", "waits",
        "wear_hours", "widened",
    )  # fmt: skip

    def __init__(self) -> None:
        self.groups: list[Group] = [Group()]
        self.limits: list[Limit] = []
        self.totals: list[Amount] = []
        self.as_required = False
        self.required_after = 0
        self.up_to = False
        self.breakthrough = False
        self.directed = False
        self.advised_daily = False
        self.divided = 0
        self.half_days = 0
        self.patch = False
        self.renewed = False
        self.strength: tuple[int, int] | None = None
        self.on_night = False
        self.wear_hours = 0
        self.widened = False
        self.duration = 0
        self.labelled = False
        self.implied = False
        self.changed = False
        self.waits = False
        self.ended = False

    def empty(self) -> bool:
        """Say whether nothing about amounts, times or limits has been read."""
        group = self.groups[0]
        return (
            len(self.groups) == 1
            and group.amount is None
            and not group.timed()
            and not self.limits
            and not self.as_required
        )


class Reader:
    """The tokens, how far they have been read, and what they have come to."""

    __slots__ = (
        "at", "draft", "drafts", "group", "joined", "kinds", "text", "tokens", "unit_ahead",
    )  # fmt: skip

    def __init__(self, tokens: list[Token], text: str) -> None:
        self.text = text
        self.tokens = tokens
        self.kinds = [token.kind for token in tokens]
        self.at = 0
        self.draft = Draft()
        self.drafts = [self.draft]
        self.group = self.draft.groups[0]
        self.joined = ""
        self.unit_ahead: str | None = None

    def next_draft(self) -> None:
        """Start the next step."""
        self.draft = Draft()
        self.drafts.append(self.draft)
        self.group = self.draft.groups[0]
        self.joined = ""

    def next_group(self) -> None:
        """Start the next amount of the same step."""
        self.group = Group(self.joined)
        self.draft.groups.append(self.group)
