"""`unhurried dose`: the daily dose and oral morphine equivalent of a product taken as directed."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Annotated

import typer

from unhurried.cli.exits import CommandError, Exit
from unhurried.cli.terminal import printable, read_text, say, say_json
from unhurried.cli.words import dose_in_words


@dataclass(frozen=True, slots=True)
class Line:
    """One product with its directions, as given."""

    product: str
    directions: str
    quantity: Fraction | None = None
    days: Fraction | None = None


def command(
    product: Annotated[str | None, typer.Argument(help="The product as printed.")] = None,
    directions: Annotated[str | None, typer.Argument(help="The directions as written.")] = None,
    quantity: Annotated[str | None, typer.Option(help="Quantity issued, in units or ml.")] = None,
    days: Annotated[str | None, typer.Option(help="Days it lasted.")] = None,
    factors: Annotated[str, typer.Option(help="The set of conversion factors.")] = "fpm-2020",
    file: Annotated[
        Path | None,
        typer.Option("--file", help="CSV with product, directions and, if known, quantity, days."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> None:
    """Daily dose and oral morphine equivalent; "not known" where it is not certain."""
    from unhurried.clinical.opioids import UnknownFactorSet, dose_json, factor_set

    if file is None and (product is None or directions is None):
        raise CommandError(
            'give a product and its directions in quotes, such as unhurried dose "Zomorph 30mg '
            'capsules" "one twice a day", or --file F.csv.',
            Exit.WRONG_USAGE,
        )
    try:
        factor_set(factors)
    except UnknownFactorSet as error:
        raise CommandError(str(error), Exit.WRONG_USAGE) from error
    lines: list[Line] = []
    if product is not None and directions is not None:
        amount, length = _number(quantity, "--quantity"), _number(days, "--days")
        lines.append(Line(product, directions, amount, length))
    if file is not None:
        lines += _lines_of(file)
    for line in lines:
        answer = dose_json(
            line.product,
            line.directions,
            quantity=line.quantity,
            days=line.days,
            factors=factors,
        )
        if as_json:
            say_json(answer)
        else:
            say(printable(f"{line.product}: {line.directions or '(no directions)'}"))
            for words in dose_in_words(answer):
                say(f"  {printable(words)}")


def _number(text: str | None, option: str) -> Fraction | None:
    """An amount above zero from an option, or a usage error."""
    if text is None or not text.strip():
        return None
    try:
        amount = Fraction(text.strip())
    except (ValueError, ZeroDivisionError):
        amount = Fraction(0)
    if amount <= 0:
        raise CommandError(f"{option} must be a number above 0, not '{text}'.", Exit.WRONG_USAGE)
    return amount


def _lines_of(file: Path) -> Iterator[Line]:
    try:
        text = read_text(file)
    except OSError as error:
        raise CommandError(
            f"the file {file} could not be read ({error.strerror}).", Exit.INPUT_UNUSABLE
        ) from error
    rows = csv.DictReader(io.StringIO(text, newline=""))
    columns = {str(name).strip().lower(): name for name in rows.fieldnames or []}
    if "product" not in columns or "directions" not in columns:
        seen = ", ".join(printable(name) for name in columns) or "no columns"
        raise CommandError(
            f"{file} needs the columns product and directions; it has {seen}.", Exit.INPUT_UNUSABLE
        )
    for number, row in enumerate(rows, start=2):
        where = f"{file} row {number}"
        yield Line(
            row[columns["product"]] or "",
            row[columns["directions"]] or "",
            _number(row.get(columns.get("quantity", "")), f"{where}: quantity"),
            _number(row.get(columns.get("days", "")), f"{where}: days"),
        )
