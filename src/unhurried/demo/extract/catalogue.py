"""The medicines, regimens and wordings the generator draws from, and the items made of them."""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction
from random import Random

from unhurried.demo.extract.model import Item, Pattern, Prescription, Product
from unhurried.demo.extract.tables import Weighted, rows

UNSTATED_SHARE = 0.05  # of ordinary issues: "as directed", blank and the like
UPPER_CASE_SHARE = 0.2
SHORT_UNITS = {"tablet": "tab", "capsule": "cap"}
ANY_PATTERN = "*"


def _fraction(text: str) -> Fraction | None:
    return Fraction(text) if text else None


def _products() -> dict[str, Product]:
    return {
        row["product"]: Product(
            key=row["product"],
            drug_class=row["drug_class"],
            ingredient=row["ingredient"],
            strength=_fraction(row["strength"]),
            unit=row["unit"],
            per_ml=_fraction(row["per_ml"]),
            counted_in=row["counted_in"],
            name=row["name"],
            dmd=row["dmd"],
        )
        for row in rows("products")
    }


def _pattern(row: dict[str, str]) -> Pattern:
    dose_low, dose_high = _fraction(row["dose_low"]), _fraction(row["dose_high"])
    low, high = _fraction(row["units_low"]), _fraction(row["units_high"])
    return Pattern(
        key=row["pattern"],
        dose=None if dose_low is None or dose_high is None else (dose_low, dose_high),
        times=(int(row["times_low"]), int(row["times_high"])) if row["times_high"] else None,
        per_days=int(row["per_days"]),
        as_required=row["as_required"] == "yes",
        units=None if low is None or high is None else (low, high),
    )


def _worded(text: str, counted_in: str) -> str:
    short = SHORT_UNITS.get(counted_in, counted_in)
    return text.format(
        unit=counted_in,
        units=f"{counted_in}s",
        UNIT=counted_in.upper(),
        UNITS=f"{counted_in.upper()}S",
        short=short,
        shorts=f"{short}s",
    )


class Catalogue:
    """Everything that can be prescribed; draws prescriptions by pool and prints them as items."""

    def __init__(self) -> None:
        self._products = _products()
        self._patterns = {row["pattern"]: _pattern(row) for row in rows("patterns")}
        self._pools = self._read_pools()
        self._names = self._read_names()
        self._wordings = self._read_wordings()
        self._endings = Weighted(
            [row["text"] for row in rows("endings")],
            [int(row["weight"]) for row in rows("endings")],
        )
        self.ladders = self._read_ladders()
        self._items: dict[tuple[Prescription, str, str], Item] = {}
        self._visible: dict[tuple[str, str, Fraction, str], int] = {}

    def _prescription(self, row: dict[str, str]) -> Prescription:
        return Prescription(
            product=self._products[row["product"]],
            pattern=self._patterns[row["pattern"]],
            supply_days=int(row["supply_days"]),
            quantity=Fraction(row["quantity"]),
        )

    def _read_pools(self) -> dict[str, Weighted[Prescription]]:
        pools: dict[str, list[tuple[Prescription, int]]] = defaultdict(list)
        for row in rows("prescriptions"):
            pools[row["pool"]].append((self._prescription(row), int(row["weight"])))
        return {pool: Weighted(*zip(*pairs, strict=True)) for pool, pairs in pools.items()}

    def _read_ladders(self) -> tuple[tuple[Prescription, ...], ...]:
        ladders: dict[str, list[Prescription]] = defaultdict(list)
        for row in rows("ladders"):
            ladders[row["ladder"]].append(self._prescription(row))
        return tuple(tuple(steps) for steps in ladders.values())

    def _read_names(self) -> dict[str, Weighted[tuple[str, str]]]:
        names: dict[str, list[tuple[tuple[str, str], int]]] = defaultdict(list)
        for row in rows("product_names"):
            names[row["product"]].append(((row["printed"], row["coding"]), int(row["weight"])))
        return {key: Weighted(*zip(*pairs, strict=True)) for key, pairs in names.items()}

    def _read_wordings(self) -> dict[str, Weighted[tuple[str, str]]]:
        wordings: dict[str, list[tuple[tuple[str, str], int]]] = defaultdict(list)
        for row in rows("wordings"):
            wordings[row["pattern"]].append(((row["text"], row["stated"]), int(row["weight"])))
        return {key: Weighted(*zip(*pairs, strict=True)) for key, pairs in wordings.items()}

    def pick(self, pool: str, rng: Random) -> Prescription:
        """Draw a prescription from a pool of `data/prescriptions.csv`."""
        return self._pools[pool].pick(rng)

    def product_names(self) -> dict[str, tuple[str, str]]:
        """Every printed name with the name and identifier it is coded with ('' when it is not)."""
        found = {}
        for key, names in self._names.items():
            product = self._products[key]
            for printed, coding in names.values:
                found[printed] = (product.name, product.dmd if coding != "none" else "")
        return found

    def item(self, prescription: Prescription, rng: Random, *, unstated: bool = False) -> Item:
        """Print a prescription: draw the name as the system shows it, and how it is worded."""
        printed, coding = self._names[prescription.product.key].pick(rng)
        directions, stated = self._directions(prescription, rng, unstated)
        key = (prescription, printed, directions)
        known = self._items.get(key)
        if known is not None:
            return known
        seen = (printed, directions, prescription.quantity, prescription.product.counted_in)
        item = Item(
            prescription=prescription,
            printed=printed,
            coding=coding,
            directions=directions,
            stated=stated,
            visible=self._visible.setdefault(seen, len(self._visible)),
        )
        return self._items.setdefault(key, item)

    def _directions(
        self, prescription: Prescription, rng: Random, unstated: bool
    ) -> tuple[str, str]:
        if unstated or rng.random() < UNSTATED_SHARE:
            return self._wordings[ANY_PATTERN].pick(rng)
        text, stated = self._wordings[prescription.pattern.key].pick(rng)
        text = _worded(text, prescription.product.counted_in)
        ending = self._endings.pick(rng)
        if not (ending.startswith(".") and text.endswith(".")):
            text += ending
        if rng.random() < UPPER_CASE_SHARE:
            text = text.upper()
        return text, stated
