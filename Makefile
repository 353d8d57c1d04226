# The commands of netral; `make help` lists them.
.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
POSTS ?=
ARGS ?=
export DVC_NO_ANALYTICS := 1
export MLFLOW_DISABLE_TELEMETRY := true
export PYTHONHASHSEED := 0

.PHONY: help setup retrain test check format bench profile faults

help: ## list these commands
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

setup: $(READY) ## make the environment in .venv from requirements.lock

$(READY): requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed; name one with PYTHON=...") if sys.version_info < (3, 11) else None'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps --requirement requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@

retrain: $(READY) ## train, evaluate and release, then score a file: POSTS=file trains on another file
	$(BIN)/python -m netral.stages.run $(if $(POSTS),--posts '$(POSTS)')

test: $(READY) ## run the tests
	$(BIN)/python -m pytest -n auto --maxprocesses 4

check: $(READY) ## check format, lint, types and the lock file; changes nothing
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python tests/check_lock.py

format: $(READY) ## format the code
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(READY) ## measure speed beside fastText and others, write docs/benchmarks.md: ARGS='--only scoring' measures a part
	$(BIN)/python -m tests.benchmarks.run $(ARGS)

profile: $(READY) ## profile fixed jobs of scoring and training: flame graphs and tables in out/
	$(BIN)/python -m tests.benchmarks.profile $(ARGS)

faults: $(READY) ## kill and resume many runs, and print the tally
	$(BIN)/python -m pytest tests/scoring/test_faults.py --faults 200
