# Each target is the only command needed in a clean clone: it makes .venv, installs, runs. A second call installs nothing.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
LEAN   := $(VENV)/.lean
READY  := $(VENV)/.ready
PIP    := $(BIN)/python -m pip install --disable-pip-version-check -c constraints.txt

.PHONY: demo test test-all soak check bench wheel clean

demo: $(LEAN)
	$(BIN)/rlsearch search search_spaces/quickstart.yaml --minutes 2

test: $(READY)
	$(BIN)/pytest -n 2 -m "not slow and not soak"

test-all: $(READY)
	$(BIN)/pytest -n 2

soak: $(READY)
	$(BIN)/pytest -s -m soak tests/soak

check: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(READY)
	document="$$($(BIN)/rlsearch bench --json)" && printf '%s\n' "$$document" \
	  > "results/bench/$$($(BIN)/python -c 'from rlsearch.bench.kept_figures import file_name_here; print(file_name_here())')"

wheel: $(READY)
	bash .ci/wheel $(BIN)/python

# What a user installs.
$(LEAN): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "rlsearch needs Python >= 3.11; try: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 2; }
	@echo "installing rlsearch into $(VENV): about 1.2 GB, most of it torch; minutes, once"
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(PIP) -e .
	@touch $@

# And what tests and checks need besides.
$(READY): $(LEAN)
	@echo "installing what tests and checks need besides: about 0.3 GB, most of it ray"
	$(PIP) -e '.[test,check,wheel]'
	@touch $@

clean:
	rm -rf $(VENV) dist build
