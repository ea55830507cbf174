# Every target works in a bare clone: it makes the environment that it needs first.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint requirements.lock

.PHONY: help serve test check format bench lock clean

help:  ## Show this help
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

serve: $(VENV)/.serve  ## Start Triton with the built-in model and the API on http://127.0.0.1:8080
	$(BIN)/retouch serve

test: $(VENV)/.dev  ## Run all tests, those on a real Triton server included
	$(BIN)/python -m pytest

check: $(VENV)/.dev  ## Lint and type-check
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: $(VENV)/.dev  ## Format the code
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(VENV)/.dev  ## Measure the built-in model and print the table
	$(BIN)/python -m benchmarks

lock: pyproject.toml  ## Write requirements.lock anew from the newest versions that fit together
	rm -rf $(VENV)-lock && $(PYTHON) -m venv $(VENV)-lock
	$(VENV)-lock/bin/pip install --quiet --upgrade --editable '.[serve,export,dev]'
	( echo '# Written by "make lock": what "make" installs, for every extra of pyproject.toml.'; \
	  $(VENV)-lock/bin/pip freeze --exclude-editable | sed 's/+cpu$$//' ) > requirements.lock
	rm -rf $(VENV)-lock

clean:  ## Remove the environment and everything that was served from here
	rm -rf $(VENV) .retouch

$(VENV)/.venv:
	$(PYTHON) -m venv $(VENV)
	touch $@

$(VENV)/.serve: $(VENV)/.venv pyproject.toml requirements.lock
	@echo "Installing what serving needs into $(VENV) ..."
	$(PIP) --editable '.[serve]'
	touch $@

$(VENV)/.dev: $(VENV)/.venv pyproject.toml requirements.lock
	@echo "Installing what development needs into $(VENV) (PyTorch included: this takes minutes) ..."
	$(PIP) --editable '.[serve,export,dev]'
	touch $@
