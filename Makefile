# Two commands on a fresh machine: `make demo` (set up and run) and `make test` (set up and test).
# Everything is kept in .venv; .venv/bin/unhurried is the command.
PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
PACKAGE := $(BIN)/python -m pip --disable-pip-version-check install -q --no-deps --no-build-isolation -e . && $(BIN)/python -m compileall -q src

.PHONY: demo setup test test-fast check format compile bench docs lock tidy

demo: setup  ## a fictional practice: make its extract, screen it, show the short list
	$(BIN)/unhurried demo

setup: .venv/.run-ready

.venv/.run-ready: requirements.lock pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(PIP) install -q --require-hashes -r requirements.lock
	$(PACKAGE)
	touch $@

.venv/.dev-ready: requirements-dev.lock pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(PIP) install -q --require-hashes -r requirements-dev.lock
	$(PACKAGE)
	touch $@ .venv/.run-ready

test: .venv/.dev-ready  ## every test, Spark included where Java 17 is present
	$(BIN)/python -m pytest -n 2 --dist worksteal

test-fast: .venv/.dev-ready  ## without the slow ones: under two minutes
	$(BIN)/python -m pytest -n 2 --dist worksteal -m "not slow"

check: .venv/.dev-ready  ## format, lint, types, import rules, wording, generated files up to date
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python tools/check_wording.py
	$(BIN)/python tools/compile_screening.py --check
	$(BIN)/python tools/build_docs.py --check

format: .venv/.dev-ready
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

compile: .venv/.dev-ready  ## after a change of screening/definition: its SQL, which is checked in
	$(BIN)/python tools/compile_screening.py

docs: .venv/.dev-ready  ## rewrite the reference pages that come from data tables
	$(BIN)/python tools/build_docs.py

bench: .venv/.dev-ready  ## ratios against named peers on this machine; takes some minutes
	$(BIN)/python benchmarks/run.py

lock: .venv/.dev-ready  ## after a change of dependencies in pyproject.toml
	$(BIN)/uv pip compile -q pyproject.toml --group build --universal --generate-hashes --no-header -o requirements.lock
	$(BIN)/uv pip compile -q pyproject.toml --extra spark --group build --group dev --group bench --universal --generate-hashes --no-header -o requirements-dev.lock

tidy:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis demo-data bench-data
