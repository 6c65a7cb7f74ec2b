# Each target is the only command needed in a clean clone: it makes .venv, installs, runs. A second call installs nothing.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready

.PHONY: demo test test-all soak check bench wheel clean

demo: $(READY)
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

$(READY): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "rlsearch needs Python >= 3.11; try: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 2; }
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[test,check,wheel]'
	@touch $@

clean:
	rm -rf $(VENV) dist build
