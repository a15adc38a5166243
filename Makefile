# Everything here sets itself up in .venv, without root and without a running server.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
ARGS ?=
# Some machines forbid Python to keep what it compiled: every start would compile all of ours anew.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: help demo test soak lint types sure lock messages wheel clean

help: ## these lines
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

$(READY): requirements.lock pyproject.toml
	@echo "Setting up $(VENV) (once; a minute or two)"
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "accredit needs Python 3.11 or later")'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@$(BIN)/python -m compileall -q accredit scanner
	@touch $(READY)

demo: $(READY) ## the main job, end to end, on the 2017 event; ARGS="--no-serve --json" for a summary alone
	@$(BIN)/accredit demo $(ARGS)

test: lint types ## lint, types and the whole suite but the soak tests, on SQLite and PostgreSQL
	@$(BIN)/python -m pytest -n 3 --dist worksteal -m "not soak" $(ARGS)

soak: $(READY) ## the tests that take minutes by nature
	@$(BIN)/python -m pytest -m soak $(ARGS)

lint: $(READY) ## ruff: format and rules
	@$(BIN)/ruff format --check --quiet . || (echo "not formatted: run $(BIN)/ruff format ." && exit 1)
	@$(BIN)/ruff check --quiet .

types: $(READY) ## mypy, strict
	@$(BIN)/mypy

sure: test soak ## everything that CI runs

lock: ## resolves the versions anew (needs uv); no index address goes into the file
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate \
	  --no-header --all-extras --upgrade pyproject.toml -o requirements.lock

TEXTS := accredit/web/translations
EXTRACT := $(BIN)/pybabel -q extract --no-default-keywords --add-location=file --sort-by-file --width=120 --omit-header \
  -k _ -k gettext -k ngettext:1,2 -k lazy_gettext -k lazy_ngettext:1,2
UPDATE := $(BIN)/pybabel -q update --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date --width=120

messages: $(READY) ## reads the texts of the pages anew into their catalogs; untranslated ones stay empty
	@for name in applicant staff; do \
	  $(EXTRACT) -F $(TEXTS)/$$name.cfg -o $(TEXTS)/$$name.pot accredit/web && \
	  for file in $(TEXTS)/*/LC_MESSAGES/$$name.po; do \
	    $(UPDATE) -l $$(basename $$(dirname $$(dirname $$file))) -i $(TEXTS)/$$name.pot -o $$file; \
	  done; rm $(TEXTS)/$$name.pot; \
	done

wheel: $(READY) ## the wheel, in dist/
	@$(BIN)/python -m pip wheel --quiet --no-deps --no-build-isolation -w dist .

clean: ## removes what was set up and made
	rm -rf $(VENV) dist build demo-run .mypy_cache .ruff_cache .pytest_cache .hypothesis
