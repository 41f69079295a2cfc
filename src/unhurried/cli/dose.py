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
    unread: tuple[dict[str, str], ...] = ()


LONGEST_FIELD = 10_000_000  # characters; Python's own limit is shorter than fields met in extracts


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
        lines.append(_line_of_options(product, directions, quantity, days))
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
        answer["warnings"] = [*answer["warnings"], *line.unread]  # type: ignore[misc]
        if as_json:
            say_json(answer)
        else:
            say(printable(f"{line.product}: {line.directions or '(no directions)'}"))
            for words in dose_in_words(answer):
                say(f"  {printable(words)}")


def _amounts(quantity: str, days: str) -> tuple[Fraction | None, Fraction | None]:
    """Quantity and days as extracts write them ("300 ml", "2 x 28", "4 weeks"); None: not read."""
    from unhurried.records.quantities import read_days, read_quantity

    thousandths = read_quantity(quantity).thousandths
    length = read_days(days)
    return (
        Fraction(thousandths, 1000) if thousandths else None,
        Fraction(length) if length else None,
    )


def _line_of_options(product: str, directions: str, quantity: str | None, days: str | None) -> Line:
    amount, length = _amounts(quantity or "", days or "")
    for option, given, read in (("--quantity", quantity, amount), ("--days", days, length)):
        if given is not None and read is None:
            raise CommandError(
                f"{option} must be an amount above 0 such as 56, not '{given}'.", Exit.WRONG_USAGE
            )
    return Line(product, directions, amount, length)


def _lines_of(file: Path) -> Iterator[Line]:
    try:
        text = read_text(file)
    except OSError as error:
        raise CommandError(
            f"the file {file} could not be read ({error.strerror}).", Exit.INPUT_UNUSABLE
        ) from error
    csv.field_size_limit(LONGEST_FIELD)
    rows = csv.DictReader(io.StringIO(text, newline=""), restval="")
    columns = {str(name).strip().lower(): name for name in rows.fieldnames or []}
    if "product" not in columns or "directions" not in columns:
        seen = ", ".join(printable(name) for name in columns) or "no columns"
        raise CommandError(
            f"{file} needs the columns product and directions; it has {seen}.", Exit.INPUT_UNUSABLE
        )
    for row in rows:
        yield _line_of_row({name: row[column] for name, column in columns.items()})


def _line_of_row(row: dict[str, str]) -> Line:
    """One row of a table; an amount that cannot be read is said so and never stops the rest."""
    given = {"quantity": row.get("quantity", "").strip(), "days": row.get("days", "").strip()}
    amount, length = _amounts(given["quantity"], given["days"])
    unread = tuple(
        {
            "code": f"{name}_not_read",
            "words": f"The {name} “{given[name]}” was not read as an amount.",
        }
        for name, read in (("quantity", amount), ("days", length))
        if given[name] and read is None
    )
    return Line(row["product"], row["directions"], amount, length, unread)
