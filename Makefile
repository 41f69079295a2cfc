# Two commands on a fresh machine: `make demo` (set up and run) and `make test` (set up and test).
# Everything is kept in .venv; .venv/bin/unhurried is the command.
PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
PACKAGE := $(BIN)/python -m pip --disable-pip-version-check install -q --no-deps --no-build-isolation -e . && $(BIN)/python -m compileall -q src

BUILT := src/unhurried/web/static/built/unhurried.css
POSTGRES := $(or $(UNHURRIED_TEST_POSTGRES),postgresql://$(shell id -un)@127.0.0.1:5432/unhurried)

# On PostgreSQL, every time: the apps whose writes race, wait or store much, then every page opened
# and every form sent once, and twice at the same moment. `make test-postgres-all` runs all of it.
ON_BOTH := $(addprefix tests/service/,audit outbox jobs identification shared_care) \
  tests/service/everywhere/test_valid.py tests/service/everywhere/test_twice.py \
  tests/service/access/test_every_view.py::test_who_may_open_a_thing_can

.PHONY: demo setup pages wheel test test-fast test-postgres test-postgres-all check format compile bench docs lock tidy

demo: setup  ## a fictional practice: make its extract, screen it, show the short list
	$(BIN)/unhurried demo

setup: .venv/.run-ready pages

pages: $(BUILT)  ## styles, script and typeface of the pages, from npm by package-lock.json

$(BUILT): package-lock.json tools/build_pages.py requirements-node.lock $(wildcard src/unhurried/web/styles/*.scss) | .venv/.run-ready
	command -v npm >/dev/null || test -x $(BIN)/npm || $(PIP) install -q --require-hashes -r requirements-node.lock
	$(BIN)/python tools/build_pages.py

wheel: pages  ## dist/*.whl, which runs without npm
	$(PIP) wheel -q --no-deps --no-build-isolation -w dist .

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

test: .venv/.dev-ready pages  ## every test, Spark included where Java 17 is present
	$(BIN)/python -m pytest -n 2 --dist worksteal
	@$(MAKE) --no-print-directory test-postgres

test-postgres: .venv/.dev-ready pages  ## the service again on PostgreSQL, where one answers
	@if DATABASE_URL=$(POSTGRES) $(BIN)/python tools/postgres_answers.py; then \
	  DATABASE_URL=$(POSTGRES) $(BIN)/python -m pytest -n 2 --dist worksteal -m "not slow or both" $(ON_BOTH); fi

test-postgres-all: .venv/.dev-ready pages  ## every test of the service on PostgreSQL: some minutes more
	DATABASE_URL=$(POSTGRES) $(BIN)/python -m pytest -n 2 --dist worksteal tests/service tests/web

test-fast: .venv/.dev-ready pages  ## without the slow ones: under two minutes
	$(BIN)/python -m pytest -n 2 --dist worksteal -m "not slow"

check: .venv/.dev-ready  ## format, lint, types, import rules, wording, generated files up to date
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/djlint --lint --quiet src/unhurried/web/templates src/unhurried/service/*/templates
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
	$(BIN)/uv pip compile -q --group node --universal --generate-hashes --no-header -o requirements-node.lock
	$(BIN)/uv pip compile -q pyproject.toml --extra spark --extra postgres --group build --group dev --group bench --universal --generate-hashes --no-header -o requirements-dev.lock

tidy:
	rm -rf .venv node_modules src/unhurried/web/static/built .mypy_cache .ruff_cache .pytest_cache .hypothesis demo-data bench-data
