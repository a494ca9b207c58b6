# Schoolgate's commands. `make` or `make help` lists them.
# Every target makes .venv from plain python3 when it is missing, and does nothing when it is current.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.ONESHELL:
MAKEFLAGS += --no-print-directory

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8080
SIZE ?= quick
# One more than there are cores: tests of processes and of time wait a good deal.
WORKERS ?= $(shell expr $$(nproc) + 1)

# A stamp's name holds what was installed: the lock, the project's metadata and the Python.
metadata := sed '/^\[tool\./,$$d' pyproject.toml
fingerprint = $(shell { cat requirements/$(1).lock; $(metadata); $(PYTHON) -V || true; } 2>&1 | cksum | cut -d' ' -f1)
RUN_STAMP := $(VENV)/.run-$(call fingerprint,run)
DEV_STAMP := $(VENV)/.dev-$(call fingerprint,dev)

.PHONY: help
help: ## list these commands
	@awk -F':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: .venv-run .venv-dev
.venv-run: $(RUN_STAMP)
.venv-dev: $(DEV_STAMP)

$(RUN_STAMP):
	@PYTHON="$(PYTHON)" scripts/make-venv $(VENV) run $@

$(DEV_STAMP):
	@PYTHON="$(PYTHON)" scripts/make-venv $(VENV) dev $@ $(RUN_STAMP)

# The locks hold hashes and name no index. Run this after a change of dependencies, then commit both.
# To take newer versions: make lock UPGRADE=--upgrade
LOCK = $(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header $(UPGRADE) pyproject.toml
.PHONY: lock
lock: $(DEV_STAMP) ## write requirements/*.lock again from pyproject.toml
	@$(LOCK) --group build -o requirements/run.lock
	$(LOCK) --group build --group dev -c requirements/run.lock -o requirements/dev.lock
	$(LOCK) --group build --group evaluate -c requirements/run.lock -o requirements/evaluate.lock

.PHONY: demo
demo: $(RUN_STAMP) ## play all the parts on one page, with invented people (PORT=8080)
	@exec $(BIN)/schoolgate demo --port $(PORT)

# As root, PostgreSQL refuses to start: .ci/run becomes an ordinary user first.
# In memory, where there is enough of it, no test waits for a disk to have written.
MEMORY := $(shell test -w /dev/shm && test "$$(df -k --output=avail /dev/shm | tail -n 1)" -gt 2000000 && echo TMPDIR=/dev/shm)
# Compiled once, also where somebody set that nothing compiled is kept: every worker would do it again.
PYTEST = $(MEMORY) PYTHONDONTWRITEBYTECODE= SIZE=$(SIZE) $(BIN)/python -m pytest
.PHONY: test
test: $(DEV_STAMP) ## run all tests on SQLite and PostgreSQL (SIZE=quick|ci|full)
	@$(PYTEST) -q -n $(WORKERS) --dist loadgroup -m "not e2e"

.PHONY: lint ruff types contracts
lint: ruff types contracts ## style, types and the contracts between rooms
ruff: $(DEV_STAMP) ## style alone
	@$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/codespell
types: $(DEV_STAMP) ## types alone
	@$(BIN)/mypy
contracts: $(DEV_STAMP) ## which room may know which
	@$(BIN)/lint-imports

.PHONY: migrations
migrations: $(DEV_STAMP) ## one head, and a new database is as this version says
	@$(PYTEST) -q tests/storage/test_schema.py

.PHONY: fix
fix: $(DEV_STAMP) ## let ruff mend and format what it can
	@$(BIN)/ruff check --fix . || true
	$(BIN)/ruff format .

.PHONY: e2e
e2e: $(DEV_STAMP) ## drive the demo, and a Slack and a Teams on this machine, in a real browser
	@scripts/need-chromium
	scripts/need-axe
	scripts/need-adaptivecards
	scripts/need-local-slack
	scripts/need-agents-playground
	PYTHONDONTWRITEBYTECODE= SIZE=$(SIZE) scripts/loopback-only $(BIN)/python -m pytest -q -m e2e tests/e2e

.PHONY: screenshots
screenshots: $(DEV_STAMP) ## photograph the demo's page again for the README
	@scripts/need-chromium
	$(BIN)/python -m tests.e2e.screenshots

.PHONY: bars
bars: $(DEV_STAMP) ## run the large suites at full size and write docs/bars.md (ONLY="words of a suite")
	@SIZE=full $(BIN)/python -m benchmarks.bars docs/bars.md $(ONLY)

# Presidio and what it brings live in an environment of their own.
EVALUATE := .venv-evaluate
EVALUATE_STAMP := $(EVALUATE)/.evaluate-$(call fingerprint,evaluate)
$(EVALUATE_STAMP):
	@PYTHON="$(PYTHON)" scripts/make-venv $(EVALUATE) evaluate $@

.PHONY: evaluate
evaluate: $(EVALUATE_STAMP) ## how well do the checks see? (SIZE=quick|ci|full; OPEN="why" writes docs/accuracy.md)
	@SIZE=$(SIZE) nice $(EVALUATE)/bin/python -m evaluation $(if $(OPEN),--open "$(OPEN)" docs/accuracy.md)

.PHONY: mutants
mutants: $(DEV_STAMP) ## change the code of the rule and the checks in 10,000 places: do the tests notice? (ONLY="module*")
	@nice $(BIN)/python -m mutmut run --max-children $(WORKERS) $(ONLY)
	$(BIN)/python -m benchmarks.mutants docs/mutation.md

.PHONY: bench
bench: $(DEV_STAMP) ## measure the races, the relay and the checks
	@$(BIN)/python -m benchmarks

.PHONY: policy-page
policy-page: $(DEV_STAMP) ## write the tables of docs/policy-packs.md again from the packs
	@$(BIN)/python -m bot.policy.page docs/policy-packs.md

.PHONY: coverage-page
coverage-page: $(DEV_STAMP) ## write docs/policy-coverage.md again from the tests' marks
	@$(BIN)/python -m tests.proves docs/policy-coverage.md

.PHONY: parity-page
parity-page: $(DEV_STAMP) ## write docs/parity.md again from the tests' marks
	@$(BIN)/python -m tests.parity docs/parity.md
