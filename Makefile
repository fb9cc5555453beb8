# Talenti: everything one does with this repository. `make help` lists it.
SHELL := bash
.DEFAULT_GOAL := help
.PHONY: help run run-stack test suite lint lock checksums bench load slow image clean

PY := .venv/bin/python
DEV := .venv/dev.stamp
WITH_SERVICES := $(PY) -m tests.services
WORKERS ?= 2
PYTEST := $(PY) -m pytest -n $(WORKERS) --dist worksteal
TYPED_TESTS := $(addprefix tests/,architecture bench docs image infra infra_scripts services stack stubs workflows)
LOCK := .venv/bin/uv pip compile pyproject.toml --quiet --universal --fork-strategy fewest \
  --python-version 3.11 --generate-hashes --no-emit-index-url --no-header
# A packager's defaults would put the packages somewhere else than into .venv.
unexport PIP_TARGET PIP_USER PIP_PREFIX PYTHONPATH
# Without its cache Python compiles the tests, and in every process of theirs the product, anew.
unexport PYTHONDONTWRITEBYTECODE

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /make \1\t/' | expand -t 17

run: .venv/run.stamp ## start Talenti; PORT (8000) and DATA_DIR (data/) move it
	@exec $(PY) manage.py serve

run-stack: export PORT := $(or $(PORT),8000)
run-stack: $(DEV) ## every process of a deployment, on emulators of Azure, with the demo
	@exec $(PY) -m tests.stack

test: $(DEV) ## the whole suite on SQLite and on PostgreSQL, with branch coverage
	@$(WITH_SERVICES) $(MAKE) --no-print-directory suite

# Runs inside `make test`. What never opens the database, drives a browser, or goes through every
# route for every caller, runs on SQLite only. Coverage is measured there: it doubles the CPU.
suite:
	$(PYTEST) --cov --cov-report=term
	DATABASE_URL="$$TEST_POSTGRES_URL" $(PYTEST) \
	  -m "not slow and not live and not browser and not pure and not once"

lint: export DATA_DIR := $(CURDIR)/.venv/lint
lint: export ENVIRONMENT := test
lint: $(DEV) ## style, types, imports, migrations, system checks, locks, image, workflows
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy talenti interviews recordings scoring $(TYPED_TESTS)
	.venv/bin/lint-imports
	$(PY) manage.py makemigrations --check --dry-run
	$(PY) manage.py check
	! grep -nE '^--|://' requirements*.txt
	.venv/bin/hadolint Dockerfile
	.venv/bin/shellcheck -x $$(find .github infra scripts -name '*.sh')
	.venv/bin/yamllint --strict .github
	.venv/bin/zizmor --quiet --offline .github
	.venv/bin/bandit -q -ll -r talenti interviews recordings scoring

# What is pinned stays pinned, and the smaller files pin exactly what the largest one does: the
# compiler prefers the versions it finds in its output file.
lock: $(DEV) ## write the requirements files anew; UPGRADE=1 takes newer releases
	$(LOCK) $(if $(UPGRADE),--upgrade) --extra offline --extra dev -o requirements-dev.txt
	cp requirements-dev.txt requirements-run.txt
	$(LOCK) --extra offline -o requirements-run.txt
	cp requirements-dev.txt requirements.txt
	$(LOCK) -o requirements.txt
	$(LOCK:pyproject.toml=--group pyproject.toml:load) $(if $(UPGRADE),--upgrade) -o requirements-load.txt

checksums: ## write infra/infra-checksums.txt anew, after a change of infra/
	infra/scripts/checksums.sh write

bench: $(DEV) ## speed and memory, beside baselines, on PostgreSQL and Redis
	@$(WITH_SERVICES) $(PY) -m tests.bench

load: export LOAD_MAIL_FOLDER ?= $(or $(DATA_DIR),data)/mail
load: .venv/load/locked.stamp ## load what runs at PORT; LOAD_USERS (10), LOAD_TIME (30s), LOAD_P95_MS
	@exec .venv/load/bin/locust -f tests/load/locustfile.py --headless --only-summary \
	  --host http://127.0.0.1:$(or $(PORT),8000) --users $(or $(LOAD_USERS),10) --spawn-rate 2 \
	  --run-time $(or $(LOAD_TIME),30s) --stop-timeout 10

slow: $(DEV) ## tests of minutes: load, permutations, images
	@$(WITH_SERVICES) $(PYTEST) -m slow

image: $(DEV) ## build and run the image, without Docker: as root on Debian
	@$(WITH_SERVICES) $(PY) -m pytest -m slow tests/image

clean: ## remove the environment and caches; never data/
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	rm -rf .coverage .coverage.* static
	find . -name __pycache__ -prune -exec rm -rf {} +

# The stamps come last: an installation that was interrupted starts again.
.venv/run.stamp: requirements-run.txt | $(PY)
	@echo "Installing what Talenti needs (once)"
	@$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@

$(DEV): requirements-dev.txt | $(PY)
	@echo "Installing what Talenti and its tests need (once)"
	@$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch .venv/run.stamp $@

.venv/load/locked.stamp: requirements-load.txt | $(PY)
	@echo "Installing what loads Talenti (once)"
	@$(PY) -m venv --clear .venv/load
	@.venv/load/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@

$(PY):
	@for python in $(PYTHON) python3 python3.13 python3.12 python3.11; do \
	  $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue; \
	  if ! $$python -c 'import ensurepip, venv' 2>/dev/null; then \
	    echo "$$python cannot make virtual environments. On Debian: sudo apt-get install python3-venv" >&2; \
	    exit 1; \
	  fi; \
	  exec $$python -m venv --clear .venv; \
	done; \
	echo "Talenti needs Python 3.11 or newer; python3 here is: $$(python3 --version 2>/dev/null || echo missing)." >&2; \
	echo "Name another one with: make run PYTHON=/path/to/python3" >&2; \
	exit 1
