# Everything a newcomer or a contributor runs. `make help` lists it.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
INDEX := .releaseqa
TARGET ?=
COLLECTIONS ?=
UNITS := tests/index/text tests/index/structure tests/index/dedup tests/qa/query tests/qa/ranking \
  tests/qa/export tests/tui/render tests/tui/state

export HF_HUB_OFFLINE := 1

.DEFAULT_GOAL := help
.PHONY: help run test test-fast check format man bench powercut fuzz soak screenshots licences clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: $(VENV)/.installed ## Index the sample releases and open the chat
	@$(BIN)/releaseqa --index $(INDEX) index samples/releases
	@if [ -t 0 ] && [ -t 1 ]; then \
	  $(BIN)/releaseqa --index $(INDEX) chat --questions samples/questions.jsonl; \
	else \
	  $(BIN)/releaseqa --index $(INDEX) batch samples/questions.jsonl --format markdown -k 1; \
	fi

test: $(VENV)/.developed ## Run the whole test suite
	@$(BIN)/python -m pytest -q -n 2 --dist loadfile

test-fast: $(VENV)/.developed ## Run the unit tests alone (parsing, structure, ranking, formats)
	@$(BIN)/python -m pytest -q -n 2 -m "not slow" $(UNITS)

check: $(VENV)/.developed ## Check format, lint, types, architecture, licences and docs
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/python tools/licences.py --check
	@$(BIN)/python -m pytest -q tests/docs

format: $(VENV)/.developed ## Format the code
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix --quiet .

man: $(VENV)/.installed ## Write the manual page: `man releaseqa`, with .venv/bin on the PATH
	@$(BIN)/python tools/manpage.py $(VENV)/share/man/man1/releaseqa.1

bench: RIVALS_PYTHON ?= $(BIN)/python
bench: $(VENV)/.developed ## Measure quality and speed (needs the evaluation sets; COLLECTIONS="A B": beside others)
	@$(BIN)/python benchmarks/quality.py
	@$(BIN)/python benchmarks/speed.py
	@$(BIN)/python benchmarks/terminal.py
	@if [ -n "$(COLLECTIONS)" ]; then \
	  $(RIVALS_PYTHON) benchmarks/rivals.py --collections $(COLLECTIONS); fi

powercut: $(VENV)/.developed ## Open 5,000 states that a power cut could leave (needs strace; half an hour)
	@$(BIN)/python benchmarks/power_cuts.py --write

fuzz: MINUTES ?= 20
fuzz: $(VENV)/.developed ## Fuzz each kind of input (MINUTES=20 each; TARGET=pages for one)
	@$(PIP) install --quiet --constraint constraints.txt --editable '.[fuzz]'
	@$(BIN)/python tests/support/fuzzing --minutes $(MINUTES) $(TARGET)

soak: MINUTES ?= 60
soak: KILLS ?= 500
soak: $(VENV)/.developed ## Kill every command that writes, and check (KILLS=500 MINUTES=60 at most)
	@$(BIN)/python benchmarks/soak.py --controls --kills $(KILLS) --minutes $(MINUTES) --write

screenshots: $(VENV)/.developed ## Draw the pictures of the documentation anew
	@$(BIN)/python benchmarks/screenshots.py

licences: $(VENV)/.developed ## Write THIRD-PARTY.md from the installed libraries
	@$(BIN)/python tools/licences.py

clean: ## Remove the environment, the sample collection and caches
	@rm -rf $(VENV) $(INDEX) build dist *.egg-info .mypy_cache .pytest_cache .ruff_cache

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "releaseqa needs Python 3.11 or newer; name one: make PYTHON=python3.12 run" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: pyproject.toml constraints.txt | $(BIN)/python
	@echo "installing into $(VENV) (once; the libraries take some minutes to arrive)" >&2
	@$(PIP) install --quiet --constraint constraints.txt --editable .
	@$(BIN)/python tools/manpage.py $(VENV)/share/man/man1/releaseqa.1
	@touch $@

$(VENV)/.developed: $(VENV)/.installed
	@$(PIP) install --quiet --constraint constraints.txt --editable '.[dev]'
	@touch $@
