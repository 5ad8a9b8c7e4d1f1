# Everything a newcomer needs: `make test`. The environment is made from the package registries alone.
SHELL := /bin/bash
PYTHON ?= python3
BIN := .venv/bin
export PYTHONPATH := layers/shared:.
export JSII_SILENCE_WARNING_UNTESTED_NODE_VERSION := 1

.PHONY: help env check test bench docs clean
.DEFAULT_GOAL := help

help: ## Say what there is
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 12

.venv/.made: pyproject.toml uv.lock .python-version
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info[:2] != (3, 13))' \
	  || { echo "Callsheet needs Python 3.13; $(PYTHON) is $$($(PYTHON) --version)"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@test -x $(BIN)/uv || $(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	@$(BIN)/uv sync --locked --inexact --quiet
	@touch $@

env: .venv/.made ## Make the Python environment

check: env ## The fast inner loop: format, lint, layering, types, unit tests
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports
	$(BIN)/mypy
	$(BIN)/python -m pytest tests/unit -q -n 2

test: env ## Every test there is, with coverage
	$(BIN)/python -m pytest -rs --cov --cov-report=term

bench: env ## What a cold start and a request cost, as ratios
	$(BIN)/python -m bench

docs: env ## Write the generated references again
	$(BIN)/python -m docs.build

clean: ## Remove what was built
	rm -rf .venv .build cdk.out node_modules .mypy_cache .ruff_cache .hypothesis
