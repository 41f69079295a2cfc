"""Writes directions the ways UK prescribers do, from a regimen whose meaning is known exactly.

The other way round from a grammar: choose a template and numbers, write the text, and say what it
means as fractions. `write(choose)` asks `choose(options)` for every decision, so hypothesis can
drive it (and shrink), and so can a plain loop. No text is written that two careful readers could
take differently: no bare "1/2", no "QD", no maximum below the smallest regular dose.

Slots: {d} a dose with its unit if it has one, {n} the number only, {f} how often, {p} as required,
{m} a stated maximum, {a} {b} {c} doses at times of day, {am} {noon} {pm} those times.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Protocol, TypeVar

from tests.oracle.phrases import (
    AFTERNOON,
    DOSE_JOINS,
    EVENING,
    HOUR_RANGES,
    HOURLY,
    LIMITS,
    MORNING,
    NOON,
    NUMBER_WORDS,
    ONCE,
    ORNAMENTS,
    PATCH_INTERVALS,
    PRN,
    RARE_INTERVALS,
    SHORT,
    TEMPLATES,
    TIMES,
    UNITS,
)

T = TypeVar("T")


class Choose(Protocol):
    def __call__(self, options: Sequence[T], /) -> T: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """What the text means. `unit` None: only a number is written. `as_required` None: not said
    outright ("up to four times a day"). Times None: only a maximum is written. Times are as
    written, "as required" or not; only the units a day then begin at 0."""

    dose_min: Fraction
    dose_max: Fraction
    unit: str | None
    times_min: Fraction | None
    times_max: Fraction | None
    as_required: bool | None
    max_units_per_day: Fraction | None
    units_per_day_min: Fraction
    units_per_day_max: Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    text: str
    form: str | None  # what the reader must be told besides the text
    truth: Truth
    template: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount:
    least: Fraction
    most: Fraction
    number: str  # "1-2"
    text: str  # "1-2 tablets"
    unit: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Often:
    least: Fraction
    most: Fraction
    text: str


# ------------------------------------------------------------------------- numbers and doses


def number(value: Fraction, choose: Choose) -> str:
    """2 -> "2" or "two"; 2.5 -> "2.5"; whole numbers up to twelve have words."""
    if value.denominator != 1:
        return str(float(value))
    digits = str(value.numerator)
    word = NUMBER_WORDS.get(value.numerator)
    return choose((digits, word)) if word else digits


def with_unit(words: str, most: Fraction, unit: str | None, choose: Choose) -> str:
    if unit is None:
        return words
    one, many = choose(UNITS[unit])
    space = choose(("", " ")) if unit == "ml" and words[-1].isdigit() else " "
    return words + space + (many if most > 1 else one)


def amount(unit: str | None, choose: Choose) -> Amount:
    """A single dose, a range of doses, or part of a tablet."""
    kind = choose(("one", "one", "range", "part")) if unit != "patch" else "one"
    if unit == "ml":
        return _liquid(choose)
    if kind == "part" and unit == "tablet":
        return _part_of_a_tablet(choose)
    least = Fraction(choose((1, 2) if unit == "patch" else (1, 2, 3, 4)))
    most = least + choose((1, 2)) if kind == "range" else least
    if least == most:
        words = number(least, choose)
    else:
        join = choose(DOSE_JOINS)
        ends = (least, most)
        words = join.join(choose([[str(e) for e in ends], [NUMBER_WORDS[int(e)] for e in ends]]))
    return Amount(
        least=least,
        most=most,
        number=words,
        text=with_unit(words, most, unit, choose),
        unit=unit,
    )


def _liquid(choose: Choose) -> Amount:
    spoon = choose((None, None, None, "one 5ml spoonful", "two 5ml spoonfuls"))
    if spoon is not None:
        size = Fraction(5 if spoon.startswith("one") else 10)
        return Amount(least=size, most=size, number=spoon, text=spoon, unit="ml")
    low, high = choose(
        (("2.5", "2.5"), ("5", "5"), ("10", "10"), ("15", "15"), ("2.5", "5"), ("5", "10"))
    )
    one, many = choose(UNITS["ml"])
    least, most = Fraction(low), Fraction(high)
    if low == high:
        text = low + choose(("", " ")) + many
    else:
        text = choose(
            (f"{low}-{high}{many}", f"{low}{many}-{high}{many}", f"{low}{one} to {high}{one}")
        )
    return Amount(least=least, most=most, number=text, text=text, unit="ml")


def _part_of_a_tablet(choose: Choose) -> Amount:
    size, text = choose(
        (
            (Fraction(1, 2), "half a tablet"),
            (Fraction(1, 2), "0.5 tablet"),
            (Fraction(1, 2), "½ tablet"),
            (Fraction(3, 2), "one and a half tablets"),
            (Fraction(3, 2), "1.5 tablets"),
            (Fraction(3, 2), "1½ tablets"),
        )
    )
    return Amount(least=size, most=size, number=text, text=text, unit="tablet")


# ------------------------------------------------------------------------- how often


def often(kind: str, choose: Choose) -> Often:
    if kind == "hour_range":
        low, high = choose(HOUR_RANGES)
        text = choose(HOURLY).format(n=f"{low}{choose(('-', ' - ', ' to '))}{high}")
        return Often(least=Fraction(24, high), most=Fraction(24, low), text=text)
    if kind == "times_range":
        low = choose((1, 2, 3))
        words = choose(((str(low), str(low + 1)), (NUMBER_WORDS[low], NUMBER_WORDS[low + 1])))
        text = choose(DOSE_JOINS).join(words) + choose((" times a day", " times daily"))
        return Often(least=Fraction(low), most=Fraction(low + 1), text=text)
    if kind == "rare":
        times, text = choose(RARE_INTERVALS)
        return Often(least=Fraction(times), most=Fraction(times), text=text)
    if kind == "patch":
        times, text = choose(PATCH_INTERVALS)
        return Often(least=Fraction(times), most=Fraction(times), text=text)
    if choose(("times", "times", "hours")) == "hours" and kind == "any":
        hours = choose((4, 6, 8, 12))
        text = choose(HOURLY).format(n=choose((str(hours), NUMBER_WORDS[hours])))
        return Often(least=Fraction(24, hours), most=Fraction(24, hours), text=text)
    return _times_a_day(choose((2, 3, 4, 5, 6) if kind == "several" else (1, 2, 3, 4)), choose)


def _times_a_day(times: int, choose: Choose) -> Often:
    ways = [*SHORT.get(times, ()), *(ONCE if times == 1 else ())]
    if times > 1:
        ways += [t.format(n=n) for t in TIMES for n in (str(times), NUMBER_WORDS[times])]
    if times == 2:
        ways += ["twice a day", "twice daily", "twice each day"]
    return Often(least=Fraction(times), most=Fraction(times), text=choose(ways))


# ------------------------------------------------------------------------- what it all means


def write(choose: Choose) -> Written:
    """One text and its truth."""
    shape = choose(tuple(TEMPLATES))
    template = choose(TEMPLATES[shape])
    unit = choose(_units_for(shape, template))
    if shape == "clock":
        text, truth = _by_the_clock(template, unit, choose)
    else:
        text, truth = _regular(shape, template, unit, choose)
    text = _as_typed(text + choose(ORNAMENTS), choose)
    form = "patch" if shape == "patch" else None
    return Written(text=text, form=form, truth=truth, template=template)


def _units_for(shape: str, template: str) -> tuple[str | None, ...]:
    if shape == "patch":
        return ("patch",)
    if "{n}" in template:  # "1bd": no unit is written
        return (None,)
    if shape in ("rare", "clock"):
        return (None, "tablet", "capsule", "ml") if shape == "clock" else ("tablet", "ml")
    return (None, "tablet", "tablet", "capsule", "capsule", "ml")


KIND_OF_FREQUENCY = {"short": "times", "up_to": "several", "rare": "rare", "patch": "patch"}


def _regular(shape: str, template: str, unit: str | None, choose: Choose) -> tuple[str, Truth]:
    dose = amount(unit, choose)
    kind = KIND_OF_FREQUENCY.get(shape) or choose(("any", "any", "times_range", "hour_range"))
    rate = often(kind, choose)
    if "{s}" in template:
        times, short = choose([(t, s) for t in SHORT for s in SHORT[t] if "." not in s])
        rate = Often(least=Fraction(times), most=Fraction(times), text=short)
        dose = _in_digits(dose)
    elif "{n}" in template and rate.text == "weekly":  # "two weekly" may be every two weeks
        rate = replace(rate, text="every week")
    elif "{f} {m}" in template and rate.text.endswith("daily"):  # "daily max 4" is a maximum
        words = "every day" if rate.text == "daily" else rate.text.replace("daily", "a day")
        rate = replace(rate, text=words)
    if dose.unit is None and "{s}" not in template and _could_run_together(shape, template, rate):
        dose = _with_tablets(dose)
    as_required = "{p}" in template
    optional = as_required or shape == "up_to"
    low = Fraction(0) if optional else dose.least * rate.least
    high = dose.most * rate.most
    timeless = "{f}" not in template and "{s}" not in template
    limit, limit_text = None, ""
    if "{m}" in template:
        limit, limit_text = _limit(dose, rate, low, None if timeless else high, choose)
        high = limit
    text = template.format(
        d=dose.text, n=dose.number, f=rate.text, s=rate.text, p=choose(PRN), m=limit_text
    )
    return text, Truth(
        dose_min=dose.least,
        dose_max=dose.most,
        unit=dose.unit,
        times_min=None if timeless else Fraction(0) if shape == "up_to" else rate.least,
        times_max=None if timeless else rate.most,
        as_required=None if shape == "up_to" and not as_required else as_required,
        max_units_per_day=limit,
        units_per_day_min=low,
        units_per_day_max=high,
    )


def _could_run_together(shape: str, template: str, rate: Often) -> bool:
    """ "1 2 times a day", "one - four times a day" and "1 up to 4 times" could be read two ways."""
    return rate.text[0].isdigit() or " - " in template or shape == "up_to"


def _with_tablets(dose: Amount) -> Amount:
    text = dose.number + (" tablet" if dose.most == 1 else " tablets")
    return replace(dose, text=text, unit="tablet")


def _in_digits(dose: Amount) -> Amount:
    """ "1-2qds" is written; "onetotwoqds" is not."""
    if dose.least == dose.most:
        return replace(dose, number=str(dose.least))
    return replace(dose, number=f"{dose.least}-{dose.most}")


def _limit(
    dose: Amount, rate: Often, low: Fraction, high: Fraction | None, choose: Choose
) -> tuple[Fraction, str]:
    """A maximum that contradicts nothing: at least one dose and the least regular total, at most
    what the frequency allows anyway. Counted in units, or now and then in doses."""
    doses = [n for n in (1, 2, 3, 4, 6) if high is None or dose.most * n <= high]
    doses = [n for n in doses if dose.most * n >= low] or [0]
    n = choose(doses)
    if n == 0:
        limit = low
        doses_written = False
    else:
        limit = dose.most * n
        fits = low == 0 or n >= rate.least
        doses_written = n > 1 and fits and choose((False, False, True))
    if doses_written:
        what = f"{n} doses"
    elif limit.denominator != 1 or dose.unit == "ml":
        what = f"{float(limit):g}" + ("ml" if dose.unit == "ml" else " tablets")
    else:
        plural = "" if limit == 1 else "s"
        what = str(limit) + (choose(("", f" {dose.unit}{plural}")) if dose.unit else "")
    return limit, choose(LIMITS).format(n=what)


def _by_the_clock(template: str, unit: str | None, choose: Choose) -> tuple[str, Truth]:
    """Different doses at different times of day: the total is their sum."""
    slots = [s for s in ("{a}", "{b}", "{c}") if s in template]
    doses = [_whole(unit, choose) for _ in slots]
    if unit in ("tablet", "capsule") and choose((False, True)):  # "1 tablet mane, 2 nocte"
        doses = [doses[0], *(replace(d, text=d.number) for d in doses[1:])]
    text = template.format(
        a=doses[0].text,
        b=doses[1].text if len(doses) > 1 else "",
        c=doses[2].text if len(doses) > 2 else "",
        am=choose(MORNING),
        noon=choose(NOON),
        tea=choose(AFTERNOON),
        pm=choose(EVENING),
    )
    total = sum((d.least for d in doses), Fraction(0))
    times = Fraction(len(doses))
    return text, Truth(
        dose_min=min(d.least for d in doses),
        dose_max=max(d.most for d in doses),
        unit=unit,
        times_min=times,
        times_max=times,
        as_required=False,
        max_units_per_day=None,
        units_per_day_min=total,
        units_per_day_max=total,
    )


def _whole(unit: str | None, choose: Choose) -> Amount:
    size = Fraction(choose((5, 10) if unit == "ml" else (1, 2, 3)))
    words = str(size) if unit == "ml" else number(size, choose)
    return Amount(
        least=size, most=size, number=words, text=with_unit(words, size, unit, choose), unit=unit
    )


def _as_typed(text: str, choose: Choose) -> str:
    """Case and spacing as people type them."""
    text = choose((text, text.upper(), text.lower(), text.capitalize(), text.title()))
    text = choose((text, text, text.replace(" ", "  "), f" {text} "))
    return choose((text, text, text + "."))
