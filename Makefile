# Two commands matter: `make demo` and `make test`. PYTHON and VENV may be set.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
.DEFAULT_GOAL := help
.PHONY: help demo up test long browser check bench lock clean

help: ## what there is
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 10

demo: $(VENV)/.run ## serve a small invented world: shops, pictures, live prices; prints the address to open
	@exec $(BIN)/python -m crawler.demo

up: $(VENV)/.run ## serve the real one; asks nothing of anyone until a person searches
	@exec $(BIN)/homefeed up

test: $(VENV)/.dev ## the tests that need no outside server
	@$(BIN)/python -m pytest -q -n auto -m "not captures and not mongo and not browser and not long"

long: $(VENV)/.dev ## what takes minutes: everything under faults, every route under generated requests
	@$(BIN)/python -m pytest -q -n 2 -m long tests

browser: $(VENV)/.dev ## the page in Chromium, which must be there; HOMEFEED_SCREENSHOTS=1 takes the README's anew
	@$(BIN)/python -m pytest -q -m browser tests

check: $(VENV)/.dev ## format, lint, types, import rules
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

bench: $(VENV)/.bench ## every figure of docs/figures.md, beside its rival
	@for f in bench/[a-z]*.py; do case $$f in */common.py|*/shop.py|*/system.py) ;; *) $(BIN)/python $$f || exit 1 ;; esac; done

lock: ## write requirements.lock anew (needs uv)
	@uv pip compile -q --universal --python-version 3.11 --all-extras --no-header --no-annotate --no-emit-index-url pyproject.toml -o requirements.lock

clean: ## remove the environment and the demo's data
	@rm -rf $(VENV) .homefeed

$(VENV)/.run: pyproject.toml requirements.lock
	@$(call install,.)
$(VENV)/.dev: pyproject.toml requirements.lock
	@$(call install,.[dev])
$(VENV)/.bench: pyproject.toml requirements.lock
	@$(call install,.[dev$(comma)bench])

comma := ,
# One lock for both installers: uv when it is there, plain venv and pip otherwise.
define install
command -v $(PYTHON) >/dev/null 2>&1 || { echo "No '$(PYTHON)' here. Install Python 3.11 or newer, or name one: make $(MAKECMDGOALS) PYTHON=/path/to/python3"; exit 1; }; \
$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "PYTHON: $$($(PYTHON) --version) is too old; homefeed needs 3.11 or newer: make $(MAKECMDGOALS) PYTHON=/path/to/python3.11"; exit 1; }; \
mkdir -p "$(VENV)" 2>/dev/null && test -w "$(VENV)" || { echo "VENV: can't write to '$(VENV)'; name another place: make $(MAKECMDGOALS) VENV=/path"; exit 1; }; \
if command -v uv >/dev/null 2>&1; then \
  test -x $(BIN)/python || uv venv -q --allow-existing --python $(PYTHON) $(VENV); \
  VIRTUAL_ENV=$(VENV) uv pip install -q --compile-bytecode -c requirements.lock -e '$(1)'; \
else \
  test -x $(BIN)/pip || $(PYTHON) -m venv $(VENV) || { echo "PYTHON: $(PYTHON) lacks the venv module (on Debian: apt install python3-venv)"; exit 1; }; \
  $(BIN)/python -m pip install -q --disable-pip-version-check -c requirements.lock -e '$(1)'; \
fi && $(BIN)/python -m compileall -q crawler api && touch $@
endef
