"""Exit codes of the command line, and the one exception commands raise to use them."""

from __future__ import annotations

from enum import IntEnum


class Exit(IntEnum):
    """What the shell is told. 0 only when all is well."""

    DONE = 0
    BROKEN = 1
    WRONG_USAGE = 2
    REFUSED = 3
    NOT_PERMITTED = 4
    INPUT_UNUSABLE = 5
    STOPPED = 130


class CommandError(Exception):
    """Ends a command with one sentence that says what to do, and its exit code."""

    def __init__(self, sentence: str, code: Exit) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.code = code
