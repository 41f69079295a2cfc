"""Adult, alive, registered, not at the end of life, on opioids now (ID-1, ID-2, ID-3)."""

from __future__ import annotations

import ibis
from ibis import _
from ibis.expr.types import BooleanValue, Table

from unhurried.screening.definition.joins import beside
from unhurried.screening.definition.parameters import Parameters, Tables
from unhurried.screening.kinds import Listed


def conditions(t: Tables) -> Table:
    """What the coded problems of each person say up to the as-of date."""
    noted = (
        t["diagnoses"]
        .join(t["codes"], "code")
        .filter(_.day.isnull() | (_.day <= t.p.as_of))
        .select("person", "listed", "day")
    )
    palliative = _.listed == Listed.PALLIATIVE
    cancer = _.listed == Listed.CANCER
    return noted.group_by("person").agg(
        palliative_day=_.day.max(where=palliative & (_.day >= t.p.end_of_life_since)),
        palliative_ended=_.day.max(where=_.listed == Listed.PALLIATIVE_ENDED),
        palliative_undated=(palliative & _.day.isnull()).sum(),
        cancer_day=_.day.max(where=cancer),
        cancer_undated=(cancer & _.day.isnull()).sum(),
    )


def _end_of_life() -> BooleanValue:
    """On the palliative register: a dated code with no later code that ends it."""
    ended = _.palliative_ended.notnull() & (_.palliative_ended > _.palliative_day)
    return _.palliative_day.notnull() & ~ended


def _adult(p: Parameters) -> BooleanValue:
    by_age = _.stated_age.isnull() | (_.stated_age >= p.adult_age)
    return _.born.isnull().ifelse(by_age, _.born <= p.adult_born_by)


def eligible(t: Tables) -> Table:
    """Everyone considered, with each condition answered; `open` when none leaves them out.

    A date that is not known never leaves anyone out.
    """
    people = t["people"].select(
        "person", "born", "stated_age", "died", "registered_from", "registered_to"
    )
    return (
        beside(beside(t["considered"], people), t["conditions"])
        .mutate(
            adult=_adult(t.p),
            alive=_.died.isnull() | (_.died > t.p.as_of),
            registered=(_.registered_from.isnull() | (_.registered_from <= t.p.as_of))
            & (_.registered_to.isnull() | (_.registered_to > t.p.as_of)),
            end_of_life=_end_of_life(),
            on_opioid=_.issues > 0,
        )
        .mutate(
            on_now=_.on_opioid & (_.last_stop + t.p.current_within_days >= t.p.as_of),
            left_out=_.end_of_life & (t.p.end_of_life_leave_out == 1),
        )
        .mutate(open=_.adult & _.alive & _.registered & ~_.left_out & _.on_now)
    )


def listed_people(t: Tables) -> Table:
    """The words of the people shown: only for them are they fetched."""
    people = t["people"].select("person", "person_id", "born", "stated_age", "sex", "practice")
    return people.semi_join(t["shown"], "person").mutate(
        sex=ibis.coalesce(_.sex, "not known"), practice=ibis.coalesce(_.practice, "")
    )
