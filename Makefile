# Everything a newcomer needs: `make run`, then `make test`. The environment is made from the package registries alone.
SHELL := /bin/bash
PYTHON ?= python3
BIN := .venv/bin
TOOLS := .tools
STAGE ?= prod
HOURS ?= 1
export PYTHONPATH := layers/shared:.
export JSII_SILENCE_WARNING_UNTESTED_NODE_VERSION := 1
export JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION := 20

# Typesense has a binary in the registry for this platform alone; elsewhere TYPESENSE_URL names a server.
SEARCH := $(if $(filter Linux-x86_64,$(shell uname -s -m | tr ' ' -)),$(TOOLS)/typesense/.made)

.PHONY: help env cloud check test nightly run stop token invoke logs advance tour synth bench docs clean
.DEFAULT_GOAL := help

help: ## Say what there is
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 12

.venv/.made: pyproject.toml uv.lock .python-version
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info[:2] != (3, 13))' \
	  || { echo "Callsheet needs Python 3.13; $(PYTHON) is $$($(PYTHON) --version)"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@test -x $(BIN)/uv || { echo "Making the Python environment"; \
	  $(BIN)/python -m pip install --quiet --disable-pip-version-check uv; }
	@$(BIN)/uv sync --locked --inexact --quiet
	@touch $@

node_modules/.made: package.json package-lock.json
	@node -e 'process.exit(parseInt(process.versions.node) < 20 ? 1 : 0)' \
	  || { echo "Callsheet needs Node 20 or later"; exit 1; }
	@echo "Installing the CDK command line"
	@npm ci --silent --no-audit --no-fund
	@touch $@

$(TOOLS)/%/.made: local/requirements/%.txt | .venv/.made
	@echo "Installing $*"
	@$(BIN)/uv venv --quiet --clear --python $(BIN)/python $(TOOLS)/$*
	@$(BIN)/uv pip install --quiet --python $(TOOLS)/$* --require-hashes --no-deps --requirement $<
	@touch $@

env: .venv/.made ## Make the Python environment

cloud: env node_modules/.made $(TOOLS)/ministack/.made $(SEARCH)

run: cloud ## Start the laptop cloud, deploy, load demo data, play the tour
	@$(BIN)/python -m local up
	@$(BIN)/python -m local tour

stop: env ## End the laptop cloud
	@$(BIN)/python -m local down

token: env ## A fresh JWT of a demo user: USER=carla
	@$(BIN)/python -m local token $(USER)

invoke: env ## Run one function on a sample event: FN=domain/verb_noun EVENT=file
	@$(BIN)/python -m local invoke $(FN) $(EVENT)

logs: env ## What a function said: FN=domain/verb_noun
	@$(BIN)/python -m local logs $(FN)

advance: env ## Move the laptop cloud's clock and run what became due: HOURS=48
	@$(BIN)/python -m local advance $(HOURS)

tour: env ## Play the tour again
	@$(BIN)/python -m local tour

synth: env node_modules/.made ## Write the templates of STAGE to cdk.out/
	@STAGE=$(STAGE) node_modules/.bin/cdk synth --quiet

check: env ## The fast inner loop: format, lint, layering, types, unit tests
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports
	$(BIN)/mypy
	$(BIN)/python -m pytest tests/unit -q -n 2

test: cloud ## Every test there is, with coverage
	$(BIN)/python -m pytest -n 4 -rs --cov --cov-report=term

nightly: env ## Play 2,000 random histories of bookings, of money and 500 of the index that nobody has played before
	SIMULATED_HISTORIES=2000 SIMULATED_STEPS=30 SIMULATED_FROM=$$(( $$(date +%s) / 86400 * 80 )) \
	  INDEX_HISTORIES=500 $(BIN)/python -m pytest tests/simulation tests/functional/search/test_index_histories.py -n 2 -q

bench: env ## What a cold start and a request cost, as ratios
	$(BIN)/python -m bench

docs: env ## Write the generated references again
	$(BIN)/python -m docs.build

clean: ## Remove what was built
	@test ! -x $(BIN)/python || $(BIN)/python -m local down
	rm -rf .venv .build .local $(TOOLS) cdk.out node_modules .mypy_cache .ruff_cache .hypothesis
