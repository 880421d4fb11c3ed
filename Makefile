# make up      install what running needs and start everything; its options go into
#              ARGS: make up ARGS="--web-port 8001"
# make training   install what learning, evaluating and analysing need
# make test    install everything and run every check
# make bench   everything that has to be fast, in one table
# make check   the fast checks only: format, lint, imports, types
# make screenshots   the pictures in the README; every page, into a folder:
#              make screenshots ARGS="--all local/screenshots"

VENV := .venv
BIN := $(VENV)/bin
export MIMIKA_HOME ?= $(CURDIR)/var
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check

.PHONY: up training test bench check screenshots clean

up: $(VENV)/.run-ready
	@$(BIN)/mimika up $(ARGS)

training: $(VENV)/.train-ready

test: $(VENV)/.dev-ready check
	@env -u MIMIKA_HOME $(BIN)/python -m pytest -n 2

check: $(VENV)/.dev-ready
	@$(BIN)/ruff format --check --quiet . || { echo "run: $(BIN)/ruff format ." >&2; exit 1; }
	@$(BIN)/ruff check --quiet .
	@$(BIN)/lint-imports
	@$(BIN)/mypy

bench: $(VENV)/.dev-ready
	@$(BIN)/python benchmarks/performance.py

screenshots: $(VENV)/.dev-ready
	@$(BIN)/python tools/screenshots.py $(ARGS)

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache

# The first Python of at least 3.11; one clear line where there is none.
$(BIN)/python:
	@test -w . || { echo "mimika: no write access to $(CURDIR); clone it to a folder of yours" >&2; exit 1; }
	@for python in $(PYTHON) python3 python3.14 python3.13 python3.12 python3.11; do \
	  if $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
	    echo "mimika: creating $(VENV) with $$($$python --version)"; \
	    $$python -m venv $(VENV) && exit; \
	    rm -f $@; \
	    echo "mimika: $$python cannot create virtual environments; on Debian and Ubuntu: apt install python3-venv" >&2; exit 1; \
	  fi; \
	done; \
	echo "mimika: needs Python 3.11 or newer and found none; install it, or name it: make up PYTHON=/path/to/python" >&2; exit 1

$(VENV)/.run-ready: requirements.txt pyproject.toml | $(BIN)/python
	@echo "mimika: installing what running needs"
	@$(PIP) install --requirement requirements.txt
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.train-ready: requirements-train.txt $(VENV)/.run-ready
	@echo "mimika: installing what training needs"
	@$(PIP) install --requirement requirements.txt --requirement requirements-train.txt
	@touch $@

$(VENV)/.dev-ready: requirements-dev.txt $(VENV)/.train-ready
	@echo "mimika: installing what testing needs"
	@$(PIP) install --requirement requirements.txt --requirement requirements-train.txt --requirement requirements-dev.txt
	@touch $@
