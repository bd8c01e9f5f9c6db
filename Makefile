# The few verbs. What they do is Python, in platform/leitai/launch/.

PYTHON ?= python3
BIN := .venv/bin
GROUND = $(PYTHON) -I platform/leitai/launch/ground.py

.DEFAULT_GOAL := help
.PHONY: help run test hostile bench bench-sandbox bench-evaluators lint fmt images catalogue locks clean

help:  ## Say what there is
	@sed -n 's/^\([a-z-]*\):.*##/make \1 —/p' $(MAKEFILE_LIST)

run: .venv/portal.stamp  ## Set everything up, then run portal, workers and embedded parts until Ctrl-C
	@$(BIN)/leitai run

test: lint  ## All checks and tests, with their own set-up; ARGS="-k board" for some of them
	@$(BIN)/leitai setup --tests -- $(BIN)/python -m pytest $(ARGS)

hostile: .venv/dev.stamp  ## Try every attack on the sandbox, cold and warm, and print what came of each
	@$(BIN)/leitai setup -- $(BIN)/python -m pytest -q tests/sandbox/hostile $(ARGS)

bench: .venv/portal.stamp  ## Measure the portal on an event of the real size; CHECK=1 holds it to the goals, URL= names a database
	@$(BIN)/python -m benchmarks.measure $(if $(CHECK),--check) $(if $(URL),--url "$(URL)")

bench-sandbox: .venv/portal.stamp  ## Measure the sandbox against the bare machine and the engine; CHECK=1 holds it to the goals
	@$(BIN)/leitai setup -- $(BIN)/python -m benchmarks.sandbox $(if $(CHECK),--check) $(if $(ROUNDS),--rounds $(ROUNDS))

bench-evaluators: .venv/dev.stamp  ## Measure the evaluators against the usual script and polars; CHECK=1 holds them to the goals
	@$(BIN)/python -m benchmarks.evaluators $(if $(CHECK),--check) $(if $(ROUNDS),--rounds $(ROUNDS))

lint: .venv/dev.stamp  ## Style, types, import rules, catalogue, templates
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/python -m leitai.launch.catalogue check
	@$(BIN)/python -m leitai.launch.templates

fmt: .venv/dev.stamp  ## Bring the code into the one style
	@$(BIN)/ruff check --fix --quiet .
	@$(BIN)/ruff format .

images: .venv/portal.stamp  ## Build the sandbox images
	@$(BIN)/leitai images build

catalogue: .venv/dev.stamp  ## Collect the strings of code and templates into the translations
	@$(BIN)/python -m leitai.launch.catalogue update

docs/metrics.md: .venv/portal.stamp $(wildcard evaluators/catalogue/*.py)
	@$(BIN)/leitai metrics > $@.new && mv $@.new $@

locks: .venv/dev.stamp  ## Renew the pins of Python and front-end packages
	@$(BIN)/python -m leitai.launch.locks

clean:  ## Remove what was built; the data in var/ stays
	@rm -rf .venv node_modules platform/leitai/static/vendor .mypy_cache .pytest_cache .ruff_cache \
		.import_linter_cache .hypothesis var/stamps

.venv/portal.stamp: requirements/portal.txt pyproject.toml
	@$(if $(shell command -v $(PYTHON)),,apt-get update -qq && apt-get install -qq -y --no-install-recommends python3-venv;) \
		$(GROUND) portal

.venv/dev.stamp: requirements/dev.txt pyproject.toml
	@$(if $(shell command -v $(PYTHON)),,apt-get update -qq && apt-get install -qq -y --no-install-recommends python3-venv;) \
		$(GROUND) dev
