"""The repository tests itself: what the README and docs promise exists, files stay small."""

from __future__ import annotations

import ast
import re
import subprocess
import tomllib
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LONGEST_FILE = 400
LONGEST_FUNCTION = 50


def tracked(suffix: str) -> list[Path]:
    """Files git tracks, or would, with this ending."""
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    return [ROOT / name for name in listed if name.endswith(suffix) and (ROOT / name).is_file()]


def written() -> list[Path]:
    """Python files somebody wrote: Django writes the migrations."""
    return [path for path in tracked(".py") if path.parent.name != "migrations"]


@pytest.mark.parametrize("path", written(), ids=lambda p: str(p.relative_to(ROOT)))
def test_a_module_fits_in_the_head(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= LONGEST_FILE
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            assert length <= LONGEST_FUNCTION, f"{node.name} has {length} lines"


@pytest.mark.parametrize("path", written(), ids=lambda p: str(p.relative_to(ROOT)))
def test_every_module_says_what_it_is_for(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert not tree.body or ast.get_docstring(tree), "no module docstring"


@pytest.mark.parametrize("path", tracked(".md"), ids=lambda p: str(p.relative_to(ROOT)))
def test_every_link_in_the_docs_leads_somewhere(path: Path) -> None:
    for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", path.read_text(encoding="utf-8")):
        if "://" not in target and not target.startswith("mailto:"):
            assert (path.parent / target).exists(), target


@pytest.mark.parametrize("path", tracked(".md"), ids=lambda p: str(p.relative_to(ROOT)))
def test_every_make_command_in_the_docs_exists(path: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    text = path.read_text(encoding="utf-8")
    mentioned = set(re.findall(r"(?:`|^|\s)make ([a-z][a-z-]*)(?=`|$|\s*#)", text, re.MULTILINE))
    assert mentioned <= targets


def test_decision_records_are_numbered_once() -> None:
    numbers = Counter(path.name[:4] for path in (ROOT / "docs" / "adr").glob("[0-9]*.md"))
    assert numbers
    assert [number for number, times in numbers.items() if times > 1] == []


def test_the_build_machine_runs_the_readme_command() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert "make test" in readme
    assert "make demo" in readme
    assert "make test" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")


def test_every_dependency_has_a_reason_beside_it() -> None:
    lines = (ROOT / "pyproject.toml").read_text(encoding="utf-8").splitlines()
    listed = [line for line in lines if re.match(r'^  "[A-Za-z]', line) and "," in line]
    requirements = [line for line in listed if not re.match(r'  "(slow|both): ', line)]
    assert len(requirements) > 10
    assert [line for line in requirements if "#" not in line] == []


# What a package is called in code, where that is not its own name.
KNOWN_AS = {
    "argon2-cffi": "Argon2PasswordHasher",
    "django-allauth": "allauth",
    "django-csp": "csp",
    "nhsuk-frontend-jinja": "nhsuk_frontend_jinja",
}


def test_every_runtime_dependency_is_used() -> None:
    """Imported, or named in a setting or a command line (`"csp.middleware..."`, `"granian"`)."""
    with (ROOT / "pyproject.toml").open("rb") as file:
        project = tomllib.load(file)["project"]
    packages = {re.split(r"[^A-Za-z0-9-]", item)[0] for item in project["dependencies"]}
    names = {KNOWN_AS.get(package, package) for package in packages}
    source = "\n".join(path.read_text() for path in (ROOT / "src").rglob("*.py"))
    used = r"""^\s*(?:import|from) {0}\b|["'.]{0}[."']"""
    unused = [n for n in names if not re.search(used.format(re.escape(n)), source, re.M)]
    assert unused == []


def test_every_clinical_row_carries_its_source_and_version() -> None:
    from unhurried.clinical.tables import read_table

    tables = sorted((ROOT / "src/unhurried/clinical/data").glob("*.csv"))
    assert len(tables) > 5
    for path in tables:
        assert read_table(path.stem), f"{path.name} has no rows"


def test_no_file_holds_an_address_of_a_package_registry() -> None:
    for path in ROOT.glob("requirements*.lock"):
        assert "://" not in path.read_text(encoding="utf-8")
    assert '"resolved"' not in (ROOT / "package-lock.json").read_text(encoding="utf-8")
