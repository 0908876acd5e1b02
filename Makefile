SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help demo test test-aws test-browser bench-alerts bench-retrain bench-speed bench-score bench-gate year package deploy remove logs lock

PYTHON ?= python3
BIN := .venv/bin
T ?=
ENV ?= dev
F ?= bot

help: ## print this
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):[^#]*## /\1\t/' | expand -t 16

.venv/demo: infra/requirements/demo.txt pyproject.toml
	@echo "installing what the demo needs into .venv (once)"
	@test -x $(BIN)/python || $(PYTHON) -m venv --without-pip .venv
	@$(BIN)/python infra/requirements/install.py infra/requirements/demo.txt
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

.venv/dev: infra/requirements/dev.txt pyproject.toml
	@echo "installing what the tests need into .venv (once)"
	@test -x $(BIN)/python || $(PYTHON) -m venv --without-pip .venv
	@$(BIN)/python infra/requirements/install.py infra/requirements/dev.txt
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@ .venv/demo

demo: .venv/demo ## play a story on this laptop, no AWS, no Slack account; STORY=models: what versions earn; HEADLESS=1 PORT=8350
	@OMP_NUM_THREADS=1 $(BIN)/watchkeeper demo $(if $(STORY),--story $(STORY)) $(if $(HEADLESS),--headless) $(if $(PORT),--port $(PORT))

test: .venv/dev ## everything that needs no Node: format, lint, types, rooms, tests; T=promote for the tests whose name contains it
	$(BIN)/ruff format --check --quiet .
	$(BIN)/ruff check --quiet .
	$(BIN)/mypy
	$(BIN)/lint-imports
	OMP_NUM_THREADS=1 $(if $(T),$(BIN)/pytest -k "$(T)",$(BIN)/coverage run -m pytest -n 2 --dist loadfile)
	$(if $(T),,$(BIN)/coverage combine --quiet && $(BIN)/coverage report --skip-covered --show-missing)

test-browser: .venv/dev ## click through the desk in Chromium, and rebuild what its sources build (needs Node 20 and chromium)
	infra/local/desk/check-bundle
	npm ci --prefix infra/local/slack_schema --ignore-scripts --no-audit --no-fund --loglevel=error
	OMP_NUM_THREADS=1 $(BIN)/pytest tests/browser tests/unit/test_local_slack/test_schema.py

test-aws: .venv/dev ## deploy to an emulator and use it, after checking the templates (needs Node 20)
	npm ci --prefix infra/aws --ignore-scripts --no-audit --no-fund --loglevel=error
	OMP_NUM_THREADS=1 $(BIN)/pytest tests/aws

bench-alerts: .venv/dev ## errors caught and false alarms on three open data sets; SEED=7 STRIDE=1 BY=kind DETECTOR=module:Class PEERS=1
	@OMP_NUM_THREADS=1 $(BIN)/python -m infra.local.alert_bench $(if $(SEED),--seed $(SEED)) \
	  $(if $(STRIDE),--stride $(STRIDE)) $(if $(BY),--by $(BY)) $(if $(DETECTOR),--detector $(DETECTOR)) \
	  $(if $(PEERS),--peers $(PEERS))

bench-speed: .venv/dev ## time and memory of one check beside the least it could take; ROWS=1,5,20 million, CHECK=none, FAN=100 objects, LEARN=20 partitions, PEERS=1
	@$(BIN)/python -m infra.local.speed_bench $(if $(ROWS),--rows $(ROWS)) $(if $(CHECK),--check $(CHECK)) \
	  $(if $(FAN),--fan $(FAN)) $(if $(LEARN),--learn $(LEARN)) $(if $(PEERS),--peers $(PEERS))

bench-score: .venv/dev ## time of scoring beside read, predict_proba and write; and of warm requests; ROWS=100,1000 thousand, RUNS=7
	@OMP_NUM_THREADS=1 $(BIN)/python -m infra.local.score_bench $(if $(ROWS),--rows $(ROWS)) $(if $(RUNS),--runs $(RUNS))

bench-gate: .venv/dev ## wrong claims under daily peeking, pairs until a right one, and its peers in the same table; SEED=7 RUNS=4000
	@OMP_NUM_THREADS=1 $(BIN)/python -m infra.local.gate_bench $(if $(SEED),--seed $(SEED)) $(if $(RUNS),--runs $(RUNS))

bench-retrain: .venv/dev ## time and memory of a training beside plain scikit-learn, on the flights and on 1 M rows; OF=flights RUNS=5
	@OMP_NUM_THREADS=1 $(BIN)/python -m infra.local.retrain_bench $(if $(OF),--of $(OF)) $(if $(RUNS),--runs $(RUNS))

year: .venv/dev ## draw what the checks say of a year of flights: a picture of each alert, and the README's one of the whole
	@echo "writing the flights of 2013 as partitions into .year/, and checking each day beside those before it"
	@$(BIN)/python -m infra.local.flights_folder .year
	@OMP_NUM_THREADS=1 $(BIN)/watchkeeper backtest infra/models/flights.yaml .year/flights/features --plots .year/pictures

package: .venv/dev ## lay out the bot's zip and the data image's tree, print their sizes
	$(BIN)/python -m infra.aws.package

deploy: .venv/dev ## deploy with AWS credentials: make deploy ENV=dev
	infra/aws/deploy $(ENV)

remove: .venv/dev ## take an environment down again: make remove ENV=dev
	infra/aws/remove $(ENV)

logs: ## follow the log of a function: make logs F=bot ENV=dev
	aws logs tail /aws/lambda/watchkeeper-$(ENV)-$(F) --follow

lock: ## pin every dependency again after a change of pyproject.toml
	infra/requirements/lock
