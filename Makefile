# `make` alone prints what can be done.

NEW_ENOUGH = import sys; sys.exit(sys.version_info < (3, 11))
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c '$(NEW_ENOUGH)' 2>/dev/null && echo $$p && break; done)
export PORT ?= 8000
# Compiled once: a shell that keeps Python from writing bytecode would wait for it at every start.
unexport PYTHONDONTWRITEBYTECODE

VENV = .venv
BIN = $(VENV)/bin
SETUP = $(VENV)/.setup
ASSETS = $(or $(GENERAZIONI_VAR),var)/.assets
SOURCES = bench core plugins tests tools
# The lock constrains what is installed and what builds it; uv checks every hash in it.
INSTALL = $(BIN)/uv pip install --quiet --python $(BIN)/python --constraints requirements.lock \
	--build-constraints requirements.lock

.DELETE_ON_ERROR:
.PHONY: help setup run demo test check format lock messages migrations bench chromium wrk clean

help: ## Print these verbs
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-11s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(SETUP) $(ASSETS) ## Install the program into .venv, with the front end

run: setup ## Serve on 127.0.0.1 (PORT=8000), with the demo network the first time
	@$(BIN)/generazioni run

demo: setup ## Load the demo network into the database again
	$(BIN)/generazioni demo

test: $(VENV)/.test $(ASSETS) chromium ## Run every test, on SQLite, PostgreSQL and Chromium (ARGS= for pytest)
	$(BIN)/pytest --numprocesses 2 --dist loadfile --no-loadscope-reorder $(ARGS)

check: $(VENV)/.check ## Look at style, types, imports, templates, messages and migrations
	$(BIN)/ruff check $(SOURCES)
	$(BIN)/ruff format --check $(SOURCES)
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/djlint --quiet --lint core plugins examples/plugins
	$(BIN)/python tools/house_rules.py
	$(BIN)/python tools/messages.py check
	$(BIN)/python tools/hooks_page.py check
	GENERAZIONI_STRICT=1 $(BIN)/generazioni migrations check

bench: $(VENV)/.test $(ASSETS) wrk ## Measure speed and memory (ONLY=list,import; GROWTH=1; PEERS=folder), into docs/performance.md
	@$(BIN)/python -m bench

format: $(VENV)/.check ## Lay the code out as `make check` wants it
	$(BIN)/ruff check --fix --quiet $(SOURCES)
	$(BIN)/ruff format $(SOURCES)

messages: $(SETUP) ## Bring the translations' .po files up to the sentences in the code
	$(BIN)/python tools/messages.py update

hooks: $(SETUP) ## Write docs/hooks.md from core/hooks.py
	$(BIN)/python tools/hooks_page.py update

migrations: setup ## Write the migrations that the models' changes ask for
	$(BIN)/generazioni migrations write

lock: $(BIN)/uv ## Renew requirements.lock from pyproject.toml (ARGS=--upgrade for newer versions)
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --all-extras --python-version 3.11 --no-emit-index-url \
		--custom-compile-command "make lock" --output-file requirements.lock pyproject.toml $(ARGS)

clean: ## Remove what was installed and cached; the database under var/ stays
	rm -rf $(VENV) $(ASSETS) .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache

$(BIN)/uv: requirements.lock
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed: install it, or say PYTHON=/path/to/it." >&2; exit 1; }
	@echo "Making $(VENV) …"
	@$(PYTHON) -m venv $(VENV)
	@sed -n '/^uv==/,/[^\\]$$/p' requirements.lock > $(VENV)/uv.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $(VENV)/uv.lock
	@touch $@

$(SETUP): $(BIN)/uv pyproject.toml requirements.lock
	@echo "Installing what the program needs …"
	@$(INSTALL) --editable .
	@touch $@

$(VENV)/.%: $(SETUP)
	@echo "Installing what make $* needs …"
	@$(INSTALL) --editable '.[$*]'
	@touch $@

# The front end is fetched with npm: the system's, else the one that comes as a Python package.
$(ASSETS): $(SETUP) $(wildcard core/web/assets.py core/web/package*.json core/web/static/*)
	@command -v npm >/dev/null || $(INSTALL) --editable '.[node]'
	@echo "Fetching the front end …"
	@$(BIN)/python -m core.web.assets
	@mkdir -p $(@D) && touch $@

chromium:
	@for name in chromium chromium-browser google-chrome; do command -v $$name >/dev/null && exit; done; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		echo "Installing Chromium …"; \
		apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq --no-install-recommends chromium >/dev/null; \
	else \
		echo "Chromium is missing: install it (Debian: apt-get install chromium) and run make test again." >&2; exit 1; \
	fi

wrk:
	@command -v wrk >/dev/null && exit; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq --no-install-recommends wrk >/dev/null; \
	else \
		echo "wrk is missing: install it (Debian: apt-get install wrk) and run make bench again." >&2; exit 1; \
	fi
