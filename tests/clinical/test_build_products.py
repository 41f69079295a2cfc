"""The product table can be rebuilt from a site's own dm+d list, strengths read afresh."""

from __future__ import annotations

import csv
import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

TOOL = Path(__file__).parents[2] / "tools" / "build_products.py"
HEADER = "product_name,dmd_level,dmd_id,bnf_code,generic_equivalent,strength,strength_unit,per\n"


@pytest.fixture(scope="module")
def tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("build_products", TOOL)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def _run(tool: ModuleType, folder: Path, text: str) -> tuple[int, list[dict[str, str]]]:
    (folder / "in.csv").write_text(text, encoding="utf-8")
    out = folder / "out.csv"
    code = tool.main(
        [str(folder / "in.csv"), "--source", "a list", "--version", "2026-09", "--out", str(out)]
    )
    if not out.exists():
        return code, []
    with out.open(encoding="utf-8", newline="") as file:
        return code, list(csv.DictReader(file))


def test_a_strength_the_list_gets_wrong_is_read_again_and_said(
    tool: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    name = "Aspirin 500mg / Codeine 8mg dispersible tablets"
    text = f"{HEADER}{name},VMP,1,0407010W0AAADAD,{name},500,mg,\n"
    code, rows = _run(tool, tmp_path, text)
    assert code == 0
    assert (rows[0]["ingredient"], rows[0]["strength"], rows[0]["version"]) == (
        "codeine",
        "8",
        "2026-09",
    )
    assert "listed as 500 mg, read as 8 mg" in capsys.readouterr().out


def test_a_brand_takes_its_strength_from_its_generic_equivalent(
    tool: ModuleType, tmp_path: Path
) -> None:
    text = f"{HEADER}Newbrand tablets,AMP,2,0407020C0BBABAE,Codeine 30mg tablets,30,mg,\n"
    _, rows = _run(tool, tmp_path, text)
    assert (rows[0]["name"], rows[0]["strength"]) == ("Newbrand tablets", "30")


def test_a_product_that_is_not_an_opioid_is_left_out_and_said(
    tool: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = f"{HEADER}Ibuprofen 400mg tablets,VMP,3,1001010J0AAADAD,Ibuprofen 400mg tablets,,,\n"
    code, rows = _run(tool, tmp_path, text)
    assert (code, rows) == (0, [])
    assert "left out" in capsys.readouterr().out


def test_a_list_without_a_needed_column_is_refused(
    tool: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, rows = _run(tool, tmp_path, "product_name,dmd_id\nx,1\n")
    assert (code, rows) == (2, [])
    assert "dmd_level" in capsys.readouterr().err


def test_the_committed_table_is_what_the_tool_makes_of_itself(
    tool: ModuleType, tmp_path: Path
) -> None:
    from unhurried.clinical.tables import read_table

    committed = read_table("products")
    generic = {row["bnf"]: row["name"] for row in reversed(committed) if row["level"] == "VMP"}
    lines = [HEADER]
    for row in committed:
        bnf = row["bnf"]
        equivalent = generic[f"{bnf[:9]}AA{bnf[13:]}{bnf[13:]}"]
        lines.append(f'"{row["name"]}",{row["level"]},{row["dmd"]},{bnf},"{equivalent}",,,\n')
    _, rows = _run(tool, tmp_path, "".join(lines))
    facts = ("dmd", "ingredient", "drug_class", "strength", "per_ml", "paracetamol_mg", "form")
    assert {tuple(row[fact] for fact in facts) for row in rows} == {
        tuple(row[fact] for fact in facts) for row in committed
    }
