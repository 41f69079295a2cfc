"""One definition: what is checked in is what it compiles to, and every engine agrees with it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from tests.screening.stories.telling import AS_OF, records
from tests.screening.stories.test_invariants import PEOPLE, made_up

from unhurried.screening import EngineMissing, default_criteria, screen
from unhurried.screening.definition.parameters import NAMES
from unhurried.screening.engines import spark
from unhurried.screening.engines.duckdb import DuckDBEngine, compiled_steps
from unhurried.screening.parameters import parameters
from unhurried.screening.pipeline import RESULTS, SELECTION, WORK
from unhurried.screening.rules import definition_words, reason_table

COMPILED = Path(__file__).parents[3] / "src/unhurried/screening/compiled"


def test_the_checked_in_sql_is_what_the_definition_compiles_to() -> None:
    from unhurried.screening.definition.compiling import compiled

    present = {path.name: path.read_text(encoding="utf-8") for path in COMPILED.glob("*.sql")}
    assert present == dict(compiled())


def test_merging_queries_changes_no_row() -> None:
    """Every merged query against the query Ibis wrote, over the same tables."""
    from unhurried.screening.definition.steps import steps

    issues, codes = made_up(30)
    screening = screen(records(issues, PEOPLE, codes), default_criteria(), as_of=AS_OF)
    engine = DuckDBEngine(screening.connection, parameters(default_criteria(), AS_OF))
    engine.connection = screening.connection
    for name in SELECTION:  # let go of during the run
        engine.step(name)
    compared = 0
    for step in steps():
        written = step.typed("duckdb", values=parameters(default_criteria(), AS_OF))
        wanted = screening.rows(written.sql("duckdb"))
        found = screening.rows(f'SELECT * FROM "{step.name}"')
        assert sorted(map(repr, found)) == sorted(map(repr, wanted)), step.name
        compared += len(found)
    assert compared > 1000


def test_steps_parameters_and_reasons_have_one_list_each() -> None:
    from unhurried.screening.definition.reasons import CODES

    assert tuple(compiled_steps()) == (*SELECTION, *WORK)
    assert set(RESULTS) <= set(WORK)
    assert set(CODES) == set(reason_table())
    assert set(parameters(default_criteria(), AS_OF)) == set(NAMES)
    text = " ".join(compiled_steps().values())
    assert all(f"${name}" in text for name in NAMES)


def test_no_step_works_with_floating_point() -> None:
    for name, text in compiled_steps().items():
        assert "DOUBLE" not in text, name
        assert "ROUND(" not in text, name
        assert text.count(" / ") + text.count(") / (") == 0 or "FLOOR(" in text, name


def test_every_reason_and_definition_can_be_said() -> None:
    from unhurried.screening.words import Wording

    wording = Wording(default_criteria(), AS_OF, ("diazepam",))
    for code in reason_table():
        assert wording.reason(code, (20_000, 20_000, 20_000), ("A",)).strip()
    assert set(wording.definitions()) == set(definition_words())


def test_screening_needs_no_ibis() -> None:
    code = (
        "import sys; sys.modules['ibis'] = sys.modules['sqlglot'] = None\n"
        "from tests.screening.stories.telling import screened\n"
        "story = screened('-100,-70,-40,-10 | morphine | one twice a day | 60')\n"
        "print(story.listed)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[3],
        timeout=60,
    )
    assert done.stdout.strip() == "1"


def test_an_unknown_engine_is_one_sentence() -> None:
    with pytest.raises(EngineMissing, match=r"no engine called abacus: choose duckdb or spark\."):
        screen(records([], PEOPLE), default_criteria(), as_of=AS_OF, engine="abacus")


def test_without_java_spark_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    with pytest.raises(EngineMissing, match="Spark needs Java 17 and there is no Java here"):
        spark.check_spark()


def test_with_another_java_spark_says_which(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "bin").mkdir()
    java = tmp_path / "bin" / "java"
    java.write_text("#!/bin/sh\necho 'openjdk version \"11.0.2\"' >&2\n")
    java.chmod(0o755)
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    with pytest.raises(EngineMissing, match="this is Java 11"):
        spark.check_spark()


def test_without_the_extra_spark_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    with pytest.raises(EngineMissing, match=r"in a clone: \.venv/bin/pip install -e"):
        spark.check_spark()


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_spark_gives_the_same_result_cell_by_cell() -> None:
    try:
        spark.check_spark()
    except EngineMissing as missing:
        pytest.skip(str(missing))
    issues, codes = made_up(40)
    here = screen(records(issues, PEOPLE, codes), default_criteria(), as_of=AS_OF)
    there = screen(
        records(issues, PEOPLE, codes, shuffle=1), default_criteria(), as_of=AS_OF, engine="spark"
    )
    for name in RESULTS:
        if name not in {"pair_use", "parts"}:  # numbered by arrival; the digest names them
            query = f'SELECT * FROM "{name}" ORDER BY ALL'
            assert there.rows(query) == here.rows(query), name
    assert there.digest() == here.digest()
    assert here.listed > 5
