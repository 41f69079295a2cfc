"""The same cohort as a user would find it with pandas or Polars, for comparison.

Both scripts compute who is listed with episode, issues, early requests and what is prescribed
beside (not doses, trend, reasons or ranking), and both use our reading of the directions, so
their rows can be compared with ours by digest. Both hold all issues they need in memory.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pandas as pd
import polars as pl

from unhurried.clinical.opioids.factors import factor_set
from unhurried.screening.codelists import listed_codes
from unhurried.screening.interpret import Pair, PairReader, read_medicines
from unhurried.screening.kinds import Kind, Listed

AS_OF = 20_760  # 3 November 2026
ADULT_BORN_BY = 14_186  # 3 November 2008
SINCE = 13_970  # 1 April 2008
GAP, NOW, LONGEST, ASSUMED = 56, 28, 180, 28
ISSUE = ["person", "day", "medicine", "directions", "quantity_thousandths", "days_supply"]


def digest(rows: Iterable[Iterable[Any]]) -> str:
    """A fingerprint of rows of whole numbers, in order."""
    whole = hashlib.sha256()
    for row in sorted(tuple(int(value) for value in row) for row in rows):
        whole.update(repr(row).encode())
    return whole.hexdigest()[:12]


def _read(distinct: Iterable[tuple[int, str]], medicines: Any) -> list[Pair]:
    numbered = [(number, medicine, text) for number, (medicine, text) in enumerate(distinct)]
    return PairReader(medicines, factor_set()).read(numbered)


def _issues_pandas(folder: Path) -> Any:
    """The issues that matter, with the day each runs out."""
    medicines = read_medicines(
        pd.read_parquet(folder / "medicines.parquet").itertuples(index=False, name=None)
    )
    issues = pd.read_parquet(folder / "issues.parquet", columns=ISSUE)
    issues = issues[issues["medicine"].isin(medicines.by_number) & (issues["day"] <= AS_OF)]
    distinct = issues[["medicine", "directions"]].drop_duplicates()
    read = pd.DataFrame(
        [
            (p.medicine, p.directions, p.kind, p.request_line, p.units_per_day_thousandths,
             p.as_required)
            for p in _read(distinct.itertuples(index=False, name=None), medicines)
        ],
        columns=["medicine", "directions", "kind", "line", "units", "as_required"],
    )  # fmt: skip
    issues = issues.merge(read, on=["medicine", "directions"])
    counted = (issues["quantity_thousandths"] / issues["units"] + 0.5) // 1
    days = issues["days_supply"].astype("float64").fillna(counted).fillna(ASSUMED)
    days = days.where(~issues["as_required"], days.clip(lower=ASSUMED)).clip(1, LONGEST)
    issues["stop"] = issues["day"] + days.astype("int64")
    return issues


def with_pandas(folder: Path) -> str:
    """The straightforward pandas script."""
    issues = _issues_pandas(folder)
    opioid = issues[issues["kind"] == Kind.OPIOID].sort_values(["person", "day"])
    earlier = opioid.groupby("person")["stop"].cummax().groupby(opioid["person"]).shift()
    opening = opioid[earlier.isna() | (opioid["day"] > earlier + GAP)]
    start = opening.groupby("person")["day"].max().rename("start")
    current = opioid.join(start, on="person")
    current = current[current["day"] >= current["start"]]
    cohort = current.groupby("person").agg(
        start=("start", "first"), end=("stop", "max"), issues=("day", "size")
    )
    cohort["days"] = cohort["end"].clip(upper=AS_OF) - cohort["start"]
    cohort = cohort[
        (cohort["days"] > 90) & (cohort["issues"] >= 3) & (cohort["end"] + NOW >= AS_OF)
    ]
    cohort = cohort[cohort.index.isin(_eligible_pandas(folder))]
    recent = opioid[(opioid["day"] >= AS_OF - 182 - LONGEST) & opioid["person"].isin(cohort.index)]
    daily = recent.groupby(["person", "line", "day"])["stop"].max().reset_index()
    lines = [daily["person"], daily["line"]]
    before = daily["stop"].groupby(lines).cummax().groupby(lines).shift()
    early = daily[(daily["day"] >= AS_OF - 182) & (daily["day"] < before - 7)]
    cohort["early"] = early.groupby("person").size().reindex(cohort.index, fill_value=0)
    now = issues[issues["stop"] + NOW >= AS_OF]
    for kind in (Kind.BENZODIAZEPINE, Kind.Z_DRUG, Kind.GABAPENTINOID):
        cohort[kind.name] = cohort.index.isin(now.loc[now["kind"] == kind, "person"])
    columns = ["start", "end", "days", "issues", "early"]
    columns += [kind.name for kind in (Kind.BENZODIAZEPINE, Kind.Z_DRUG, Kind.GABAPENTINOID)]
    return digest(cohort[columns].itertuples(index=True, name=None))


def _eligible_pandas(folder: Path) -> Any:
    people = pd.read_parquet(folder / "people.parquet").set_index("person")
    alive = people["died"].isna() | (people["died"] > AS_OF)
    here = people["registered_to"].isna() | (people["registered_to"] > AS_OF)
    noted = pd.read_parquet(folder / "diagnoses.parquet", columns=["person", "code", "day"])
    palliative = {code for code, listed in listed_codes() if listed == Listed.PALLIATIVE}
    on = noted[noted["code"].isin(palliative) & noted["day"].between(SINCE, AS_OF)]
    adult = people["born"] <= ADULT_BORN_BY
    return people.index[adult & alive & here & ~people.index.isin(on["person"])]


def _issues_polars(folder: Path) -> pl.DataFrame:
    """The issues that matter, with the day each runs out; lazily where it can be."""
    medicines = read_medicines(pl.read_parquet(folder / "medicines.parquet").rows())
    issues = (
        pl.scan_parquet(folder / "issues.parquet")
        .select(ISSUE)
        .filter(pl.col("medicine").is_in(list(medicines.by_number)) & (pl.col("day") <= AS_OF))
        .collect()
    )
    distinct = issues.select("medicine", "directions").unique().rows()
    read = pl.DataFrame(
        [
            (p.medicine, p.directions, p.kind, p.request_line, p.units_per_day_thousandths,
             p.as_required)
            for p in _read(distinct, medicines)
        ],
        schema={"medicine": pl.Int32, "directions": pl.String, "kind": pl.Int32, "line": pl.Int32,
                "units": pl.Int64, "as_required": pl.Boolean},
        orient="row",
    )  # fmt: skip
    counted = (pl.col("quantity_thousandths") * 2 + pl.col("units")) // (pl.col("units") * 2)
    days = pl.coalesce(pl.col("days_supply").cast(pl.Int64), counted, pl.lit(ASSUMED))
    days = pl.when("as_required").then(pl.max_horizontal(days, ASSUMED)).otherwise(days)
    return issues.join(read, on=["medicine", "directions"]).with_columns(
        stop=pl.col("day") + days.clip(1, LONGEST)
    )


def with_polars(folder: Path) -> str:
    """The same in Polars."""
    issues = _issues_polars(folder)
    opioid = issues.filter(pl.col("kind") == int(Kind.OPIOID)).sort("person", "day")
    earlier = pl.col("stop").cum_max().shift().over("person")
    start = (
        opioid.with_columns(earlier=earlier)
        .filter(pl.col("earlier").is_null() | (pl.col("day") > pl.col("earlier") + GAP))
        .group_by("person")
        .agg(start=pl.col("day").max())
    )
    cohort = (
        opioid.join(start, on="person")
        .filter(pl.col("day") >= pl.col("start"))
        .group_by("person", "start")
        .agg(end=pl.col("stop").max(), issues=pl.len())
        .with_columns(days=pl.min_horizontal("end", pl.lit(AS_OF)) - pl.col("start"))
        .filter((pl.col("days") > 90) & (pl.col("issues") >= 3) & (pl.col("end") + NOW >= AS_OF))
        .join(_eligible_polars(folder), on="person", how="semi")
    )
    early = (
        opioid.filter(pl.col("day") >= AS_OF - 182 - LONGEST)
        .join(cohort, on="person", how="semi")
        .group_by("person", "line", "day")
        .agg(pl.col("stop").max())
        .sort("person", "line", "day")
        .with_columns(before=pl.col("stop").cum_max().shift().over("person", "line"))
        .filter((pl.col("day") >= AS_OF - 182) & (pl.col("day") < pl.col("before") - 7))
        .group_by("person")
        .agg(early=pl.len())
    )
    now = issues.filter(pl.col("stop") + NOW >= AS_OF)
    kinds = (Kind.BENZODIAZEPINE, Kind.Z_DRUG, Kind.GABAPENTINOID)
    beside = [
        now.filter(pl.col("kind") == int(kind))["person"].unique().to_list() for kind in kinds
    ]
    whole = cohort.join(early, on="person", how="left").select(
        "person", "start", "end", "days", "issues", pl.col("early").fill_null(0),
        *(
            pl.col("person").is_in(each).alias(kind.name)
            for each, kind in zip(beside, kinds, strict=True)
        ),
    )  # fmt: skip
    return digest(whole.rows())


def _eligible_polars(folder: Path) -> pl.DataFrame:
    palliative = [code for code, listed in listed_codes() if listed == Listed.PALLIATIVE]
    on = pl.read_parquet(folder / "diagnoses.parquet").filter(
        pl.col("code").is_in(palliative) & pl.col("day").is_between(SINCE, AS_OF)
    )
    left = pl.col("registered_to").is_null() | (pl.col("registered_to") > AS_OF)
    return (
        pl.read_parquet(folder / "people.parquet")
        .filter((pl.col("born") <= ADULT_BORN_BY) & left)
        .filter(pl.col("died").is_null() | (pl.col("died") > AS_OF))
        .join(on, on="person", how="anti")
    )
