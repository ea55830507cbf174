# Every target works in a bare clone: it makes the environment that it needs first.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint requirements.lock

# For both Pythons that are supported, from the versions that are tested.
COMPILE := $(BIN)/uv pip compile pyproject.toml --quiet --constraint requirements.lock \
  --universal --python-version 3.11 --generate-hashes --no-annotate \
  --custom-compile-command "make image-locks"

# From pip's report; a local version label (torch's +cpu) is left to the machine that installs.
define WRITE_LOCK
import json, sys
found = [item["metadata"] for item in json.load(sys.stdin)["install"]]
print("# Written by make lock: the versions of every extra that make installs.")
for line in sorted(f"{p['name'].lower()}=={p['version'].split('+')[0]}" for p in found):
    if not line.startswith("retouch=="):
        print(line)
endef
export WRITE_LOCK

.PHONY: help serve test check format openapi settings site bench export-environment lock image-locks clean

help:  ## Show this help
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-18s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

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

openapi: $(VENV)/.dev  ## Write docs/openapi.json anew
	$(BIN)/python -m frontend.openapi > docs/openapi.json

settings: $(VENV)/.dev  ## Write the table of docs/settings.md anew
	$(BIN)/python -m frontend.settings_page

site: $(VENV)/.dev  ## Build the documentation's site into build/site
	$(BIN)/mkdocs build --strict

bench: $(VENV)/.dev  ## Measure the built-in model and the frontend; FULL=--full at length
	$(BIN)/python -m benchmarks $(FULL)
	$(BIN)/python -m benchmarks.frontend_cost

export-environment: $(VENV)/.export  ## Install what "retouch export" needs (PyTorch, diffusers)

lock: $(VENV)/.venv  ## Write requirements.lock anew from the newest versions that fit together
	$(BIN)/python -m pip install --quiet --dry-run --ignore-installed --report $(VENV)/lock.json \
	  --editable '.[serve,export,tensorrt,dev]'
	$(BIN)/python -c "$$WRITE_LOCK" < $(VENV)/lock.json > requirements.lock
	$(MAKE) image-locks

image-locks: $(VENV)/.venv  ## Write docker/requirements anew: the images' part of requirements.lock, with hashes
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	$(COMPILE) --extra frontend --output-file docker/requirements/frontend.txt
	$(COMPILE) --extra export --extra tensorrt --extra frontend --output-file docker/requirements/export.txt
	$(COMPILE) --extra triton --no-deps --output-file docker/requirements/triton.txt
	echo setuptools | $(COMPILE:pyproject.toml=-) --output-file docker/requirements/build.txt

clean:  ## Remove the environment and everything that was served from here
	rm -rf $(VENV) .retouch

$(VENV)/.venv:
	$(PYTHON) -m venv $(VENV)
	touch $@

$(VENV)/.serve: $(VENV)/.venv pyproject.toml requirements.lock
	@echo "Installing what serving needs into $(VENV) ..."
	$(PIP) --editable '.[serve]'
	touch $@

$(VENV)/.export: $(VENV)/.venv pyproject.toml requirements.lock
	$(PIP) --editable '.[serve,export]'
	touch $@

$(VENV)/.dev: $(VENV)/.venv pyproject.toml requirements.lock
	@echo "Installing what development needs into $(VENV) (PyTorch included: this takes minutes) ..."
	$(PIP) --editable '.[serve,export,tensorrt,dev]'
	touch $@
