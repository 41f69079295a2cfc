"""Writing for people on a terminal and for programs in a pipe."""

from __future__ import annotations

import shutil
import sys
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import orjson

# What a text from someone's records may not do to a terminal: move the cursor, colour, reverse.
PIPE_WIDTH = 110
UNPRINTABLE = {"Cc", "Cf", "Cs", "Co"}


def printable(text: str) -> str:
    """The text with control, direction-changing and broken characters shown as a middle dot."""
    if text.isascii() and text.isprintable():
        return text
    return "".join("·" if unicodedata.category(c) in UNPRINTABLE else c for c in text)


def say(line: str = "") -> None:
    """One line to standard output."""
    sys.stdout.write(line + "\n")


def warn(line: str) -> None:
    """One line to standard error."""
    sys.stderr.write(line + "\n")


def say_json(value: Mapping[str, object], *, indent: bool = False) -> None:
    """One JSON object on one line (or indented), UTF-8, keys in the order given."""
    option = orjson.OPT_INDENT_2 if indent else 0
    try:
        encoded = orjson.dumps(value, option=option)
    except (TypeError, orjson.JSONEncodeError):
        # A text with a lone surrogate, which UTF-8 cannot carry: replaced, never a crash.
        encoded = orjson.dumps(_mended(value), option=option)
    sys.stdout.flush()
    sys.stdout.buffer.write(encoded + b"\n")


def _mended(value: object) -> object:
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, Mapping):
        return {str(_mended(key)): _mended(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_mended(item) for item in value]
    return value


def read_text(path: Path) -> str:
    """A text file's content, `-` for standard input: UTF-8, else the usual Windows encoding.

    Raises OSError when it cannot be read.
    """
    raw = sys.stdin.buffer.read() if str(path) == "-" else path.read_bytes()
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace")


def terminal_width() -> int:
    """Columns to write in: those of the terminal, or wide enough to be read in a pipe."""
    return shutil.get_terminal_size((PIPE_WIDTH, 24)).columns


@contextmanager
def progress(first: str) -> Iterator[Callable[[str], None]]:
    """A spinner with words on a terminal, silence in a pipe; yields what changes the words."""
    if not sys.stderr.isatty():
        yield lambda _words: None
        return
    from rich.console import Console

    with Console(stderr=True).status(first) as status:
        yield status.update
