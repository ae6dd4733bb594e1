# Every target may be called first: what it needs is installed into .venv, once, and again when pyproject.toml changes.
#   make lab PYTHON=python3.12     takes another Python
#   make test ARGS="-k rewind"     hands arguments to pytest, and so with the others: make lab ARGS=--no-browser

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
ARGS ?=

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help lab test soak check bench notebooks screenshots clean

help: ## list the targets
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/make \1\t\2/p' $(firstword $(MAKEFILE_LIST)) | expand -t 14

lab: $(VENV)/.installed ## open the dashboard in JupyterLab
	$(BIN)/nst-explorer lab $(ARGS)

test: $(VENV)/.installed-test ## run every test, those in a real browser too
	$(BIN)/python -m pytest $(ARGS)

soak: $(VENV)/.installed-test ## kill a recorded run thirty times, and find it again each time
	NST_EXPLORER_KILLS=30 $(BIN)/python -m pytest tests/session/test_killed_run.py $(ARGS)

check: $(VENV)/.installed-test ## ruff and pyright: style, format, types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/pyright

bench: $(VENV)/.installed-bench ## time the step beside PyTorch's, the way to a loss, memory, the dashboard
	$(BIN)/python -m tests.benchmarks $(ARGS)

notebooks: $(VENV)/.installed-test ## run the course in a real JupyterLab and store what it shows
	$(BIN)/python -m tests.course_builder $(ARGS)

screenshots: $(VENV)/.installed-test ## take the pictures of the README anew, in a real JupyterLab
	$(BIN)/python -m tests.screenshots $(ARGS)

clean: ## remove .venv and everything that tools wrote
	rm -rf $(VENV) .pytest_cache .ruff_cache .benchmarks build dist out
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# The stamps hold nothing; their dates say when pyproject.toml was last followed.
$(VENV)/.made:
	@command -v $(PYTHON) >/dev/null || \
	  { echo 'No "$(PYTHON)" was found, but Python 3.11 or newer is needed; install it, or name yours: make PYTHON=/path/to/python3.' >&2; exit 1; }
	@$(PYTHON) -c 'import platform, sys; sys.exit(None if sys.version_info >= (3, 11) else "$(PYTHON) is Python " + platform.python_version() + ", but 3.11 or newer is needed; name a newer one: make PYTHON=python3.12.")'
	$(PYTHON) -m venv $(VENV)
	touch $@

$(VENV)/.installed: pyproject.toml | $(VENV)/.made
	$(BIN)/python -m pip install --disable-pip-version-check --editable .
	touch $@

$(VENV)/.installed-%: pyproject.toml | $(VENV)/.made
	$(BIN)/python -m pip install --disable-pip-version-check --editable '.[$*]'
	touch $@ $(VENV)/.installed
