"""`unhurried directions`: what dose instructions mean, or why they cannot be known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated

import typer

from unhurried.cli.exits import CommandError, Exit
from unhurried.cli.terminal import printable, read_text, say, say_json
from unhurried.cli.words import directions_in_words


def command(
    text: Annotated[
        list[str] | None, typer.Argument(help="Directions as written; quote each one.")
    ] = None,
    file: Annotated[
        Path | None, typer.Option("--file", help="Read one set of directions a line; - for input.")
    ] = None,
    form: Annotated[
        str | None, typer.Option("--form", help="The product's form when known, such as patch.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> None:
    """Interpret dose directions; say "not understood" rather than guess."""
    from unhurried.clinical.opioids import directions

    if not text and file is None:
        raise CommandError(
            'give the directions in quotes, such as unhurried directions "1-2 qds prn", or --file.',
            Exit.WRONG_USAGE,
        )
    for one in _texts(text or [], file):
        answer = directions.as_json(directions.interpret(one, form=form))
        if as_json:
            say_json(answer)
        else:
            _show(answer)


def _texts(given: list[str], file: Path | None) -> Iterator[str]:
    yield from given
    if file is not None:
        try:
            yield from read_text(file).splitlines()
        except OSError as error:
            raise CommandError(
                f"the file {file} could not be read ({error.strerror}).", Exit.INPUT_UNUSABLE
            ) from error


def _show(answer: Mapping[str, object]) -> None:
    say(printable(str(answer["text"])) or "(blank)")
    say(f"  {directions_in_words(answer)}")
